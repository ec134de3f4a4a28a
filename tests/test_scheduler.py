"""The sender is woken by a commit, not by the next tick, and never sends what was not committed."""

import time
from collections.abc import Iterator
from threading import Event as Signal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from notifications.channel import Sent
from notifications.memory import MemoryChannel
from notifications.registry import Registry
from strategy import scheduler, waking
from strategy.act import Act
from strategy.commands import messages
from strategy.db import db, transaction
from strategy.models import Invitation, Message
from strategy.vocabulary import MessageReason, MessageState, Via
from tests.cast import Cast
from tests.convened import convene, invited

AT_MOST = 20.0  # seconds, on the busiest machine: what is asked is that it comes at all before the tick in an hour


class Heard(MemoryChannel):
    """Says when something was handed over."""

    def __init__(self) -> None:
        super().__init__()
        self.signal = Signal()

    def send(self, message: Any) -> Sent:
        sent = super().send(message)
        self.signal.set()
        return sent


@pytest.fixture
def police(cast: Cast) -> int:
    """The invitation of police to a discussion in two days, nothing waiting in the outbox."""
    with transaction("tests", Via.COMMAND_LINE) as act:
        discussion = convene(cast, act.at)
        db.session.execute(update(Message).values(state=MessageState.VOIDED))
        return invited(discussion, "police").id


@pytest.fixture
def mails(app: Flask) -> Iterator[Heard]:
    """Where the emails go while the product runs, its tick an hour away."""
    heard = Heard()
    with scheduler.running(app, Registry(email=heard, sms=MemoryChannel()), 3600):
        yield heard


def ask(police: int, act: Act) -> None:
    desk = messages.Recipient("MASH desk", "mash@police.example", None)
    invitation = db.session.get_one(Invitation, police)
    messages.queue("chase", desk, invitation, MessageReason.CHASE, act, key="now")


def test_a_committed_message_goes_out_long_before_the_next_tick(police: int, mails: Heard) -> None:
    with transaction("tests", Via.STAFF) as act:
        ask(police, act)
    assert mails.signal.wait(AT_MOST)


def test_what_another_process_queued_is_found_without_a_bell(
    police: int, mails: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "queued", lambda: None)
    with transaction("tests", Via.STAFF) as act:
        ask(police, act)
    assert mails.signal.wait(AT_MOST)


def test_nothing_rings_before_the_commit_and_nothing_after_a_rollback(police: int) -> None:
    waking.wait(0)
    with pytest.raises(LookupError), transaction("tests", Via.STAFF) as act:
        ask(police, act)
        with db.session.begin_nested():
            pass
        assert not waking.wait(0), "a savepoint is no commit"
        raise LookupError
    with transaction("tests", Via.STAFF):
        pass
    assert not waking.wait(0)
    with transaction("tests", Via.STAFF) as act:
        ask(police, act)
    assert waking.wait(0)


def test_what_waited_while_nothing_ran_goes_out_when_it_starts(police: int, app: Flask) -> None:
    with transaction("tests", Via.STAFF) as act:
        ask(police, act)
    heard = Heard()
    with scheduler.running(app, Registry(email=heard, sms=MemoryChannel()), 3600):
        assert heard.signal.wait(AT_MOST)
        until = time.monotonic() + AT_MOST
        while not _settled() and time.monotonic() < until:
            time.sleep(0.01)
    assert _settled()


def _settled() -> bool:
    db.session.rollback()
    return db.session.query(Message).filter_by(name="chase").one().state is MessageState.SENT
