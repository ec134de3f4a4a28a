"""Bounces without a machine-readable report, told by sender, subject and the servers' own words. Reads no reports."""

import logging
import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from flufl.bounce import all_failures

from notifications.inbound_mail import headers, reports, statuses, words
from notifications.inbound_mail.letter import Letter
from notifications.inbound_mail.senders import is_daemon
from notifications.readings import Bounced, Kind, Reading

logging.getLogger("flufl.bounce").addHandler(logging.NullHandler())
logging.getLogger("flufl.bounce").propagate = False

_MAX_TEXT, _MAX_LINE = 60_000, 500
_SUBJECT = re.compile(
    r"(?:\[[^\]]{1,40}\]\s*)?(?:"
    r"undeliver(?:able|ed)|mail delivery (?:failed|failure|problem|error|subsystem)"
    r"|delivery (?:status notification|failure|failed|problem|has failed|report|unsuccessful)"
    r"|failure notice|returned mail|returned to sender|non[- ]?deliver(?:y|able)|message (?:undeliverable"
    r"|not delivered|could not be delivered)"
    r"|mail (?:failure|could not be delivered|undeliverable|system error|returned)|nondeliverable"
    r"|warning: (?:could not send|message)|delayed:|delivery delayed|message delayed|delayed mail"
    r"|mailbox (?:full|unavailable)|unzustellbar|nicht zustellbar|mail nicht|zustellung|non remis"
    r"|non distribuable|échec de la (?:remise|distribution)"
    r"|no se puede entregar|no entregado|non recapitabile|impossibile recapitare|onbestelbaar"
    r"|kan ikke leveres|olevererbart|går inte att leverera"
    r"|ikke leveret|niedostarczalne|undelivered mail returned to sender|unable to deliver"
    r"|there was an error (?:sending|delivering)|mail delivery status|delivery notification"
    r"|could not deliver|rejected:|blocked:|message blocked"
    r"|methu danfon|heb ei (?:ddanfon|anfon)|entrega fallida|não foi possível entregar)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delayed|has not (?:yet )?been delivered|not yet (?:been )?delivered|still (?:trying|being retried)"
    r"|will (?:be|keep|continue)(?: to be)? (?:retr|try)"
    r"|continue to (?:try|attempt)|do not need to (?:resend|take)|no action is required"
    r"|warning message only|will be retried"
    r"|verzögert|en retard|retrasad[oa]|in ritardo|vertraagd|forsinket|försenad",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"given up|giving up|gave up|could not be delivered|permanent (?:error|fail)|no longer|has failed"
    r"|won't be|will not be retried",
    re.IGNORECASE,
)
# Where the mail that came back begins, so that no address of its own is taken for a failed one.
_COPY = re.compile(
    r"^[ \t>*-]{0,80}(?:below this line|this is a copy|the (?:header|body) of"
    r"|original message(?:[ -]|$)|returned message"
    r"|copy of|message headers?|reporting-mta|diagnostic information for administrators|received: from|return-path:"
    r"|the original message(?! was received))|^-{3,80}.{0,40}(?:original|returned|copy|header)",
    re.IGNORECASE | re.MULTILINE,
)
_LISTED = re.compile(r"^[ \t*>]*(?:<?([^\s@<>]{1,64}@[^\s@<>]{3,200}?)>?)[ \t]*(?::|\(|$|\.\.\.|,)", re.MULTILINE)
_OUR_ID = re.compile(r"^[ \t>]*message-id:\s*(<[^>\s]{1,200}>)", re.IGNORECASE | re.MULTILINE)


def suspected(letter: Letter) -> bool:
    """Whether a mail server wrote it, about a mail of ours: by its sender, its subject or a header only they set."""
    if letter.has("x-failed-recipients"):
        return True
    about = bool(_SUBJECT.match(letter.subject))
    sender = letter.said.sender or headers.raw(letter.root.headers, "from").strip(" <>").partition(" ")[0].lower()
    empty_path = letter.header("return-path") == "<>"
    return is_daemon(sender) or (about and (empty_path or letter.has("auto-submitted") or not _by_person(letter)))


