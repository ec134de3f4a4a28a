"""Holds what being there means: what an unmarked role was, and whether those present made a discussion.

It marks nobody. Whether a quorum was there is quorum.py's, whose fault an absence is notice.py's.
"""

from collections.abc import Iterable, Sequence

from strategy.vocabulary import PRESENT, Attendance, InvitationState

# Social care's own parts; a deputy in one counts as the part.
OWN = frozenset({"chair", "social-worker"})


def unseen(said: InvitationState, *, reported: bool) -> Attendance:
    """What a role that was not there is recorded as, by what it had ``said`` before.

    Whoever said no sent apologies, and is no silence to be chased. A report that was only promised is no report:
    ``reported`` is whether information of theirs is in the record.
    """
    if said is InvitationState.REPORT_ONLY:
        return Attendance.REPORT_ONLY if reported else Attendance.APOLOGIES
    said_no = said in (InvitationState.DECLINED, InvitationState.NOT_OURS)
    return Attendance.APOLOGIES if said_no else Attendance.DID_NOT_ATTEND


def somebody(marks: Iterable[Attendance | None]) -> bool:
    """Whether anybody is marked as there."""
    return any(mark in PRESENT for mark in marks)


def not_held(present: Sequence[str]) -> str | None:
    """Why those present, by role, made no strategy discussion, as a sentence; None when they did.

    Two people at least, and social care convenes (domain section 2). This is not the quorum, which never blocks: with
    less than this nobody discussed anything, and to call it held would end the child's waiting.
    """
    if not present:
        return "Nobody is marked as there, so it was not held"
    if not OWN & set(present):
        return "Neither the chair nor the social worker is marked as there, nor anybody in their place"
    return "Only one person is marked as there, so nobody discussed anything" if len(present) == 1 else None
