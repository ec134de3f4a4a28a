"""Answers why an agency cannot attend: the policy's coded words, which may travel, and the note, which stays inside."""

from dataclasses import dataclass

from strategy.models import Answer, Invitation
from strategy.policy import parsed
from strategy.vocabulary import InvitationState, Response


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nobody can attend. ``note`` is free text and may hold what no message, event or log may."""

    coded: str | None
    note: str | None
    by: str | None


def of(invitation: Invitation) -> Refusal | None:
    """The reason that stands; None unless the last word was that nobody can attend."""
    given = _standing(invitation)
    if given is None:
        return None
    by = ", ".join(part for part in (given.by_name, given.by_role) if part)
    return Refusal(coded(invitation), given.reason, by or None)


def coded(invitation: Invitation) -> str | None:
    """The coded reason in the policy's words, or who authorised that nobody comes; None when there is neither."""
    standing = _standing(invitation)
    if standing is not None and standing.response is Response.NO_OFFICER:
        return unstaffed(standing)
    given = code(invitation)
    return None if given is None else parsed(invitation.discussion.policy.text).absence_reasons.get(given)


def code(invitation: Invitation) -> str | None:
    """The same as the policy's code."""
    given = _standing(invitation)
    return None if given is None else given.reason_code


def unstaffed(given: Answer) -> str:
    """Whose word it is that nobody comes: "no officer available, authorised by Jo Duty, Inspector"."""
    whose = ", ".join(part for part in (given.authorised_by, given.authorised_role) if part)
    return f"no officer available, authorised by {whose}"


def _standing(invitation: Invitation) -> Answer | None:
    declined = invitation.state in (InvitationState.DECLINED, InvitationState.NOT_OURS) and bool(invitation.answers)
    return invitation.answers[-1] if declined else None
