"""The page of everybody who waits, handing over, and what is said of a decision: as each kind of staff sees them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.act import Act
from strategy.commands import booking, contact_facts, contacts, handovers
from strategy.commands.contact_facts import Facts
from strategy.commands.contacts import NewContact
from strategy.db import db, transaction
from strategy.models import Contact, Discussion, User
from strategy.vocabulary import DiscussionState, FamilyTold, HandoverState, Via
from tests.browser import plain
from tests.cast import Cast
from tests.commands.stories import plan, waiting_child
from tests.counting import statements
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]

pytestmark = pytest.mark.usefixtures("browsers", "morning")


@pytest.fixture
def morning() -> Iterator[None]:
    """A Tuesday at ten: late in the evening what is booked is tomorrow's, and its child faces tonight."""
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=UTC)):
        yield


def undecided(cast: Cast, act: Act, case: str) -> Contact:
    new = NewContact(case, act.at - timedelta(hours=2), ["standard"])
    return contacts.start_clock(new, cast.authority, cast.policy, cast.social_worker, act)


def fill(cast: Cast, start: int = 0) -> None:
    """One of each: undecided, decided and handed over, booked."""
    with transaction("Sam Worker", Via.STAFF) as act:
        undecided(cast, act, f"10{start}-U")
        given = waiting_child(cast, act, case=f"20{start}-D")
        handovers.give(given, cast.chair, cast.social_worker, act)
        booking.book(waiting_child(cast, act, case=f"30{start}-B"), plan(cast, act.at), cast.social_worker, act)


def send(browser: FlaskClient, address: str, **typed: Any) -> Any:
    return browser.post(address, data={"submission": uuid4().hex, **typed}, follow_redirects=True)


def contact_of(case: str) -> Contact:
    db.session.rollback()
    return next(one for one in db.session.scalars(select(Contact)) if one.case_reference == case)


def test_an_empty_list_says_so_and_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    page = plain(sign_in(cast.social_worker).get("/waiting"))
    assert "No contact is undecided." in page and "No child is waiting for a booking." in page
    assert "No discussion is booked and still to be held." in page


def test_three_lists_say_how_many_how_long_and_who_holds_each(cast: Cast, sign_in: SignIn) -> None:
    fill(cast)
    page = plain(sign_in(cast.leader).get("/waiting"))
    assert "Contacts received, not decided (1), the longest 2 h 00 min" in page
    assert "Decided, not booked (1)" in page and "Booked, not held (1)" in page
    lists = page[page.index("Contacts received, not decided (1)") :]
    assert lists.index("100-U") < lists.index("200-D") < lists.index("300-B")
    assert "Not accepted given to Terry Example 0 min ago" in page


def test_mine_and_one_state_alone_can_be_asked_for(cast: Cast, sign_in: SignIn) -> None:
    fill(cast)
    undecided_id, chair_id = contact_of("100-U").id, cast.chair.id
    with transaction("Terry Example", Via.STAFF) as act:
        handovers.take_over(db.session.get_one(Contact, undecided_id), db.session.get_one(User, chair_id), act)
    worker = sign_in(cast.social_worker)
    mine = plain(worker.get("/waiting?whose=mine"))
    assert "100-U" not in mine and "200-D" in mine and "300-B" in mine
    assert "100-U" in plain(sign_in(cast.chair).get("/waiting?whose=mine"))
    unaccepted = plain(worker.get("/waiting?state=unaccepted"))
    assert "200-D" in unaccepted and "100-U" not in unaccepted and "300-B" not in unaccepted
    assert "300-B" in plain(worker.get("/waiting?state=nonsense"))


def test_another_authority_sees_nothing_of_it(cast: Cast, sign_in: SignIn) -> None:
    fill(cast)
    outsider = sign_in(cast.outsider)
    assert "00-" not in plain(outsider.get("/waiting"))
    contact_id = contact_of("200-D").id
    for address in ("give", "decline", "facts"):
        assert outsider.get(f"/contacts/{contact_id}/{address}").status_code == 404
    assert outsider.post(f"/contacts/{contact_id}/take-over").status_code == 404


def test_the_page_costs_the_same_queries_for_one_of_each_as_for_many(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.leader)
    fill(cast)
    with statements() as one:
        browser.get("/waiting")
    for number in range(1, 5):
        fill(cast, number)
    with statements() as many:
        assert "Booked, not held (5)" in plain(browser.get("/waiting"))
    assert many.count == one.count


