"""Who gets a signed record, and how much of it."""

from typing import Any

import pytest

from strategy.rules.circulation import passed_on, share
from strategy.vocabulary import PRESENT, Attendance, InvitationState, Share

PLAIN: dict[str, Any] = {"required": False, "spoke": False, "owes": False}


def _share(role: str = "police", attendance: Attendance | None = None, **facts: Any) -> Share:
    state = facts.pop("state", InvitationState.COMING)
    return share(role, state, attendance, **(PLAIN | facts))


@pytest.mark.parametrize("attendance", sorted(PRESENT))
def test_whoever_was_there_has_the_record(attendance: Attendance) -> None:
    assert _share(attendance=attendance) is Share.RECORD


@pytest.mark.parametrize("why", ["required", "spoke", "owes"])
def test_whoever_was_not_there_has_it_where_it_concerns_them(why: str) -> None:
    facts: dict[str, Any] = {why: True}
    assert _share(attendance=Attendance.DID_NOT_ATTEND, **facts) is Share.RECORD


def test_whoever_was_merely_asked_and_did_not_come_has_nothing() -> None:
    assert _share(attendance=Attendance.APOLOGIES) is Share.NOTHING


@pytest.mark.parametrize("facts", [PLAIN, {"required": True, "spoke": True, "owes": True}])
@pytest.mark.parametrize("attendance", [None, Attendance.ATTENDED])
def test_the_referrer_is_told_the_outcome_and_nothing_else(
    attendance: Attendance | None, facts: dict[str, Any]
) -> None:
    assert _share("referrer", attendance, **facts) is Share.OUTCOME


@pytest.mark.parametrize("state", [InvitationState.WITHDRAWN, InvitationState.NOT_OURS])
@pytest.mark.parametrize("role", ["police", "referrer"])
def test_whoever_it_does_not_concern_has_nothing(role: str, state: InvitationState) -> None:
    assert _share(role, Attendance.ATTENDED, state=state, required=True, owes=True) is Share.NOTHING


def test_what_is_restricted_or_about_somebody_else_is_shown_to_its_own_agency_alone() -> None:
    assert passed_on(own=False, restricted=False, third_party=False)
    assert not passed_on(own=False, restricted=True, third_party=False)
    assert not passed_on(own=False, restricted=False, third_party=True)
    assert passed_on(own=True, restricted=True, third_party=True)
