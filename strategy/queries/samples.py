"""Answers what every message says, on sample facts: for whoever answers for an authority's words. It queues none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from notifications.addresses import display_phone
from notifications.gsm import Fragments, fragments
from strategy import compose, longest, own_words
from strategy.compose import CODE, LINK, EntryFacts, InvitationFacts, NoticeFacts, Words
from strategy.models import Authority
from strategy.own_lines import own_lines
from strategy.queries import wordings
from strategy.rules.wording import Wording
from strategy.vocabulary import AskFor, AskSoon, InvitationState, Mode, News, Sector

# Messages and when they go out, by name; notices go to our own people about what has no discussion yet.
MESSAGES: Final = {
    "invite": "An agency is asked",
    "update": "The time or the place has changed",
    "chase": "Nobody is named yet",
    "supervisor": "The desk has not answered: a named person",
    "senior": "Still nobody: somebody further up",
    "deputy": "A deputy was named",
    "confirmation": "An answer is confirmed",
    "cancel": "It is stood down, or the invitation is withdrawn",
    "misdirected": "A message went to a wrong address",
    "reminder": "It begins soon, for whoever comes",
    "started": "It has started, and an agency is not there",
    "absence": "Nobody came: why",
    "action": "An action and its owner",
    "action-due": "An action is due soon, or overdue",
    "record": "The record is signed and can be read",
    "staff-invite": "Our own people are asked",
    "convener": "News for the convener",
    "course": "It may not be quorate: news for the convener",
    "not-held": "The time has passed, and it was not held",
    "code": "A code to see who it is about",
    "verification": "Is a directory entry still right?",
    "board": "A desk gets the link to its board",
    "board-code": "A code to open a desk board",
}
NOTICES: Final = {
    "handover": "Contacts are handed over",
    "handed-back": "A contact is handed back",
    "partner-asks": "A partner asks for somebody",
    "still-waiting": "A child still waits: nearing or past the target",
    "edt-given": "A child is handed to the emergency duty team",
    "edt-unaccepted": "The emergency duty team has not accepted it",
    "morning-list": "What happened overnight, every morning",
}
EVERY: Final = MESSAGES | NOTICES
_LINK: Final = "https://example.org/a/ABCDEFGHJKMNP"  # the slot as it looks: it leads nowhere
_CODE: Final = "482 913"


@dataclass(frozen=True, slots=True)
class Sample:
    """One message on sample facts; ``cost`` is what its text costs with a link in it."""

    name: str
    when: str
    words: Words
    cost: Fragments


def sample(authority: Authority, name: str, now: datetime) -> Sample:
    """A message of that authority. Raises KeyError for a name there is no message of."""
    when = EVERY[name]
    notice = name in NOTICES
    if notice:
        said = compose.notice(name, _notice(authority, now))
    else:
        said = wordings.words(authority.id, name, _facts(authority, name, now))
    shown = filled(said)
    return Sample(name, when, shown, fragments(shown.sms))


def filled(said: Words) -> Words:
    """Words as they look once they are sent: with a link that leads nowhere, and a code that opens nothing."""
    parts = (said.subject, said.text, said.html, said.sms)
    return Words(*(part.replace(LINK, _LINK).replace(CODE, _CODE) for part in parts))


def cases(authority: Authority, name: str, wording: Wording) -> list[Sample]:
    """A message by that wording in every case there may be; ``when`` says which. Raises KeyError and Unfit."""
    found = []
    for case in longest.cases(name, **_own(authority)):
        shown = filled(own_words.worded(name, case.facts, wording))
        found.append(Sample(name, case.words, shown, fragments(shown.sms)))
    return found


def every(authority: Authority, now: datetime) -> list[Sample]:
    """All of them, in the order in which a discussion sends them."""
    return [sample(authority, name, now) for name in EVERY]


def _own(authority: Authority) -> dict[str, Any]:
    return {
        "council": authority.short_name,
        "council_in_full": authority.name,
        "call_back": display_phone(authority.phone),
        **own_lines(authority),
    }


def _notice(authority: Authority, now: datetime) -> NoticeFacts:
    return NoticeFacts(
        **_own(authority),
        reference="K7QD",
        by="Sam Worker",
        count=2,
        asks_for=AskFor.DISCUSSION,
        soon=AskSoon.NOW,
        due_at=now + timedelta(days=1),
        act_by=now + timedelta(hours=2),
        minutes=15,
        unaccepted=1,
    )


def _facts(authority: Authority, name: str, now: datetime) -> InvitationFacts | EntryFacts:
    if name in ("board", "board-code"):
        return EntryFacts(**_own(authority), agency="Sample Police", who=None, desk="MASH desk")
    if name == "verification":
        return EntryFacts(**_own(authority), agency="Sample Police", who="Jo Sample", desk=None)
    starts = now + timedelta(hours=4)
    return InvitationFacts(
        **_own(authority),
        reference="K7QD",
        starts_at=starts,
        ends_at=starts + timedelta(minutes=45),
        needed_from=starts,
        needed_until=starts + timedelta(minutes=45),
        mode=Mode.VIDEO,
        sector=Sector.POLICE,
        convener="Sam Worker",
        urgent=False,
        now=now,
        answer_by=now + timedelta(hours=1),
        was=now + timedelta(hours=3),
        answer=InvitationState.COMING,
        attendee="Jo Sample",
        title="Detective sergeant",
        reason_by=now + timedelta(days=2),
        news=News.DECLINED,
        owner="Sample Police",
        due_at=now + timedelta(days=5),
        dial_in="01632 960200, 4471#",
        sectors="Police",
        staff_role="chair" if name in ("staff-invite", "convener", "course") else None,
    )
