"""Holds the managers' agreement to a phone call instead of a meeting, or to a series of calls.

Shared by booking, moving and ending. A missing agreement never blocks: it is said why, and shown as missing.
"""

from dataclasses import dataclass
from datetime import datetime

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Agreement, Discussion
from strategy.policy import parsed
from strategy.rules.occasion import needs_agreement
from strategy.vocabulary import DiscussionState, EventVerb, ManagerSide, Mode

LACKING = "Policy asks for a meeting. Name both managers who agree to this, or say why it goes ahead without"


@dataclass(frozen=True, slots=True)
class Agreed:
    """One side's manager, who agreed. ``at`` None: as it is written down."""

    side: ManagerSide
    name: str
    role: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What is known of the agreement: who agreed, and where not both did, why it goes ahead all the same."""

    agreed: tuple[Agreed, ...] = ()
    without_reason: str | None = None

    @property
    def enough(self) -> bool:
        """Whether both agreed, or it is said why not."""
        return {one.side for one in self.agreed} == set(ManagerSide) or bool((self.without_reason or "").strip())


NONE = Consent()


def needed(discussion: Discussion, mode: Mode | None = None) -> bool:
    """Whether both managers must agree to hold it in that mode, by default its own."""
    return needs_agreement(mode or discussion.mode, parsed(discussion.policy.text), discussion.concerns)


def missing(discussion: Discussion) -> tuple[ManagerSide, ...]:
    """The sides whose manager has not agreed to the mode it is held in; nobody where nobody needs to."""
    if not needed(discussion):
        return ()
    have = {one.side for one in discussion.agreements if one.mode is discussion.mode}
    return tuple(side for side in ManagerSide if side not in have)


def refuse_lacking(consent: Consent) -> None:
    """Raise Refused where neither both managers agreed nor anybody says why it goes ahead."""
    if not consent.enough:
        raise Refused(LACKING, "without_agreement_reason")


def refuse_open(discussion: Discussion, reason: str | None) -> str | None:
    """The reason kept at the end of a discussion held without both managers' agreement; None where both agreed.

    Raises Refused where there is neither.
    """
    lacking = missing(discussion)
    if not lacking:
        return None
    found = (reason or "").strip() or discussion.without_agreement_reason
    if not found:
        sides = " and ".join(side.words for side in lacking)
        raise Refused(f"Not agreed: {sides}. Record it, or say why it went ahead", "without_agreement_reason")
    return found


def record(discussion: Discussion, consent: Consent, act: Act) -> None:
    """Keep who agreed to the discussion's mode, and why not both did. Nothing is kept where no agreement is needed."""
    if not needed(discussion):
        discussion.without_agreement_reason = None
        return
    for one in consent.agreed:
        _agree(discussion, one, act)
    db.session.flush()
    given = (consent.without_reason or "").strip() or discussion.without_agreement_reason
    discussion.without_agreement_reason = given if missing(discussion) else None


def add(discussion: Discussion, consent: Consent, act: Act) -> None:
    """Record an agreement that was got later, until the record is signed. Raises Refused."""
    if discussion.state in (DiscussionState.SIGNED, DiscussionState.STOOD_DOWN):
        raise Refused(f"This discussion is {discussion.state.words.lower()}: nothing about it is changed any more")
    if not needed(discussion):
        raise Refused("Held this way it needs no agreement")
    if not consent.agreed and not (consent.without_reason or "").strip():
        raise Refused("Name a manager who agrees, or say why it goes ahead without", "without_agreement_reason")
    record(discussion, consent, act)


def _agree(discussion: Discussion, one: Agreed, act: Act) -> None:
    at = one.at or act.at
    if at > act.at:
        raise Refused("They cannot have agreed later than now", "agreed_at")
    have = next((row for row in discussion.agreements if (row.side, row.mode) == (one.side, discussion.mode)), None)
    new = have is None
    have = have or Agreement(side=one.side, mode=discussion.mode)
    have.name, have.role, have.agreed_at = one.name.strip(), one.role.strip(), at
    have.recorded_by, have.recorded_at = act.by, act.at
    if new:
        discussion.agreements.append(have)
    words = f"{one.side.words} agreed to {discussion.mode.words.lower()}: {have.name}, {have.role}"
    events.add(EventVerb.AGREEMENT_RECORDED, words, act, discussion=discussion, facts={"mode": discussion.mode.value})
