"""Holds what tests of the worker share: channels that keep what they are given, and a committed discussion."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from notifications.memory import MemoryChannel
from notifications.registry import Registry
from strategy import worker
from strategy.db import db, transaction
from strategy.models import Discussion
from strategy.vocabulary import Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, convene


@pytest.fixture
def mails() -> MemoryChannel:
    """Where the emails go."""
    return MemoryChannel()


@pytest.fixture
def texts() -> MemoryChannel:
    """Where the texts go."""
    return MemoryChannel()


@pytest.fixture
def channels(mails: MemoryChannel, texts: MemoryChannel) -> Registry:
    """Both channels."""
    return Registry(email=mails, sms=texts)


@pytest.fixture
def discussion(cast: Cast) -> Discussion:
    """Friday 27 November 2026 at 3:30pm, booked at 12:50pm, committed and not yet told to anybody."""
    with transaction("tests", Via.COMMAND_LINE):
        found = convene(cast)
        number = found.id
    return db.session.get_one(Discussion, number)


@pytest.fixture
def tick(app: Flask, channels: Registry) -> Callable[[datetime], dict[str, Any]]:
    """One tick at that moment; rows read before are forgotten."""

    def once(at: datetime = BOOKED_AT) -> dict[str, Any]:
        done = worker.tick(channels, at)
        db.session.rollback()
        return done

    return once
