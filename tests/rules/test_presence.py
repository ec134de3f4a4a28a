"""What being there means: the unmarked by what they had answered, and who makes a discussion."""

import pytest

from strategy.rules.presence import unseen
from strategy.vocabulary import Attendance, InvitationState


@pytest.mark.parametrize("reported", [True, False])
@pytest.mark.parametrize("said", list(InvitationState))
def test_only_a_no_said_before_is_word_and_only_a_report_that_came_is_a_report(
    said: InvitationState, reported: bool
) -> None:
    expected = {
        InvitationState.DECLINED: Attendance.APOLOGIES,
        InvitationState.NOT_OURS: Attendance.APOLOGIES,
        InvitationState.REPORT_ONLY: Attendance.REPORT_ONLY if reported else Attendance.APOLOGIES,
    }
    assert unseen(said, reported=reported) is expected.get(said, Attendance.DID_NOT_ATTEND)
