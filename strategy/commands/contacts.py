"""Holds what is done to a contact: start its clock, decide it, close and reopen it, reclassify, keep the child safe.

Booking a discussion for it is booking's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import chases, events, inviting
from strategy.db import db
from strategy.keys import keys
from strategy.models import Authority, Child, Contact, Discussion, PolicyVersion, User
from strategy.policy import calendar_of, parsed
from strategy.references import fresh
from strategy.restrictions import COUNTED
from strategy.rules.clocks import ClockEvents, from_identified, strictest_of
from strategy.rules.targets import Deadline, deadline
from strategy.vocabulary import WAITING_MOVES, DiscussionState, EventVerb, Waiting, may_move

_ANOTHER = "This case already has an open contact. Confirm that this is another one"
_DECISION_TARGET = "referral-decision"
# Older than this is a slip of the year far more often than a contact nobody entered.
_OLDEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewContact:
    """A report as it came in. Moments are aware; ``concerns`` are codes of the policy.

    ``decided_at`` None: nobody has decided yet. ``concern_identified_at`` is asked for where policy starts a chosen
    concern's clock with it. ``another`` says that an open contact on the same case is known of.
    ``unsaid`` lets it have no concern until somebody decides: the case system's list did not say.
    """

    case_reference: str
    received_at: datetime
    concerns: Sequence[str]
    decided_at: datetime | None = None
    decided_by: str | None = None
    concern_identified_at: datetime | None = None
    safety: str | None = None
    another: bool = False
    unsaid: bool = False


def start_clock(new: NewContact, authority: Authority, policy: PolicyVersion, starter: User, act: Act) -> Contact:
    """Put the contact on everybody's lists: undecided against the decision's target, or waiting against its own.

    Raises Refused, also when the same case has an open contact and ``new.another`` does not say that this is known.
    """
    _refuse_moments(new, act)
    case = _case(new.case_reference)
    index = keys().blind(case)
    wait_for_others(authority)
    if not new.another and _is_open(authority, index):
        raise Refused(_ANOTHER, "another")
    contact = _row(new, authority, policy, act)
    contact.case_reference, contact.case_index, contact.started_by_id = case, index, starter.id
    contact.children = [Child(case_reference=case, case_index=index, unborn=False)]
    db.session.add(contact)
    db.session.flush()
    events.add(EventVerb.CLOCK_STARTED, "The contact was entered and its clock started", act, contact=contact)
    if new.safety:
        keep_safe(contact, new.safety, act)
    if new.decided_at is not None:
        decide(contact, new.decided_at, new.decided_by or act.by, act)
    else:
        chases.replan_contact(contact, act)
    return contact


def decide(contact: Contact, decided_at: datetime, decided_by: str, act: Act) -> None:
    """Record that a discussion is needed, when and by whom: from now on the child is waiting. Raises Refused."""
    if contact.state is not Waiting.RECEIVED:
        raise Refused("This contact has been decided already")
    _refuse_decision(contact.received_at, decided_at, act)
    if not decided_by.strip():
        raise Refused("Say who decided", "decided_by")
    if not contact.concerns:
        raise Refused("Say first what the concern is: change the concerns of the contact", "concerns")
    contact.state = Waiting.DECIDED
    contact.decided_at, contact.decided_by = decided_at, decided_by.strip()
    _set_target(contact)
    contact.revision += 1
    words = f"{contact.decided_by} decided that a strategy discussion is needed"
    events.add(EventVerb.CONTACT_DECIDED, words, act, contact=contact, facts=_clock_facts(contact))
    chases.replan_contact(contact, act)


def not_needed(contact: Contact, reason: str, act: Act) -> None:
    """Close a contact that needs no discussion, with the reason. Raises Refused."""
    _refuse_move(contact, Waiting.NOT_NEEDED, "This contact cannot be closed: stand its discussion down first")
    if not reason.strip():
        raise Refused("Say why no discussion is needed", "reason")
    contact.state = Waiting.NOT_NEEDED
    contact.closed_reason = reason.strip()
    contact.revision += 1
    events.add(EventVerb.CONTACT_NOT_NEEDED, "Closed: no strategy discussion is needed", act, contact=contact)
    chases.replan_contact(contact, act)


def reopen(contact: Contact, act: Act) -> None:
    """Undo "not needed": back to where it stood, its clock still running from the same start. Raises Refused."""
    if contact.state is not Waiting.NOT_NEEDED:
        raise Refused("This contact is open already")
    before = Waiting.DECIDED if contact.decided_at else Waiting.RECEIVED
    _refuse_move(contact, before, "This contact cannot be opened again")
    contact.state = before
    contact.closed_reason = None
    contact.revision += 1
    events.add(EventVerb.CONTACT_CHANGED, "Opened again: its clock has run on", act, contact=contact)
    chases.replan_contact(contact, act)


def reclassify(contact: Contact, concerns: Sequence[str], act: Act, identified_at: datetime | None = None) -> None:
    """Change the concerns. The clock keeps its start; the strictest target wins, also for a discussion still to come.

    ``identified_at``: when the concern was identified, where a new concern's clock starts then. Raises Refused.
    """
    if contact.state in (Waiting.HELD, Waiting.NOT_NEEDED):
        raise Refused("The concerns of a contact that is closed or held stay as they are", "concerns")
    chosen = _concerns(concerns, contact.policy)
    if chosen == contact.concerns:
        raise Refused("Those are the concerns it has already", "concerns")
    before = {"concerns": contact.concerns, **_clock_facts(contact)}
    contact.concerns = chosen
    _identify(contact, identified_at, act)
    if contact.decided_at is not None:
        _set_target(contact)
    contact.revision += 1
    for discussion in contact.discussions:
        if discussion.state is DiscussionState.CONVENED:
            _reclassify_discussion(discussion, contact, act)
    facts = {"before": before, "after": {"concerns": chosen, **_clock_facts(contact)}}
    words = "Concerns changed: the clock keeps its start"
    events.add(EventVerb.CONTACT_CHANGED, words, act, contact=contact, facts=facts)
    chases.replan_contact(contact, act)


def keep_safe(contact: Contact, text: str, act: Act) -> None:
    """Record what keeps the child safe until the discussion, and by whom. Raises Refused."""
    if not text.strip():
        raise Refused("Say what keeps the child safe until then, and by whom", "safety")
    contact.safety, contact.safety_at = text.strip(), act.at
    contact.revision += 1
    words = "Recorded what keeps the child safe until the discussion"
    events.add(EventVerb.CONTACT_CHANGED, words, act, contact=contact)


def unchanged(contact: Contact, revision: int | None) -> None:
    """Refuse an edit of a contact that somebody else has changed since it was shown."""
    if revision != contact.revision:
        raise Refused("Somebody changed this contact while you had it open. Nothing was saved: check it and try again")


def wait_for_others(authority: Authority) -> None:
    """Clocks of one authority are started one after the other: two at once on one case would not see each other.

    Where the whole database is locked anyway, the lock is left out of the statement.
    """
    db.session.execute(select(Authority.id).where(Authority.id == authority.id).with_for_update(key_share=True))


def _row(new: NewContact, authority: Authority, policy: PolicyVersion, act: Act) -> Contact:
    contact = Contact(
        authority=authority,
        policy=policy,
        reference=_reference(authority),
        state=Waiting.RECEIVED,
        concerns=[] if new.unsaid and not new.concerns else _concerns(new.concerns, policy),
        received_at=new.received_at,
        decide_by=_due(policy, _DECISION_TARGET, new.received_at).due_moment,
        urgent=False,
        created_at=act.at,
        revision=1,
    )
    _identify(contact, new.concern_identified_at, act)
    return contact


def _identify(contact: Contact, identified_at: datetime | None, act: Act) -> None:
    """Keep when the concern was identified; refuse to go on without it where it starts a chosen concern's clock."""
    if identified_at is not None:
        if identified_at > act.at:
            raise Refused("The concern cannot have been identified later than now", "concern_identified_at")
        if identified_at < act.at - _OLDEST:
            raise Refused("Check the year: that is more than a year ago", "concern_identified_at")
        contact.concern_identified_at = identified_at
    asking = from_identified(parsed(contact.policy.text), contact.concerns)
    if asking and contact.concern_identified_at is None:
        words = f"Enter when the concern was identified: that starts the clock of “{asking[0].short}”"
        raise Refused(words, "concern_identified_at")


