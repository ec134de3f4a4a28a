"""Holds that two policies are compared in words, and that a rehearsal shows what a clock would do under each."""

from datetime import UTC, date, datetime

from strategy import holidays
from strategy.policy import example_text
from strategy.rules.policy import Policy
from strategy.rules.policy_changes import Change, changes, differing_lines, rehearse
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.policy_reading import parse
from strategy.rules.policy_words import AREAS, facts
from strategy.vocabulary import Nation

START = datetime(2026, 12, 23, 16, 30, tzinfo=UTC)


def changed(*edits: Edit) -> Policy:
    return parse(edited(example_text(), edits))


def test_a_policy_is_no_change_of_itself(policy: Policy) -> None:
    assert changes(policy, policy) == ()


def test_every_area_of_a_policy_is_said(policy: Policy) -> None:
    said = facts(policy)
    assert {area for area, _, _ in said} == set(AREAS)
    assert said["Targets", "complex", "follow-on"] == (
        "A full meeting within 72 hours of the start of the clock (not by phone), warning after 48 hours"
    )
    assert said["Ladders", "police", "rung 1"] == "Detective sergeant, after 2 working days"
    assert "Education (from 1 December 2027)" in said["Who has to be there", "Quorum: Initial", "needs"]
    assert all(said.values())


def test_a_changed_target_is_said_old_and_new(policy: Policy) -> None:
    new = changed(Edit(("targets", "standard"), "due", "2 wd"))
    assert changes(policy, new) == (Change("Targets", "standard", "due", "3 working days", "2 working days"),)


def test_what_is_new_has_no_before_and_what_is_gone_no_after(policy: Policy) -> None:
    new = changed(Edit(("delay_reasons",), "strike", "A strike"))
    assert changes(policy, new) == (Change("Reasons and words", "Why we were late", "strike", "", "A strike"),)
    assert changes(new, policy)[0].after == ""


def test_every_kind_of_thing_a_policy_holds_is_compared(policy: Policy) -> None:
    edits = {
        "Working time": Edit(("policy",), "closure_days", [date(2026, 12, 24)]),
        "Targets": Edit(("targets", "lado"), "follow_on", None),
        "Who has to be there": Edit(("needs", "education"), "from", date(2028, 1, 1)),
        "Invitations": Edit(("roles", "police"), "ladder", "partner"),
        "Ladders": Edit(("ladders", "police"), "source", "Agreed in June"),
        "Chasing": Edit(("chase",), "minimum_gap_minutes", 7),
        "Reasons and words": Edit(("circumstances",), "nursery", "At nursery"),
    }
    for area, edit in edits.items():
        assert area in {change.area for change in changes(policy, changed(edit))}, area


def test_a_rehearsal_shows_what_a_clock_started_now_would_be_due(policy: Policy) -> None:
    new = changed(
        Edit(("policy",), "closure_days", [date(2026, 12, 24)]), Edit(("targets", "immediate-risk"), "due", "3 h")
    )
    known = holidays.of(Nation.ENGLAND_AND_WALES)
    found = {one.code: one for one in rehearse(policy, new, (policy.calendar(known), new.calendar(known)), START)}
    standard, decision = found["standard"], found["referral-decision"]
    assert standard.before is not None
    assert standard.after is not None
    assert standard.before.due_at == datetime(2026, 12, 30, 17, tzinfo=UTC)
    assert standard.after.due_at == datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert found["immediate-risk"].differs
    # a closure day never lengthens a national limit
    assert not decision.differs
    assert not found["complex"].differs


def test_the_plain_comparison_marks_what_came_and_went() -> None:
    lines = list(differing_lines("a\n-- b\nc\n", "a\nb\nc\n"))
    assert lines == [("@", "@ -1,3 +1,3 @@"), (" ", "a"), ("-", "-- b"), ("+", "b"), (" ", "c")]
    assert list(differing_lines("same\n", "same\n")) == []
