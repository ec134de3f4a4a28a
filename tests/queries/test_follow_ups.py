"""What is owed after a discussion that was held, whichever rule owes it: one line a contact, by what is due first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from strategy.act import Refused
from strategy.commands import changes, exceptions, holding, series
from strategy.db import db, transaction
from strategy.models import Discussion
from strategy.queries import follow_ups
from strategy.queries.follow_ups import Owed
from strategy.vocabulary import DiscussionKind, FollowUpState, Mode, Via
from tests.booked import BOOKED, STARTS, at, booked
from tests.cast import Cast
from tests.commands.going_on import END, HERE, present
from tests.commands.series_stories import follow_up, hold
from tests.counting import statements

FULL_MEETING = BOOKED + timedelta(hours=72)
MONDAY_CLOSE = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def writing(cast: Cast) -> Iterator[None]:
    with transaction("tests", Via.COMMAND_LINE):
        yield


def held(cast: Cast, concern: str, case: str = "4471-A", *, excepted: bool = False) -> Discussion:
    """A first discussion held by video; ``excepted``: without the police, on a manager's authority."""
    discussion = booked(cast, case=case)
    discussion.mode, discussion.contact.concerns = Mode.VIDEO, [concern]
    if excepted:
        exceptions.grant(discussion, cast.leader, "It could not wait", at(STARTS, cast))
    holding.start(discussion, at(STARTS, cast))
    present(discussion, cast, *(role for role in HERE if not (excepted and role == "police")))
    holding.finish(discussion, holding.Ending(STARTS, END, rest_did_not_attend=True), at(END, cast))
    return discussion


def listed(cast: Cast) -> list[Owed]:
    db.session.flush()
    return follow_ups.owed(cast.authority.id)


def only(cast: Cast) -> Owed:
    (found,) = listed(cast)
    return found


@pytest.mark.parametrize(
    ("concern", "label", "due_at", "warn_at"),
    [
        ("complex", "A full meeting", FULL_MEETING, BOOKED + timedelta(hours=48)),
        (
            "lado",
            "The review",
            datetime(2026, 12, 25, 23, 59, 59, tzinfo=UTC),
            datetime(2026, 12, 18, 23, 59, 59, tzinfo=UTC),
        ),
        (
            "missing",
            "The weekly discussion",
            datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC),
            datetime(2026, 12, 2, 23, 59, 59, tzinfo=UTC),
        ),
    ],
)
def test_what_a_concern_asks_for_next_is_owed_once_the_first_is_held(
    cast: Cast, concern: str, label: str, due_at: datetime, warn_at: datetime
) -> None:
    first = held(cast, concern)
    found = only(cast)
    assert (found.label, found.after, found.state, found.booked) == (label, first, FollowUpState.DUE, None)
    assert (found.due_at, found.warn_at) == (due_at, warn_at)
    assert (found.is_warned(warn_at), found.is_past(due_at), found.is_past(due_at + timedelta(seconds=1))) == (
        True,
        False,
        True,
    )
    clock = series.clock_of(first.contact, END + timedelta(days=1), END)
    assert (clock.due_at, clock.warn_at, clock.rule) == (due_at, warn_at, found.rule)


def test_nothing_is_owed_before_the_first_is_held_nor_where_no_concern_asks(cast: Cast) -> None:
    booked(cast).contact.concerns = ["complex"]
    held(cast, "standard", "4472-A")
    assert listed(cast) == []


def test_it_is_gone_once_booked_and_back_when_that_is_stood_down(cast: Cast) -> None:
    first = held(cast, "complex")
    second = follow_up(first, cast)
    assert (second.due_at, second.rule) == (FULL_MEETING, "72 hours from the start of the clock")
    assert listed(cast) == []
    changes.stand_down(second, "Chair is ill", second.revision, at(END + timedelta(minutes=20), cast))
    assert only(cast).due_at == FULL_MEETING


def test_a_meeting_that_was_held_meets_it(cast: Cast) -> None:
    hold(follow_up(held(cast, "complex"), cast), cast, *HERE)
    assert listed(cast) == []