def _by_person(letter: Letter) -> bool:
    """Whether somebody answers or forwards: then the subject is somebody else's."""
    return bool(letter.said.about) or letter.has("in-reply-to")


def read(letter: Letter) -> Reading | None:
    """The mail as a bounce or delay, or None where nothing in it says so. Asked only of suspected mail."""
    said = _short_lines(words.whole_of(letter)[:_MAX_TEXT])
    report = reports.in_words(letter, said)
    if report and report.bounced:
        return report
    cut = _COPY.search(said)
    own = said[: cut.start()] if cut and cut.start() > 40 else said
    failed, delayed = _failures(letter, own)
    if not failed and not delayed and not _SUBJECT.match(letter.subject) and not letter.has("x-failed-recipients"):
        return None
    late = not failed or (_is_late(letter, own) and not _GIVEN_UP.search(own))
    kind = Kind.DELAY if late and (delayed or _is_late(letter, own)) else Kind.BOUNCE
    written_to = reports.returned_recipients(letter)
    addresses = failed or delayed or (written_to if len(written_to) == 1 else [])
    status = statuses.specific(None, own[:5_000])
    dead = kind is Kind.BOUNCE and statuses.permanent(status, own[:5_000])
    ids = [*reports.returned_ids(letter), *headers.our_ids(" ".join(_OUR_ID.findall(said))), *letter.said.about]
    return replace(
        letter.said,
        kind=kind,
        bounced=tuple(Bounced(one, dead, status) for one in addresses),
        about=tuple(headers.unique(ids)),
        forwarded=bool(written_to) and bool(addresses) and not set(addresses) & set(written_to),
    )


def _short_lines(said: str) -> str:
    """No line longer than any server writes: patterns, ours and others', are tried on every line."""
    return "\n".join(line[:_MAX_LINE] for line in said.split("\n"))


def _is_late(letter: Letter, own: str) -> bool:
    return bool(_DELAYED.search(letter.subject) or _DELAYED.search(own[:2_000]))


def _failures(letter: Letter, own: str) -> tuple[list[str], list[str]]:
    """(failed, delayed): as X-Failed-Recipients names them, flufl.bounce knows the forms, or lines list them."""
    named = headers.within(letter.header("x-failed-recipients"))
    if named:
        return named, []
    late, final = _known_forms(letter)
    if final or late:
        return final, late
    ours = {*letter.said.recipients, letter.said.sender}
    listed = [found for one in _LISTED.findall(own) if (found := headers.address(one)) and found not in ours]
    standing = [one for one in headers.within(own[:5_000]) if one not in ours and not is_daemon(one)]
    tells = statuses.tells(own) or bool(_SUBJECT.match(letter.subject)) or _is_late(letter, own)
    return headers.unique(listed)[:50] or (standing[:1] if tells else []), []


def _known_forms(letter: Letter) -> tuple[list[str], list[str]]:
    """(delayed, failed) by flufl.bounce, which is handed the mail's own first parts only, rebuilt and short."""
    try:
        late, final = all_failures(_rebuilt(letter))
    except Exception:  # a detector met a form its author did not: the words are still read
        return [], []
    return _canonical(late), _canonical(final)


def _canonical(found: frozenset[bytes]) -> list[str]:
    decoded = (one.decode("ascii", "replace") for one in sorted(found))
    return headers.unique(address for one in decoded if (address := headers.address(one)))


def _rebuilt(letter: Letter) -> Message:
    body = _short_lines(words.whole_of(letter)[:_MAX_TEXT]).encode("utf-8", "replace")
    lines = [
        f"{name}: {letter.header(name)}" for name in ("from", "to", "subject", "x-mailer", "return-path", "received")
    ]
    head = "\n".join(line for line in lines if not line.endswith(": "))
    return message_from_bytes(head.encode("utf-8", "replace") + b"\n\n" + body)
