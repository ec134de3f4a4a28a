"""The section 47 enquiry: fixed to the discussion that initiated it, and moved by nothing but an audited change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from strategy.act import Refused
from strategy.commands import enquiries, holding, record
from strategy.db import db
from strategy.models import Discussion, Enquiry, Event
from strategy.vocabulary import DecisionCode, EventVerb
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast
from tests.commands.going_on import END, HERE, present
from tests.commands.series_stories import follow_up, hold


@pytest.fixture
def initiated(running: Discussion, cast: Cast) -> Discussion:
    """Held on Friday 27 November 2026, and section 47 decided."""
    present(running, cast, *HERE)
    record.decide(running, DecisionCode.S47_JOINT, "A crime", at(STARTS, cast))
    holding.finish(running, holding.Ending(STARTS, END, initiated_s47=True), at(END, cast))
    return running


def test_the_conference_is_due_fifteen_working_days_after_the_initiating_discussion(initiated: Discussion) -> None:
    enquiry = initiated.contact.enquiry
    assert enquiry is not None
    assert (enquiry.discussion, enquiry.clock_started_at) == (initiated, STARTS)
    assert (enquiry.warn_on, enquiry.due_on) == (date(2026, 12, 11), date(2026, 12, 18))
    assert (enquiry.rule, enquiry.rule_source) == ("15 working days", "Working Together. Warning: ours")


def test_the_published_example_over_two_bank_holidays_comes_out_right(cast: Cast, writing: None) -> None:
    thursday = datetime(2022, 6, 2, 9, 0, tzinfo=UTC)
    discussion = booked(cast, when=thursday, starts_at=thursday + timedelta(hours=2))
    hold(discussion, cast, *HERE, initiated_s47=True)
    enquiry = discussion.contact.enquiry
    assert enquiry is not None
    assert enquiry.due_on == date(2022, 6, 24)


def test_a_follow_up_that_decides_it_again_moves_nothing_and_says_so(initiated: Discussion, cast: Cast) -> None:
    second = follow_up(initiated, cast, hours=24 * 6)
    hold(second, cast, *HERE, initiated_s47=True)
    enquiry = initiated.contact.enquiry
    assert enquiry is not None
    assert (enquiry.discussion, enquiry.due_on) == (initiated, date(2026, 12, 18))
    assert (initiated.initiated_s47, second.initiated_s47) == (True, False)
    said = db.session.scalars(
        select(Event.text).where(Event.discussion_id == second.id, Event.verb == EventVerb.ENQUIRY_BEGUN)
    ).one()
    assert said == f"Section 47 was decided again: {initiated.reference} initiated it, its conference date stays"


def test_which_one_initiated_it_is_put_right_with_a_reason_and_both_dates_on_the_trail(
    initiated: Discussion, cast: Cast
) -> None:
    second = hold(follow_up(initiated, cast, hours=24 * 6), cast, *HERE)
    contact = initiated.contact
    act = at(second.starts_at + timedelta(hours=1), cast)
    with pytest.raises(Refused) as refused:
        enquiries.change(contact, second, " ", 1, act)
    assert refused.value.field == "reason"
    enquiries.change(contact, second, "Ticked on the wrong page", 1, act)
    enquiry = contact.enquiry
    assert enquiry is not None
    assert (enquiry.discussion, enquiry.due_on, enquiry.revision) == (second, date(2026, 12, 24), 2)
    assert (initiated.initiated_s47, second.initiated_s47) == (False, True)
    (kept,) = enquiry.changes
    assert (kept.due_before, kept.due_after, kept.reason) == (
        date(2026, 12, 18),
        date(2026, 12, 24),
        "Ticked on the wrong page",
    )
    event = db.session.scalars(select(Event).where(Event.verb == EventVerb.ENQUIRY_CHANGED)).one()
    assert event.facts["before"] == {"discussion": initiated.reference, "due_on": "2026-12-18"}
    assert event.facts["after"] == {"discussion": second.reference, "due_on": "2026-12-24"}
    assert "Ticked" not in event.text
    with pytest.raises(Refused, match="Somebody changed this"):
        enquiries.change(contact, initiated, "Back again", 1, act)


def test_only_a_discussion_of_this_contact_that_was_held_can_have_initiated_it(
    initiated: Discussion, cast: Cast
) -> None:
    booked_only, other = follow_up(initiated, cast), booked(cast, case="4480-C")
    for wrong in (booked_only, other):
        with pytest.raises(Refused) as refused:
            enquiries.change(initiated.contact, wrong, "A slip", 1, at(END + timedelta(hours=1), cast))
        assert refused.value.field == "discussion"


def test_decided_only_when_the_record_is_written_the_clock_still_runs_from_the_discussion(
    running: Discussion, cast: Cast
) -> None:
    present(running, cast, *HERE)
    holding.finish(running, holding.Ending(STARTS, END), at(END, cast))
    assert _enquiry(running) is None
    decision = record.decide(running, DecisionCode.S47_SINGLE, "Harm", at(END + timedelta(days=1), cast))
    enquiry = _enquiry(running)
    assert enquiry is not None
    assert enquiry.due_on == date(2026, 12, 18)
    record.withdraw_decision(decision, at(END + timedelta(days=1), cast))
    assert (_enquiry(running), running.initiated_s47) == (None, False)


def _enquiry(discussion: Discussion) -> Enquiry | None:
    return discussion.contact.enquiry


def test_withdrawing_any_other_decision_leaves_the_enquiry(initiated: Discussion, cast: Cast) -> None:
    other = record.decide(initiated, DecisionCode.ASSESSMENT, "To know more", at(END, cast))
    record.withdraw_decision(other, at(END, cast))
    assert initiated.contact.enquiry is not None
    assert asked(initiated, "police").attendance is not None


def test_a_discussion_recorded_as_initiating_it_before_enquiries_had_rows_stays_the_one(
    initiated: Discussion, cast: Cast
) -> None:
    db.session.delete(_enquiry(initiated))
    initiated.contact.enquiry = None
    db.session.flush()
    second = follow_up(initiated, cast, hours=24 * 6)
    hold(second, cast, *HERE, initiated_s47=True)
    enquiry = _enquiry(second)
    assert enquiry is not None
    assert (enquiry.discussion, enquiry.due_on) == (initiated, date(2026, 12, 18))
    assert second.initiated_s47 is False
