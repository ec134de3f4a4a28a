"""Measures the outbox: messages a second through claim, calendar, mail and SMTP, against a bare loop.

The bare loop builds the same mail (text, HTML, calendar entry) with EmailMessage and icalendar and hands it to the same
server over one kept connection; it notes nothing and would lose what it holds. Also: from commit to handed over for one
message, and the first mail with 10,000 due. On SQLite, then with more workers on PostgreSQL.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, update

from benchmarks import _bare_loop
from benchmarks._application import application
from notifications import mime
from notifications.memory import MemoryChannel
from notifications.registry import Registry
from notifications.smtp import Security, SmtpChannel, SmtpSettings
from strategy import scheduler, waking, worker
from strategy.clock import now
from strategy.db import db, transaction
from strategy.models import Message
from strategy.queries.outgoing import outgoing
from strategy.vocabulary import MessageChannel, MessageReason, MessageState, Via
from strategy.worker import speaking
from tests.cast import make_cast
from tests.convened import convene
from tests.notifications.faulty_mail_server import FaultyServer
from tests.postgres import Postgres

DISCUSSIONS, MESSAGES, ROUND, FLOOD, SINGLES = 25, 600, 100, 10_000, 8
_FORK = get_context("forkserver")


def main() -> None:
    """Run every measurement; the last line says the one that counts."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _server() as port:
        app = _application(f"sqlite:///{folder}/bench.db", folder)
        with app.app_context():
            _fill(MESSAGES)
            mails = _mails()
        building = _building(app)
        bare, ours = _side_by_side(app, mails, port)
        _say(f"a bare loop: {1 / bare:.0f} a second ({bare * 1000:.2f} ms each)")
        _say(f"through the outbox, one worker, SQLite: {1 / ours:.0f} a second ({ours * 1000:.2f} ms each)")
        _say(f"building a mail: {building * 1000:.2f} ms of it; bare: {_bare_loop.built(mails) * 1000:.2f} ms")
        first, one = _flooded(app, port), _single(app, port)
        _say(f"first mail with {FLOOD:,} due: {first * 1000:.0f} ms; commit to handed over: {one * 1000:.0f} ms")
        many = _more_workers(folder, port)
        for workers, rate in many.items():
            _say(f"through the outbox, {workers} worker(s), PostgreSQL: {rate:.0f} a second, {rate * bare:.2f} x")
    words = f"{MESSAGES} mails through the outbox, one worker, {1 / ours:.0f} a second; first of {FLOOD:,} in"
    words += f" {first * 1000:.0f} ms; commit to handed over {one * 1000:.0f} ms"
    _say(f"outbox: {bare / ours:.2f} x BARE-LOOP ({words})")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _serve(pipe: "Connection[Any, Any]") -> None:
    with FaultyServer() as server:
        pipe.send(server.port)
        pipe.recv()


@contextmanager
def _server() -> Iterator[int]:
    """The mail server, in a process of its own: what it costs is nobody's here."""
    ours, theirs = _FORK.Pipe()
    process = _FORK.Process(target=_serve, args=(theirs,))
    process.start()
    yield ours.recv()
    ours.send(None)
    process.join(10)


def _application(url: str, folder: str) -> Flask:
    app = application(url, folder)
    with app.app_context(), transaction("bench", Via.COMMAND_LINE) as act:
        cast = make_cast(act)
        for number in range(DISCUSSIONS):
            convene(cast, act.at, act.at + timedelta(days=2), f"CASE-{number}")
    return app


def _fill(messages: int) -> None:
    """So many invitations by mail due now: those of the discussions, again and again. Nothing else is due."""
    with transaction("bench", Via.COMMAND_LINE) as act:
        sent = {"state": MessageState.VOIDED, "ended_at": act.at}
        db.session.execute(update(Message).where(Message.state == MessageState.QUEUED).values(sent))
        asked = select(Message).where(Message.reason == MessageReason.INVITE, Message.channel == MessageChannel.EMAIL)
        models = db.session.scalars(asked.order_by(Message.id).limit(5 * DISCUSSIONS)).all()
        columns = [column.key for column in Message.__table__.columns if column.key not in ("id", "ended_at")]
        rows = [{name: getattr(one, name) for name in columns} for one in models]
        start = db.session.scalar(select(func.max(Message.id))) or 0
        fresh = {"state": MessageState.QUEUED, "attempt": 0, "lease_until": None, "sent_at": None, "not_before": act.at}
        values = [
            rows[number % len(rows)] | fresh | {"dedupe_key": f"bench/{start + number}"} for number in range(messages)
        ]
        if values:
            db.session.execute(insert(Message), values)


def _channels(port: int) -> Registry:
    settings = SmtpSettings("127.0.0.1", "exampleshire.example", port, Security.NONE)
    return Registry(email=SmtpChannel(settings, now), sms=MemoryChannel())


