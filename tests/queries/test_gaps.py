"""Who came over a period: the cohorts, the rows behind each number, and a number of queries that does not grow."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from strategy.commands import absences, changes, contacts, holding
from strategy.commands import record as record_commands
from strategy.commands.contacts import NewContact
from strategy.commands.holding import Ending
from strategy.db import begin_writing, db
from strategy.models import Discussion, PolicyVersion
from strategy.policy import example_text
from strategy.queries import gaps, record, watch
from strategy.rules.measures import AttendanceLine, by_agency
from strategy.vocabulary import Attendance, DiscussionKind
from tests.booked import BOOKED, STARTS, asked, at, booked, waiting
from tests.cast import Cast
from tests.counting import statements

DAY = timedelta(days=1)
END = timedelta(minutes=40)


@pytest.fixture(autouse=True)
def writing(cast: Cast) -> None:
    """Let the test write, as a command's caller does."""
    begin_writing()


def hold(cast: Cast, case: str, *, police: Attendance | None, when: datetime = STARTS) -> Discussion:
    """One discussion held; everybody came but, perhaps, the police."""
    discussion = booked(cast, case=case, when=when - timedelta(hours=3), starts_at=when)
    holding.start(discussion, at(when, cast))
    for one in discussion.invitations:
        attendance = police if one.role == "police" else Attendance.ATTENDED
        if attendance is not None:
            holding.mark(one, attendance, at(when, cast))
    ending = Ending(when, when + END, "Could not wait", when + 5 * DAY, rest_did_not_attend=True)
    holding.finish(discussion, ending, at(when + END, cast))
    return discussion


def _lines(cast: Cast, begins: datetime = STARTS - DAY, ends: datetime = STARTS + DAY) -> dict[str, AttendanceLine]:
    cohort = gaps.attendance(cast.authority.id, begins, ends)
    return {line.name: line for line in by_agency(cohort.discussions, cohort.invitations)}


def test_every_agency_has_its_line_and_social_care_too(cast: Cast) -> None:
    hold(cast, "1-A", police=Attendance.ATTENDED)
    hold(cast, "2-A", police=Attendance.DEPUTY)
    hold(cast, "3-A", police=Attendance.REPORT_ONLY)
    hold(cast, "4-A", police=None)
    lines = _lines(cast)
    assert set(lines) == {"Exampleshire Council", "Exampleshire Health Trust", "Exampleshire Police"}
    police = lines["Exampleshire Police"]
    counts = [getattr(police, name).count for name in ("required", "attended", "deputy", "report_only", "no_word")]
    assert counts == [4, 1, 1, 1, 1]
    assert police.attended_percent == 50
    assert lines["Exampleshire Council"].required.count == 8


def test_a_need_nobody_was_invited_for_still_counts(cast: Cast) -> None:
    discussion = hold(cast, "1-A", police=None)
    police = asked(discussion, "police")
    db.session.flush()
    police.required = False
    police.role = "legal"
    line = _lines(cast)["Police (nobody invited)"]
    assert (line.required.count, line.not_invited.count) == (1, 1)
    (row,) = gaps.behind(line.not_invited)
    assert (row.discussion.id, row.invitation, row.role) == (discussion.id, None, "Police")


def test_the_list_behind_a_number_is_exactly_that_number(cast: Cast) -> None:
    hold(cast, "1-A", police=Attendance.ATTENDED)
    missing = hold(cast, "2-A", police=Attendance.APOLOGIES)
    absences.explain(asked(missing, "police"), "no-capacity", None, at(STARTS + DAY, cast))
    rows = gaps.behind(_lines(cast)["Exampleshire Police"].apologies)
    assert [(row.discussion.id, row.role, row.reason) for row in rows] == [
        (missing.id, "Police", "No capacity (shift, clinic)")
    ]


def test_the_period_counts_by_the_true_start(cast: Cast) -> None:
    hold(cast, "1-A", police=Attendance.ATTENDED)
    assert _lines(cast, STARTS, STARTS + DAY)["Exampleshire Police"].required.count == 1
    assert _lines(cast, STARTS + timedelta(seconds=1), STARTS + DAY) == {}
    assert _lines(cast, STARTS - DAY, STARTS) == {}


def test_lado_and_follow_up_are_kept_apart(cast: Cast) -> None:
    follow_up = hold(cast, "1-A", police=Attendance.ATTENDED)
    follow_up.kind = DiscussionKind.FOLLOW_UP
    housing = hold(cast, "2-A", police=Attendance.ATTENDED)
    housing.concerns = ["housing-16-17"]
    mixed = hold(cast, "3-A", police=Attendance.ATTENDED)
    mixed.concerns = ["housing-16-17", "standard"]
    cohort = gaps.attendance(cast.authority.id, STARTS - DAY, STARTS + DAY)
    assert [row.id for row in cohort.discussions] == [mixed.id]
    assert cohort.apart == 2


def test_another_authority_sees_nothing_of_it(cast: Cast) -> None:
    hold(cast, "1-A", police=Attendance.ATTENDED)
    elsewhere = cast.outsider.authority_id
    assert gaps.attendance(elsewhere, STARTS - DAY, STARTS + DAY).discussions == ()
    assert gaps.due(elsewhere, BOOKED, BOOKED + 9 * DAY) == []
    assert watch.picture(elsewhere, STARTS).waiting == []
    assert record.actions(elsewhere, STARTS) == []


