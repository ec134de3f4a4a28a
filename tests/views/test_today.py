"""Today: what needs me, who waits, what is booked; at the same number of queries however much there is."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import event, select

from strategy.act import Act
from strategy.clock import now
from strategy.commands import booking, calls, climbing, contacts
from strategy.commands.contacts import NewContact
from strategy.dates import full
from strategy.db import db, transaction
from strategy.models import Chase, Contact, Discussion, User
from strategy.queries.chasing import Due
from strategy.vocabulary import ChaseKind, DiscussionState, InvitationState, Via
from tests.cast import Cast
from tests.commands.stories import plan, waiting_child

SignIn = Callable[[User], FlaskClient]


def book(cast: Cast, act: Act, case: str = "4471-A") -> Discussion:
    return booking.book(waiting_child(cast, act, case=case), plan(cast, act.at), cast.social_worker, act)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SELECTs sent to the database meanwhile."""
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_an_empty_day_says_what_to_do_next(browser: FlaskClient) -> None:
    page = browser.get("/").text
    assert page.index("Immediate danger? Call 999.") < page.index("Today</h1>")
    assert "Nothing needs you now." in page
    assert "start its clock first" in page
    assert "Hold one now" in page


def test_a_waiting_child_shows_case_wait_due_and_book(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        contact = waiting_child(cast, act, "serious-injury")
        contact_id = contact.id
    page = browser.get("/").text
    assert "4471-A" in page
    assert "serious injury" in page
    assert f"/contacts/{contact_id}/book" in page
    assert "warning" in page


def test_the_longest_wait_comes_first_and_past_the_target_is_said(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        waiting_child(cast, act, case="4480-C")
        earlier = Act(by=act.by, at=act.at - timedelta(hours=40), via=act.via)
        waiting_child(cast, earlier, "immediate-risk", case="4471-A")
    page = browser.get("/waiting").text
    assert page.index("4471-A") < page.index("4480-C")
    assert "Past target" in page
    assert "The longest has waited 40 h 00 min." in page


def test_an_undecided_contact_waits_too_against_its_own_target(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        contact = waiting_child(cast, act)
        contact.state, contact.decided_at, contact.due_at, contact.clock_started_at = "received", None, None, None  # type: ignore[assignment]  # stored by value
    page = browser.get("/").text
    assert "Undecided" in page
    assert "/decide" in page


def test_a_discussion_nobody_had_time_to_answer_yet_does_not_need_me(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        book(cast, act)
    page = browser.get("/").text
    assert "Needs you (0)" in page
    booked = page[page.index("Booked (1)") :]
    assert "0 of 3" in booked and "At risk" in booked
    # which desk is first hangs on the hour: one is open day and night, the other in office hours
    assert re.search(r"next: remind Exampleshire (Police: MASH|Health Trust: 0-19) desk, ", booked)


def test_a_discussion_at_risk_needs_me_and_says_what_was_done_and_what_comes_next(
    browser: FlaskClient, cast: Cast
) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        discussion = book(cast, act)
        reference = discussion.reference
        police = next(one for one in discussion.invitations if one.role == "police")
        due = db.session.scalars(
            select(Chase).where(Chase.invitation_id == police.id, Chase.kind == ChaseKind.BEFORE)
        ).one()
        climbing.climb(Due(due.id, due.step, due.rung, due.due_at), Act(by=act.by, at=due.due_at, via=act.via))
    page = browser.get("/").text
    needs_me = page[page.index("Needs you (1)") : page.index("Waiting for a discussion")]
    assert reference in needs_me
    assert "MASH desk: not answered." in needs_me
    assert "Reminded Exampleshire Police: MASH desk by email" in needs_me
    assert "Next: tell the Detective sergeant, " in needs_me
    assert "Record their answer" in needs_me


def test_a_discussion_everybody_required_has_named_somebody_for_does_not(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        for one in book(cast, act).invitations:
            one.state = InvitationState.COMING
    page = browser.get("/").text
    assert "Needs you (0)" in page
    assert "3 of 3" in page


def test_a_call_to_make_is_on_the_screen_of_whoever_must_make_it(
    browser: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        discussion = book(cast, act)
        police = next(one for one in discussion.invitations if one.role == "police")
        calls.ask(police, "Dee Sergeant", "+441632960123", "Nobody has answered.", act, key="test")
    page = browser.get("/").text
    assert "01632 960123" in page
    assert "Nobody has answered." in page
    assert "Dee Sergeant, 01632" not in sign_in(cast.chair).get("/").text


def test_a_discussion_held_stays_until_its_record_is_signed(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        discussion = book(cast, act)
        discussion.state, discussion.ended_at = DiscussionState.HELD, act.at
    assert "Held, not signed yet (1)" in browser.get("/").text


def test_somebody_elses_discussion_is_not_mine_and_another_authority_sees_nothing(cast: Cast, sign_in: SignIn) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        reference = book(cast, act).reference
        waiting_child(cast, act, case="4480-C")
    assert reference not in sign_in(cast.leader).get("/").text
    outside = sign_in(cast.outsider).get("/").text
    assert reference not in outside
    assert "4480-C" not in outside


def test_today_costs_the_same_queries_for_one_row_as_for_many(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        book(cast, act, case="1-A")
        waiting_child(cast, act, case="1-B")
    with statements() as one:
        browser.get("/")
    with transaction("Sam Worker", Via.STAFF) as act:
        for number in range(2, 8):
            book(cast, act, case=f"{number}-A")
            waiting_child(cast, act, case=f"{number}-B")
    with statements() as many:
        page = browser.get("/").text
    assert "Booked (7)" in page
    assert len(many) == len(one)
    assert db.session.scalars(select(Contact)).first()
    assert now()


def test_today_counts_who_faces_tonight_as_leaders_do(browser: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        waiting_child(cast, act, case="4480-C")
        safe = waiting_child(cast, act, case="4490-D")
        contacts.keep_safe(safe, "With an aunt", act)
        undecided = NewContact("4500-E", act.at, ["standard"])
        contacts.start_clock(undecided, cast.authority, cast.policy, cast.social_worker, act)
        later = booking.book(
            waiting_child(cast, act, case="4510-F"),
            plan(cast, act.at, starts_at=act.at + timedelta(days=2), ends_at=act.at + timedelta(days=2, hours=1)),
            cast.social_worker,
            act,
        )
        assert later.contact.safety is None
    for address in ("/", "/waiting"):
        words = " ".join(re.sub(r"<[^>]+>", " ", browser.get(address).text).split())
        assert "2 children face tonight without a safety entry: 4480-C , 4510-F ." in words
    leaders = " ".join(re.sub(r"<[^>]+>", " ", sign_in(cast.leader).get("/leaders").text).split())
    assert "2 children face tonight without a safety entry" in leaders


def test_a_discussion_held_is_said_held_at_its_true_start_everywhere(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        discussion = book(cast, act)
        began = act.at - timedelta(hours=1)
        discussion.started_at, discussion.ended_at = began, act.at
        discussion.state = DiscussionState.HELD
        contact_id = discussion.contact_id
    for address in ("/", f"/contacts/{contact_id}"):
        assert full(began) in browser.get(address).text
