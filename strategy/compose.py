"""Holds the wording of messages: a name and facts in, subject, text, HTML and SMS out. It sends and stores nothing.

``InvitationFacts`` has no field for a child, a concern or a case number: what cannot be handed in cannot leak out
(domain section 10). The slots ``{link}``, ``{code}`` and ``{board}`` stay in the words until they are sent.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from notifications.addresses import display_phone
from notifications.gsm import normalise
from strategy import dates
from strategy.line_names import plain, said_name
from strategy.models import Agency, Authority, Contact, Desk, Invitation, PartnerRequest, Person
from strategy.own_lines import between, own_lines
from strategy.rules.answering import Closed
from strategy.vocabulary import AskFor, AskSoon, InvitationState, Mode, News, Sector

LINK = "{link}"
CODE = "{code}"
BOARD = "{board}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFacts:
    """All that wording may know. Moments are aware UTC; templates say them in London time. ``head`` and ``foot`` are
    the authority's own lines in its mails.

    The last block belongs to single messages: ``answer_by`` invite, update, deputy, chase, supervisor, senior ·
    ``was`` update (the time it had, None when only the place changed) · ``withdrawn`` cancel (this invitation alone,
    rather than the whole discussion), ``still_asked`` (another one to the same address stands) · ``answer``,
    ``attendee`` confirmation, deputy · ``title`` supervisor, senior (the rung's) · ``asked_others`` senior (people
    between the desk and this rung were asked) · ``refused`` supervisor, senior, convener (why nobody can come, in the
    policy's coded words alone) · ``reason_by`` absence, and ``others_came`` (its agency was there in another role) ·
    ``news`` convener · ``owner``, ``due_at`` action · ``staff_role`` staff-invite, action (to our own, who find what it
    is behind sign-in) · ``in_calendar`` cancel, misdirected (this mail takes the entry out of the calendar) ·
    ``at_once`` invite, staff-invite (it is held this minute: ``dial_in`` is how to join, without it they are rung on
    ``ring_on``) · ``offered`` update (they offered the new time) · ``reply`` the texts of invite, update, chase,
    supervisor (the number this phone answers with; None where nobody reads a reply, and then none is asked for) ·
    ``outcome_only`` record (they are told the outcome and have no more of it), ``added`` record (to what was signed) ·
    ``board`` the mails of invite, update, chase (the desk has a board of its own, to which they lead too) ·
    ``dial_in`` reminder, started too, ``pressed`` started (somebody pressed Start) · ``lost``, ``near``, ``sectors``
    course (it will not be quorate, or is only at risk; it begins soon; who is missing) · ``overdue`` action-due.
    """

    council: str
    council_in_full: str
    call_back: str
    reference: str
    head: str | None = None
    foot: str | None = None
    starts_at: datetime
    ends_at: datetime
    needed_from: datetime
    needed_until: datetime
    mode: Mode
    sector: Sector
    convener: str
    urgent: bool
    now: datetime

    answer_by: datetime | None = None
    was: datetime | None = None
    offered: bool = False
    withdrawn: bool = False
    still_asked: bool = False
    answer: InvitationState | None = None
    attendee: str | None = None
    title: str | None = None
    asked_others: bool = False
    refused: str | None = None
    reason_by: datetime | None = None
    others_came: bool = False
    news: News | None = None
    owner: str | None = None
    due_at: datetime | None = None
    staff_role: str | None = None
    in_calendar: bool = False
    at_once: bool = False
    dial_in: str | None = None
    ring_on: str | None = None
    reply: int | None = None
    outcome_only: bool = False
    added: bool = False
    board: bool = False
    pressed: bool = False
    lost: bool = False
    near: bool = False
    sectors: str = ""
    overdue: bool = False

    @property
    def partly(self) -> bool:
        """Whether this agency is needed for a part of the time only."""
        return (self.needed_from, self.needed_until) != (self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """All that a notice to our own people may know, about what has no invitation: it is read behind sign-in.

    ``by`` handover, handed-back, edt-given (who) · ``count`` handover (how many at once), morning-list (that night) ·
    ``taken_over`` handed-back (rather than declined) · ``asks_for``, ``soon`` partner-asks · ``act_by`` edt-given ·
    ``minutes`` edt-unaccepted · ``unaccepted`` morning-list, which is about no one contact: no ``reference`` ·
    ``undecided``, ``unheld``, ``due_at``, ``late`` still-waiting (not decided, or booked and not held; by when)
    · ``others`` still-waiting (this one mail speaks for several).
    """

    council: str
    council_in_full: str
    call_back: str
    reference: str
    head: str | None = None
    foot: str | None = None

    by: str | None = None
    count: int = 1
    taken_over: bool = False
    asks_for: AskFor | None = None
    soon: AskSoon | None = None
    act_by: datetime | None = None
    minutes: int = 0
    unaccepted: int = 0
    undecided: bool = False
    unheld: bool = False
    due_at: datetime | None = None
    late: bool = False
    others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """All that wording may know when a desk or a person is asked about their directory entry.

    ``who`` is the person's name, None for a desk; ``desk`` the desk's, None for a person.
    """

    council: str
    council_in_full: str
    call_back: str
    agency: str
    who: str | None
    desk: str | None
    head: str | None = None
    foot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """All that the answer to a text may know. ``reply`` is the number it was about.

    ``letter``, ``answer`` and ``attendee`` recorded (as it stands now), ``deputy_asked`` (somebody else is to
    come, and who), ``explained`` (a reason is known) · ``closed`` closed (why it takes no answer).
    """

    council: str
    call_back: str
    reference: str
    needed_from: datetime
    starts_at: datetime
    started_at: datetime | None
    now: datetime
    reply: int

    letter: str = "A"
    answer: InvitationState | None = None
    attendee: str | None = None
    deputy_asked: bool = False
    explained: bool = False
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A message's final words but for the link. ``sms`` is GSM-7 where that loses nothing."""

    subject: str
    text: str
    html: str
    sms: str


def facts(invitation: Invitation, now: datetime, **extra: Any) -> InvitationFacts:
    """What wording may know about an invitation, and what this message says besides.

    Raises TypeError for an extra fact nobody has provided for: that is how a child's data would come in.
    """
    discussion = invitation.discussion
    typed: dict[str, Any] = {name: plain(value) if type(value) is str else value for name, value in extra.items()}
    return InvitationFacts(
        council=plain(discussion.authority.short_name),
        council_in_full=plain(discussion.authority.name),
        call_back=display_phone(discussion.authority.phone),
        reference=discussion.reference,
        **own_lines(discussion.authority),
        starts_at=discussion.starts_at,
        ends_at=discussion.ends_at,
        needed_from=invitation.needed[0],
        needed_until=invitation.needed[1],
        mode=discussion.mode,
        sector=invitation.sector,
        convener=plain(discussion.convener.full_name),
        urgent=discussion.urgent,
        now=now,
        **typed,
    )


def notice_facts(about: Contact | PartnerRequest | Authority, **extra: Any) -> NoticeFacts:
    """What a notice may know about its subject. Raises TypeError for a fact nobody has provided for."""
    typed: dict[str, Any] = {name: plain(value) if type(value) is str else value for name, value in extra.items()}
    authority = about if isinstance(about, Authority) else about.authority
    return NoticeFacts(
        council=plain(authority.short_name),
        council_in_full=plain(authority.name),
        call_back=display_phone(authority.phone),
        reference="" if isinstance(about, Authority) else about.reference,
        **own_lines(authority),
        **typed,
    )


def entry_facts(agency: Agency, entry: Desk | Person) -> EntryFacts:
    """What wording may know about a directory entry that is written to for itself."""
    return EntryFacts(
        council=plain(agency.authority.short_name),
        council_in_full=plain(agency.authority.name),
        call_back=display_phone(agency.authority.phone),
        agency=plain(agency.name),
        who=plain(entry.name) if isinstance(entry, Person) else None,
        desk=plain(entry.name) if isinstance(entry, Desk) else None,
        **own_lines(agency.authority),
    )


def words(name: str, known: InvitationFacts | EntryFacts) -> Words:
    """The words of the message of that name. Raises jinja2.TemplateNotFound for a name that has none."""
    return _worded("messages", name, known)


def notice(name: str, known: NoticeFacts) -> Words:
    """The words of the notice of that name. Raises jinja2.TemplateNotFound for a name that has none."""
    return _worded("notices", name, known)


def text(name: str, known: TextFacts) -> str:
    """A text that answers a text, of that name. Raises jinja2.TemplateNotFound for a name that has none."""
    return normalise(environment("texts").get_template(f"{name}.txt").render(f=known).strip())


def text_facts(invitation: Invitation, now: datetime, reply: int, **extra: Any) -> TextFacts:
    """What the answer to a text about an invitation may know. Raises TypeError for a fact nobody has provided for."""
    discussion = invitation.discussion
    return TextFacts(
        council=plain(discussion.authority.short_name),
        call_back=display_phone(discussion.authority.phone),
        reference=discussion.reference,
        needed_from=invitation.needed[0],
        starts_at=discussion.starts_at,
        started_at=discussion.started_at,
        now=now,
        reply=reply,
        **extra,
    )


def _worded(folder: str, name: str, known: InvitationFacts | EntryFacts | NoticeFacts) -> Words:
    def rendered(part: str) -> str:
        return environment(folder).get_template(f"{name}/{part}").render(f=known).strip()

    return Words(
        subject=" ".join(rendered("subject.txt").split()),
        text=between(known.head, rendered("email.txt"), known.foot),
        html=rendered("email.html") + "\n",
        sms=normalise(rendered("sms.txt")),
    )


@cache
def environment(folder: str) -> Environment:
    """Where the templates of a folder of words are read, with what they may use."""
    found = Environment(
        loader=PackageLoader("strategy", f"templates/{folder}"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
    )
    found.filters.update(clock=dates.clock, day=dates.day, full=dates.full, short=dates.short, brief=dates.brief)
    found.filters.update(texted=dates.texted, said=said_name)
    found.globals.update(link=LINK, code=CODE, board=BOARD)
    return found
