"""Entering a discussion that was held already: true times, who was there, nobody told, the follow-up's target."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from strategy.commands import contacts
from strategy.commands.contacts import NewContact
from strategy.db import db, transaction
from strategy.models import CallTask, Chase, Contact, Discussion, Event, Invitation, Message, User
from strategy.queries import gaps
from strategy.queries import record as records
from strategy.vocabulary import Attendance, EventVerb, FollowUpState, Mode, QuorumOutcome, Via, Waiting
from tests.booked import booked, waiting
from tests.cast import Cast
from tests.emergency_duty import act

SignIn = Callable[[User], FlaskClient]
MORNING = datetime(2026, 11, 28, 9, tzinfo=UTC)  # a Saturday; it was held on Friday night


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is the morning after."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def entered(cast: Cast, **changes: Any) -> dict[str, Any]:
    usual = {
        "submission": uuid4().hex,
        "case_reference": "4490-D",
        "concerns": ["immediate-risk"],
        "received_at": "2026-11-27T22:40",
        "decided_at": "2026-11-27T22:50",
        "decided_by": "Terry Example",
        "started_at": "2026-11-27T23:05",
        "ended_at": "2026-11-27T23:30",
        "mode": "phone",
        "chair": str(cast.chair.id),
        "social_worker": str(cast.social_worker.id),
        "who_police": f"desk:{cast.police_desk.id}",
        "name_police": "PC Night",
        "without_quorum_reason": "No health practitioner answered at night",
        "decisions": ["s47-joint"],
        "rationale": "Injury seen by the officer",
    }
    return usual | changes


def fresh() -> Discussion:
    db.session.rollback()
    return db.session.scalars(select(Discussion)).one()


def test_from_nothing_it_is_one_page_and_everything_has_its_true_time(browser: FlaskClient, cast: Cast) -> None:
    assert "Nobody is invited, told or chased" in browser.get("/entered").text
    answer = browser.post("/entered", data=entered(cast))
    discussion = fresh()
    assert answer.location == f"/discussions/{discussion.id}/hold"
    assert discussion.started_at == datetime(2026, 11, 27, 23, 5, tzinfo=UTC)
    assert discussion.ended_at == datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
    assert (discussion.entered_at, discussion.emergency, discussion.mode) == (MORNING, True, Mode.PHONE)
    contact = discussion.contact
    assert contact.received_at == datetime(2026, 11, 27, 22, 40, tzinfo=UTC)
    assert contact.decided_at == datetime(2026, 11, 27, 22, 50, tzinfo=UTC)
    assert (contact.state, contact.held_at) == (Waiting.HELD, discussion.started_at)
    there = {one.role: (one.attendance, one.came_name, one.by_phone) for one in discussion.invitations}
    assert there["police"] == (Attendance.ATTENDED, "PC Night", True)
    assert set(there) == {"chair", "social-worker", "police"}
    assert [one.rationale for one in discussion.decisions] == ["Injury seen by the officer"]
    assert contact.enquiry is not None and contact.enquiry.clock_started_at == discussion.started_at
    assert "What is to be done" in browser.get(answer.location).text


def test_nobody_is_invited_told_or_chased_for_it(browser: FlaskClient, cast: Cast) -> None:
    browser.post("/entered", data=entered(cast))
    fresh()
    for model in (Message, Chase, CallTask):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0, model
    verbs = set(db.session.scalars(select(Event.verb)))
    assert EventVerb.INVITED not in verbs and EventVerb.BOOKED not in verbs


def test_the_trail_says_entered_afterwards_by_whom_and_when(browser: FlaskClient, cast: Cast) -> None:
    browser.post("/entered", data=entered(cast))
    fresh()
    event = db.session.scalars(select(Event).where(Event.verb == EventVerb.ENTERED_AFTERWARDS)).one()
    assert (event.by, event.at, event.via) == ("Sam Worker", MORNING, Via.STAFF)
    assert "11:05pm" in event.text and "11:30pm" in event.text and "4490-D" not in event.text
    page = browser.get(f"/discussions/{fresh().id}").text
    assert "Entered afterwards" in page


def test_its_follow_up_is_owed_by_policy_from_its_true_end(browser: FlaskClient, cast: Cast) -> None:
    browser.post("/entered", data=entered(cast, started_at="2026-11-27T23:45", ended_at="2026-11-28T00:15"))
    discussion = fresh()
    owed = discussion.follow_up
    assert owed is not None and owed.state is FollowUpState.DUE
    assert owed.clock_started_at == datetime(2026, 11, 28, 0, 15, tzinfo=UTC)
    assert owed.due_at == datetime(2026, 11, 30, 17, tzinfo=UTC)  # one working day after a Saturday
    assert discussion.quorum_outcome is QuorumOutcome.NOT_MET


def test_with_its_quorum_an_emergency_by_phone_is_followed_up_all_the_same(browser: FlaskClient, cast: Cast) -> None:
    there = entered(cast, **{"who_health-0-19": f"desk:{cast.health_desk.id}"}, without_quorum_reason="")
    assert browser.post("/entered", data=there).status_code == 303
    discussion = fresh()
    assert discussion.quorum_outcome is QuorumOutcome.MET and discussion.follow_up is not None


def test_in_office_hours_it_is_no_emergency_and_asks_for_the_date_itself(browser: FlaskClient, cast: Cast) -> None:
    times = {"received_at": "2026-11-27T10:00", "decided_at": "2026-11-27T10:10"}
    times |= {"started_at": "2026-11-27T10:30", "ended_at": "2026-11-27T11:00"}
    refused = browser.post("/entered", data=entered(cast, **times))
    assert "Say when it is followed up with those who were missing" in refused.text
    assert browser.post("/entered", data=entered(cast, **times, follow_up_at="2026-12-01T10:00")).status_code == 303
    assert fresh().emergency is False


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"received_at": "2026-11-28T09:30"}, "received_at", "cannot have come in later than now"),
        ({"started_at": "2026-11-28T09:30", "ended_at": "2026-11-28T09:40"}, "started_at", "must be in the past"),
        ({"ended_at": "2026-11-28T09:01"}, "ended_at", "The time it ended must be in the past"),
        ({"ended_at": "2026-11-27T23:00"}, "ended_at", "cannot be before the time it started"),
        ({"ended_at": "2026-11-28T05:00"}, "ended_at", "4 hours at most"),
        ({"started_at": "2026-11-27T22:30"}, "decided_at", "It was decided before the discussion started"),
        ({"decided_at": "2026-11-27T22:30"}, "decided_at", "cannot be earlier than the contact came in"),
        ({"decided_at": ""}, "decided_at", "Enter when it was decided"),
        ({"without_quorum_reason": ""}, "without_quorum_reason", "Say why it was held without: Health"),
        ({"rationale": ""}, "rationale", "every decision needs its reason"),
    ],
)
def test_what_cannot_be_true_is_refused_at_its_field_and_nothing_is_saved(
    browser: FlaskClient, cast: Cast, changes: dict[str, str], field: str, words: str
) -> None:
    page = browser.post("/entered", data=entered(cast, **changes))
    assert page.status_code == 200 and words in page.text
    assert f'id="{field}-error"' in page.text
    db.session.rollback()
    assert db.session.scalar(select(func.count(Contact.id))) == 0


def test_past_its_target_it_asks_why(browser: FlaskClient, cast: Cast) -> None:
    late = {"received_at": "2026-11-27T18:40", "decided_at": "2026-11-27T18:50"}  # immediate risk: two hours
    assert "choose the reason for the delay" in browser.post("/entered", data=entered(cast, **late)).text
    assert browser.post("/entered", data=entered(cast, **late, late_reason="no-chair")).status_code == 303
    assert fresh().late_reason == "no-chair"


def test_for_a_child_who_waits_already_the_wait_ends_when_it_truly_began(browser: FlaskClient, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        contact_id = waiting(cast, act(MORNING - timedelta(hours=12), cast.chair)).id
    page = browser.get(f"/contacts/{contact_id}/entered").text
    assert 'name="case_reference"' not in page and 'name="decided_at"' not in page
    assert browser.post(f"/contacts/{contact_id}/entered", data=entered(cast)).status_code == 303
    assert fresh().contact.held_at == datetime(2026, 11, 27, 23, 5, tzinfo=UTC)


def test_an_undecided_contact_is_decided_as_it_truly_was(browser: FlaskClient, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE) as acting:
        new = NewContact("4471-A", MORNING - timedelta(hours=14), ["standard"])
        contact_id = contacts.start_clock(new, cast.authority, cast.policy, cast.social_worker, acting).id
    browser.post(f"/contacts/{contact_id}/entered", data=entered(cast))
    assert fresh().contact.decided_at == datetime(2026, 11, 27, 22, 50, tzinfo=UTC)


def test_where_one_is_booked_that_one_is_written_down_and_no_second(browser: FlaskClient, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        contact_id = booked(cast).contact_id
    assert "can be booked once" in browser.post(f"/contacts/{contact_id}/entered", data=entered(cast)).text


def test_figures_count_who_came_and_blame_nobody_for_an_invitation_that_never_was(
    browser: FlaskClient, cast: Cast
) -> None:
    browser.post("/entered", data=entered(cast))
    fresh()
    cohort = gaps.attendance(cast.authority.id, MORNING - timedelta(days=1), MORNING)
    (police,) = [one for one in cohort.invitations if one.role == "police"]
    assert police.entered and police.attendance is Attendance.ATTENDED
    assert cohort.discussions[0].starts_at == datetime(2026, 11, 27, 23, 5, tzinfo=UTC)


def test_another_authority_cannot_enter_one_here(cast: Cast, sign_in: SignIn) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        contact_id = waiting(cast, act(MORNING, cast.chair)).id
    assert sign_in(cast.outsider).get(f"/contacts/{contact_id}/entered").status_code == 404


def test_the_link_of_who_was_there_works_for_what_they_are_to_do(browser: FlaskClient, cast: Cast) -> None:
    browser.post("/entered", data=entered(cast))
    discussion = records.sheet(fresh().id)
    police = next(one for one in discussion.invitations if one.role == "police")
    assert police.token_hash is not None and police.mail_token_hash is not None
    assert db.session.scalar(select(func.count(Invitation.id)).where(Invitation.token_hash.is_(None))) == 0
