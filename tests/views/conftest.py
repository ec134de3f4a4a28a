"""Holds what tests of pages may ask for."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from strategy.commands import holding
from strategy.db import begin_writing, db, transaction
from strategy.models import Discussion, User
from strategy.vocabulary import Via
from tests.booked import STARTS, at, booked
from tests.browser import Browser
from tests.cast import Cast
from tests.commands.stories import waiting_child
from tests.convened import LATER, convene, send_everything
from tests.views.drafting import DRAFT
from tests.views.table import NOW
from tests.walking import Walker


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


@pytest.fixture
def at_the_table() -> Iterator[None]:
    """It is ten minutes after the start."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def running(at_the_table: None, cast: Cast) -> Discussion:
    """A discussion that started ten minutes ago."""
    begin_writing()
    discussion = booked(cast)
    holding.start(discussion, at(STARTS, cast))
    db.session.commit()
    return discussion


@pytest.fixture
def chair(running: Discussion, cast: Cast, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    """The browser of the chair of that discussion."""
    return sign_in(cast.chair)


@pytest.fixture
def drafting(cast: Cast, sign_in: Callable[[User], FlaskClient]) -> Walker:
    """An administrator with a draft from version 1."""
    client = sign_in(cast.admin)
    client.post(f"{DRAFT}/from/{cast.policy.id}", data={"submission": uuid4().hex})
    return Walker(client)


@pytest.fixture
def browser(cast: Cast, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    """The social worker's browser."""
    return sign_in(cast.social_worker)


@pytest.fixture
def contact_id(cast: Cast) -> int:
    """A child who waits: decided, and nothing booked."""
    with transaction("Sam Worker", Via.STAFF) as act:
        return waiting_child(cast, act).id