@pytest.mark.parametrize("mode", [Mode.PHONE, Mode.SERIES_OF_CALLS])
def test_no_call_meets_a_meeting_booked_or_held(cast: Cast, mode: Mode) -> None:
    second = follow_up(held(cast, "complex"), cast)
    second.mode = mode
    found = only(cast)
    assert (found.state, found.booked, found.is_booked) == (FollowUpState.DUE, second, False)
    hold(second, cast, *HERE, without_agreement_reason="Nobody could come")
    assert (only(cast).after, only(cast).booked) == (second, None)


def test_a_follow_up_and_what_policy_asks_for_are_one_meeting_and_the_sooner_wins(cast: Cast) -> None:
    complex_one = held(cast, "complex", excepted=True)
    lado = held(cast, "lado", "4472-A", excepted=True)
    first, second = listed(cast)
    # the full meeting comes before the next working day's close, the review long after it
    assert (first.after, first.due_at, first.label) == (complex_one, FULL_MEETING, "A full meeting")
    assert (second.after, second.due_at, second.label) == (lado, MONDAY_CLOSE, None)
    for discussion, line in ((complex_one, first), (lado, second)):
        assert series.clock_of(discussion.contact, END + timedelta(days=1), END).due_at == line.due_at


def test_one_meeting_meets_both_and_while_it_is_booked_stands_once(cast: Cast) -> None:
    first = held(cast, "complex", excepted=True)
    second = follow_up(first, cast)
    found = only(cast)
    assert (found.state, found.booked, found.due_at) == (FollowUpState.BOOKED, second, MONDAY_CLOSE)
    hold(second, cast, *HERE)
    assert listed(cast) == []


def test_a_weekly_one_comes_again_until_the_final_one(cast: Cast) -> None:
    second = follow_up(held(cast, "missing"), cast, hours=24 * 6)
    hold(second, cast, *HERE)
    found = only(cast)
    assert (found.after, found.due_at.date()) == (second, second.starts_at.date() + timedelta(days=7))
    second.kind = DiscussionKind.FINAL
    assert listed(cast) == []


def test_somebody_says_that_it_is_not_needed_and_takes_it_back(cast: Cast) -> None:
    first = held(cast, "missing")
    with pytest.raises(Refused) as refused:
        series.none_after(first, " ", at(END, cast))
    assert (refused.value.field, first.follow_up) == ("reason", None)
    series.none_after(first, "Found, and home", at(END, cast))
    assert listed(cast) == []
    assert not series.clock_of(first.contact, END + timedelta(days=1), END).targeted
    with pytest.raises(Refused, match="asks for no further discussion"):
        series.none_after(first, "Again", at(END, cast))
    owed = first.follow_up
    assert owed is not None
    series.reopen(owed, at(END, cast))
    assert only(cast).due_at == datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC)
    series.not_needed(owed, "Found, and home", at(END, cast))
    hold(follow_up(first, cast), cast, *HERE)  # held all the same: from here the weeks count again
    assert only(cast).label == "The weekly discussion"


def test_what_is_booked_for_it_is_stood_down_before_it_can_be_not_needed(cast: Cast) -> None:
    first = held(cast, "complex")
    second = follow_up(first, cast)
    with pytest.raises(Refused, match=f"{second.reference} is booked for it"):
        series.none_after(first, "Not needed", at(END, cast))


def test_a_quorum_found_to_have_been_met_leaves_what_policy_asks_for(cast: Cast) -> None:
    first = held(cast, "lado", excepted=True)
    present(first, cast, "police")
    assert first.follow_up is not None
    assert (first.follow_up.state, first.follow_up.waived) == (FollowUpState.NOT_NEEDED, False)
    assert only(cast).label == "The review"


def test_another_authority_owes_nothing_of_it(cast: Cast) -> None:
    held(cast, "complex", excepted=True)
    db.session.flush()
    assert follow_ups.owed(cast.outsider.authority_id) == []


def test_the_list_costs_the_same_few_queries_however_long(cast: Cast) -> None:
    authority_id = cast.authority.id

    def queries() -> int:
        db.session.flush()
        db.session.expire_all()
        with statements() as seen:
            assert all(one.after.reference and one.contact.policy for one in follow_ups.owed(authority_id))
        return seen.count

    held(cast, "complex")
    held(cast, "missing", "4472-A", excepted=True)
    one = queries()
    assert one <= 4
    for number in range(3, 7):
        held(cast, "lado", f"44{number}-A", excepted=number % 2 == 0)
    assert len(listed(cast)) == 6
    assert queries() == one
