"""What became of a message: states, their rank, why one failed. Providers' codes are in *_codes.py."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """A message's life as the outbox keeps it, in the order of rank.

    `sent`: a provider or mail server has taken it over. `bounced`: taken over, and did not arrive. `failed`:
    never taken over. `voided`: withdrawn by us.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    VOIDED = "voided"


# Reports come early, late, twice and out of order, so the highest rank ever reported stands. `bounced`
# outranks `delivered`: a mail server may accept and then bounce, and when two reports disagree the safe
# reading is that nobody was told. `failed` and `voided` are our own words, and last.
_RANK = {state: place for place, state in enumerate(State)}


def rank(state: State) -> int:
    """How far along the state is; higher stands against lower."""
    return _RANK[state]


def later(current: State, reported: State) -> State:
    """The state after a report: the higher rank. Any order and any repetition of reports ends the same."""
    return max(current, reported, key=rank)


class Cause(StrEnum):
    """Why a message did not go or did not arrive, in as many kinds as the product treats differently."""

    NO_SUCH_ADDRESS = "no_such_address"
    NOT_A_MOBILE = "not_a_mobile"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    MAILBOX_FULL = "mailbox_full"
    REFUSED = "refused"
    EXPIRED = "expired"
    CONTENT = "content"
    BUSY = "busy"
    PROVIDER = "provider"
    OUR_SETTINGS = "our_settings"
    UNKNOWN = "unknown"


# Nothing will ever arrive at this address until a person mends it. A refusal by policy says nothing about the
# address (in the wild, a 5.7.x is as often about the sender).
DEAD = frozenset({Cause.NO_SUCH_ADDRESS, Cause.NOT_A_MOBILE, Cause.OPTED_OUT})
# A refused send that may work a little later. Our own settings are among them: once mended, the queue flows
# again and no message was written off for a fault that was not its own.
RETRY = frozenset({Cause.BUSY, Cause.PROVIDER, Cause.OUR_SETTINGS})


@dataclass(frozen=True, slots=True)
class Fault:
    """A cause and a sentence for staff. The sentence holds no address and nothing of the message."""

    cause: Cause
    reason: str

    @property
    def dead_address(self) -> bool:
        return self.cause in DEAD

    @property
    def retry(self) -> bool:
        return self.cause in RETRY
