"""A restricted contact exists only for who is on its access list: on every address and in every list."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from strategy.commands import access_lists, booking, calls, papers, record
from strategy.commands.papers import NewPaper
from strategy.db import begin_writing, db
from strategy.models import Contact, Discussion, Implicated, Listed, Message, NightHandover, Paper, User
from strategy.vocabulary import DecisionCode, NightState, PaperKind
from tests.booked import BOOKED, STARTS, asked, at, waiting
from tests.cast import Cast
from tests.commands.series_stories import hold
from tests.commands.stories import plan
from tests.counting import statements

SignIn = Callable[[User], FlaskClient]
SECRET = "EX-9999-S"
NAME = "Child Secret"
_IDS = {"contact_id", "discussion_id", "invitation_id", "action_id", "need_id", "follow_up_id", "decision_id"}
_IDS |= {"child_id", "paper_id", "night_id"}
_NOW = STARTS + timedelta(hours=2)


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Somebody of the authority who chairs, works and leads elsewhere, and is on no list."""
    begin_writing()
    found = User(
        authority_id=cast.authority.id,
        email="cass@exampleshire.example",
        full_name="Cass Colleague",
        job_title="Team manager",
        active=True,
        fs_uniquifier=uuid4().hex,
        roles=[*cast.chair.roles, *cast.leader.roles],
    )
    db.session.add(found)
    db.session.commit()
    return found


@pytest.fixture
def secret(cast: Cast) -> Discussion:
    """A restricted discussion held two hours ago: with a call, an action, a decision and a follow-up owed."""
    begin_writing()
    act = at(BOOKED, cast)
    origin, contact = waiting(cast, act), waiting(cast, act, SECRET)
    access_lists.restrict(contact, origin, [cast.chair, cast.social_worker], act)
    contact.children[0].name = NAME
    discussion = booking.book(
        contact, plan(cast, BOOKED, starts_at=STARTS, ends_at=STARTS + timedelta(minutes=45)), cast.chair, act
    )
    calls.ask(asked(discussion, "police"), "The desk", None, "nobody answered", act, key="secret")
    hold(discussion, cast, "chair", "social-worker", authoriser=cast.leader, without_quorum_reason="It could not wait")
    over = at(STARTS + timedelta(minutes=40), cast)
    record.decide(discussion, DecisionCode.S47_JOINT, "Harm", over)
    record.add_action(discussion, asked(discussion, "police"), "Ring", "Dee", over.at + timedelta(minutes=30), over)
    papers.attach(discussion, NewPaper("Chronology", PaperKind.CHRONOLOGY, b"%PDF-1.7 x"), over)
    db.session.add(
        NightHandover(
            contact=contact,
            giver=cast.chair,
            given_at=BOOKED,
            what="See them",
            act_by=STARTS,
            state=NightState.GIVEN,
            calls=0,
        )
    )
    waiting(cast, act, "4480-C")
    db.session.commit()
    return discussion


def _only(model: type[Paper] | type[NightHandover]) -> int:
    return db.session.scalars(select(model.id)).one()


def _address(rule: Rule, discussion: Discussion) -> str | None:
    """The rule's address for the secret rows; None where it speaks of none of them."""
    contact = discussion.contact
    values = {
        "contact_id": contact.id,
        "discussion_id": discussion.id,
        "invitation_id": asked(discussion, "police").id,
        "action_id": discussion.actions[0].id,
        "need_id": discussion.needs[0].id,
        "follow_up_id": contact.follow_ups[0].id,
        "decision_id": discussion.decisions[0].id,
        "contribution_id": 1,
        "child_id": contact.children[0].id,
        "paper_id": _only(Paper),
        "night_id": _only(NightHandover),
        "user_id": discussion.chair_id,
        "implicated_id": 1,
    }
    if not rule.arguments & _IDS or "token" in rule.arguments:  # an agency's page behind its link asks for no sign-in
        return None
    _, address = rule.build({name: values[name] for name in rule.arguments}) or ("", "")
    return address


