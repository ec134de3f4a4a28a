"""Holds what tests of commands share: a write transaction around the test, and a convened discussion."""

from collections.abc import Iterator

import pytest

from strategy.commands import holding
from strategy.db import transaction
from strategy.models import Discussion
from strategy.vocabulary import Via
from tests.booked import STARTS, at, booked
from tests.cast import Cast
from tests.convened import convene


@pytest.fixture
def writing(cast: Cast) -> Iterator[None]:
    """The one write transaction a command would find itself in."""
    with transaction("tests", Via.COMMAND_LINE):
        yield


@pytest.fixture
def discussion(writing: None, cast: Cast) -> Discussion:
    """A discussion on Friday 27 November 2026 at 3:30pm, booked at 12:50pm."""
    return convene(cast)


@pytest.fixture
def running(cast: Cast, writing: None) -> Discussion:
    """A discussion that started on time."""
    found = booked(cast)
    holding.start(found, at(STARTS, cast))
    return found
