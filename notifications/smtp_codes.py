"""SMTP replies as causes: enhanced status codes first, plain reply codes second. Holds no connection."""

import re
from enum import StrEnum
from types import MappingProxyType

from notifications.channel import NotSent, Rejected, Unavailable
from notifications.outcomes import Cause, Fault

_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class Stage(StrEnum):
    """Where in the dialogue the reply came; a plain 550 means little without it."""

    CONNECT = "connect"
    SIGN_IN = "sign in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"


_NO_MAILBOX = Fault(Cause.NO_SUCH_ADDRESS, "The mail server says there is no such mailbox")
_NO_DOMAIN = Fault(Cause.NO_SUCH_ADDRESS, "The address names a mail domain that takes no mail")
_REFUSED = Fault(Cause.REFUSED, "The mail server refused the message")
_TOO_BIG = Fault(Cause.CONTENT, "The mail server says the message is too big or malformed")
_FULL = Fault(Cause.MAILBOX_FULL, "The mailbox is full")
_BUSY = Fault(Cause.BUSY, "The mail server asks us to try later")
SIGN_IN = Fault(Cause.OUR_SETTINGS, "The mail server did not accept our user name or password")
SENDER = Fault(Cause.OUR_SETTINGS, "The mail server does not let us send from our own address")
NO_TLS = Fault(Cause.OUR_SETTINGS, "The mail server offers no encrypted connection we can trust")
UNREACHED = Fault(Cause.PROVIDER, "The mail server cannot be reached")

# RFC 3463 and the IANA registry of enhanced status codes, less the class digit: subject.detail.
ENHANCED = MappingProxyType(
    {
        "1.0": _NO_MAILBOX,
        "1.1": _NO_MAILBOX,
        "1.2": _NO_DOMAIN,
        "1.3": _NO_MAILBOX,  # bad syntax in the mailbox
        "1.6": _NO_MAILBOX,  # moved, no forwarding address
        "1.7": SENDER,
        "1.8": SENDER,
        "1.10": _NO_DOMAIN,  # null MX (RFC 7505)
        "2.1": Fault(Cause.NO_SUCH_ADDRESS, "The mailbox is closed"),
        "2.2": _FULL,
        "2.3": _TOO_BIG,
        "3.4": _TOO_BIG,
        "6.0": _TOO_BIG,
    }
)
# RFC 5321 §4.2.3 at RCPT, from servers without enhanced codes: no mailbox, not local, name not allowed.
_RECIPIENT_GONE = MappingProxyType({550: _NO_MAILBOX, 551: _NO_MAILBOX, 553: _NO_MAILBOX, 552: _FULL})
_SIGN_IN_REPLIES = frozenset({530, 534, 535, 538})  # RFC 4954 §6


def enhanced(text: bytes) -> str | None:
    """The enhanced code a reply begins with, like `5.1.1`, or None."""
    found = _ENHANCED.match(text)
    return found[1].decode("ascii") if found else None


def problem(code: int, text: bytes, stage: Stage) -> NotSent:
    """The exception a reply means. The server's own words are left out: some quote the address."""
    status = enhanced(text)
    shown = f"{code} {status}" if status else str(code)
    fault = _BUSY if code < 500 else _refusal(code, status, stage)
    return Unavailable(fault, shown) if fault.retry else Rejected(fault, shown)


def _refusal(code: int, status: str | None, stage: Stage) -> Fault:
    if stage is Stage.SIGN_IN or code in _SIGN_IN_REPLIES:
        return SIGN_IN
    if stage is Stage.CONNECT:
        return UNREACHED
    known = ENHANCED.get(status.partition(".")[2]) if status else None
    if stage is Stage.SENDER:  # asked with SIZE=, a server says here that the message is too big
        return _TOO_BIG if known is _TOO_BIG or code == 552 else SENDER
    if status is None and stage is Stage.RECIPIENT:
        known = _RECIPIENT_GONE.get(code)
    if status is None and stage is Stage.DATA and code == 552:
        known = _TOO_BIG
    return known or _REFUSED
