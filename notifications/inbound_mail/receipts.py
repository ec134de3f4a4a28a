"""Read receipts in words alone, by subject and sentence together. Reports and winmail.dat are read elsewhere."""

import re
from dataclasses import replace

from notifications.inbound_mail import words
from notifications.inbound_mail.automatic import bare_subject
from notifications.inbound_mail.letter import Letter
from notifications.readings import Kind, Reading

_SUBJECT = re.compile(
    r"(?:read|not read|deleted|delivered|relayed|gelesen|ungelesen gelöscht|nicht gelesen|zugestellt|lu"
    r"|non lu|leído|no leído"
    r"|letto|non letto|gelezen|niet gelezen|läst|lest|læst|ulest|darllenwyd|wedi'i ddarllen|przeczytane"
    r"|return receipt(?: \([a-z]+\))?|read receipt"
    r"|read report|lesebestätigung|confirmation de lecture|accusé de (?:lecture|réception)"
    r"|ricevuta di lettura|leesbevestiging)\s*(?:[:：]|-)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?:was|were|has been) (?:read|displayed|deleted without being read|opened) (?:on|at|by)"
    r"|return receipt for the (?:mail|message)"
    r"|wurde (?:am|um|ungelesen|gelesen)|a été (?:lu|affiché)|se ha leído|è stato letto|is gelezen op"
    r"|lästes|ble lest|blev læst"
    r"|no guarantee that the (?:message|e-?mail) (?:has been|was) read|is a receipt for the (?:mail|message)",
    re.IGNORECASE,
)


def read(letter: Letter) -> Reading | None:
    """The mail as a receipt, or None. "Not read" proves that it arrived, and counts as no more."""
    if not _SUBJECT.match(bare_subject(letter.subject)):
        return None
    opening = " ".join(words.whole_of(letter)[:2_000].split())
    return replace(letter.said, kind=Kind.RECEIPT) if _SENTENCE.search(opening) else None
