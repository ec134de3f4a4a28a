"""Holds whom the example policy suggests inviting."""

from datetime import date

import pytest

from strategy.rules.invitees import Circumstances, Suggestion, suggest
from strategy.rules.policy import Policy
from strategy.vocabulary import DiscussionKind

DAY = date(2026, 11, 27)


def suggested(policy: Policy, *flags: str, kind: DiscussionKind = DiscussionKind.INITIAL) -> dict[str, Suggestion]:
    concerns = frozenset(flag for flag in flags if flag in policy.targets)
    found = suggest(Circumstances(kind, concerns, frozenset(flags) - concerns), policy)
    assert len({one.role for one in found}) == len(found)
    return {one.role: one for one in found}


def test_the_quorum_is_always_suggested_first_and_required(policy: Policy) -> None:
    found = suggested(policy, "standard")
    assert [role for role, one in found.items() if one.required] == ["social-worker", "chair", "police", "health-0-19"]
    assert list(found)[:4] == ["social-worker", "chair", "police", "health-0-19"]
    assert "education" not in found


@pytest.mark.parametrize(
    ("flag", "role", "required"),
    [
        ("school-age", "education", False),
        ("physical-injury", "health-paediatrician", False),
        ("serious-injury", "health-paediatrician", False),
        ("sexual-abuse", "sarc", False),
        ("recent-sexual-abuse", "sarc", False),
        ("unborn", "midwifery", True),
        ("mental-health", "camhs", False),
        ("domestic-abuse", "domestic-abuse", False),
        ("looked-after", "fostering", False),
        ("placed-by-another", "placing-authority", False),
        ("hospital", "health-ward", False),
        ("hospital", "health-acute", True),
        ("complex", "legal", False),
        ("probation", "probation", False),
        ("youth-justice", "youth-justice", False),
        ("housing-16-17", "housing", True),
        ("step-down", "early-help", False),
    ],
)
def test_a_circumstance_brings_its_agency(flag: str, role: str, required: bool, policy: Policy) -> None:
    assert role not in suggested(policy)
    found = suggested(policy, flag)[role]
    assert found.required is required
    assert found.why


def test_two_reasons_for_one_role_are_one_suggestion(policy: Policy) -> None:
    found = suggested(policy, "fii", kind=DiscussionKind.FII)["health-paediatrician"]
    assert found.required
    assert found.why.count(".") == 2


def test_an_allegation_has_its_own_table(policy: Policy) -> None:
    found = suggested(policy, "lado", kind=DiscussionKind.LADO)
    assert found["lado"].required
    assert found["employer"].required
    assert "health-0-19" not in found


@pytest.mark.parametrize("kind", DiscussionKind)
def test_whoever_is_suggested_as_required_makes_the_quorum(kind: DiscussionKind, policy: Policy) -> None:
    required = {one.role for one in suggest(Circumstances(kind), policy) if one.required}
    assert all(set(need.roles) & required for need in policy.needs_of(kind, (), DAY))


def test_every_concern_that_adds_a_need_suggests_whom_it_needs(policy: Policy) -> None:
    for target in policy.concerns:
        roles = suggested(policy, target.code)
        assert all(set(policy.needs[need].roles) & set(roles) for need in target.needs)
