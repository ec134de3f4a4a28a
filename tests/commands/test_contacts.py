"""Contacts: the clock, the decision on it, and every way to get them wrong."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from strategy.act import Act, Refused
from strategy.commands import contacts
from strategy.commands.contacts import NewContact
from strategy.db import db, transaction
from strategy.models import Contact, Event
from strategy.rules.policy_editing import Edit, edited
from strategy.vocabulary import EventVerb, Via, Waiting
from tests.cast import Cast

FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)

ActMaker = Callable[..., Act]


def writing() -> AbstractContextManager[Act]:
    return transaction("T. Example", Via.STAFF)


def new(**changes: object) -> NewContact:
    entry = NewContact("4471-A", FRIDAY - timedelta(hours=1), ["standard"], FRIDAY, "Sam Worker")
    return replace(entry, **changes)  # type: ignore[arg-type]  # a test's shorthand


def start(cast: Cast, act: Act, **changes: object) -> Contact:
    return contacts.start_clock(new(**changes), cast.authority, cast.policy, cast.social_worker, act)


def refusal(cast: Cast, act: Act, **changes: object) -> Refused:
    with writing(), pytest.raises(Refused) as caught:
        start(cast, act, **changes)
    return caught.value


def test_a_decided_contact_waits_against_the_strictest_target_of_its_concerns(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY), concerns=["serious-injury", "standard"])
        assert contact.state is Waiting.DECIDED
        assert contact.target_code == "serious-injury"
        assert contact.due_at == datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)
        assert contact.urgent
        assert contact.clock_started_at == FRIDAY


def test_three_working_days_from_a_friday_are_counted_over_the_weekend(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY))
        assert contact.due_at == datetime(2026, 12, 2, 17, tzinfo=UTC)
        assert contact.rule == "3 working days"
        assert contact.rule_source is not None
        assert "Northumberland" in contact.rule_source


def test_an_undecided_contact_has_the_decisions_target_and_no_other(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY), decided_at=None, decided_by=None)
        assert contact.state is Waiting.RECEIVED
        assert contact.decide_by == datetime(2026, 11, 30, 17, tzinfo=UTC)
        assert contact.due_at is None


def test_the_case_reference_lies_encrypted_and_is_found_again(cast: Cast, act: ActMaker) -> None:
    with writing():
        start(cast, act(at=FRIDAY))
    stored = db.session.execute(text("SELECT case_reference, case_index FROM contacts")).one()
    assert "4471" not in stored.case_reference
    assert "4471" not in stored.case_index
    assert db.session.scalars(select(Contact)).one().case_reference == "4471-A"


def test_no_event_of_a_contact_carries_its_case_or_its_narrative(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY), safety="Stays with her aunt Zoë")
        contacts.not_needed(contact, "Zoë is known to be safe", act(at=FRIDAY))
    said = " ".join(f"{event.text} {event.facts}" for event in db.session.scalars(select(Event)))
    assert "Clock" in said or "clock" in said
    assert "4471" not in said
    assert "Zoë" not in said


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"received_at": FRIDAY + timedelta(minutes=1), "decided_at": None}, "received_at"),
        ({"received_at": FRIDAY - timedelta(days=400), "decided_at": None}, "received_at"),
        ({"decided_at": FRIDAY + timedelta(minutes=1)}, "decided_at"),
        ({"decided_at": FRIDAY - timedelta(hours=2)}, "decided_at"),
        ({"concerns": []}, "concerns"),
        ({"concerns": ["made-up"]}, "concerns"),
        ({"concerns": ["icpc"]}, "concerns"),
        ({"case_reference": "   "}, "case_reference"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: Cast, act: ActMaker, changes: dict[str, object], field: str
) -> None:
    assert refusal(cast, act(at=FRIDAY), **changes).field == field


def test_a_second_open_contact_on_the_same_case_asks_to_be_confirmed(cast: Cast, act: ActMaker) -> None:
    with writing():
        start(cast, act(at=FRIDAY))
    assert refusal(cast, act(at=FRIDAY), case_reference=" 4471-a ").field == "another"
    with writing():
        second = start(cast, act(at=FRIDAY), another=True)
        assert second.reference


def test_a_closed_contact_on_the_same_case_asks_nothing(cast: Cast, act: ActMaker) -> None:
    with writing():
        contacts.not_needed(start(cast, act(at=FRIDAY)), "A duplicate", act(at=FRIDAY))
        assert start(cast, act(at=FRIDAY)).state is Waiting.DECIDED


def test_deciding_starts_the_discussions_clock_at_the_decision(cast: Cast, act: ActMaker) -> None:
    later = FRIDAY + timedelta(days=3)
    with writing():
        contact = start(cast, act(at=FRIDAY), decided_at=None, decided_by=None)
        contacts.decide(contact, later, "Terry Example", act(at=later))
        assert contact.clock_started_at == later
        assert contact.decided_by == "Terry Example"
        with pytest.raises(Refused):
            contacts.decide(contact, later, "Terry Example", act(at=later))


def test_not_needed_wants_a_reason_and_can_be_undone_without_moving_the_clock(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY))
        with pytest.raises(Refused) as caught:
            contacts.not_needed(contact, "  ", act(at=FRIDAY))
        assert caught.value.field == "reason"
        contacts.not_needed(contact, "A duplicate of another contact", act(at=FRIDAY))
        contacts.reopen(contact, act(at=FRIDAY + timedelta(days=1)))
        assert contact.state is Waiting.DECIDED
        assert contact.clock_started_at == FRIDAY
        assert contact.closed_reason is None


def test_an_undecided_contact_closed_in_error_is_undecided_again(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY), decided_at=None, decided_by=None)
        contacts.not_needed(contact, "Wrong case", act(at=FRIDAY))
        contacts.reopen(contact, act(at=FRIDAY))
        assert contact.state is Waiting.RECEIVED
        with pytest.raises(Refused):
            contacts.reopen(contact, act(at=FRIDAY))


def test_reclassifying_keeps_the_clocks_start_and_is_audited(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY))
        before = contact.due_at
        contacts.reclassify(contact, ["complex"], act(at=FRIDAY + timedelta(hours=5)))
        assert contact.clock_started_at == FRIDAY
        assert contact.due_at == FRIDAY + timedelta(hours=24)
        assert before is not None
        event = db.session.scalars(select(Event).where(Event.verb == EventVerb.CONTACT_CHANGED)).one()
        assert event.facts["before"]["due_at"] == before.isoformat()
        assert event.facts["after"]["concerns"] == ["complex"]


def test_the_same_concerns_again_change_nothing(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY))
        with pytest.raises(Refused):
            contacts.reclassify(contact, ["standard"], act(at=FRIDAY))


def test_what_keeps_the_child_safe_is_kept_with_its_time(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY))
        assert contact.safety_at is None
        contacts.keep_safe(contact, "Stays with her aunt; Sam Worker rings at 8pm", act(at=FRIDAY))
        assert contact.safety_at == FRIDAY


def test_an_edit_of_what_somebody_else_has_changed_is_refused(cast: Cast, act: ActMaker) -> None:
    with writing():
        contact = start(cast, act(at=FRIDAY))
        seen = contact.revision
        contacts.unchanged(contact, seen)
        contacts.keep_safe(contact, "Stays with her aunt", act(at=FRIDAY))
        with pytest.raises(Refused):
            contacts.unchanged(contact, seen)


def identified(cast: Cast) -> None:
    """Let the policy start the clock of complex abuse when the concern was identified."""
    start = [Edit(("targets", "complex"), "starts", "concern-identified")]
    cast.policy.text = edited(cast.policy.text, start)


def test_a_clock_that_starts_when_the_concern_was_identified_asks_when_and_runs_from_it(
    cast: Cast, act: ActMaker
) -> None:
    earlier = FRIDAY - timedelta(hours=6)
    with writing():
        identified(cast)
        with pytest.raises(Refused) as caught:
            start(cast, act(at=FRIDAY), concerns=["complex"])
        assert caught.value.field == "concern_identified_at"
        contact = start(cast, act(at=FRIDAY), concerns=["complex"], concern_identified_at=earlier)
        assert (contact.clock_started_at, contact.due_at) == (earlier, earlier + timedelta(hours=24))
        assert start(cast, act(at=FRIDAY), another=True).clock_started_at == FRIDAY


def test_reclassifying_to_such_a_concern_asks_too(cast: Cast, act: ActMaker) -> None:
    with writing():
        identified(cast)
        contact = start(cast, act(at=FRIDAY))
        with pytest.raises(Refused) as caught:
            contacts.reclassify(contact, ["complex"], act(at=FRIDAY))
        assert caught.value.field == "concern_identified_at"
        for moment in (FRIDAY + timedelta(hours=1), FRIDAY - timedelta(days=400)):
            with pytest.raises(Refused):
                contacts.reclassify(contact, ["standard", "complex"], act(at=FRIDAY), moment)
        contact.concerns = ["standard"]
        contacts.reclassify(contact, ["complex"], act(at=FRIDAY), FRIDAY - timedelta(hours=6))
        assert contact.due_at == FRIDAY + timedelta(hours=18)
