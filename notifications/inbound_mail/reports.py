"""Machine-readable reports: deliveries (RFC 3464), dispositions (RFC 8098), abuse (RFC 5965). Guesses nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from notifications.inbound_mail import headers, statuses
from notifications.inbound_mail.letter import Letter
from notifications.inbound_mail.parts import Part, split
from notifications.readings import Bounced, Kind, Reading

_BLANKS = re.compile(rb"(?:\r?\n[ \t]*){2,}")
_MAX_BLOCKS = 500
_TYPE = re.compile(r"\s*([A-Za-z0-9-]+)\s*;\s*(.*)", re.DOTALL)
_XTEXT = re.compile(r"\+(2B|3D)")
_STATUS_KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED_KINDS = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "text/rfc822"}
)
_MACHINE = re.compile(rb"(?im)^(?:reporting-mta|final-recipient|original-recipient)[ \t]*:")
_MACHINE_TEXT = re.compile(r"(?im)^[ \t]*(?:reporting-mta|final-recipient|original-recipient)[ \t]*:")
_PARSER = BytesHeaderParser(policy=compat32)
_ACTIONS = {
    "failed": Kind.BOUNCE,
    "failure": Kind.BOUNCE,
    "error": Kind.BOUNCE,  # OpenSMTPD
    "delayed": Kind.DELAY,
    "delivered": Kind.RECEIPT,
    "relayed": Kind.RECEIPT,
    "expanded": Kind.RECEIPT,
}
_CLASSES = {"5": Kind.BOUNCE, "4": Kind.DELAY, "2": Kind.RECEIPT}
_ORDER = (Kind.BOUNCE, Kind.DELAY, Kind.RECEIPT)
_NO_COMPLAINTS = frozenset({"not-spam", "auth-failure", "dmarc"})
_REJECTED = re.compile(r"automatically rejected|was rejected|refused by the mail filtering", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one recipient."""

    kind: Kind
    address: str | None
    original: bool
    status: str | None
    said: str


def read(letter: Letter) -> Reading | None:
    """The mail as the report it is, or None where no part of it is one."""
    return _delivery(letter) or _complaint(letter) or _disposition(letter)


def _delivery(letter: Letter) -> Reading | None:
    return delivery(
        letter, [one for part in letter.own_parts() if _is_status(part, letter) for one in _blocks(part.body())]
    )


def delivery(letter: Letter, blocks: list[Message]) -> Reading | None:
    """The mail as the report whose blocks these are (RFC 3464 §2); None where they tell of nobody."""
    fates = [fate for block in blocks if (fate := _fate(block))]
    if not fates:
        return None
    kind = next(one for one in _ORDER if any(fate.kind is one for fate in fates))
    meant = [_placed(fate, letter) for fate in fates if fate.kind is kind]
    written_to = returned_recipients(letter)
    forwarded = bool(written_to) and not any(fate.original or fate.address in written_to for fate in meant)
    return replace(
        letter.said,
        kind=kind,
        bounced=tuple(_named(meant)) if kind is not Kind.RECEIPT else (),
        about=tuple(headers.unique([*_envelope_ids(blocks), *returned_ids(letter), *letter.said.about])),
        forwarded=forwarded and kind is not Kind.RECEIPT,
    )


def _is_status(part: Part, letter: Letter) -> bool:
    """The report's part; some gateways call it text, so that in a report its own first words tell."""
    if part.kind in _STATUS_KINDS:
        return True
    plain = part.kind in ("text/plain", "application/octet-stream") and letter.root.kind == "multipart/report"
    return plain and bool(_MACHINE.match(part.body().lstrip()[:2000]))


def in_words(letter: Letter, said: str) -> Reading | None:
    """A report whose lines stand among the words, because its own part was lost or never made."""
    found = _MACHINE_TEXT.search(said)
    return delivery(letter, _blocks(said[found.start() :].encode("utf-8", "replace"))) if found else None


def _blocks(body: bytes) -> list[Message]:
    return [_PARSER.parsebytes(block.lstrip() + b"\n\n") for block in _BLANKS.split(body.strip(), _MAX_BLOCKS)]


