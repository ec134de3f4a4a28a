"""Holds the workers of the torture test, each a process, and the outbox they work off. No assertion.

Their clock runs fast, so that leases lapse and waits end within the test: the code that reads it is the product's own.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, update

from config import read
from notifications.memory import MemoryChannel
from notifications.registry import Registry
from notifications.smtp import Security, SmtpChannel, SmtpSettings
from strategy import worker
from strategy.app import create_app
from strategy.clock import now
from strategy.db import Base, db, transaction
from strategy.models import Desk, Message, Person, User
from strategy.vocabulary import MessageChannel, MessageReason, MessageState, Via
from tests.cast import make_cast
from tests.convened import convene

FASTER = 30  # a lease of seven minutes lapses after fourteen seconds
_FORK = get_context("forkserver")
_FORK.set_forkserver_preload(["tests.system.torturing"])


class Workers:
    """Some workers on one database and one mail server. ``replace`` kills one without notice and starts another."""

    def __init__(self, settings: Mapping[str, str], port: int, began: datetime, count: int) -> None:
        self._args = (dict(settings), port, began)
        self.killed = 0
        self._running = [self._start() for _ in range(count)]

    def _start(self) -> Any:
        process = _FORK.Process(target=_work, args=self._args, daemon=True)
        process.start()
        return process

    def replace(self, which: int) -> None:
        """kill -9: no handler runs, nothing is tidied up."""
        process = self._running[which]
        process.kill()
        process.join(10)
        self.killed += 1
        self._running[which] = self._start()

    def stop(self) -> None:
        """End them all, as they come."""
        for process in self._running:
            process.terminate()
            process.join(10)


def fast(began: datetime) -> Callable[[], datetime]:
    """A clock that has run FASTER times as fast since then; the same in every process."""
    return lambda: began + (datetime.now(UTC) - began) * FASTER


def _work(settings: dict[str, str], port: int, began: datetime) -> None:
    app, clock = create_app(read(settings)), fast(began)
    mail = SmtpChannel(SmtpSettings("127.0.0.1", "exampleshire.example", port, Security.NONE), now)
    with app.app_context(), Registry(email=mail, sms=MemoryChannel()) as channels:
        while True:
            try:
                worker.tick(channels, clock(), sends=False)
                for _ in range(5):
                    if worker.send(channels, clock) is None:
                        time.sleep(0.1)
            except Exception:  # as the scheduler has it: the next round tries again
                db.session.rollback()


@contextmanager
def filled(settings: Mapping[str, str], began: datetime, messages: int) -> Iterator[Flask]:
    """An application whose outbox holds so many invitations by mail: those of a few discussions, again and again."""
    app = create_app(read(settings))
    with app.app_context():
        with transaction("tests", Via.COMMAND_LINE) as act:
            Base.metadata.create_all(db.session.connection())
            cast = make_cast(act)
            db.session.flush()
            for model, phone in ((User, "mobile"), (Desk, "phone"), (Person, "phone")):
                db.session.execute(update(model).values({phone: None}))  # texts would wait their turns for an hour
            db.session.expire_all()
            for number in range(20):
                convene(cast, began, began + timedelta(days=2), f"CASE-{number}")
        with transaction("tests", Via.COMMAND_LINE):
            _multiply(messages)
        yield app
        db.session.remove()
        db.engine.dispose()


def _multiply(messages: int) -> None:
    asked = select(Message).where(Message.reason == MessageReason.INVITE, Message.channel == MessageChannel.EMAIL)
    models = db.session.scalars(asked.order_by(Message.id)).all()
    columns = [column.key for column in Message.__table__.columns if column.key != "id"]
    rows = [{name: getattr(one, name) for name in columns} for one in models]
    more = messages - (db.session.scalar(select(func.count(Message.id))) or 0)
    values = [rows[number % len(rows)] | {"dedupe_key": f"again/{number}"} for number in range(more)]
    db.session.execute(insert(Message), values)


def unsettled() -> int:
    """How many messages have not come to an end."""
    db.session.rollback()
    waiting = (MessageState.QUEUED, MessageState.SENDING)
    return db.session.scalar(select(func.count(Message.id)).where(Message.state.in_(waiting))) or 0
