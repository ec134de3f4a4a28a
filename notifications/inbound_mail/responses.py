"""An Outlook answer that lost its calendar on the way: marked by its header, told by its subject. Guesses nothing.

A subject like "Accepted: …" alone is a message for a person: anybody can write one, and it names no meeting. With the
header that Outlook and Exchange give meeting messages it is an answer by its sender, about what it replies to.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from notifications.inbound_mail.automatic import bare_subject
from notifications.inbound_mail.letter import Letter
from notifications.readings import Kind, Reading

_MEETING = "calendarmessage"
# As Outlook begins them, in the languages that partners of a British council use it in.
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ACCEPTED": "accepted|angenommen|zugesagt|accepté|acceptée|aceptado|aceptada|accettato|accettata|geaccepteerd|"
        "accepterad|accepteret|akseptert|godtatt|hyväksytty|zaakceptowano|zaakceptowane|aceito|aceite|přijato|prijaté|"
        "elfogadva|acceptat|принято|прийнято|derbyniwyd|κάνατε αποδοχή|kabul edildi|已接受|承諾済み|수락",
        "DECLINED": "declined|abgelehnt|abgesagt|refusé|refusée|rechazado|rechazada|rifiutato|rifiutata|geweigerd|"
        "afgewezen|avböjd|avvisad|afvist|avslått|hylätty|odrzucono|odrzucone|recusado|recusada|odmítnuto|odmietnuté|"
        "elutasítva|refuzat|отклонено|відхилено|gwrthodwyd|απορρίφθηκε|reddedildi|已拒绝|已謝絕|辞退|거절",
        "TENTATIVE": "tentative|tentatively accepted|mit vorbehalt|unter vorbehalt|vorläufig|provisoire|peut-être|"
        "provisional|provisorio|voorlopig|preliminär|foreløbig|foreløpig|alustava|wstępnie|wstępna akceptacja|"
        "provisório|tentativa|nezávazně|nezáväzne|feltételes|provizoriu|под вопросом|під питанням|petrus|dros dro|"
        "με επιφύλαξη|belirsiz|暂定|暫訂|仮承諾|미정",
    }
)
_SUBJECTS = {partstat: re.compile(rf"(?:{words})\s*[:：]", re.IGNORECASE) for partstat, words in _WORDS.items()}


def worded(letter: Letter) -> str | None:
    """The PARTSTAT that the subject's first word names, however little that proves."""
    subject = bare_subject(letter.subject)
    return next((partstat for partstat, begins in _SUBJECTS.items() if begins.match(subject)), None)


def read(letter: Letter) -> Reading | None:
    """The mail as its sender's answer, without a UID; None without header or without a word that is known."""
    if _MEETING not in letter.header("content-class").lower() or letter.said.sender is None:
        return None
    said = worded(letter)
    return replace(letter.said, kind=Kind.REPLY, attendee=letter.said.sender, partstat=said) if said else None
