"""Holds linking a diary, changing and unlinking it, and keeping what was read. It reads none itself: the worker does.

What is kept of somebody's diary is when they are busy. A reading counts only while its attempt is the newest, so that
two workers, or a worker and somebody who has just changed the address, do each other no harm.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, func, select, update

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Desk, Diary, Person, User
from strategy.rules import diaries as rules
from strategy.rules.diaries import Span
from strategy.vocabulary import DiaryKind, EventVerb

Judge = Callable[[str], str | None]  # an address: why it is never read, None when it may be

LONGEST_ADDRESS = 2000
# Longer than the slowest reading, so that a diary is not asked twice at once.
LEASE = timedelta(minutes=2)
_LONGEST_PROBLEM = 300


@dataclass(frozen=True, slots=True)
class Link:
    """Where a diary is kept and how to get in, as typed. ``password`` empty keeps the one there is."""

    kind: DiaryKind
    address: str = field(repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A diary that is this worker's to read for LEASE."""

    id: int
    attempt: int
    failures: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a reading brought: busy spans up to ``known_until``, entries left out, and what to ask for news with."""

    spans: Sequence[Span]
    skipped: int
    known_until: datetime
    etag: str | None
    modified: str | None


def link(owner: Desk | Person | User, entry: Link, act: Act, judge: Judge | None = None) -> Diary:
    """Begin to read somebody's diary; the worker does so at its next turn. Raises Refused for what cannot be one.

    ``judge`` is the reader's: what it will refuse by how it is written is refused at once, in its own words.
    """
    address = _address(entry, judge)
    _check_password(entry, entry.password)
    diary = Diary(
        authority_id=owner.authority_id if isinstance(owner, User) else owner.agency.authority_id,
        desk_id=owner.id if isinstance(owner, Desk) else None,
        person_id=owner.id if isinstance(owner, Person) else None,
        user_id=owner.id if isinstance(owner, User) else None,
        kind=entry.kind,
        address=address,
        username=entry.username or None,
        password=entry.password or None,
        linked_by=act.by,
        linked_at=act.at,
        due_at=act.at,
    )
    db.session.add(diary)
    db.session.flush()
    _note(diary, "linked: the worker reads when they are busy", act)
    return diary


def change(diary: Diary, entry: Link, act: Act, judge: Judge | None = None) -> None:
    """Read it from somewhere else, or with another password. What was read before from another place is forgotten."""
    address = _address(entry, judge)
    elsewhere = _server(address) != _server(diary.address)
    if elsewhere and diary.password and entry.username and not entry.password:
        # or whoever may change an address could have a password sent to a server of theirs
        raise Refused("Enter the password again: it is for another server now", "password")
    password = entry.password or (diary.password or "" if entry.username else "")
    _check_password(entry, password)
    moved = (address, entry.kind) != (diary.address, diary.kind)
    if moved:
        diary.spans, diary.skipped, diary.known_until, diary.fetched_at = [], 0, None, None
    diary.kind, diary.address = entry.kind, address
    diary.username, diary.password = entry.username or None, password or None
    diary.etag = diary.modified = diary.problem = None
    diary.failures = 0
    diary.linked_by, diary.linked_at = act.by, act.at
    _note(diary, "read from another place now, and what was read before forgotten" if moved else "changed", act)
    ask(diary, act)


def unlink(diary: Diary, act: Act) -> None:
    """Read it no more, and forget what was read."""
    _note(diary, "unlinked, and what was read forgotten", act)
    db.session.delete(diary)


def ask(diary: Diary, act: Act) -> None:
    """Have it read at the worker's next turn, whatever came of the last; a reading under way no longer counts."""
    diary.due_at, diary.problem = act.at, None
    diary.attempt = Diary.attempt + 1  # the database counts: somebody may have claimed it since it was read here


