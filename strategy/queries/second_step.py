"""Answers who may take the second step, by which registered channels, and who has seen whom it is about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from notifications.addresses import is_mobile
from strategy.db import db
from strategy.keys import digest, keys
from strategy.models import AccessEntry, Invitation, Person, SecondStep
from strategy.queries import codes, conflicts, reply_codes
from strategy.rules.second_step import CODE_FOR, OPEN_FOR, TRIES, available, masked
from strategy.vocabulary import MessageChannel

PAGES = ("second_step.about", "desk_board.about", "desk_board.pack")


@dataclass(frozen=True, slots=True)
class Way:
    """One registered channel a code can go to. ``key`` stands for it in a form and says nothing; ``words`` mask it.

    ``lost``: the newest code sent there did not arrive.
    """

    key: str
    channel: MessageChannel
    address: str
    words: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One look at who it is about."""

    who: str
    at: datetime


def possible(invitation: Invitation, now: datetime) -> bool:
    """Whether this invitation's people may see it at all. Our own staff sign in instead; nobody implicated may."""
    about = invitation.discussion
    if invitation.user_id is not None or not available(
        invitation.state, about.state, about.ends_at, about.signed_at, now
    ):
        return False
    return not conflicts.closed(invitation)


def ways(invitation: Invitation, came_by: MessageChannel | None) -> list[Way]:
    """The registered channels other than the one the link came by, those that failed last; none where it is not known.

    Registered is what stands in the directory now for whom was asked, and what staff sent this invitation to; for a
    deputy or a cover named by whoever holds the link, only the entry they have in the directory, if they have one.
    """
    if came_by is None:
        return []
    barred, lost = conflicts.of(invitation.discussion.contact), codes.lost_at(invitation)
    found = [one for one in dict.fromkeys(_registered(invitation)) if one[0] is not came_by and not barred.read(one[1])]
    usable = [
        Way(keys().blind(f"way {address}")[:16], channel, address, masked(channel, address), address in lost)
        for channel, address in found
        if channel is MessageChannel.EMAIL or not reply_codes.texts_stopped(address)
    ]
    return sorted(usable, key=lambda way: way.lost)


def waiting(invitation: Invitation, browser: str, now: datetime) -> SecondStep | None:
    """The code this browser asked for last, while it can still be typed."""
    last = _last(invitation, browser)
    stands = last is not None and last.opened_at is None and last.voided_at is None and last.tries < TRIES
    return last if last is not None and stands and now < last.asked_at + CODE_FOR else None


def opened(invitation: Invitation, browser: str, now: datetime) -> SecondStep | None:
    """The step this browser has taken, while what it opened is open: half an hour, for this very link."""
    if not browser or not possible(invitation, now):
        return None
    taken = _asked(invitation, browser).where(
        SecondStep.opened_at > now - OPEN_FOR, SecondStep.opened_at <= now, SecondStep.closed_at.is_(None)
    )
    found = db.session.scalar(taken.order_by(SecondStep.id.desc()).limit(1))
    barred = found is not None and conflicts.of(invitation.discussion.contact).read(found.address)
    return None if barred else found


def looks(invitation_ids: Collection[int], pages: Collection[str] = PAGES) -> Mapping[int, list[Look]]:
    """Who of each invitation's people opened these pages, oldest first; a person once, the first time. One query."""
    seen = select(AccessEntry).where(
        AccessEntry.what == Invitation.__tablename__,
        AccessEntry.page.in_(pages),
        AccessEntry.row_id.in_(invitation_ids),
    )
    found: dict[int, dict[str, Look]] = {}
    for entry in db.session.scalars(seen.order_by(AccessEntry.id)):
        found.setdefault(entry.row_id, {}).setdefault(entry.who, Look(entry.who, entry.at))
    return {row_id: list(lines.values()) for row_id, lines in found.items()}


def _asked(invitation: Invitation, browser: str) -> Select[SecondStep]:
    return select(SecondStep).where(
        SecondStep.invitation_id == invitation.id,
        SecondStep.generation == invitation.generation,
        SecondStep.browser_hash == digest(browser),
    )


def _last(invitation: Invitation, browser: str) -> SecondStep | None:
    if not browser:
        return None
    return db.session.scalar(_asked(invitation, browser).order_by(SecondStep.id.desc()).limit(1))


def _registered(invitation: Invitation) -> list[tuple[MessageChannel, str]]:
    """Texts first: a phone is in somebody's hand."""
    own = (None, None) if invitation.covered else (invitation.email, invitation.phone)
    entry = invitation.person or invitation.desk
    standing = (entry.email, entry.phone) if entry is not None and entry.active else (None, None)
    reached = [own, standing, *((one.email, one.phone) for one in _known(invitation))]
    texts = [(MessageChannel.SMS, phone) for _, phone in reached if phone and is_mobile(phone)]
    return texts + [(MessageChannel.EMAIL, email) for email, _ in reached if email]


def _known(invitation: Invitation) -> list[Person]:
    """Entries in use of the same agency that stand behind an address somebody else typed: a deputy's, a cover's."""
    typed = [invitation.attendee_contact, *((invitation.email, invitation.phone) if invitation.covered else ())]
    given = [one for one in typed if one]
    if invitation.agency_id is None or not given:
        return []
    people = select(Person).where(
        Person.agency_id == invitation.agency_id,
        Person.active,
        or_(Person.email.in_(given), Person.phone.in_(given)),
    )
    return list(db.session.scalars(people.order_by(Person.id)))