def _side_by_side(app: Flask, mails: list[dict[str, Any]], port: int) -> tuple[float, float]:
    """Seconds a message, bare and through the outbox, in turns of a hundred: the best of each, whatever else runs."""
    bare, ours = [], []
    for turn in range(0, MESSAGES, ROUND):
        bare.append(_bare_loop.sent(mails[turn : turn + ROUND], port))
        ours.append(_through(app, port))
    return min(bare), min(ours)


def _through(app: Flask, port: int) -> float:
    """Seconds a message, one worker sending a round of what is due."""
    with app.app_context(), _channels(port) as channels:
        started = time.perf_counter()
        done = worker.send(channels, now, ROUND // 20)
        assert done is not None and done["sent"] == ROUND, f"{done} of {ROUND} went out"
        return (time.perf_counter() - started) / ROUND


def _flooded(app: Flask, port: int) -> float:
    """Seconds until the first mail is handed over and noted, with FLOOD due."""
    with app.app_context(), _channels(port) as channels:
        _fill(FLOOD)
        timed = _Timed(channels)
        started = time.perf_counter()
        worker.send(timed.registry, now)
        return timed.first - started


class _Timed(MemoryChannel):
    """Passes mails on and notes when the first had gone."""

    def __init__(self, channels: Registry) -> None:
        super().__init__()
        self.channels, self.first, self.registry = channels, 0.0, Registry(email=self, sms=channels.sms)

    def send(self, message: Any) -> Any:
        sent = self.channels.email.send(message)
        self.first = self.first or time.perf_counter()
        return sent


def _single(app: Flask, port: int) -> float:
    """Seconds from the commit of one message to its being handed over, the product running: the median of a few."""
    found = []
    with app.app_context():
        _fill(0)
    with _channels(port) as channels:
        timed = _Timed(channels)
        with scheduler.running(app, timed.registry, 5):
            for _ in range(SINGLES):
                time.sleep(0.7)
                timed.first = 0.0
                with app.app_context():
                    found.append(_one(timed))
    return median(found)


def _one(timed: _Timed) -> float:
    with transaction("bench", Via.COMMAND_LINE) as act:
        model = db.session.scalars(select(Message).where(Message.dedupe_key.startswith("bench/")).limit(1)).one()
        columns = [column.key for column in Message.__table__.columns if column.key != "id"]
        values = {name: getattr(model, name) for name in columns}
        fresh = {"state": MessageState.QUEUED, "attempt": 0, "not_before": act.at, "dedupe_key": f"bench-one/{act.at}"}
        db.session.add(Message(**values | fresh))
        waking.queued()
    committed = time.perf_counter()
    while not timed.first:
        time.sleep(0.001)
    return timed.first - committed


def _mails() -> list[dict[str, Any]]:
    """What the bare loop is given: words and facts as plain values, as a list in memory would hold them."""
    due = select(Message).where(Message.state == MessageState.QUEUED).order_by(Message.id)
    found = []
    for message in db.session.scalars(due):
        plain = outgoing(message)
        assert plain.calendar is not None
        found.append({"plain": plain, "link": f"https://sd.example{plain.path}", "entry": plain.calendar})
    db.session.rollback()
    return found


def _building(app: Flask) -> float:
    """Seconds a mail, as the outbox builds it from the claimed values to the bytes that are sent."""
    with app.app_context():
        plains = [mail["plain"] for mail in _mails()]
        started = time.perf_counter()
        for plain in plains:
            mime.to_bytes(speaking.email(plain, now()), "exampleshire.example", now())
        return (time.perf_counter() - started) / len(plains)


def _more_workers(folder: str, port: int) -> dict[int, float]:
    """Messages a second by how many workers send them, each a process, on PostgreSQL."""
    place = Path(folder) / "postgres"
    Path(folder).chmod(0o755)
    place.mkdir(mode=0o755)
    postgres, found = Postgres(place), {}
    try:
        app = _application(postgres.database("bench"), folder)
        for workers in (1, 2):
            with app.app_context():
                _fill(MESSAGES)
                db.session.remove()
                db.engine.dispose()
            found[workers] = _rate(workers, app.config["SQLALCHEMY_DATABASE_URI"], folder, port)
    finally:
        postgres.stop()
    return found


def _rate(workers: int, url: str, folder: str, port: int) -> float:
    ready, go = _FORK.Semaphore(0), _FORK.Event()
    processes = [_FORK.Process(target=_work, args=(url, folder, port, ready, go)) for _ in range(workers)]
    for process in processes:
        process.start()
    for _ in processes:
        ready.acquire()
    started = time.perf_counter()
    go.set()
    for process in processes:
        process.join()
    return MESSAGES / (time.perf_counter() - started)


def _work(url: str, folder: str, port: int, ready: Any, go: Any) -> None:
    app = application(url, folder, tables=False)
    with app.app_context(), _channels(port) as channels:
        worker.send(channels, now)  # connected and warm
        ready.release()
        go.wait()
        while (done := worker.send(channels, now, 50)) is not None and any(done.values()):
            pass


if __name__ == "__main__":
    main()
