"""Two workers at once: every message goes out once, every step is taken once, and nobody waits in a circle."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from notifications.channel import Sent
from notifications.memory import MemoryChannel
from notifications.messages import Message as Spoken
from notifications.registry import Registry
from strategy import worker
from strategy.commands import answers, claiming
from strategy.commands.answers import Reply
from strategy.db import db, transaction
from strategy.models import Chase, ChaseStep, Discussion, Heartbeat, Invitation, Message
from strategy.vocabulary import LADDERS, MessageState, Response, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, convene, invited, link_act

WORKERS = 3


class SlowChannel(MemoryChannel):
    """Takes its time, so that the workers are at it together."""

    def send(self, message: Spoken) -> Sent:
        time.sleep(0.01)
        return super().send(message)


@pytest.fixture
def mails() -> MemoryChannel:
    """Where the emails go, slowly."""
    return SlowChannel()


@pytest.fixture
def texts() -> MemoryChannel:
    """Where the texts go, slowly."""
    return SlowChannel()


def together(app: Flask, *jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs at the same moment, each in a thread and an application context of its own; what each gave."""
    barrier, results, errors = threading.Barrier(len(jobs)), [], []

    def run(job: Callable[[], Any]) -> None:
        with app.app_context():
            try:
                barrier.wait(10)
                results.append(job())
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors, errors
    assert len(results) == len(jobs)
    return results


@pytest.fixture
def many(cast: Cast) -> list[int]:
    """Several discussions booked and committed: enough for every worker."""
    with transaction("tests", Via.COMMAND_LINE):
        return [convene(cast, case=f"CASE-{number}").id for number in range(4)]


def test_wild_17_workers_at_once_send_nothing_twice_and_leave_nothing(
    app: Flask, many: list[int], channels: Registry, mails: MemoryChannel, texts: MemoryChannel
) -> None:
    queued = {message.id for message in db.session.scalars(select(Message))}
    db.session.rollback()
    for turn in range(4):  # each phone takes one text a minute
        moment = BOOKED_AT + timedelta(minutes=3 * turn)
        together(app, *[lambda at=moment: worker.tick(channels, at) for _ in range(WORKERS)])
        counted = Counter(text.to for text in texts.sent)
        assert max(counted.values()) == turn + 1
    sent = Counter(message.id for message in (*mails.sent, *texts.sent))
    assert set(sent.values()) == {1}
    assert len(sent) == len(queued)
    db.session.rollback()
    assert {message.state for message in db.session.scalars(select(Message))} == {MessageState.SENT}
    assert {message.attempt for message in db.session.scalars(select(Message))} == {1}


class HeldUp(MemoryChannel):
    """Takes so long over its first message that another worker takes up all that waits behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] | None = None

    def send(self, message: Spoken) -> Sent:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return super().send(message)


def test_what_waits_behind_a_slow_provider_goes_out_from_another_worker_and_once(many: list[int]) -> None:
    mails, texts = HeldUp(), MemoryChannel()
    channels = Registry(email=mails, sms=texts)
    mails.meanwhile = lambda: worker.tick(channels, BOOKED_AT + claiming.TURN + timedelta(seconds=1))
    worker.tick(channels, BOOKED_AT)
    sent = Counter(message.id for message in (*mails.sent, *texts.sent))
    assert set(sent.values()) == {1}
    assert len(sent) == db.session.query(Message).filter(Message.waits_for.is_(None)).count()


def test_wild_17_workers_at_once_climb_each_rung_once(
    app: Flask, many: list[int], channels: Registry, texts: MemoryChannel
) -> None:
    worker.tick(channels, BOOKED_AT)
    for hour, minute in ((13, 30), (14, 10), (14, 50)):
        moment = datetime(2026, 11, 27, hour, minute, tzinfo=UTC)
        together(app, *[lambda at=moment: worker.tick(channels, at) for _ in range(WORKERS)])
    db.session.rollback()
    steps = Counter(
        (step.invitation_id, step.discussion_id, step.step, step.rung) for step in db.session.scalars(select(ChaseStep))
    )
    assert steps and set(steps.values()) == {1}
    sergeant = db.session.scalars(select(Message).where(Message.address == "+447700900011")).all()
    assert len(sergeant) == len(many)
    assert Counter(text.to for text in texts.sent)["+447700900011"] == 2  # a text a minute, and two rounds came by
    assert len(db.session.scalars(select(Heartbeat)).all()) == 1


def test_an_answer_given_while_the_chase_climbs_leaves_one_clean_result(
    app: Flask, many: list[int], channels: Registry
) -> None:
    worker.tick(channels, BOOKED_AT)
    moment = datetime(2026, 11, 27, 13, 30, tzinfo=UTC)
    ids = [invited(db.session.get_one(Discussion, number), "police").id for number in many]
    db.session.rollback()

    def answer() -> None:
        for number in ids:
            with transaction("Jo Sample", Via.LINK):
                invitation = db.session.get_one(Invitation, number)
                db.session.refresh(invitation.discussion, with_for_update=True)
                reply = Reply(response=Response.ATTEND, by_name="Jo Sample", by_role="Sergeant")
                answers.answer(invitation, reply, link_act(moment))

    together(app, answer, lambda: worker.tick(channels, moment), lambda: worker.tick(channels, moment))
    db.session.rollback()
    for number in ids:
        assert db.session.scalar(select(Chase).where(Chase.invitation_id == number, Chase.kind.in_(LADDERS))) is None
