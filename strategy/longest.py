"""Holds the longest and the barest facts a message can be worded with: what its words are measured by.

Nobody in them exists. A council's short name has 20 characters, a phone's number three digits, every time two in hour
and day, the council's own number 13 as it is shown (domain section 12, in-the-wild 25).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from strategy.compose import EntryFacts, InvitationFacts
from strategy.vocabulary import InvitationState, Mode, News, Sector

LATEST: Final = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
COUNCIL: Final = {"council": "Exampleshire Council", "council_in_full": "Exampleshire County Council"}
CALL_BACK: Final = "020 7946 0123"
DIAL_IN: Final = "01632 960500, PIN 1234 5678 9#"  # a text says it with up to 30 characters
_ROLE: Final = "independent reviewing officer on call"  # a text says 30 characters of it
_LONG_DIAL_IN: Final = "01632 960500, then the meeting’s number 1234 5678 9#"
_DAY: Final = timedelta(days=1)

_BARE: Final[dict[str, Any]] = dict.fromkeys(
    ("answer_by", "was", "attendee", "title", "refused", "reason_by", "owner", "staff_role", "dial_in")
) | {"offered": False, "withdrawn": True, "sectors": ""}


@dataclass(frozen=True, slots=True)
class Case:
    """One set of facts, and what it is in words."""

    words: str
    facts: InvitationFacts | EntryFacts


def invitation(**changed: Any) -> InvitationFacts:
    """The longest an invitation's messages have to say."""
    facts: dict[str, Any] = {
        **COUNCIL,
        "call_back": CALL_BACK,
        "reference": "K7QD",
        "starts_at": LATEST,
        "ends_at": LATEST + timedelta(minutes=45),
        "needed_from": LATEST,
        "needed_until": LATEST + timedelta(minutes=20),
        "mode": Mode.IN_PERSON,
        "sector": Sector.VOLUNTARY,
        "convener": "Sam Worker",
        "urgent": True,
        "now": LATEST - 3 * _DAY,
        "answer_by": LATEST - timedelta(minutes=10),
        "was": LATEST - _DAY,
        "offered": True,
        "answer": InvitationState.COMING,
        "attendee": "Jo Sample",
        "title": "Detective Sergeant",
        "refused": "Short notice (under 120 minutes of open time)",
        "reason_by": LATEST + 2 * _DAY,
        "news": News.UNDELIVERABLE,
        "owner": "Exampleshire Police",
        "due_at": LATEST + 2 * _DAY,
        "staff_role": "minute-taker",
        "dial_in": DIAL_IN,
        "sectors": ", ".join(sector.words for sector in Sector),
    }
    return InvitationFacts(**(facts | changed))


def bare(**changed: Any) -> InvitationFacts:
    """The same where nothing is known that need not be."""
    return invitation(**(_BARE | changed))


def entry(**changed: Any) -> EntryFacts:
    """What a message about a directory entry has to say: a person's."""
    facts = {**COUNCIL, "call_back": CALL_BACK, "agency": "Exampleshire Police", "who": "Dee Sergeant", "desk": None}
    return EntryFacts(**(facts | changed))


def cases(name: str, **own: Any) -> tuple[Case, ...]:
    """Every case in which an authority's words of that message go out; ``own`` is how it is named, and rung."""
    if name == "verification":
        desk = entry(who=None, desk="MASH desk", **own)
        return (Case("A person’s entry", entry(**own)), Case("A desk’s entry", desk))
    return tuple(_cases(name, own))


def _cases(name: str, own: dict[str, Any]) -> Iterator[Case]:
    if name in _OF_ACTIONS:
        yield from _of_actions(name, own)
        return
    if name == "convener":
        yield from (
            Case(f"{sector.words}: {news.words}", invitation(news=news, sector=sector, **own))
            for news in News
            for sector in (Sector.VOLUNTARY, Sector.POLICE)
        )
        return
    if name == "confirmation":
        yield from (Case(f"Recorded: {state.words}", invitation(answer=state, **own)) for state in InvitationState)
        yield Case("Nobody named", bare(answer=InvitationState.COMING, **own))
        return
    if name in _ANSWERED:
        yield Case("Answered by text, some days ahead", invitation(reply=999, offered=False, **own))
    if name == "staff-invite":
        yield Case("A long role", invitation(staff_role=_ROLE, **own))
    yield from _every(name, own)


_OF_ACTIONS: Final = frozenset({"action", "action-due"})
_ANSWERED: Final = frozenset({"invite", "update", "chase", "supervisor"})


def _every(name: str, own: dict[str, Any]) -> Iterator[Case]:
    """What any message may meet."""
    said = {"reply": 999} if name in _ANSWERED else {}
    yield Case("All there can be to say, some days ahead", invitation(**own))
    yield Case("The same day", invitation(now=LATEST - timedelta(hours=2), **said, **own))
    yield Case("At midnight", invitation(**_at_midnight(), **own))
    yield Case("As little as there can be to say", bare(**own))
    yield from (Case(words, invitation(**changed, **own)) for words, changed in _VARIANTS.get(name, {}).items())


_VARIANTS: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "update": {
        "A time they offered, answered by text": {"reply": 999},
        "Only how to join has changed": {"was": None, "offered": False, "reply": 999},
    },
    "cancel": {"Withdrawn, its calendar entry too": {"withdrawn": True, "in_calendar": True}},
    "absence": {"Others of the agency came": {"others_came": True}},
    "senior": {"Others were asked before": {"asked_others": True}},
    "record": {"The outcome alone": {"outcome_only": True}, "Something was added": {"added": True}},
    "started": {
        "Somebody pressed Start": {"pressed": True},
        "Somebody pressed Start, no number to dial": {"pressed": True, "dial_in": None},
        "A number too long for a text": {"dial_in": _LONG_DIAL_IN},
    },
    "reminder": {"A number too long for a text": {"dial_in": _LONG_DIAL_IN}},
    "course": {
        "It will not be quorate": {"lost": True},
        "At risk, and it begins soon": {"near": True},
        "Not quorate, and it begins soon": {"lost": True, "near": True, "sectors": ""},
    },
}


def _of_actions(name: str, own: dict[str, Any]) -> Iterator[Case]:
    """An action's messages as another agency has them: our own people's keep our words."""
    late: dict[str, dict[str, Any]] = {"": {}}
    if name == "action-due":
        late[", overdue"] = {"overdue": True}
    for when, changed in late.items():
        yield Case(f"Another agency’s action{when}", invitation(staff_role=None, **changed, **own))
        yield Case(f"Nobody named as its owner{when}", invitation(staff_role=None, owner=None, **changed, **own))


def _at_midnight() -> dict[str, Any]:
    """Midnight has the longest words of all times."""
    at = LATEST.replace(hour=0, minute=0)
    times = dict.fromkeys(("starts_at", "needed_from", "answer_by", "due_at", "reason_by"), at)
    return {**times, "ends_at": at + timedelta(minutes=45), "now": at - 3 * _DAY}
