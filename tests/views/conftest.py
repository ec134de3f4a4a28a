"""Holds what tests of pages may ask for."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from strategy.commands import holding
from strategy.db import begin_writing, db, transaction
from strategy.limits import limiter
from strategy.models import Discussion, User
from strategy.vocabulary import MessageChannel, Via
from tests.booked import STARTS, at, booked
from tests.browser import Browser
from tests.cast import Cast
from tests.commands.stories import waiting_child
from tests.convened import LATER, convene, send_everything
from tests.views.drafting import DRAFT
from tests.views.stepping import link
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


@pytest.fixture
def identified(convened: int) -> None:
    """All that partners search by is known of the child."""
    limiter.reset()
    with transaction("tests", Via.COMMAND_LINE):
        child = db.session.get_one(Discussion, convened).contact.children[0]
        child.aliases, child.born, child.nhs_number = "Robin Oldname", "2019-11-26", "943 476 5919"
        child.addresses = "1 Sample Street\n2 Former Road"
        child.contact.household = "Kit Zebedee, father"


@pytest.fixture
def mailed(convened: int) -> str:
    """The link as the police desk's mail carries it."""
    return link(convened, MessageChannel.EMAIL)