def _closed_to(app: Flask, browser: FlaskClient, discussion: Discussion) -> list[str]:
    """The addresses of the secret rows that answer this browser with anything but 403 and 404."""
    opened = []
    every = [(rule, _address(rule, discussion)) for rule in app.url_map.iter_rules()]
    addresses = [(rule, address) for rule, address in every if address]
    assert len(addresses) > 40
    db.session.rollback()
    for rule, address in addresses:
        for method in ("GET", "POST"):
            if method in (rule.methods or ()):
                status = browser.open(address, method=method, data={"submission": uuid4().hex}).status_code
                opened += [f"{method} {rule.rule} {status}"] if status not in (403, 404) else []
    return opened


@pytest.mark.parametrize("who", ["colleague", "leader", "admin", "outsider"])
def test_every_address_of_it_is_not_found_by_anybody_not_on_its_list(
    app: Flask, cast: Cast, secret: Discussion, colleague: User, sign_in: SignIn, who: str
) -> None:
    with time_machine.travel(_NOW, tick=False):
        browser = sign_in(colleague if who == "colleague" else getattr(cast, who))
        assert _closed_to(app, browser, secret) == []


@pytest.fixture
def implicated(secret: Discussion, colleague: User) -> User:
    """The colleague, named as implicated in that contact: which is open to everybody else."""
    begin_writing()
    contact = db.session.get_one(Contact, secret.contact_id)
    contact.restricted = False
    db.session.add(Implicated(contact=contact, user=colleague, reason="Named by the family", by="x", at=_NOW))
    db.session.commit()
    return colleague


def test_every_address_of_it_is_not_found_by_a_member_of_staff_who_is_implicated(
    app: Flask, cast: Cast, secret: Discussion, implicated: User, sign_in: SignIn
) -> None:
    with time_machine.travel(_NOW, tick=False):
        assert sign_in(cast.leader).get(f"/contacts/{secret.contact_id}").status_code == 200
        browser = sign_in(implicated)
        assert _closed_to(app, browser, secret) == []
        for address in LISTS:
            page = browser.get(address, follow_redirects=True).text
            assert [word for word in (SECRET, NAME, secret.reference) if word in page] == [], address


def test_who_is_on_its_list_opens_it(app: Flask, cast: Cast, secret: Discussion, sign_in: SignIn) -> None:
    with time_machine.travel(_NOW, tick=False):
        browser = sign_in(cast.social_worker)
        for address in (
            f"/contacts/{secret.contact_id}",
            f"/discussions/{secret.id}",
            f"/discussions/{secret.id}/record",
        ):
            page = browser.get(address)
            assert page.status_code == 200
        assert SECRET in browser.get("/waiting").text  # its follow-up is owed


LISTS = ("/", "/waiting", "/calls", "/actions?whose=all", "/leaders", "/leaders/over-time")


@pytest.mark.parametrize("who", ["colleague", "leader", "admin", "outsider"])
def test_no_list_names_it(cast: Cast, secret: Discussion, colleague: User, sign_in: SignIn, who: str) -> None:
    words = (SECRET, NAME, secret.reference, secret.contact.reference)
    figures = ["due", "held_in_time", "not_held"]
    behind = [f"/leaders/over-time/timeliness?figure={name}" for name in figures]
    behind += ["/leaders/over-time/quorum?figure=exception", "/leaders/over-time/quorum?figure=joint"]
    behind += ["/leaders/over-time/attendance?name=Exampleshire+Police&figure=required"]
    with time_machine.travel(_NOW + timedelta(days=6), tick=False):
        browser = sign_in(colleague if who == "colleague" else getattr(cast, who))
        for address in (*LISTS, *behind):
            page = browser.get(address, follow_redirects=True)
            assert [word for word in words if word in page.text] == [], address


def test_leaders_count_it_and_see_no_more(cast: Cast, secret: Discussion, sign_in: SignIn) -> None:
    with time_machine.travel(_NOW + timedelta(days=1), tick=False):
        browser = sign_in(cast.leader)
        page = browser.get("/leaders").text
        assert "A restricted discussion" in page and "1 action is overdue" in page
        behind = browser.get("/leaders/over-time/quorum?figure=exception").text
        assert "Emergency exception: 1" in behind and "A restricted discussion" in behind


