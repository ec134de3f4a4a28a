"""Measures the tick: what a thousand due steps cost among a million invitations, against the same among ten thousand.

Also: how late steps are when a hundred fall due each second and two workers chase on PostgreSQL; and that the question
for what is due walks its index on both databases. Messages are queued, as a tick does; sending is bench-outbox's.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Update, delete, select, text, update

from benchmarks import _many
from benchmarks._application import application
from notifications.memory import MemoryChannel
from notifications.registry import Registry
from strategy import worker
from strategy.clock import now
from strategy.db import db, transaction
from strategy.models import Chase, Discussion, Invitation
from strategy.queries import chasing
from strategy.vocabulary import Attendance, ChaseKind, DiscussionState, InvitationState, Via
from tests.cast import make_cast
from tests.convened import convene, send_everything
from tests.postgres import Postgres

SMALL, LARGE, DUE, ROUNDS = 10_000, 1_000_000, 1_000, 2
OPEN_SHARE = 0.02  # of all discussions: those still to come, chased but not due
RATE, SECONDS, WORKERS, TICK_SECONDS = 100, 30, 2, 5
_FORK = get_context("forkserver")


@dataclass
class Filled:
    """A database of so many invitations. ``models``: contact and discussion that the due, open and closed ones copy."""

    app: Flask
    models: dict[str, tuple[int, int]]
    made: Counter[str] = field(default_factory=Counter)

    def more(self, kind: str, number: int) -> None:
        """So many discussions more of that kind."""
        with transaction("bench", Via.COMMAND_LINE):
            _many.copy(*self.models[kind], self.made[kind] + 1, self.made[kind] + number)
        self.made[kind] += number


def main() -> None:
    """Run every measurement; the last line says the one that counts."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _postgres(folder) as postgres:
        _say(f"SQLite finds what is due by: {_plan(application(f'sqlite:///{folder}/bench.db', folder))}")
        small = _filled(application(postgres.database("small"), folder), SMALL)
        large = _filled(application(postgres.database("large"), folder), LARGE)
        _say(f"PostgreSQL finds what is due among {LARGE:,} by: {_plan(large.app)}")
        idle = [_ticked(filled.app, 0) * 1000 for filled in (small, large)]
        _say(f"a tick with nothing due: {idle[0]:.0f} ms among {SMALL:,}, {idle[1]:.0f} ms among {LARGE:,}")
        few, many = _in_turns(small, large)
        late = _lateness(large, folder)
        said = f"p99 {late[-len(late) // 100 - 1]:.1f} s late at {RATE} due a second, {WORKERS} workers"
        _say(f"{len(late):,} steps fell due in {SECONDS} s: half {late[len(late) // 2]:.1f} s late at most, {said}")
        words = f"{DUE:,} due steps among {LARGE:,} invitations {many:.1f} s, among {SMALL:,} {few:.1f} s; {said}"
        _say(f"tick: {few / many:.2f} x AMONG-{SMALL} ({words})")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


@contextmanager
def _postgres(folder: str) -> Iterator[Postgres]:
    place = Path(folder) / "postgres"
    Path(folder).chmod(0o755)
    place.mkdir(mode=0o755)
    server = Postgres(place)
    try:
        yield server
    finally:
        server.stop()


