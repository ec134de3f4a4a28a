"""Holds what an invited role can answer, and what its attendance was."""

from strategy.vocabulary.words import Moves, Word


class InvitationState(Word):
    """What the invited role has said, at this moment."""

    INVITED = "invited", "Not answered"
    NAME_NEEDED = "name-needed", "Name needed"
    COMING = "coming", "Coming"
    DEPUTY = "deputy", "Deputy coming"
    DECLINED = "declined", "Cannot attend"
    REPORT_ONLY = "report-only", "Report only"
    NOT_OURS = "not-ours", "Not our child"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Response(Word):
    """What a partner can answer."""

    ATTEND = "attend", "I will attend"
    DEPUTY = "deputy", "Someone else will attend"
    CANNOT_ATTEND = "cannot-attend", "Nobody can attend"
    NO_OFFICER = "no-officer", "No officer available, authorised"
    REPORT_ONLY = "report-only", "We can only send information"
    NOT_OURS = "not-ours", "Not our child"
    DESK_ACCEPTED = "desk-accepted", "Accepted, nobody named yet"


class Attendance(Word):
    ATTENDED = "attended", "Attended"
    IN_PART = "attended-in-part", "Attended in part"
    DEPUTY = "deputy-attended", "Deputy attended"
    REPORT_ONLY = "report-only", "Report only"
    APOLOGIES = "apologies", "Apologies"
    DID_NOT_ATTEND = "did-not-attend", "Did not attend, no word"


class WithdrawReason(Word):
    """Why staff withdraw an invitation. A fixed word, not free text: it stands on the timeline."""

    NOT_NEEDED = "not-needed", "Not needed at this discussion"
    WRONG_ONE = "wrong-one", "Wrong person, desk or agency"
    CONFLICT = "conflict", "Conflict of interest"
    TWICE = "twice", "Invited twice"
    REPLACED = "replaced", "Somebody else is asked instead"


_ANSWERS = frozenset(
    {
        InvitationState.NAME_NEEDED,
        InvitationState.COMING,
        InvitationState.DEPUTY,
        InvitationState.DECLINED,
        InvitationState.REPORT_ONLY,
        InvitationState.NOT_OURS,
    }
)


INVITATION_MOVES: Moves[InvitationState] = {
    # an answer can be changed until the start, so every answer may follow every other; and when the discussion is
    # moved, an answer for the old time is none for the new one
    **{state: _ANSWERS | {InvitationState.INVITED, InvitationState.WITHDRAWN} for state in _ANSWERS},
    InvitationState.INVITED: _ANSWERS | {InvitationState.WITHDRAWN},
    InvitationState.WITHDRAWN: frozenset(),
}


# Whoever has named a person has answered; everything else is still chased (domain section 6).
NAMED: frozenset[InvitationState] = frozenset({InvitationState.COMING, InvitationState.DEPUTY})


# A report is information received, never attendance (domain section 2).
PRESENT: frozenset[Attendance] = frozenset({Attendance.ATTENDED, Attendance.IN_PART, Attendance.DEPUTY})
