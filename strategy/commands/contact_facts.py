"""Holds saying why a contact meets the threshold and whether its family has been told. Nothing said is overwritten."""

from dataclasses import dataclass

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Contact, ContactFacts
from strategy.vocabulary import EventVerb, FamilyTold

_WORDS = {
    "document": "the threshold document",
    "level": "the level",
    "threshold_why": "why the threshold is met",
    "family_told": "whether the family has been told",
    "family_why": "why the family has been told or not",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said; None for what nobody has said yet. ``document`` and ``level`` are the partnership's own words."""

    document: str | None = None
    level: str | None = None
    threshold_why: str | None = None
    family_told: FamilyTold | None = None
    family_why: str | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is said. Which document it is, says nothing of this contact."""
        return not any((self.level, self.threshold_why, self.family_told, self.family_why))


def say(contact: Contact, facts: Facts, act: Act) -> ContactFacts:
    """Write it down beside what was said before. Raises Refused: not telling a family needs a reason."""
    if facts.nothing:
        raise Refused("Say why the threshold is met, or whether the family has been told", "threshold_why")
    if facts.family_told in (FamilyTold.NO, FamilyTold.UNSAFE) and not facts.family_why:
        raise Refused("Say why the family has not been told", "family_why")
    if facts.family_why and facts.family_told is None:
        raise Refused("Choose whether the family has been told", "family_told")
    before = contact.said[-1] if contact.said else None
    changed = [name for name in _WORDS if getattr(facts, name) != getattr(before, name, None)]
    if not changed:
        raise Refused("That is what is written already", "threshold_why")
    said = ContactFacts(
        contact=contact,
        document=facts.document,
        level=facts.level,
        threshold_why=facts.threshold_why,
        family_told=facts.family_told,
        family_why=facts.family_why,
        said_by=act.by[:120],
        at=act.at,
    )
    db.session.add(said)
    contact.revision += 1
    words = f"Said {', '.join(_WORDS[name] for name in changed)}"
    events.add(EventVerb.CONTACT_CHANGED, words, act, contact=contact, facts={"changed": changed})
    return said
