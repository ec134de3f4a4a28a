"""Holds who gets a signed record, and how much of it. It knows no address and sends nothing."""

from typing import Final

from strategy.vocabulary import PRESENT, Attendance, InvitationState, Share

# Told the outcome, not sent the record (domain section 7, part 10).
REFERRER: Final = "referrer"
_NOT_CONCERNED: Final = frozenset({InvitationState.WITHDRAWN, InvitationState.NOT_OURS})


def share(
    role: str,
    state: InvitationState,
    attendance: Attendance | None,
    *,
    required: bool,
    spoke: bool,
    owes: bool,
) -> Share:
    """What an invited role gets of the record once it is signed.

    Attenders and relevant non-attenders have it: relevant is who was required, who sent information (``spoke``), and
    who ``owes`` an action. The referrer is told the outcome alone. Source: domain section 7, part 10; decision 0036.
    """
    if state in _NOT_CONCERNED:
        return Share.NOTHING
    if role == REFERRER:
        return Share.OUTCOME
    return Share.RECORD if attendance in PRESENT or required or spoke or owes else Share.NOTHING


def passed_on(*, own: bool, restricted: bool, third_party: bool) -> bool:
    """Whether an agency is shown what an agency said. Its own always; others' unless it is marked.

    Restricted is not to be passed on unasked, and what is about somebody else too is not theirs to read.
    """
    return own or not (restricted or third_party)
