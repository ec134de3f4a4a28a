"""Holding one now: the clock, the invitations and the page to hold it on, from one form."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from strategy.clock import in_london, now
from strategy.commands import contacts, directory_terms
from strategy.commands.directory_terms import TermEntry
from strategy.db import db, transaction
from strategy.models import Agency, Child, Contact, Desk, Discussion, Invitation, Message, PolicyVersion, User
from strategy.rules.policy_editing import Edit, edited
from strategy.vocabulary import Mode, Sector, Via, Waiting
from tests.cast import ALWAYS, Cast
from tests.commands.stories import waiting_child
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]


def fresh() -> None:
    """Forget what this test's session has read: the pages wrote in their own."""
    db.session.rollback()
    db.session.expire_all()


def hold_now(cast: Cast, **changes: Any) -> dict[str, Any]:
    usual = {
        "submission": uuid4().hex,
        "case_reference": "4490-D",
        "concerns": ["immediate-risk"],
        "chair": str(cast.chair.id),
        "who_police": f"desk:{cast.police_desk.id}",
        "who_health-0-19": f"desk:{cast.health_desk.id}",
    }
    return usual | changes


def test_holding_one_now_starts_the_clock_asks_everybody_and_opens_the_page(browser: FlaskClient, cast: Cast) -> None:
    assert "Immediate danger? Call 999." in browser.get("/hold-now").text
    answer = browser.post("/hold-now", data=hold_now(cast))
    fresh()
    discussion = db.session.scalars(select(Discussion)).one()
    assert answer.location == f"/discussions/{discussion.id}/hold"
    assert discussion.mode is Mode.PHONE
    assert discussion.started_at == discussion.booked_at
    page = browser.get(answer.location).text
    assert "Start now" not in page and "Here" in page and "Ring:" in page
    texts = db.session.scalars(select(Message.text).join(Invitation).where(Invitation.role == "police")).all()
    assert texts and all("NOW" in text and "We ring you now on" in text for text in texts)
    assert discussion.contact.state is Waiting.BOOKED
    assert discussion.contact.decided_by == "Sam Worker"
    assert {one.role for one in discussion.invitations} == {"chair", "social-worker", "police", "health-0-19"}
    urgent = db.session.scalars(select(Message.urgent).join(Invitation).where(Invitation.role == "police")).all()
    assert urgent
    assert all(urgent)


