"""What every channel promises: send, or say why not. Optional promises stand beside it. Holds no provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, runtime_checkable

from notifications.outcomes import Cause, Fault, State

M_contra = TypeVar("M_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider's reference, and how far it got: `sent`, or `delivered` where to send is to arrive.

    `receipt_follows`: the provider will report by itself whether it arrived, so that `sent` is not yet that.
    """

    reference: str
    state: State = State.SENT
    receipt_follows: bool = False


class NotSent(Exception):
    """A send that failed: `reason` a sentence for staff, `code` the provider's. Neither holds an address."""

    def __init__(self, fault: Fault, code: str | None = None) -> None:
        super().__init__(f"{fault.reason} ({code})" if code else fault.reason)
        self.cause: Cause = fault.cause
        self.reason: str = fault.reason
        self.code = code


class Unavailable(NotSent):
    """Try again: nothing is wrong with the message. `retry_after`: the least wait the provider asks."""

    def __init__(self, fault: Fault, code: str | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(fault, code)
        self.retry_after = retry_after


class Rejected(NotSent):
    """Do not try again. `dead_address`: no message to this address will arrive until a person mends it."""

    def __init__(self, fault: Fault, code: str | None = None) -> None:
        super().__init__(fault, code)
        self.dead_address: bool = fault.dead_address


class Channel(Protocol[M_contra]):
    """`name` says which provider, for records and screens. Channels may be shared between threads."""

    @property
    def name(self) -> str: ...

    def send(self, message: M_contra) -> Sent:
        """Hand over one message. Raises Unavailable (it may have gone all the same) or Rejected."""

    def close(self) -> None:
        """Let go of connections. A later send opens them again."""


@runtime_checkable
class Checkable(Protocol):
    def check(self) -> str | None:
        """Reach the provider and sign in, sending nothing; words on what was found, if any. Raises Unavailable."""


@runtime_checkable
class Several(Protocol):
    """A channel made of others, each of which is checked for itself."""

    @property
    def parts(self) -> Sequence[Channel[Any]]: ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word about a message sent before. `message_id` is ours, when it came back; `at` only when
    the provider gave an unambiguous time. `fault` is set for bounced."""

    reference: str
    state: State
    message_id: str | None = None
    code: str | None = None
    fault: Fault | None = None
    at: datetime | None = None


class Receipts(Protocol):
    """Reports over HTTP as plain values, of the channel of that name. Check the signature before believing a field."""

    @property
    def name(self) -> str: ...

    def verify(self, url: str, form: Mapping[str, str], signature: str) -> bool: ...

    def receipt(self, form: Mapping[str, str], message_id: str | None = None) -> Receipt: ...