def _filled(app: Flask, invitations: int) -> Filled:
    """Closed ones, and some that are open and not due: one of each kind is booked, the others are its copies."""
    with app.app_context():
        with transaction("bench", Via.COMMAND_LINE) as act:
            cast, booked = make_cast(act), act.at - timedelta(hours=3)
            starts = {"due": act.at + timedelta(hours=3), "open": act.at + timedelta(days=2), "closed": act.at}
            first = {kind: convene(cast, booked, at, f"CASE-{kind}") for kind, at in starts.items()}
            send_everything(booked)
            _close(first["closed"])
            db.session.execute(_chases(first["due"]).values(due_at=act.at + timedelta(days=1)))
            each = len(first["due"].invitations)
            filled = Filled(app, {kind: (one.contact_id, one.id) for kind, one in first.items()})
        open_ = int(invitations // each * OPEN_SHARE)
        filled.more("open", open_)
        filled.more("closed", invitations // each - open_)
        _many.settle()
    return filled


def _chases(discussion: Discussion) -> Update:
    asked = select(Invitation.id).where(Invitation.discussion_id == discussion.id)
    return update(Chase).where(Chase.invitation_id.in_(asked.scalar_subquery()))


def _close(discussion: Discussion) -> None:
    """As if it had been held with everybody there."""
    discussion.state, discussion.started_at, discussion.ended_at = (
        DiscussionState.HELD,
        discussion.starts_at,
        discussion.ends_at,
    )
    for one in discussion.invitations:
        one.state, one.attendance, one.named_at = InvitationState.COMING, Attendance.ATTENDED, one.invited_at
    ids = [one.id for one in discussion.invitations]
    db.session.flush()
    db.session.execute(delete(Chase).where(Chase.invitation_id.in_(ids)))


def _in_turns(small: Filled, large: Filled) -> tuple[float, float]:
    """Seconds for DUE steps in each, in turns: the best of each, whatever else runs."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for filled, times in zip((small, large), found, strict=True):
            _make_due(filled, DUE, spread=timedelta())
            times.append(_ticked(filled.app, DUE))
    return min(found[0]), min(found[1])


def _make_due(filled: Filled, steps: int, spread: timedelta) -> dict[int, datetime]:
    """So many steps more, which fall due from now on, evenly over that time: of which invitation, and when."""
    model = filled.models["due"][1]
    with filled.app.app_context():
        asked = select(Chase.invitation_id).join(Chase.invitation).where(Invitation.discussion_id == model)
        laddered = db.session.scalars(asked.where(Chase.kind == ChaseKind.BEFORE))
        ids, first = [one for one in laddered if one is not None], filled.made["due"] + 1
        filled.more("due", steps // len(ids))
        _many.settle()
        rows = select(Chase.id, Chase.invitation_id).where(Chase.kind == ChaseKind.BEFORE)
        rows = rows.where(_many.among(Chase.__table__.c.invitation_id, ids, first, filled.made["due"]))
        found, begins = db.session.execute(rows.order_by(Chase.invitation_id)).all(), now()
        times = [begins + spread * (place / len(found)) for place in range(len(found))]
        due = [{"id": row.id, "due_at": at} for row, at in zip(found, times, strict=True)]
        with transaction("bench", Via.COMMAND_LINE):
            db.session.execute(update(Chase), due)
        return {row.invitation_id: at for row, at in zip(found, times, strict=True)}


def _ticked(app: Flask, steps: int) -> float:
    """Seconds until that many steps are done, ticking as long as it takes; of one tick, where none are due."""
    channels, done = Registry(email=MemoryChannel(), sms=MemoryChannel()), 0
    with app.app_context():
        started = time.perf_counter()
        while True:
            done += worker.tick(channels, now(), sends=False)["climbed"]
            if done >= steps:
                return time.perf_counter() - started


def _plan(app: Flask) -> str:
    """How the database says it would find what is due."""
    with app.app_context():
        asked = chasing.due_rows(now(), 500).compile(db.engine, compile_kwargs={"literal_binds": True})
        lite = db.engine.dialect.name == "sqlite"
        rows = db.session.execute(text(f"EXPLAIN {'QUERY PLAN ' if lite else ''}{asked}")).all()
        db.session.rollback()
        return " / ".join(str(row[-1]).strip() for row in rows)


def _lateness(filled: Filled, folder: str) -> list[float]:
    """How many seconds late each step was written down, the least late first, while the workers tick by themselves."""
    url = filled.app.config["SQLALCHEMY_DATABASE_URI"]
    with filled.app.app_context():
        stamped = "ALTER TABLE chase_steps ADD COLUMN written_at timestamptz DEFAULT clock_timestamp()"
        with transaction("bench", Via.COMMAND_LINE):
            db.session.execute(text(stamped))
    stop, ready = _FORK.Event(), _FORK.Semaphore(0)
    workers = [_FORK.Process(target=_chase, args=(url, folder, ready, stop)) for _ in range(WORKERS)]
    for process in workers:
        process.start()
        ready.acquire()
    due = _make_due(filled, RATE * SECONDS, timedelta(seconds=SECONDS))
    late = _awaited(filled.app, due)
    stop.set()
    for process in workers:
        process.join()
    return late


def _chase(url: str, folder: str, ready: Any, stop: Any) -> None:
    """One worker, ticking as the product's scheduler makes it."""
    app = application(url, folder, tables=False)
    channels = Registry(email=MemoryChannel(), sms=MemoryChannel())
    with app.app_context():
        worker.tick(channels, now(), sends=False)  # connected and warm
        ready.release()
        while not stop.wait(TICK_SECONDS):
            worker.tick(channels, now(), sends=False)


def _awaited(app: Flask, due: dict[int, datetime]) -> list[float]:
    done = text("SELECT invitation_id, min(written_at) FROM chase_steps WHERE invitation_id = ANY(:ids) GROUP BY 1")
    while True:
        with app.app_context():
            found = db.session.execute(done, {"ids": list(due)}).all()
        if len(found) == len(due):
            return sorted((at - due[invitation_id]).total_seconds() for invitation_id, at in found)
        time.sleep(1)


if __name__ == "__main__":
    main()
