"""One inbound mail as its readers share it: parts, who sent it, what it is about. Decides no kind."""

from collections.abc import Iterator
from dataclasses import dataclass

from notifications.inbound_mail import charsets, headers
from notifications.inbound_mail.parts import Part
from notifications.readings import Kind, Reading

_KNOWN = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "received",
    "sender",
    "reply-to",
    "return-path",
    "delivered-to",
    "mime-version",
    "content-type",
    "cc",
)
_LIST = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """``said``: what its headers say, as a plain message. ``reply_to``: where answers to it would go."""

    root: Part
    said: Reading
    reply_to: frozenset[str]

    def header(self, name: str) -> str:
        """A header of the mail itself, as text; empty where there is none."""
        return headers.text(self.root.headers, name)

    def has(self, name: str) -> bool:
        return name in self.root.headers

    @property
    def subject(self) -> str:
        return self.said.subject or ""

    def own_parts(self) -> Iterator[Part]:
        """Parts that are the mail's own, without what other mails within it hold."""
        return self.root.walk(returned=False)

    def own_texts(self, *kinds: str) -> list[str]:
        """The text of its own parts of these types, in order."""
        return [charsets.text(part.body(), part.charset) for part in self.own_parts() if part.kind in kinds]


def opened(root: Part) -> Letter:
    """The mail with its headers read."""
    reply_to = frozenset(address for _, address in headers.people(root.headers, "reply-to"))
    name, sender = next(iter(_senders(root)), ("", None))
    receivers = headers.people(root.headers, "to", "cc") or headers.people(root.headers, "delivered-to")
    said = Reading(
        kind=Kind.MESSAGE,
        sender=sender,
        sender_name=name.strip()[:_LIST] or None,
        recipients=tuple(headers.unique(address for _, address in receivers[:_LIST])),
        subject=headers.text(root.headers, "subject")[:1000] or None,
        message_id=headers.raw(root.headers, "message-id")[:1000].strip() or None,
        sent_at=headers.moment(root.headers),
        about=tuple(_about(root)),
    )
    return Letter(root, said, reply_to)


def _senders(root: Part) -> list[tuple[str, str]]:
    """Who wrote it, as the first header that tells does."""
    found = (headers.people(root.headers, name) for name in ("from", "sender", "reply-to", "return-path"))
    return next((people for people in found if people), [])


def _about(root: Part) -> list[str]:
    """Our ids in what the mail answers; an answer names the last one first."""
    answered = headers.our_ids(headers.raw(root.headers, "in-reply-to"))
    return headers.unique([*answered, *reversed(headers.our_ids(headers.raw(root.headers, "references")))])


def is_mail(root: Part) -> bool:
    """Whether the bytes were a mail at all: some header every mail has some of."""
    return any(name in root.headers for name in _KNOWN)