def claim(act: Act) -> Claimed | None:
    """Take the diary longest due, of somebody who still works there; None when none is due.

    Nothing encrypted is read here: a row no key opens must not keep all others waiting.
    """
    due = (
        select(Diary.id)
        .where(Diary.due_at <= act.at, *_in_use())
        .order_by(Diary.due_at, Diary.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = db.session.execute(
        update(Diary)
        .where(Diary.id.in_(due.scalar_subquery()))
        .values(attempt=Diary.attempt + 1, due_at=act.at + LEASE, tried_at=act.at)
        .returning(Diary.id, Diary.attempt, Diary.failures)
        .execution_options(synchronize_session=False)
    ).first()
    return None if taken is None else Claimed(*taken)


def keep(claimed: Claimed, found: Found, next_at: datetime, act: Act) -> bool:
    """Keep what was read; False, changing nothing, when the diary was changed or claimed again meanwhile."""
    spans = [[int(begins.timestamp()), int(ends.timestamp())] for begins, ends in rules.merged(found.spans)]
    return _settle(
        claimed,
        spans=spans,
        skipped=found.skipped,
        known_until=found.known_until,
        etag=found.etag,
        modified=found.modified,
        fetched_at=act.at,
        due_at=next_at,
        failures=0,
        problem=None,
    )


def keep_unchanged(claimed: Claimed, next_at: datetime, act: Act) -> bool:
    """Note that the server says nothing changed; False as in ``keep``."""
    return _settle(claimed, fetched_at=act.at, due_at=next_at, failures=0, problem=None)


def fail(claimed: Claimed, problem: str, wait: timedelta, act: Act) -> bool:
    """Note why it could not be read, and try again later; what was read before stays, and shows as stale."""
    return _settle(claimed, due_at=act.at + wait, failures=claimed.failures + 1, problem=problem[:_LONGEST_PROBLEM])


def _settle(claimed: Claimed, **values: object) -> bool:
    settled = db.session.execute(
        update(Diary)
        .where(Diary.id == claimed.id, Diary.attempt == claimed.attempt)
        .values(**values)
        .returning(Diary.id)
        .execution_options(synchronize_session=False)
    )
    return settled.first() is not None


def _note(diary: Diary, what: str, act: Act) -> None:
    """Write on the trail of whose it is what was done; never the address, which alone lets anybody read it."""
    source = diary.desk or diary.person
    agency = source.agency if source is not None else None
    facts = {name: value for name in ("desk_id", "person_id") if (value := getattr(diary, name)) is not None}
    text = f"Diary of {diary.owner} {what}"
    events.add(EventVerb.DIARY_CHANGED, text, act, agency=agency, authority=diary.authority, facts=facts)


def _in_use() -> list[ColumnElement[bool]]:
    """Conditions: whoever it belongs to is still in the directory, or still signs in."""
    gone = (
        (Diary.desk_id, select(Desk.id).where(Desk.active.is_(False))),
        (Diary.person_id, select(Person.id).where(Person.active.is_(False))),
        (Diary.user_id, select(User.id).where(User.__table__.c.active.is_(False))),
    )
    return [func.coalesce(column, 0).not_in(owners) for column, owners in gone]


def _address(entry: Link, judge: Judge | None) -> str:
    """The address as it is asked. Raises Refused for what is plainly none, or none that is read."""
    given = entry.address.strip()
    address = f"https{given[6:]}" if given[:9].lower() == "webcal://" else given
    try:
        parts = urlsplit(address)
        named = parts.hostname and parts.port != 0
    except ValueError:
        named = False
    if not named or parts.scheme not in ("https", "http"):
        raise Refused("Enter the whole address, beginning with https://", "address")
    if "@" in parts.netloc:
        raise Refused("Enter user name and password in their own boxes, not in the address", "address")
    if len(address) > LONGEST_ADDRESS:
        raise Refused(f"The address must be {LONGEST_ADDRESS:,} characters or fewer", "address")
    if judge is not None and (why := judge(address)):
        raise Refused(why.rstrip("."), "address")
    return address


def _check_password(entry: Link, password: str) -> None:
    if entry.kind is DiaryKind.CALDAV and not entry.username:
        raise Refused("Enter the user name the server knows", "username")
    if entry.username and not password:
        raise Refused("Enter the password", "password")
    if password and not entry.username:
        raise Refused("Enter the user name that belongs to the password", "username")


def _server(address: str) -> str:
    return urlsplit(address).netloc.lower()
