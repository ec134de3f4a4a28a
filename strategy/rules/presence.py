"""Holds what being there means: what an unmarked role was, and whether those present made a discussion.

It marks nobody. Whether a quorum was there is quorum.py's, whose fault an absence is notice.py's.
"""

from strategy.vocabulary import Attendance, InvitationState


def unseen(said: InvitationState, *, reported: bool) -> Attendance:
    """What a role that was not there is recorded as, by what it had ``said`` before.

    Whoever said no sent apologies, and is no silence to be chased. A report that was only promised is no report:
    ``reported`` is whether information of theirs is in the record.
    """
    if said is InvitationState.REPORT_ONLY:
        return Attendance.REPORT_ONLY if reported else Attendance.APOLOGIES
    return Attendance.APOLOGIES if said is InvitationState.DECLINED else Attendance.DID_NOT_ATTEND
