"""Holds what reading a policy must accept, and how plainly it must refuse."""

from dataclasses import FrozenInstanceError
from datetime import date, time, timedelta

import pytest

from strategy.policy import example_text
from strategy.rules.policy import Policy, Span
from strategy.rules.policy_changes import changes
from strategy.rules.policy_reading import PolicyError, Problem, parse
from strategy.rules.quorum import assess
from strategy.vocabulary import ClockStart, DiscussionKind, Nation, Sector, SpanUnit

DAY = date(2026, 11, 27)
COMMON_FIVE = ["standard", "serious-injury", "recent-sexual-abuse", "immediate-risk", "missing"]


def problems(before: str, after: str) -> tuple[Problem, ...]:
    """What is found wrong with the example once a piece of it reads otherwise."""
    text = example_text()
    assert before in text
    with pytest.raises(PolicyError) as caught:
        parse(text.replace(before, after, 1))
    return caught.value.problems


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("9" * 5000, "A number is too long"),
        ("[" * 3000 + "]" * 3000, "Brackets stand within brackets too often"),
        ("[" * 30 + "]" * 30, "Brackets stand within brackets too often"),
    ],
)
def test_what_only_a_machine_is_upset_by_is_a_fault_with_its_line(value: str, words: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse(f"{example_text()}\n[more]\na = {value}\n")
    (problem,) = caught.value.problems
    assert words in problem.what and problem.line == len(example_text().splitlines()) + 3


def test_a_number_nobody_means_is_a_fault_of_its_key() -> None:
    (problem,) = problems("order = 1\n", "order = 9999999999\n")
    assert "must be 1,000,000 or less" in problem.what


def test_the_example_is_a_policy(policy: Policy) -> None:
    assert policy.label == "Exampleshire policy 1"
    assert (policy.nation, policy.close_of_business) == (Nation.ENGLAND_AND_WALES, time(17))
    assert policy.effective == date(2026, 4, 1)


def test_every_figure_names_its_source_and_date(policy: Policy) -> None:
    assert all(target.source and target.effective for target in policy.targets.values())
    assert all(quorum.source and quorum.effective for quorum in policy.quorums.values())
    assert all(ladder.source for ladder in policy.ladders.values())


def test_the_common_concerns_come_first(policy: Policy) -> None:
    assert [concern.code for concern in policy.concerns][:5] == COMMON_FIVE
    assert len(policy.concerns) == 14
    assert policy.targets["icpc"] not in policy.concerns


def test_some_discussions_must_be_meetings(policy: Policy) -> None:
    meetings = {target.code for target in policy.targets.values() if target.must_be_meeting}
    assert meetings == {"lado", "complex", "fii", "unborn", "hospital"}


def test_each_clock_knows_what_starts_it(policy: Policy) -> None:
    assert policy.targets["standard"].starts is ClockStart.DECISION
    assert policy.targets["referral-decision"].starts is ClockStart.CONTACT_RECEIVED
    assert policy.targets["record"].starts is ClockStart.DISCUSSION_HELD


def test_any_health_role_meets_the_need_for_health(policy: Policy) -> None:
    health = {role.code for role in policy.roles.values() if role.sector is Sector.HEALTH}
    assert set(policy.needs["health"].roles) == health
    assert {"health-gp", "midwifery", "camhs", "sarc"} < health


def test_the_usual_quorum_is_social_work_chair_police_and_health(policy: Policy) -> None:
    needs = policy.needs_of(DiscussionKind.INITIAL, (), DAY)
    assert [need.code for need in needs] == ["social-worker", "chair", "police", "health"]


def test_a_concern_adds_its_own_need_once(policy: Policy) -> None:
    needs = policy.needs_of(DiscussionKind.PRE_BIRTH, ("unborn", "housing-16-17", "unborn"), DAY)
    assert [need.code for need in needs][4:] == ["midwifery", "housing"]


def test_a_need_begins_and_ends_on_its_days(policy: Policy) -> None:
    def core(day: date) -> bool:
        return "education" in [need.code for need in policy.needs_of(DiscussionKind.INITIAL, (), day)]

    assert not core(date(2027, 11, 30))
    assert core(date(2027, 12, 1))
    ended = parse(example_text().replace("from = 2027-12-01", "until = 2027-11-30")).needs["education"]
    assert ended.is_asked_on(date(2027, 11, 30))
    assert not ended.is_asked_on(date(2027, 12, 1))


def test_each_part_of_health_can_be_required_for_itself() -> None:
    before = '[quorums.missing]\nneeds = ["social-worker", "chair", "police", "health"]'
    after = '[quorums.missing]\nneeds = ["health-0-19", "acute", "gp", "camhs", "midwifery"]'
    assert before in example_text()
    needs = parse(example_text().replace(before, after)).needs_of(DiscussionKind.MISSING, (), DAY)
    assert [need.roles for need in needs] == [
        ("health-0-19",),
        ("health-acute",),
        ("health-gp",),
        ("camhs",),
        ("midwifery",),
    ]
    found = assess(needs, ["health-gp", "camhs", "health-0-19", "midwifery"])
    assert [need.code for need in found.missing] == ["acute"]


def test_concerns_and_circumstances_ask_for_a_meeting(policy: Policy) -> None:
    assert policy.must_meet(["standard"]) == ()
    assert policy.must_meet(["standard", "unborn"], {"repeat-s47", "nursery"}) == (
        "Unborn baby",
        "A section 47 enquiry was made before",
    )


def test_a_policy_older_than_a_key_still_reads() -> None:
    older = example_text().replace("open_of_business = 09:00:00\n", "")
    start, end = older.index("[meetings]"), older.index("[[invite]]")
    found = parse(older[:start] + older[end:])
    assert (found.open_of_business, found.meeting_circumstances) == (time(9), ())


def test_every_agency_has_five_rungs_and_its_own_names(policy: Policy) -> None:
    assert [rung.title for rung in policy.ladder_of("police").rungs] == [
        "MASH / VPU desk",
        "Detective sergeant",
        "Detective inspector",
        "Detective chief inspector",
        "Chief officer",
    ]
    assert all(ladder.top == 4 for ladder in policy.ladders.values())
    assert [str(rung.after) for rung in policy.ladder_of("education").rungs[1:4]] == [
        "2 working days",
        "5 working days",
        "2 working days",
    ]


def test_a_policy_cannot_be_changed_once_read(policy: Policy) -> None:
    with pytest.raises(FrozenInstanceError):
        policy.version = "2"  # type: ignore[misc]  # the very thing forbidden
    with pytest.raises(TypeError):
        policy.targets["standard"] = policy.targets["lado"]  # type: ignore[index]  # likewise


def test_spans_are_said_in_words() -> None:
    assert str(Span(1, SpanUnit.WORKING_DAYS)) == "1 working day"
    assert str(Span(24, SpanUnit.HOURS)) == "24 hours"
    assert str(Span(4, SpanUnit.SAME_DAY)) == "same day, at least 4 hours"


def test_a_policy_from_before_a_key_existed_reads_with_the_meaning_it_had(policy: Policy) -> None:
    older = "\n".join(line for line in example_text().splitlines() if not line.startswith("immediate_risk_rung"))
    assert parse(older) == policy
    assert policy.chase.immediate_risk_rung == 1


@pytest.mark.parametrize(
    ("before", "after", "where", "what"),
    [
        ('due = "3 wd"', 'due = "3 days"', "targets.standard.due", "is no span"),
        ('due = "3 wd"', 'due = "0 wd"', "targets.standard.due", "is no span"),
        ('due = "3 wd"', 'due = "1 wd"', "targets.standard.warn", "before it is due"),
        ('due = "3 wd"', "due = 3", "targets.standard.due", "must be a text"),
        ('due = "3 wd"', 'dew = "3 wd"', "targets.standard.due", "is missing"),
        ('due = "3 wd"', 'due = "3 wd"\ndew = 1', "targets.standard.dew", "is not a key"),
        ('due = "15 wd"', 'due = "360 h"', "targets.icpc.due", "counted in working days"),
        ("urgent = true", "urgent = 1", "targets.serious-injury.urgent", "true or false"),
        (
            'circumstances = ["physical-injury"]',
            'circumstances = ["bruise"]',
            "targets.serious-injury.circumstances",
            "'bruise' is not defined",
        ),
        ('needs = ["midwifery"]', 'needs = ["midwife"]', "targets.unborn.needs", "'midwife' is not defined"),
        ("order = 1\n", "order = 0\n", "targets.standard.order", "1 or more"),
        ("[targets.record]", "[targets.recording]", "targets.recording", "'record'"),
        ('nation = "england-and-wales"', 'nation = "france"', "policy.nation", "is none of"),
        ("closure_days = []", 'closure_days = ["Friday"]', "policy.closure_days", "only dates"),
        ('same_day_floor = "4 h"', 'same_day_floor = "1 wd"', "policy.same_day_floor", "in hours"),
        ("close_of_business = 17:00:00", 'close_of_business = "5pm"', "policy.close_of_business", "time of day"),
        ('name = "Exampleshire policy"', 'name = " "', "policy.name", "blank"),
        ('ladder = "police"', 'ladder = "army"', "roles.police.ladder", "'army' is not defined"),
        ('sector = "police"', 'sector = "army"', "roles.police.sector", "is none of"),
        ('roles = ["police"]', 'roles = ["constable"]', "needs.police.roles", "'constable' is not defined"),
        ("[quorums.final]", "[quorums.last]", "quorums.final", "is missing"),
        ('needs = ["lado", "police", "employer"]', "needs = []", "quorums.lado.needs", "empty"),
        ("0.25, 0.5, 0.75, 0.9", "0.5, 0.25, 0.75, 0.9", "chase.shares", "must rise"),
        ("0.25, 0.5, 0.75, 0.9", "0.5, 1.5", "chase.shares", "between 0 and 1"),
        ("0.25, 0.5, 0.75, 0.9", "0.1, 0.2, 0.3, 0.4, 0.5, 0.6", "chase.shares", "only 5 rungs"),
        ("desk_accepted_skips = 0.5", "desk_accepted_skips = 0.4", "chase.desk_accepted_skips", "one of the shares"),
        ("chair_call_every_minutes = 15", "chair_call_every_minutes = 3", "chase.chair_call_every_minutes", "shorter"),
        (
            "least_notice_minutes = 15",
            "least_notice_minutes = 121",
            "chase.least_notice_minutes",
            "what is short notice",
        ),
        ("least_notice_minutes = 15", "least_notice_minutes = 0", "chase.least_notice_minutes", "1 or more"),
        ("immediate_risk_rung = 1", "immediate_risk_rung = 4", "chase.immediate_risk_rung", "rungs climbed before"),
        ("immediate_risk_rung = 1", "immediate_risk_rung = -1", "chase.immediate_risk_rung", "0 or more"),
        ('title = "MASH / VPU desk"', 'title = "Desk", after = "2 wd"', "ladders.police.rungs[0].after", "at once"),
        ('when = ["school-age"]', 'when = ["schoolage"]', "invite[14].when", "'schoolage' is not defined"),
        ("[absence_reasons]", "[absence_reason]", "absence_reason", "is not a key"),
        ('warn = "4 h"', 'warn = "5 h"', "targets.serious-injury.warn", "before it is due"),
        ('warn = "12 h"', 'warn = "1 wd"', "targets.complex.warn", "before it is due"),
        ('warn = "1 wd"', 'warn = "70 h"', "targets.standard.warn", "before it is due"),
        ('due = "3 wd"', 'due = "3 d"', "targets.standard.due", "is no span"),
        ('starts = "contact-received"', 'starts = "decision"', "targets.referral-decision.starts", "starts with"),
        ('starts = "decision"', 'starts = "discussion-held"', "targets.standard.starts", "cannot wait"),
        ('starts = "decision"', 'starts = "whenever"', "targets.standard.starts", "is none of"),
        ('after = "72 h"', 'after = "soon"', "targets.complex.follow_on[0].after", '"28 d"'),
        ('from = "clock-start"', 'from = "then"', "targets.complex.follow_on[0].from", "is none of"),
        ("meeting = true }", "meat = true }", "targets.complex.follow_on[0].meat", "is not a key"),
        (
            '72 h", warn = "48 h"',
            '72 h", warn = "72 h"',
            "targets.complex.follow_on[0].warn",
            "must come before it is due",
        ),
        ('warn = "21 d"', 'warn = "15 wd"', "targets.lado.follow_on[0].warn", "be counted as that is"),
        (
            'from = "discussion-held", label = "The weekly',
            'from = "clock-start", label = "The weekly',
            "targets.missing.follow_on[0].repeats",
            "counts from the discussion before it",
        ),
        ("from = 2027-12-01", "from = 2027-12-01, until = 2027-11-30", "needs.education.until", "before the day"),
        ("from = 2027-12-01", 'from = "2027"', "needs.education.from", "must be a date"),
        ("open_of_business = 09:00:00", "open_of_business = 18:00:00", "policy.close_of_business", "after the opening"),
        ('circumstances = ["repeat-s47"]', 'circumstances = ["again"]', "meetings.circumstances", "'again'"),
        ('label = "Child in hospital"', f'label = "{"x" * 121}"', "targets.hospital.label", "120 characters or fewer"),
        ('source = "Torbay. Warning: ours"', f'source = "{"x" * 401}"', "targets.missing.source", "400 characters"),
        ("no-chair =", f"{'x' * 41} =", f"delay_reasons.{'x' * 41}", "from 1 to 40"),
    ],
)
def test_a_fault_is_named_with_its_place(before: str, after: str, where: str, what: str) -> None:
    found = problems(before, after)
    assert any(problem.where == where and what in problem.what for problem in found), [str(one) for one in found]


def test_a_policy_from_before_the_least_notice_keeps_the_quarter_of_an_hour_there_was() -> None:
    kept = "\n".join(line for line in example_text().splitlines() if not line.startswith("least_notice_minutes"))
    older = parse(kept.replace("short_notice_minutes = 120", "short_notice_minutes = 10"))
    assert older.chase.least_notice == timedelta(minutes=15)
    changed = {(one.what, one.before, one.after) for one in changes(older, parse(example_text()))}
    assert changed == {("short under", "10 minutes of open time", "120 minutes of open time")}


def test_a_fault_names_its_line() -> None:
    found = problems('due = "15 wd"', 'due = "a fortnight"')
    line = example_text().splitlines().index('due = "15 wd"') + 1
    assert [problem.line for problem in found if problem.where == "targets.icpc.due"] == [line]
    inside = problems('ladder = "police"', 'ladder = "army"')
    assert example_text().splitlines()[(inside[0].line or 0) - 1].startswith("police = ")


def test_a_fault_in_a_row_of_many_names_the_line_of_that_row() -> None:
    found = problems('when = ["school-age"]', 'when = ["schoolage"]')
    line = example_text().splitlines().index('when = ["school-age"]') + 1
    assert [problem.line for problem in found] == [line]


def test_all_faults_are_found_in_one_go() -> None:
    text = example_text().replace('due = "3 wd"', 'due = "soon"').replace('nation = "england-and-wales"', "nation = 4")
    with pytest.raises(PolicyError) as caught:
        parse(text)
    assert {problem.where for problem in caught.value.problems} >= {
        "targets.standard.due",
        "targets.unborn.due",
        "policy.nation",
    }
    assert "policy.nation (line " in str(caught.value)


def test_text_that_is_not_toml_is_refused_with_its_line() -> None:
    with pytest.raises(PolicyError) as caught:
        parse('[policy]\nname = "unfinished')
    assert caught.value.problems[0].line == 2


def test_an_empty_text_misses_everything_and_says_so() -> None:
    with pytest.raises(PolicyError) as caught:
        parse("")
    missing = {problem.where for problem in caught.value.problems}
    assert {"policy", "targets", "roles", "chase", "invite"} <= missing
