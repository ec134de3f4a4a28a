"""Answers what a list of open contacts would do if it were brought in now, and whether one that was can be undone."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, or_, select
from sqlalchemy.orm import joinedload

from strategy import sheets
from strategy.db import Base, db
from strategy.keys import keys
from strategy.models import (
    Chase,
    ChaseStep,
    Child,
    Contact,
    ContactFacts,
    ContactImport,
    Event,
    Handover,
    ImportedContact,
    Message,
    PolicyVersion,
    User,
)
from strategy.policy import parsed
from strategy.queries import handovers
from strategy.queries.waiting import OPEN
from strategy.restrictions import COUNTED, hidden
from strategy.rules import contact_sheet
from strategy.rules.contact_sheet import CONCERNS, DECIDED, RECEIVED, WORKER, Duplicate, Entry, Problem, Reading
from strategy.rules.policy import Policy
from strategy.vocabulary import HandoverState, ImportState

# What hangs from a contact from its first moment, and is taken away with it.
GO_WITH_IT = frozenset(
    model.__tablename__ for model in (ImportedContact, Handover, ContactFacts, Event, Child, Message, Chase, ChaseStep)
)
_AT_ONCE = 400  # values in one IN: SQLite and PostgreSQL both take more


@dataclass(frozen=True, slots=True)
class Match:
    """A row about a contact that is here already. ``differs`` names the columns in which the two differ."""

    entry: Entry
    contact: Contact
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing the list in would do at this moment. ``seen`` changes whenever any of it does.

    Only ``added`` become contacts: what is here already is changed by people, on its own page. A case whose contact is
    closed to whoever reads the plan stands among ``added`` like any other (decision 0019): ``closed_to_reader``.
    """

    added: tuple[Entry, ...]
    unchanged: tuple[Match, ...]
    changed: tuple[Match, ...]
    closed: tuple[Match, ...]
    duplicates: tuple[Duplicate, ...]
    refused: tuple[Problem, ...]
    unused: tuple[str, ...]
    workers: Mapping[str, User]

    @property
    def seen(self) -> str:
        """A fingerprint of what a person was shown, to be sent back when they confirm it."""
        matched = [
            (one.entry.row, one.contact.id, one.contact.revision, one.differs)
            for one in (*self.unchanged, *self.changed, *self.closed)
        ]
        whole = repr((self.added, matched, self.duplicates, self.refused, sorted(self.workers)))
        return sha256(whole.encode()).hexdigest()


def written(policy: Policy) -> dict[str, str]:
    """What may be written in the concerns column, in lower case, and the code it means."""
    found: dict[str, str] = {}
    for target in policy.concerns:
        for words in (target.code, target.short, target.label):
            found.setdefault(" ".join(words.casefold().split()), target.code)
    return found


def read_file(data: bytes, filename: str, version: PolicyVersion, now: datetime) -> Reading:
    """What a file says, its concerns in the words of a policy. Raises sheets.Unreadable or WrongHeading."""
    sheet = sheets.read(data, filename)
    rows = [(row.number, row.cells) for row in sheet.rows]
    return contact_sheet.read(sheet.header, rows, written(parsed(version.text)), now)


def stored(reading: Reading) -> str:
    """A reading as it is kept until somebody decides on it."""
    return json.dumps(asdict(reading), default=datetime.isoformat)


def reading(source: ContactImport) -> Reading:
    """What was kept of a list. Raises LookupError when it is gone: confirmed, dropped, or a day old."""
    if source.entries is None:
        raise LookupError("what the list said is not kept any more")
    kept = json.loads(source.entries)
    return Reading(
        entries=tuple(_entry(one) for one in kept["entries"]),
        problems=tuple(Problem(**one) for one in kept["problems"]),
        duplicates=tuple(Duplicate(**one) for one in kept["duplicates"]),
        unused=tuple(kept["unused"]),
    )


def plan(source: ContactImport) -> Plan:
    """What it would do now; three queries for any list of some hundred rows. Raises LookupError when it is gone."""
    read = reading(source)
    staff = {user.email.lower(): user for user in handovers.workers(source.authority_id)}
    wanted = {entry.worker_email for entry in read.entries if entry.worker_email}
    strangers = [
        Problem(entry.row, WORKER, "is nobody's who works here as a social worker or manager")
        for entry in read.entries
        if entry.worker_email and entry.worker_email not in staff
    ]
    odd = {problem.row for problem in strangers}
    sorted_out = _sorted_out([entry for entry in read.entries if entry.row not in odd], source.authority_id)
    return Plan(
        **sorted_out,
        duplicates=read.duplicates,
        refused=tuple(sorted((*read.problems, *strangers), key=lambda one: one.row)),
        unused=read.unused,
        workers={address: staff[address] for address in wanted if address in staff},
    )


