"""Holds the section 47 enquiry of a contact: which discussion initiated it, and the conference's dates that follow.

Shared by holding and the record. Nothing moves it but an audited change by a chair.
"""

from dataclasses import dataclass
from datetime import date, datetime

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Contact, Discussion, Enquiry, EnquiryChange
from strategy.policy import calendar_of, parsed
from strategy.rules.targets import deadline
from strategy.vocabulary import DecisionCode, DiscussionState, EventVerb

_CONFERENCE = "icpc"
SECTION_47 = frozenset({DecisionCode.S47_SINGLE, DecisionCode.S47_JOINT})
_HELD = frozenset({DiscussionState.HELD, DiscussionState.SIGNED})


@dataclass(frozen=True, slots=True)
class _Dates:
    """The conference's dates from one discussion, and their rule."""

    started_at: datetime
    warn_on: date | None
    due_on: date
    rule: str
    source: str


def decided(discussion: Discussion) -> bool:
    """Whether a section 47 enquiry stands among its decisions."""
    return any(one.code in SECTION_47 and one.withdrawn_at is None for one in discussion.decisions)


def begin(discussion: Discussion, act: Act) -> bool:
    """Begin the enquiry with this discussion, which was held and decided it; whether it did.

    Where another discussion on the contact initiated it already the conference's dates stay, and the trail says so.
    """
    first = _initiated_before(discussion)
    if discussion.contact.enquiry is None and first is not None:
        _begin(first, act)
    enquiry = discussion.contact.enquiry
    if enquiry is not None and enquiry.discussion is not discussion:
        discussion.initiated_s47 = False
        words = f"Section 47 was decided again: {enquiry.discussion.reference} initiated it, its conference date stays"
        events.add(EventVerb.ENQUIRY_BEGUN, words, act, discussion=discussion)
        return False
    discussion.initiated_s47 = True
    if enquiry is None:
        _begin(discussion, act)
    return True


def _initiated_before(discussion: Discussion) -> Discussion | None:
    """The first other discussion recorded as initiating the enquiry, from before enquiries had rows of their own."""
    held = [one for one in discussion.contact.discussions if one.initiated_s47 and one.state in _HELD]
    others = [one for one in held if one is not discussion]
    return min(others, key=lambda one: (one.started_at or one.starts_at, one.id), default=None)


def take_back(discussion: Discussion, act: Act) -> None:
    """The decision was withdrawn before the signature, and none like it stands: no enquiry was begun here."""
    enquiry = discussion.contact.enquiry
    if enquiry is None or enquiry.discussion is not discussion or decided(discussion):
        return
    db.session.delete(enquiry)
    discussion.contact.enquiry = None
    discussion.initiated_s47 = False
    words = "The section 47 decision was withdrawn: no conference is due"
    events.add(EventVerb.ENQUIRY_CHANGED, words, act, discussion=discussion)


def change(contact: Contact, to: Discussion, reason: str, revision: int, act: Act) -> None:
    """Put right which discussion initiated the enquiry; the conference's dates follow from its true start.

    ``revision`` is the one the editor saw, 0 where there was no enquiry. Raises Refused.
    """
    enquiry = contact.enquiry
    if (enquiry.revision if enquiry else 0) != revision:
        raise Refused("Somebody changed this while you were looking at it. Read it as it is now, then try again")
    if to not in contact.discussions or to.state not in _HELD:
        raise Refused("Choose a discussion of this contact that was held", "discussion")
    if not reason.strip():
        raise Refused("Say why this is put right", "reason")
    if enquiry is None:
        to.initiated_s47 = True
        _begin(to, act)
        return
    if enquiry.discussion is to:
        raise Refused("That is the discussion it is counted from already", "discussion")
    _change(enquiry, to, reason.strip(), act)


def _begin(discussion: Discussion, act: Act) -> None:
    enquiry = Enquiry(begun_at=act.at, begun_by=act.by, revision=1)
    _count_from(enquiry, discussion)
    enquiry.contact = discussion.contact
    db.session.add(enquiry)
    db.session.flush()
    words = f"Section 47 enquiry begun: a conference is due by {dates.on(enquiry.due_on)}"
    events.add(EventVerb.ENQUIRY_BEGUN, words, act, discussion=discussion, facts={"due_on": str(enquiry.due_on)})


def _change(enquiry: Enquiry, to: Discussion, reason: str, act: Act) -> None:
    before, due_before = enquiry.discussion, enquiry.due_on
    _count_from(enquiry, to)
    enquiry.revision += 1
    before.initiated_s47, to.initiated_s47 = False, True
    enquiry.changes.append(
        EnquiryChange(
            before=before,
            after=to,
            due_before=due_before,
            due_after=enquiry.due_on,
            reason=reason,
            by=act.by,
            at=act.at,
        )
    )
    by = f"{to.reference}, not {before.reference}"
    words = f"Section 47 was initiated by {by}: conference by {dates.on(enquiry.due_on)}"
    facts = {
        "before": {"discussion": before.reference, "due_on": str(due_before)},
        "after": {"discussion": to.reference, "due_on": str(enquiry.due_on)},
    }
    events.add(EventVerb.ENQUIRY_CHANGED, words, act, discussion=to, facts=facts)


def _count_from(enquiry: Enquiry, discussion: Discussion) -> None:
    found = _dates(discussion)
    enquiry.discussion, enquiry.clock_started_at = discussion, found.started_at
    enquiry.warn_on, enquiry.due_on = found.warn_on, found.due_on
    enquiry.rule, enquiry.rule_source = found.rule, found.source


def _dates(discussion: Discussion) -> _Dates:
    if discussion.started_at is None:
        raise Refused("That discussion was never held", "discussion")
    policy = parsed(discussion.policy.text)
    due = deadline(_CONFERENCE, discussion.started_at, policy, calendar_of(discussion.policy.text))
    due_on = _day(due.due_at) or due.due_moment.date()
    return _Dates(discussion.started_at, _day(due.warn_at), due_on, due.rule, due.source)


def _day(found: datetime | date | None) -> date | None:
    return found.date() if isinstance(found, datetime) else found