def test_a_contact_is_handed_over_and_accepted_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        contact = waiting_child(cast, act)
        address, revision = f"/contacts/{contact.id}", contact.revision
    giver, receiver = sign_in(cast.social_worker), sign_in(cast.chair)
    page = plain(send(giver, f"{address}/give", receiver=cast.chair.id, revision=revision))
    assert "Given to Terry Example by Sam Worker" in page and "Take it back" in page
    assert "Given to you, not accepted (1)" in plain(receiver.get("/"))
    assert "1 contact is handed over and not accepted" in plain(sign_in(cast.leader).get("/leaders"))
    assert "Given to you by Sam Worker" in plain(receiver.get(address))
    accepted = plain(send(receiver, f"{address}/accept"))
    assert "Held by Terry Example" in accepted and "Not accepted" not in accepted


def test_declining_asks_why_and_the_giver_reads_it(cast: Cast, sign_in: SignIn) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        contact = waiting_child(cast, act)
        handovers.give(contact, cast.chair, cast.social_worker, act)
        address = f"/contacts/{contact.id}"
    receiver = sign_in(cast.chair)
    assert "Say why you cannot take it" in plain(send(receiver, f"{address}/decline"))
    assert "I know them" in plain(send(receiver, f"{address}/decline", reason="I know them"))
    assert "I know them" not in plain(sign_in(cast.admin).get(address))
    assert contact_of("4471-A").handovers[0].state is HandoverState.DECLINED


def test_somebody_elses_handover_cannot_be_accepted_and_the_page_says_so(cast: Cast, sign_in: SignIn) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        contact = waiting_child(cast, act)
        handovers.give(contact, cast.chair, cast.social_worker, act)
        address = f"/contacts/{contact.id}"
    page = plain(send(sign_in(cast.social_worker), f"{address}/accept"))
    assert "only they can accept or decline it" in page
    assert sign_in(cast.leader).post(f"{address}/accept").status_code == 403


@pytest.fixture
def decided(cast: Cast) -> Contact:
    with transaction("Sam Worker", Via.STAFF) as act:
        return waiting_child(cast, act)


def test_what_nobody_has_said_of_a_decision_is_shown_as_missing(decided: Contact, cast: Cast, sign_in: SignIn) -> None:
    page = plain(sign_in(cast.social_worker).get(f"/contacts/{decided.id}"))
    assert "Why the threshold is met Not recorded" in page and "Family told Not recorded" in page


def test_the_facts_of_a_contact_are_said_shown_and_said_anew(decided: Contact, cast: Cast, sign_in: SignIn) -> None:
    worker, address = sign_in(cast.social_worker), f"/contacts/{decided.id}"
    typed = {"document": "Local thresholds", "level": "4", "threshold_why": "Three reports", "family_told": "unsafe"}
    walker = Walker(worker)
    walker.open(f"{address}/facts")
    assert "Say why the family has not been told" in walker.send("Save", typed).words
    page = walker.send("Save", family_why="He would know").words
    assert "Local thresholds, 4 Three reports" in page and "He would know" in page
    again = worker.get(f"{address}/facts").text
    assert 'value="4"' in again and 'value="unsafe" checked' in " ".join(again.split())
    hidden = plain(sign_in(cast.admin).get(address))
    assert "Three reports" not in hidden and "He would know" not in hidden and "Written down" in hidden


def test_the_facts_can_be_said_with_the_decision(cast: Cast, sign_in: SignIn) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        contact = undecided(cast, act, "4471-A")
        address, revision = f"/contacts/{contact.id}", contact.revision
        at = f"{act.at:%Y-%m-%dT%H:%M}"
    typed = {"decided_at": at, "decided_by": "Sam Worker", "revision": revision, "family_told": "yes", "level": "4"}
    page = plain(send(sign_in(cast.social_worker), f"{address}/decide", **typed))
    assert "Hold it by" in page and "Family told Yes" in page
    assert contact_of("4471-A").said[0].family_told is FamilyTold.YES


def test_the_discussion_and_its_record_show_what_was_said(cast: Cast, sign_in: SignIn) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        contact = waiting_child(cast, act)
        contact_facts.say(contact, Facts("Local", "4", "Three reports", FamilyTold.NO, "At work"), act)
        discussion = booking.book(contact, plan(cast, act.at), cast.social_worker, act)
        discussion_id = discussion.id
    worker, admin = sign_in(cast.social_worker), sign_in(cast.admin)
    address = f"/discussions/{discussion_id}"
    assert "Three reports" in plain(worker.get(address)) and "Three reports" not in plain(admin.get(address))
    with transaction("Sam Worker", Via.STAFF) as act:
        held = db.session.get_one(Discussion, discussion_id)
        held.state, held.ended_at = DiscussionState.HELD, act.at
    assert "At work" in plain(worker.get(f"{address}/record"))