def test_the_first_contact_shows_the_link_to_those_alone_who_may_open_both(
    cast: Cast, secret: Discussion, colleague: User, sign_in: SignIn
) -> None:
    origin = db.session.scalars(select(Contact.id).where(Contact.restricted.is_(False)).order_by(Contact.id)).first()
    link = f"/contacts/{secret.contact_id}"
    assert f'href="{link}"' in sign_in(cast.chair).get(f"/contacts/{origin}").text
    page = sign_in(colleague).get(f"/contacts/{origin}")
    assert page.status_code == 200
    assert f'href="{link}"' not in page.text and secret.contact.reference not in page.text


def test_partners_learn_nothing_of_the_link(cast: Cast, secret: Discussion) -> None:
    origin = db.session.scalars(select(Contact.reference).order_by(Contact.id)).first()
    sent = db.session.scalars(select(Message).where(Message.discussion_id == secret.id)).all()
    assert sent
    assert not [one for one in sent if str(origin) in f"{one.subject}{one.text}{one.html}"]


def test_it_is_started_from_a_contact_managed_by_who_is_on_it_and_left(
    cast: Cast, secret: Discussion, colleague: User, sign_in: SignIn
) -> None:
    begin_writing()
    origin = waiting(cast, at(BOOKED, cast), "4490-X").id
    db.session.commit()
    with time_machine.travel(_NOW, tick=False):
        browser = sign_in(cast.social_worker)
        assert "child alleged to have caused harm" in browser.get(f"/contacts/{origin}/linked").text
        entry = {
            "case_reference": "4490-Y",
            "received_at": "2026-11-27T17:00",
            "concerns": "standard",
            "manager": "0",
            "social_worker": "0",
        }
        refused = browser.post(f"/contacts/{origin}/linked", data=entry)
        assert "one person alone cannot keep it" in refused.text
        made = browser.post(f"/contacts/{origin}/linked", data=entry | {"manager": str(cast.chair.id)})
        assert made.status_code == 303
        new = made.location
        assert "Restricted" in browser.get(new).text
        assert sign_in(colleague).get(new).status_code == 404
        browser.post(f"{new}/access", data={"user": str(colleague.id), "reason": "Covers for the manager"})
        assert sign_in(colleague).get(new).status_code == 200
        assert "Covers for the manager" in browser.get(f"{new}/access").text
        browser.post(f"{new}/access/{colleague.id}/remove", data={"reason": "The manager is back"})
        assert sign_in(colleague).get(new).status_code == 404
    db.session.rollback()
    assert db.session.scalars(select(Listed).where(Listed.user_id == colleague.id)).one().removed_at is not None


def test_where_nothing_is_hidden_a_page_asks_no_longer_queries(cast: Cast, sign_in: SignIn) -> None:
    begin_writing()
    waiting(cast, at(BOOKED, cast))
    db.session.commit()
    browser = sign_in(cast.social_worker)
    with statements() as seen:
        assert browser.get("/waiting").status_code == 200
    assert seen.count < 14


def test_a_second_contact_on_the_same_case_is_not_opened_to_everybody_unasked(
    cast: Cast, colleague: User, sign_in: SignIn
) -> None:
    begin_writing()
    origin, contact = waiting(cast, at(BOOKED, cast)), waiting(cast, at(BOOKED, cast), SECRET)
    access_lists.restrict(contact, origin, [cast.chair, cast.social_worker], at(BOOKED, cast))
    db.session.commit()
    typed = {"submission": uuid4().hex, "case_reference": SECRET, "received_at": "2026-11-27T12:00", "decided": "now"}
    with time_machine.travel(_NOW, tick=False):
        answer = sign_in(colleague).post("/contacts/new", data={**typed, "concerns": "standard"})
    assert "that is not on your lists" in answer.text and 'name="another"' in answer.text
    db.session.rollback()
    assert len(db.session.scalars(select(Contact)).all()) == 2
