"""Holds when a quorum is met, and how a coming discussion stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from strategy.rules.policy import Need, Policy
from strategy.rules.quorum import Heard, Outlook, assess, course
from strategy.vocabulary import Course, DiscussionKind, InvitationState, QuorumOutcome

DAY = date(2026, 11, 27)
START = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
EVERYONE = {"social-worker", "chair", "police", "health-0-19"}
NAMED = dict.fromkeys(EVERYONE, InvitationState.COMING)


@pytest.fixture
def needs(policy: Policy) -> tuple[Need, ...]:
    return policy.needs_of(DiscussionKind.INITIAL, (), DAY)


def stands(
    needs: tuple[Need, ...],
    answers: dict[str, InvitationState],
    waived: frozenset[str] = frozenset(),
    now: datetime = START - timedelta(hours=1),
) -> Outlook:
    heard = [Heard(role, state) for role, state in (NAMED | answers).items()]
    return course(needs, heard, waived, now, START)


def test_social_work_chair_police_and_health_are_a_quorum(needs: tuple[Need, ...]) -> None:
    result = assess(needs, EVERYONE)
    assert (result.met, result.missing, result.words) == (True, (), "Quorum met.")
    assert not result.needs_reason


@pytest.mark.parametrize("role", ["health-gp", "midwifery", "camhs", "health-paediatrician"])
def test_any_health_practitioner_stands_for_health(role: str, needs: tuple[Need, ...]) -> None:
    assert assess(needs, {"social-worker", "chair", "police", role}).met


def test_an_absent_agency_is_named(needs: tuple[Need, ...]) -> None:
    result = assess(needs, EVERYONE - {"police", "health-0-19"})
    assert not result.met
    assert result.needs_reason
    assert result.words == "Quorum not met. Missing: Police, Health."


def test_a_waiver_excuses_but_does_not_make_a_quorum(needs: tuple[Need, ...]) -> None:
    result = assess(needs, EVERYONE - {"police"}, waived={"police"})
    assert not result.met
    assert not result.needs_reason
    assert result.words == "Quorum not met. Waived: Police."


def test_waiving_one_health_role_does_not_waive_another_that_was_invited(needs: tuple[Need, ...]) -> None:
    present = EVERYONE - {"health-0-19"}
    assert assess(needs, present, {"health-gp"}, {"health-gp", "health-0-19"}).missing
    assert not assess(needs, present, {"health-gp"}, {"health-gp"}).missing


def test_an_exception_counts_only_where_somebody_was_missing(needs: tuple[Need, ...]) -> None:
    missing, waived = assess(needs, EVERYONE - {"police"}), assess(needs, EVERYONE - {"police"}, waived={"police"})
    assert assess(needs, EVERYONE).outcome(excepted=True) is QuorumOutcome.MET
    assert missing.outcome(excepted=True) is QuorumOutcome.EXCEPTION
    assert missing.outcome(excepted=False) is QuorumOutcome.NOT_MET
    assert waived.outcome(excepted=True) is QuorumOutcome.NOT_MET


def test_nobody_needed_is_met() -> None:
    assert assess((), ()).met


def test_with_everyone_named_it_is_on_course(needs: tuple[Need, ...]) -> None:
    found = stands(needs, {"police": InvitationState.DEPUTY})
    assert found == Outlook(Course.ON_COURSE, "Everyone required is named.", ())


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (InvitationState.INVITED, "Police: not answered."),
        (InvitationState.NAME_NEEDED, "Police: accepted, nobody named yet."),
    ],
)
def test_without_a_name_it_is_at_risk(state: InvitationState, why: str, needs: tuple[Need, ...]) -> None:
    found = stands(needs, {"police": state})
    assert (found.course, found.why) == (Course.AT_RISK, why)
    assert [need.code for need in found.missing] == ["police"]


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (InvitationState.DECLINED, "Police: cannot attend."),
        (InvitationState.REPORT_ONLY, "Police: report only."),
        (InvitationState.WITHDRAWN, "Police: not invited."),
    ],
)
def test_a_refusal_a_report_or_no_invitation_means_no_quorum(
    state: InvitationState, why: str, needs: tuple[Need, ...]
) -> None:
    found = stands(needs, {"police": state})
    assert (found.course, found.why) == (Course.WILL_NOT_BE_QUORATE, why)


def test_one_health_role_refusing_leaves_it_to_the_other(needs: tuple[Need, ...]) -> None:
    other = {"health-0-19": InvitationState.DECLINED, "health-gp": InvitationState.COMING}
    assert stands(needs, other).course is Course.ON_COURSE
    silent = other | {"health-gp": InvitationState.INVITED}
    assert stands(needs, silent).course is Course.AT_RISK


def test_two_desks_in_one_role_need_only_one_name(needs: tuple[Need, ...]) -> None:
    heard = [*(Heard(role, state) for role, state in NAMED.items()), Heard("police", InvitationState.DECLINED)]
    assert course(needs, heard, (), START - timedelta(hours=1), START).course is Course.ON_COURSE


def test_what_is_open_at_the_start_is_lost(needs: tuple[Need, ...]) -> None:
    found = stands(needs, {"police": InvitationState.INVITED}, now=START)
    assert found.course is Course.WILL_NOT_BE_QUORATE


def test_what_goes_ahead_without_a_need_is_not_quorate_and_misses_nobody(needs: tuple[Need, ...]) -> None:
    found = stands(needs, {"police": InvitationState.INVITED}, waived=frozenset({"police"}))
    assert found.course is Course.WILL_NOT_BE_QUORATE
    assert found.why == "Going ahead without Police: waived by the chair."


def test_one_who_refused_does_not_hide_behind_another_who_is_silent(needs: tuple[Need, ...]) -> None:
    heard = [
        *(Heard(role, InvitationState.COMING) for role in ("social-worker", "chair", "police")),
        Heard("health-0-19", InvitationState.DECLINED, "School nurse"),
        Heard("health-gp", InvitationState.INVITED, "GP"),
    ]
    found = course(needs, heard, (), START - timedelta(hours=1), START)
    assert (found.course, found.why) == (Course.AT_RISK, "Health: School nurse cannot attend, GP not answered.")


def test_who_could_not_be_reached_is_not_said_to_be_silent(needs: tuple[Need, ...]) -> None:
    heard = [*(Heard(role, state) for role, state in NAMED.items() if role != "police")]
    heard.append(Heard("police", InvitationState.INVITED, "Police", unreached=True))
    found = course(needs, heard, (), START - timedelta(hours=1), START)
    assert found.why == "Police: not reached, no email or text got through."


@pytest.mark.parametrize("state", [InvitationState.INVITED, InvitationState.DECLINED, InvitationState.REPORT_ONLY])
@pytest.mark.parametrize("late", [timedelta(), timedelta(hours=-1)])
def test_somebody_required_beyond_the_quorum_puts_it_at_risk_and_no_more(
    state: InvitationState, late: timedelta, needs: tuple[Need, ...]
) -> None:
    named = [Heard(role, state) for role, state in NAMED.items()]
    school = Heard("education", state, "School", required=True)
    found = course(needs, [*named, school], (), START + late, START)
    assert found.course is Course.AT_RISK
    assert found.why.startswith("School: ")
    assert (found.missing, [need.code for need in found.lacking]) == ((), ["education"])


def test_somebody_merely_asked_puts_nothing_at_risk(needs: tuple[Need, ...]) -> None:
    heard = [*(Heard(role, state) for role, state in NAMED.items()), Heard("education", InvitationState.DECLINED)]
    assert course(needs, heard, (), START - timedelta(hours=1), START).course is Course.ON_COURSE


def test_a_required_role_is_said_once_though_it_is_part_of_a_need_too(needs: tuple[Need, ...]) -> None:
    heard = [*(Heard(role, state) for role, state in NAMED.items() if role != "police")]
    heard.append(Heard("police", InvitationState.DECLINED, "Police", required=True))
    found = course(needs, heard, (), START - timedelta(hours=1), START)
    assert (found.course, found.why, found.also) == (Course.WILL_NOT_BE_QUORATE, "Police: cannot attend.", ())
