"""Holds that the leaders' figures are exactly the rows behind them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.policy import example_text
from strategy.rules.measures import (
    AttendanceLine,
    DiscussionRow,
    InvitationRow,
    Ref,
    by_agency,
    by_sector,
    named_in_time,
    percent,
)
from strategy.rules.policy_reading import parse
from strategy.vocabulary import Attendance, DiscussionKind, InvitationState

POLICY = parse(example_text())
DAY = date(2026, 11, 27)
NEEDS = POLICY.needs_of(DiscussionKind.INITIAL, (), DAY)
START = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HELD = DiscussionRow(1, START, NEEDS)


def invited(id: int, role: str, attendance: Attendance | None = None, discussion_id: int = 1) -> InvitationRow:
    return InvitationRow(
        id=id,
        discussion_id=discussion_id,
        role=role,
        sector=POLICY.roles[role].sector,
        agency={"police": "Exampleshire Police"}.get(role, f"Agency of {role}"),
        required=True,
        state=InvitationState.COMING,
        invited_at=START - timedelta(hours=5),
        delivered_at=START - timedelta(hours=5),
        named_at=None,
        attendance=attendance,
        reason=None,
        starts_at=START,
        notice_minutes=300,
        known_at=START - timedelta(hours=5),
        began_at=START,
        chase=POLICY.chase,
    )


def lines(*rows: InvitationRow, discussions: tuple[DiscussionRow, ...] = (HELD,)) -> dict[str, AttendanceLine]:
    return {line.name: line for line in by_sector(discussions, rows, POLICY.roles)}


def test_an_agency_nobody_invited_is_counted_against_what_was_required() -> None:
    found = lines(invited(7, "police", Attendance.ATTENDED))
    assert found["Health"].required.refs == found["Health"].not_invited.refs == (Ref(1, None, "health"),)
    assert found["Health"].attended_percent == 0
    assert found["Police"].attended_percent == 100
    assert found["Police"].attended.refs == (Ref(1, 7, "police"),)


def test_by_agency_an_uninvited_need_stands_under_its_own_name() -> None:
    found = {line.name: line for line in by_agency([HELD], [invited(7, "police")])}
    assert found["Exampleshire Police"].required.count == 1
    assert found["Health (nobody invited)"].not_invited.count == 1


def test_a_report_and_apologies_are_not_attendance() -> None:
    found = lines(
        invited(1, "police", Attendance.REPORT_ONLY),
        invited(2, "police", Attendance.APOLOGIES),
        invited(3, "police", Attendance.DEPUTY),
        invited(4, "police", Attendance.IN_PART),
        invited(5, "police", Attendance.DID_NOT_ATTEND),
    )["Police"]
    assert (found.report_only.count, found.apologies.count, found.no_word.count) == (1, 1, 1)
    assert (found.deputy.count, found.attended.count, found.in_part.count) == (1, 1, 1)
    assert found.attended_percent == 40


@pytest.mark.parametrize(
    ("reason", "changes", "outcome"),
    [
        (None, {}, "no_word"),
        ("no-capacity", {}, "no_word"),
        ("short-notice", {}, "no_word"),  # five hours are not short, whoever says so
        ("held-early", {}, "no_word"),  # it began when it was planned
        ("undelivered", {}, "no_word"),  # it arrived
        ("short-notice", {"notice_minutes": 119}, "no_notice"),
        ("no-capacity", {"notice_minutes": 119}, "no_word"),
        (None, {"began_at": START - timedelta(minutes=16)}, "no_notice"),
        ("no-capacity", {"known_at": START - timedelta(minutes=14)}, "no_notice"),
        (None, {"known_at": None, "delivered_at": None, "notice_minutes": None}, "not_delivered"),
    ],
)
def test_whose_doing_an_absence_was_is_said_by_the_times_and_not_by_a_chosen_reason(
    reason: str | None, changes: dict[str, Any], outcome: str
) -> None:
    row = replace(invited(1, "police", Attendance.DID_NOT_ATTEND), reason=reason, **changes)
    found = lines(row)["Police"]
    assert {name: getattr(found, name).count for name in ("no_word", "no_notice", "not_delivered")} == {
        name: int(name == outcome) for name in ("no_word", "no_notice", "not_delivered")
    }


def test_a_withdrawn_invitation_is_no_invitation() -> None:
    row = replace(invited(7, "police"), state=InvitationState.WITHDRAWN)
    assert lines(row)["Police"].not_invited.refs == (Ref(1, None, "police"),)


def test_an_optional_invitation_counts_only_where_it_alone_could_meet_a_need() -> None:
    alone = replace(invited(7, "health-gp", Attendance.ATTENDED), required=False)
    assert lines(alone)["Health"].attended.refs == (Ref(1, 7, "health-gp"),)
    beside = lines(alone, invited(8, "health-0-19", Attendance.DID_NOT_ATTEND))["Health"]
    assert beside.required.refs == (Ref(1, 8, "health-0-19"),)


def test_of_several_optional_invitations_the_one_who_came_fills_the_seat() -> None:
    absent = replace(invited(7, "health-gp", Attendance.APOLOGIES), required=False)
    came = replace(invited(8, "camhs", Attendance.ATTENDED), required=False)
    assert lines(absent, came)["Health"].attended.refs == (Ref(1, 8, "camhs"),)


def test_one_invitation_that_meets_two_needs_is_one_seat() -> None:
    unborn = replace(HELD, needs=POLICY.needs_of(DiscussionKind.PRE_BIRTH, (), DAY))
    midwife = replace(invited(7, "midwifery", Attendance.ATTENDED), required=False)
    assert lines(midwife, discussions=(unborn,))["Health"].required.refs == (Ref(1, 7, "midwifery"),)


def test_invitations_to_other_discussions_are_not_counted() -> None:
    assert lines(invited(7, "police", discussion_id=2))["Police"].invited.count == 0


@pytest.mark.parametrize(
    ("booked_ahead", "named_ahead", "in_time"),
    [(300, 60, True), (300, 59, False), (100, 50, True), (100, 49, False), (120, 59, False)],
)
def test_named_in_time_is_an_hour_ahead_or_half_of_a_short_window(
    booked_ahead: int, named_ahead: int, in_time: bool
) -> None:
    row = replace(
        invited(7, "police"),
        invited_at=START - timedelta(minutes=booked_ahead),
        named_at=START - timedelta(minutes=named_ahead),
    )
    assert named_in_time(row) is in_time


def test_nobody_named_is_not_in_time() -> None:
    assert not named_in_time(invited(7, "police"))


def test_notice_is_the_median_of_what_was_delivered() -> None:
    rows = [replace(invited(n, "police"), notice_minutes=minutes) for n, minutes in enumerate((100, None, 119, 400))]
    found = lines(*rows)["Police"]
    assert found.median_notice == 119
    assert [ref.invitation_id for ref in found.short_notice.refs] == [0, 2]
    assert lines()["Police"].median_notice is None


def test_each_row_is_short_by_the_figure_of_its_own_policy() -> None:
    usual, other = POLICY.chase, replace(POLICY.chase, short_notice_minutes=60, least_notice_minutes=30)
    late = START - 20 * MINUTE
    rows = [
        replace(invited(n, "police"), notice_minutes=119, known_at=late, chase=one)
        for n, one in enumerate((usual, other))
    ]
    assert [ref.invitation_id for ref in lines(*rows)["Police"].short_notice.refs] == [0]
    gone = [replace(row, attendance=Attendance.DID_NOT_ATTEND) for row in rows]
    assert [ref.invitation_id for ref in lines(*gone)["Police"].no_notice.refs] == [1]
    said = [replace(row, reason="short-notice", known_at=START - 90 * MINUTE) for row in gone]
    assert [ref.invitation_id for ref in lines(*said)["Police"].no_notice.refs] == [0]


def test_a_percentage_of_nothing_is_no_percentage() -> None:
    assert percent(0, 0) is None
    assert percent(2, 3) == 67


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.sampled_from(sorted(POLICY.roles)),
            st.booleans(),
            st.sampled_from([*Attendance, None]),
            st.sampled_from(InvitationState),
            st.sampled_from([None, START - timedelta(minutes=5), START - timedelta(hours=5)]),
        ),
        max_size=25,
    )
)
def test_every_required_seat_is_counted_once_and_has_one_outcome(
    drawn: list[tuple[int, str, bool, Attendance | None, InvitationState, datetime | None]],
) -> None:
    rows = [
        replace(invited(n, role, attendance, discussion), required=required, state=state, known_at=known)
        for n, (discussion, role, required, attendance, state, known) in enumerate(drawn)
    ]
    discussions = [replace(HELD, id=n) for n in (1, 2, 3)]
    for found in (by_agency(discussions, rows), by_sector(discussions, rows, POLICY.roles)):
        seats = [ref for line in found for ref in line.required.refs]
        assert len(seats) == len(set(seats))
        for line in found:
            outcomes = (
                line.attended,
                line.deputy,
                line.report_only,
                line.apologies,
                line.not_delivered,
                line.no_notice,
                line.no_word,
                line.not_invited,
                line.not_recorded,
            )
            assert sorted(map(str, line.required.refs)) == sorted(str(ref) for one in outcomes for ref in one.refs)
            assert line.invited.count + line.not_invited.count == line.required.count
        required = {row.id for row in rows if row.required and row.state is not InvitationState.WITHDRAWN}
        assert required <= {ref.invitation_id for ref in seats}