def closed_to_reader(plan: Plan, authority_id: int) -> dict[int, Match]:
    """Rows of ``added``, by number, whose contact is here after all, and closed to whoever reads the plan.

    For the command alone: no page may show which these are.
    """
    matched = _sorted_out(plan.added, authority_id, counted=True)
    found: list[Match] = [*matched["unchanged"], *matched["changed"], *matched["closed"]]
    return {one.entry.row: one for one in found}


def touched(source: ContactImport) -> Sequence[Contact]:
    """Contacts of an import that something was done to since: it cannot be undone while there are any.

    Every one, also those closed to whoever reads: they stand in the way all the same, but are not to be named.
    """
    mine = select(ImportedContact.contact_id).where(ImportedContact.import_id == source.id)
    given = select(Handover.contact_id).where(Handover.contact_id.in_(mine), Handover.state != HandoverState.GIVEN)
    changed = (
        select(ImportedContact.contact_id)
        .join(ImportedContact.contact)
        .where(ImportedContact.import_id == source.id, ImportedContact.revision != Contact.revision)
    )
    work = (given, changed, *(select(column).where(column.in_(mine)) for column in _work()))
    found = select(Contact).where(or_(*(Contact.id.in_(one) for one in work))).order_by(Contact.id)
    return db.session.scalars(found.execution_options(**COUNTED)).all()


def nameable(contacts: Iterable[Contact], user_id: int | None) -> list[Contact]:
    """Those of them whose references that person may read."""
    closed = set() if user_id is None else hidden(user_id)
    return [one for one in contacts if one.id not in closed]


def _work() -> Iterator[Column[Any]]:
    """Every column by which anything points at a contact, but for what came with it and goes with it."""
    for table in Base.metadata.tables.values():
        if table.name not in GO_WITH_IT:
            yield from (key.parent for key in table.foreign_keys if key.column is Contact.__table__.c.id)


def lately(authority_id: int) -> Sequence[ContactImport]:
    """The last lists that were brought in or wait to be, the newest first."""
    return db.session.scalars(
        select(ContactImport)
        .where(ContactImport.authority_id == authority_id, ContactImport.state != ImportState.DROPPED)
        .options(joinedload(ContactImport.user))
        .order_by(ContactImport.id.desc())
        .limit(10)
    ).all()


def _sorted_out(entries: Sequence[Entry], authority_id: int, *, counted: bool = False) -> dict[str, Any]:
    """Each entry under what would become of it: an open contact on its case wins over a closed one.

    ``counted``: contacts closed to the reader are seen as well.
    """
    found: dict[str, list[Any]] = {"added": [], "unchanged": [], "changed": [], "closed": []}
    known = _known(authority_id, (keys().blind(entry.case_reference) for entry in entries), counted)
    for entry in entries:
        here = known.get(keys().blind(entry.case_reference), [])
        contact = next((one for one in here if one.state in OPEN), None)
        # The case system may keep open what was held or closed here: the same arrival is the same contact.
        ended = next((one for one in here if _same_moment(one.received_at, entry.received_at)), None)
        if contact is not None:
            differs = _differs(entry, contact)
            found["changed" if differs else "unchanged"].append(Match(entry, contact, differs))
        elif ended is not None:
            found["closed"].append(Match(entry, ended, ()))
        else:
            found["added"].append(entry)
    return {name: tuple(rows) for name, rows in found.items()}


def _known(authority_id: int, indexes: Iterable[str], counted: bool) -> dict[str, list[Contact]]:
    """The contacts on those cases, the newest first."""
    wanted, found = list(indexes), defaultdict[str, list[Contact]](list)
    for start in range(0, len(wanted), _AT_ONCE):
        rows = db.session.scalars(
            select(Contact)
            .where(Contact.authority_id == authority_id, Contact.case_index.in_(wanted[start : start + _AT_ONCE]))
            .order_by(Contact.id.desc())
            .execution_options(**(COUNTED if counted else {}))
        )
        for contact in rows:
            found[contact.case_index].append(contact)
    return found


def _differs(entry: Entry, contact: Contact) -> tuple[str, ...]:
    """The columns that say something else than we do; an empty one says nothing."""
    pairs = (
        (RECEIVED, not _same_moment(entry.received_at, contact.received_at)),
        (DECIDED, entry.decided_at is not None and not _same_moment(entry.decided_at, contact.decided_at)),
        (CONCERNS, bool(entry.concerns) and set(entry.concerns) != set(contact.concerns)),
    )
    return tuple(column for column, other in pairs if other)


def _same_moment(one: datetime, other: datetime | None) -> bool:
    """To the minute: case systems keep no seconds."""
    return other is not None and one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def _entry(kept: dict[str, Any]) -> Entry:
    decided = kept["decided_at"]
    return Entry(
        **{
            **kept,
            "received_at": datetime.fromisoformat(kept["received_at"]),
            "decided_at": datetime.fromisoformat(decided) if decided else None,
            "concerns": tuple(kept["concerns"]),
        }
    )