def test_holding_now_for_an_undecided_contact_decides_it(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        entry = contacts.NewContact("4471-A", act.at, ["standard"])
        undecided = contacts.start_clock(entry, cast.authority, cast.policy, cast.social_worker, act).id
    assert browser.post(f"/contacts/{undecided}/hold-now", data=hold_now(cast)).status_code == 303
    fresh()
    assert db.session.get_one(Contact, undecided).decided_at is not None


def test_holding_now_without_police_asks_why(browser: FlaskClient, cast: Cast) -> None:
    refused = browser.post("/hold-now", data=hold_now(cast, who_police=""))
    assert "Say why nobody is invited for: Police" in refused.text
    fresh()
    assert db.session.scalar(select(func.count(Contact.id))) == 0
    fine = browser.post("/hold-now", data=hold_now(cast, who_police="", left_out="An officer is implicated"))
    assert fine.status_code == 303


def test_the_chair_of_a_discussion_held_now_is_not_its_social_worker(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.chair)
    refused = browser.post("/hold-now", data=hold_now(cast, social_worker=str(cast.chair.id)))
    assert "The chair and the social worker are two people" in refused.text
    assert "Choose the social worker" in browser.post("/hold-now", data=hold_now(cast)).text
    assert browser.post("/hold-now", data=hold_now(cast, social_worker=str(cast.social_worker.id))).status_code == 303
    fresh()
    discussion = db.session.scalars(select(Discussion)).one()
    assert (discussion.chair_id, discussion.social_worker_id) == (cast.chair.id, cast.social_worker.id)


def test_of_two_police_desks_neither_is_told_until_one_is_chosen(browser: FlaskClient, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        agency = cast.police_desk.agency
        db.session.add(Desk(agency=agency, name="North", roles=["police"], phone="+447700900055", hours=ALWAYS))
    assert 'value="choose" selected' in browser.get("/hold-now").text
    refused = browser.post("/hold-now", data=hold_now(cast, who_police="choose"))
    assert "Choose who is asked for Police" in refused.text


def test_a_need_that_has_begun_has_its_list_too(cast: Cast, sign_in: SignIn) -> None:
    assert "who_education" not in sign_in(cast.social_worker).get("/hold-now").text
    with time_machine.travel("2027-12-01T10:00:00Z", tick=False):
        page = sign_in(cast.social_worker).get("/hold-now").text
    assert 'name="who_education"' in page
    assert "Sample Primary School" in page


def test_for_a_school_in_holidays_today_its_cover_is_asked_and_not_the_school(cast: Cast, sign_in: SignIn) -> None:
    with transaction("tests", Via.COMMAND_LINE) as act:
        service = Agency(authority=db.session.merge(cast.authority), name="Education Service", sector=Sector.EDUCATION)
        cover = Desk(agency=service, name="Holiday desk", roles=["education-holiday"], hours=ALWAYS)
        db.session.add(cover)
        db.session.flush()
        school = db.session.get_one(Desk, cast.school_desk.id).agency
        directory_terms.add(school, TermEntry("Autumn", date(2027, 9, 1), date(2027, 12, 17)), act)
        directory_terms.add(school, TermEntry("Spring", date(2028, 1, 4), date(2028, 3, 31)), act)
        directory_terms.cover(school, cover, act)
        contact = waiting_child(cast, act)
        db.session.add(Child(contact=contact, name="Sam Example", school="Sample Primary School"))
        contact_id, cover_id = contact.id, cover.id
    with time_machine.travel("2027-12-16T10:00:00Z", tick=False):
        page = sign_in(cast.social_worker).get(f"/contacts/{contact_id}/hold-now").text
        assert "Sample Primary School: Safeguarding lead" in page and "Holiday desk" not in page
    with time_machine.travel("2027-12-20T10:00:00Z", tick=False):
        walker = Walker(sign_in(cast.social_worker))
        words = walker.open(f"/contacts/{contact_id}/hold-now").words
        assert "Sample Primary School is in holidays on Mon 20 Dec 2027" in words
        walker.send("Invite them and hold it now", {"chair": str(cast.chair.id)} | _late(walker))
    fresh()
    asked = db.session.scalars(select(Invitation).where(Invitation.role.startswith("education"))).all()
    assert [(one.role, one.desk_id) for one in asked] == [("education-holiday", cover_id)]


def _late(walker: Walker) -> dict[str, str]:
    """The reason for the delay, where the page asks for one."""
    return {"late_reason": "waiting-for-partner"} if "Reason for the delay" in walker.page.words else {}


def test_whom_a_concern_chosen_on_the_page_asks_for_is_shown_before_anybody_is_told(
    browser: FlaskClient, cast: Cast
) -> None:
    with transaction("tests", Via.STAFF):
        homes = Agency(authority=db.session.merge(cast.authority), name="Sample Homes", sector=Sector.HOUSING)
        desk = Desk(agency=homes, name="Duty", roles=["housing"], email="homes@example.org", hours=ALWAYS)
        db.session.add(desk)
        db.session.flush()
        housing = f"desk:{desk.id}"
    sent = hold_now(cast, concerns=["housing-16-17"])
    page = browser.post("/hold-now", data=sent).text
    assert "This concern asks for Housing: check who is asked" in page
    assert "Sample Homes: Duty" in page
    fresh()
    assert db.session.scalar(select(func.count(Discussion.id))) == 0
    assert browser.post("/hold-now", data=sent | {"who_housing": housing}).status_code == 303
    fresh()
    assert "housing" in set(db.session.scalars(select(Invitation.role)))


def asked_of(page: str) -> set[str]:
    """The names of the fields a page shows."""
    return set(re.findall(r'name="([a-z_0-9-]+)"', page))


def starting_with(cast: Cast, event: str, concern: str = "standard") -> None:
    """Let that concern's clock start with another event."""
    with transaction("tests", Via.COMMAND_LINE):
        version = db.session.get_one(PolicyVersion, cast.policy.id)
        version.text = edited(version.text, [Edit(("targets", concern), "starts", event)])


def decided_long_ago(cast: Cast) -> int:
    with transaction("Sam Worker", Via.STAFF) as act:
        before = act.at - timedelta(days=9)
        entry = contacts.NewContact("4471-A", before, ["standard"], before, "Sam Worker")
        return contacts.start_clock(entry, cast.authority, cast.policy, cast.social_worker, act).id


def undecided_for_days(cast: Cast) -> int:
    """Its clock started with the contact: once it is decided, it is late."""
    starting_with(cast, "contact-received")
    with transaction("Sam Worker", Via.STAFF) as act:
        entry = contacts.NewContact("4471-A", act.at - timedelta(days=9), ["standard"])
        return contacts.start_clock(entry, cast.authority, cast.policy, cast.social_worker, act).id


@pytest.mark.parametrize("late", [decided_long_ago, undecided_for_days])
def test_one_held_now_past_its_target_asks_why_on_the_page_it_is_held_from(
    browser: FlaskClient, cast: Cast, late: Callable[[Cast], int]
) -> None:
    address = f"/contacts/{late(cast)}/hold-now"
    assert "late_reason" in asked_of(browser.get(address).text)
    refused = browser.post(address, data=hold_now(cast))
    assert "This is after the target: choose the reason for the delay" in refused.text
    assert "late_reason" in asked_of(refused.text)
    fresh()
    assert db.session.scalar(select(func.count(Discussion.id))) == 0
    assert browser.post(address, data=hold_now(cast, late_reason="no-chair")).status_code == 303
    fresh()
    assert db.session.scalars(select(Discussion.late_reason)).one() == "no-chair"


def test_from_nothing_a_clock_that_began_long_ago_asks_why_and_keeps_the_answer(
    browser: FlaskClient, cast: Cast
) -> None:
    starting_with(cast, "concern-identified")
    began = f"{in_london(now()) - timedelta(days=9):%Y-%m-%dT%H:%M}"
    sent = hold_now(cast, concerns=["standard"], concern_identified_at=began)
    assert "late_reason" not in asked_of(browser.get("/hold-now").text)
    assert "late_reason" in asked_of(browser.post("/hold-now", data=sent).text)
    wrong = browser.post("/hold-now", data=hold_now(cast, **(sent | {"chair": "0", "late_reason": "no-chair"})))
    assert '<option value="no-chair" selected' in wrong.text.replace("selected value", "value")
    assert browser.post("/hold-now", data=sent | {"late_reason": "no-chair"}).status_code == 303


def unsaid(cast: Cast) -> int:
    with transaction("Ada Admin", Via.STAFF) as act:
        entry = contacts.NewContact("4471-A", act.at, [], unsaid=True)
        return contacts.start_clock(entry, cast.authority, cast.policy, cast.social_worker, act).id


def test_a_contact_nobody_has_said_the_concerns_of_is_asked_for_them_when_it_is_held_now(
    browser: FlaskClient, cast: Cast
) -> None:
    starting_with(cast, "concern-identified", "immediate-risk")
    address = f"/contacts/{unsaid(cast)}/hold-now"
    assert {"concerns", "concern_identified_at"} <= asked_of(browser.get(address).text)
    assert "Choose at least one concern" in browser.post(address, data=hold_now(cast, concerns=[])).text
    refused = browser.post(address, data=hold_now(cast)).text
    assert "Enter when the concern was identified" in refused and "concern_identified_at" in asked_of(refused)
    began = f"{in_london(now()) - timedelta(minutes=5):%Y-%m-%dT%H:%M}"
    assert browser.post(address, data=hold_now(cast, concern_identified_at=began)).status_code == 303
    fresh()
    contact = db.session.scalars(select(Contact)).one()
    assert (contact.concerns, contact.state) == (["immediate-risk"], Waiting.BOOKED)


@pytest.mark.parametrize(("from_nothing", "most"), [(False, 3), (True, 5)])
def test_one_held_now_takes_a_handful_of_keys_and_clicks_not_a_minute(
    cast: Cast, sign_in: SignIn, *, from_nothing: bool, most: int
) -> None:
    """What is chosen already is not chosen again: a minute is 60 seconds, and each of these takes three at most."""
    with transaction("tests", Via.COMMAND_LINE) as act:
        contact_id = waiting_child(cast, act).id
    typed: dict[str, str | list[str]] = {"chair": str(cast.chair.id)}
    walker = Walker(sign_in(cast.social_worker))
    walker.open("/" if from_nothing else f"/contacts/{contact_id}")
    walker.follow("Hold one now")
    typed |= {"case_reference": "4490-D", "concerns": ["immediate-risk"]} if from_nothing else {}
    walker.send("Invite them and hold it now", typed | _late(walker))
    assert walker.page.url.endswith("/hold") and "Here by phone" in walker.page.words
    presses = 2  # the link to it, and the button
    assert presses + len(typed) <= most
