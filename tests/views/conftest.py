"""Holds what tests of pages may ask for."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from strategy.db import transaction
from strategy.vocabulary import Via
from tests.browser import Browser
from tests.cast import Cast
from tests.convened import LATER, convene, send_everything


@pytest.fixture
def browsers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ``client`` and ``sign_in`` give browsers whose every request stands alone."""
    monkeypatch.setattr(app, "test_client_class", Browser)


@pytest.fixture
def convened(browsers: None, cast: Cast) -> Iterator[int]:
    """A discussion at 3:30pm, booked and sent at 12:50pm; it is 1:10pm now. Its id."""
    with transaction("tests", Via.COMMAND_LINE):
        discussion_id = convene(cast).id
        send_everything()
    with time_machine.travel(LATER, tick=False):
        yield discussion_id
