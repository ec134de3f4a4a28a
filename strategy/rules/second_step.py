"""Holds the figures of the second step and when it stands open. It sends nothing and knows nobody."""

from datetime import datetime, timedelta
from typing import Final

from strategy.vocabulary import DiscussionState, InvitationState, MessageChannel

CODE_FOR: Final = timedelta(minutes=10)
OPEN_FOR: Final = timedelta(minutes=30)
TRIES: Final = 5
GAP: Final = timedelta(minutes=1)  # between two codes of one invitation
HOUR: Final = timedelta(hours=1)
MOST_AN_HOUR: Final = 5
# Long enough to check the agency's own system against the record and its actions; after it, they ask the convener.
AFTERWARDS: Final = timedelta(days=7)


def available(
    invitation: InvitationState,
    discussion: DiscussionState,
    ends_at: datetime,
    signed_at: datetime | None,
    now: datetime,
) -> bool:
    """Whether an agency may still see who a discussion is about.

    Until seven days after the signature; for one nobody ever held, until seven days after the time it had. What was
    held and is not signed yet stays open, since its actions are being done. Source: decision 0028.
    """
    if invitation is InvitationState.WITHDRAWN or discussion is DiscussionState.STOOD_DOWN:
        return False
    if discussion is DiscussionState.CONVENED:
        return now < ends_at + AFTERWARDS
    return signed_at is None or now < signed_at + AFTERWARDS


def too_often(count: int, last: datetime | None, now: datetime, ring: str) -> str | None:
    """Why no other code may be sent now, as a sentence; None while one may.

    ``count`` codes were sent within the last hour, the last at ``last``; ``ring`` is the number to ring instead.
    """
    if last is not None and now - last < GAP:
        seconds = -(-(GAP - (now - last)) // timedelta(seconds=1))
        return f"A code was sent less than a minute ago. Wait {seconds} seconds, then ask for another"
    if count >= MOST_AN_HOUR:
        return f"{MOST_AN_HOUR} codes were sent within an hour, which is all. Wait, or ring {ring}"
    return None


def masked(channel: MessageChannel, address: str) -> str:
    """An address so that its owner knows it and nobody else learns it: "email to m…@police.example"."""
    if channel is MessageChannel.SMS:
        return f"Text to the mobile ending {address[-3:]}"
    name, _, domain = address.partition("@")
    return f"Email to {name[:1]}…@{domain}"