def _fate(block: Message) -> Fate | None:
    if not any(name in block for name in ("final-recipient", "original-recipient", "action")):
        return None
    original = _recipient(headers.raw(block, "original-recipient"))
    final = _recipient(headers.raw(block, "final-recipient")) or _recipient(headers.raw(block, "x-actual-recipient"))
    said = headers.text(block, "diagnostic-code")
    status = statuses.CODE.search(headers.text(block, "status"))
    code = status[1] if status else statuses.specific(None, said)
    action = re.match(r"[a-z]+", headers.text(block, "action").lower())
    kind = _ACTIONS.get(action[0] if action else "") or _CLASSES.get((code or "")[:1])
    return Fate(kind, original or final, original is not None, code, said) if kind else None


def _recipient(value: str) -> str | None:
    """``rfc822; jane@…`` as an address, xtext of our own making undone."""
    found = _TYPE.fullmatch(value)
    spec = headers.words(found[2] if found else value)
    if found and found[1].lower() == "rfc822":
        spec = _XTEXT.sub(lambda code: "+" if code[1] == "2B" else "=", spec)
    within = headers.address(spec) or next(iter(headers.within(spec)), None)
    return None if within and within.startswith("imceaex-") else within


def _placed(fate: Fate, letter: Letter) -> Fate:
    """A fate whose address cannot be read is that of the only one we wrote to, or of X-Failed-Recipients."""
    if fate.address:
        return fate
    others = headers.within(letter.header("x-failed-recipients")) or returned_recipients(letter)
    return replace(fate, address=others[0], original=True) if len(others) == 1 else fate


def _named(fates: list[Fate]) -> Iterator[Bounced]:
    seen = set()
    for fate in fates:
        if fate.address and fate.address not in seen:
            seen.add(fate.address)
            dead = fate.kind is Kind.BOUNCE and statuses.permanent(fate.status, fate.said)
            yield Bounced(fate.address, dead, statuses.specific(fate.status, fate.said))


def _envelope_ids(blocks: list[Message]) -> Iterator[str]:
    for block in blocks:
        found = re.fullmatch(r"<?(m[0-9]{1,18})(?:@.*)?", headers.raw(block, "original-envelope-id").strip())
        if found:
            yield found[1]


def returned(letter: Letter) -> Iterator[Message]:
    """The headers of the mails that came back within this one."""
    for part in letter.own_parts():
        if part.kind in _RETURNED_KINDS:
            yield split(part.body().lstrip(b"\r\n"))[0]


def returned_ids(letter: Letter) -> list[str]:
    """Our ids in what came back."""
    return headers.unique(
        one for found in returned(letter) for one in headers.our_ids(headers.raw(found, "message-id"))
    )


def returned_recipients(letter: Letter) -> list[str]:
    """Whom we wrote to, as what came back says."""
    return headers.unique(address for found in returned(letter) for _, address in headers.people(found, "to", "cc"))


def _complaint(letter: Letter) -> Reading | None:
    """A feedback report. One that says "this was not spam", or tells of failed checks, is no complaint.

    Outlook.com's have no part of their own: a subject, and the mail complained of with a header that says whose it was.
    """
    if any("x-hmxmroriginalrecipient" in found for found in returned(letter)):
        return replace(letter.said, kind=Kind.COMPLAINT, about=tuple(returned_ids(letter)))
    for part in letter.own_parts():
        if part.kind != "message/feedback-report":
            continue
        block = _blocks(part.body())[0]
        about = [*returned_ids(letter), *letter.said.about]
        kind = Kind.MESSAGE if headers.text(block, "feedback-type").lower() in _NO_COMPLAINTS else Kind.COMPLAINT
        return replace(letter.said, kind=kind, about=tuple(headers.unique(about)))
    return None


def _disposition(letter: Letter) -> Reading | None:
    """A read receipt. "Deleted unread" is one too: it proves that the mail arrived, and no more is made of either.

    A filter's refusal comes as one (RFC 5429 §2.1; mail servers say "over quota" so): it is a bounce, of this message.
    """
    for part in letter.own_parts():
        if part.kind not in ("message/disposition-notification", "message/global-disposition-notification"):
            continue
        block = _blocks(part.body())[0]
        ids = headers.our_ids(headers.raw(block, "original-message-id"))
        about = tuple(headers.unique([*ids, *returned_ids(letter), *letter.said.about]))
        if _REJECTED.search(" ".join(" ".join(letter.own_texts("text/plain")).split())[:2000]):
            whom = _recipient(headers.raw(block, "original-recipient")) or _recipient(
                headers.raw(block, "final-recipient")
            )
            named = (Bounced(whom, False),) if whom else ()
            return replace(letter.said, kind=Kind.BOUNCE, bounced=named, about=about)
        return replace(letter.said, kind=Kind.RECEIPT, about=about)
    return None