def _refuse_moments(new: NewContact, act: Act) -> None:
    if new.received_at > act.at:
        raise Refused("The contact cannot have come in later than now", "received_at")
    if new.received_at < act.at - _OLDEST:
        raise Refused("Check the year: that is more than a year ago", "received_at")
    if new.decided_at is not None:
        _refuse_decision(new.received_at, new.decided_at, act)


def _refuse_decision(received_at: datetime, decided_at: datetime, act: Act) -> None:
    if decided_at > act.at:
        raise Refused("The decision cannot be later than now", "decided_at")
    if decided_at < received_at:
        raise Refused("The decision cannot be earlier than the contact came in", "decided_at")


def _refuse_move(contact: Contact, then: Waiting, why: str) -> None:
    if not may_move(WAITING_MOVES, contact.state, then):
        raise Refused(why)


def _case(text: str) -> str:
    case = " ".join(text.split())
    if not case:
        raise Refused("Enter the case reference", "case_reference")
    return case


def _concerns(codes: Sequence[str], policy: PolicyVersion) -> list[str]:
    """The chosen concerns in the policy's order, none twice."""
    known = [target.code for target in parsed(policy.text).concerns]
    if not codes:
        raise Refused("Choose at least one concern", "concerns")
    if not set(codes) <= set(known):
        raise Refused("Choose concerns from the list", "concerns")
    return [code for code in known if code in codes]