def test_notice_is_counted_in_minutes_the_desk_was_open(cast: Cast) -> None:
    discussion = hold(cast, "1-A", police=Attendance.ATTENDED)
    friday_evening = STARTS.replace(hour=16, minute=50)
    for one in discussion.invitations:
        one.first_delivered_at = friday_evening
    discussion.starts_at = friday_evening + timedelta(days=2, hours=17, minutes=10)  # Monday 10am
    discussion.ends_at = discussion.starts_at + END
    lines = _lines(cast)
    assert lines["Exampleshire Health Trust"].median_notice == 70
    assert lines["Exampleshire Health Trust"].short_notice.count == 1
    assert lines["Exampleshire Police"].median_notice == 65 * 60 + 10


def test_each_discussion_keeps_the_notice_of_its_own_policy(cast: Cast) -> None:
    stricter = example_text().replace("short_notice_minutes = 120", "short_notice_minutes = 300")
    stricter = stricter.replace("least_notice_minutes = 15", "least_notice_minutes = 60")
    newer = PolicyVersion(
        authority_id=cast.authority.id,
        number=2,
        text=stricter,
        author="tests",
        reason="Stricter",
        effective_from=BOOKED,
        created_at=BOOKED,
    )
    held = [hold(cast, f"{number}-A", police=None) for number in (1, 2)]
    held[1].policy = newer
    for discussion in held:
        police = asked(discussion, "police")
        police.first_delivered_at = police.answered_at = STARTS - timedelta(minutes=40)
    cohort = gaps.attendance(cast.authority.id, STARTS - DAY, STARTS + DAY)
    assert (cohort.short_minutes, cohort.least_minutes) == ([120, 300], [15, 60])
    police_line = _lines(cast)["Exampleshire Police"]
    assert [ref.discussion_id for ref in police_line.no_notice.refs] == [held[1].id]
    assert {ref.discussion_id for ref in police_line.short_notice.refs} == {one.id for one in held}
    for discussion in held:
        asked(discussion, "police").first_delivered_at = STARTS - timedelta(minutes=200)
    assert [ref.discussion_id for ref in _lines(cast)["Exampleshire Police"].short_notice.refs] == [held[1].id]


def test_what_fell_due_counts_whether_held_or_not(cast: Cast) -> None:
    in_time = hold(cast, "1-A", police=Attendance.ATTENDED)
    never = waiting(cast, at(BOOKED, cast), "2-A")
    undecided_about = waiting(cast, at(BOOKED + 9 * DAY, cast), "3-A")
    rows = {row.row.contact_id: row for row in gaps.due(cast.authority.id, BOOKED, BOOKED + 9 * DAY)}
    assert set(rows) == {in_time.contact_id, never.id}
    assert undecided_about.id not in rows
    assert rows[in_time.contact_id].row.quorate
    assert rows[in_time.contact_id].row.in_time
    assert rows[never.id].row.held_at is None


def test_a_late_one_says_why_in_the_policys_words(cast: Cast) -> None:
    discussion = booked(cast)
    late = discussion.due_at + timedelta(hours=2)
    holding.start(discussion, at(late, cast))
    for role in ("chair", "social-worker"):
        holding.mark(asked(discussion, role), Attendance.ATTENDED, at(late, cast))
    ending = Ending(late, late + END, "Alone", late + 3 * DAY, "no-chair", rest_did_not_attend=True)
    holding.finish(discussion, ending, at(late + END, cast))
    (row,) = gaps.due(cast.authority.id, BOOKED, BOOKED + 9 * DAY)
    assert (row.row.in_time, row.row.quorate, row.late_reason) == (False, False, "No chair")


def test_a_stood_down_one_stands_beside_and_its_child_still_counts_as_due(cast: Cast) -> None:
    discussion = booked(cast)
    changes.stand_down(discussion, "Wrong child", discussion.revision, at(BOOKED + timedelta(minutes=5), cast))
    assert [one.id for one in gaps.stood_down(cast.authority.id, STARTS - DAY, STARTS + DAY)] == [discussion.id]
    (row,) = gaps.due(cast.authority.id, BOOKED, BOOKED + 9 * DAY)
    assert row.row.held_at is None


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        (lambda authority: gaps.attendance(authority, STARTS - DAY, STARTS + 9 * DAY), 4),
        (lambda authority: gaps.due(authority, BOOKED - DAY, BOOKED + 9 * DAY), 2),
        (lambda authority: watch.picture(authority, STARTS + DAY), 8),
        (lambda authority: record.actions(authority, STARTS), 1),
    ],
    ids=["attendance", "due", "now", "actions"],
)
def test_the_number_of_queries_does_not_grow(cast: Cast, ask: Callable[[int], object], most: int) -> None:
    authority = cast.authority.id

    def counted() -> int:
        db.session.flush()
        db.session.expire_all()
        with statements() as seen:
            ask(authority)
        return seen.count

    _some(cast, "1")
    few = counted()
    for number in ("2", "3", "4"):
        _some(cast, number)
    assert counted() == few <= most


def _some(cast: Cast, number: str) -> None:
    """One of everything: held, with an action; booked and chased; waiting; undecided."""
    held = hold(cast, f"{number}-A", police=None)
    act = at(STARTS + END, cast)
    record_commands.add_action(held, asked(held, "police"), "Ring", "Dee Sergeant", STARTS + timedelta(hours=2), act)
    booked(cast, case=f"{number}-B", starts_at=STARTS + DAY + timedelta(hours=1))
    waiting(cast, at(BOOKED, cast), f"{number}-C")
    undecided = NewContact(f"{number}-D", BOOKED - DAY, ["standard"], another=True)
    contacts.start_clock(undecided, cast.authority, cast.policy, cast.social_worker, at(BOOKED, cast))
