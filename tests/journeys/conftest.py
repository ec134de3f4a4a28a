"""Holds what the journeys share: somebody to walk the pages, time to move, and the worker to come round."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from strategy.limits import limiter
from strategy.models import User
from tests.cast import Cast
from tests.journeys.story import Story

NOW = "2026-11-27T12:50:00+00:00"  # a Friday in winter: London is UTC


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The moment it is, moved by hand."""
    with time_machine.travel(datetime.fromisoformat(NOW), tick=False) as traveller:
        yield traveller


@pytest.fixture
def story(clock: time_machine.Traveller, app: Flask, cast: Cast, sign_in: Callable[[User], FlaskClient]) -> Story:
    """The cast, on a Friday at 12:50pm; nobody has knocked yet."""
    limiter.reset()
    return Story(app, cast, clock, sign_in)