def _is_open(authority: Authority, index: str) -> bool:
    """Whether the case has one, also one closed to whoever asks: a second would open to all what was restricted."""
    open_states = (Waiting.RECEIVED, Waiting.DECIDED, Waiting.BOOKED)
    statement = select(Contact.id).where(
        Contact.authority_id == authority.id, Contact.case_index == index, Contact.state.in_(open_states)
    )
    return db.session.scalar(statement.limit(1).execution_options(**COUNTED)) is not None


def _reference(authority: Authority) -> str:
    mine = select(Contact.id).where(Contact.authority_id == authority.id).execution_options(**COUNTED)
    return fresh(lambda reference: db.session.scalar(mine.where(Contact.reference == reference)) is not None)


def _due(policy: PolicyVersion, code: str, started_at: datetime) -> Deadline:
    return deadline(code, started_at, parsed(policy.text), calendar_of(policy.text))


def _set_target(contact: Contact) -> None:
    """The strictest target of its concerns, each from the event that starts its clock."""
    events = ClockEvents(contact.received_at, contact.decided_at, contact.concern_identified_at)
    text = contact.policy.text
    strict = strictest_of(contact.concerns, events, parsed(text), calendar_of(text))
    if strict is None:
        return
    contact.clock_started_at = strict.clock_started_at
    contact.warn_at = strict.warn_at if isinstance(strict.warn_at, datetime) else None
    contact.due_at = strict.due_moment
    contact.target_code, contact.rule, contact.rule_source = strict.concern, strict.rule, strict.source
    contact.urgent = strict.urgent


def _clock_facts(contact: Contact) -> dict[str, str | None]:
    return {"due_at": contact.due_at.isoformat() if contact.due_at else None, "rule": contact.rule}


def _reclassify_discussion(discussion: Discussion, contact: Contact, act: Act) -> None:
    """Its target follows the contact's, and what the new concerns need is looked for; nothing asked for is dropped."""
    if contact.clock_started_at is None or contact.due_at is None:
        return
    discussion.concerns = list(contact.concerns)
    discussion.clock_started_at, discussion.warn_at = contact.clock_started_at, contact.warn_at
    discussion.due_at, discussion.urgent = contact.due_at, contact.urgent
    discussion.rule, discussion.rule_source = contact.rule or "", contact.rule_source or ""
    discussion.revision += 1
    inviting.look_for_needs(discussion)
    chases.replan_all(discussion, act)
