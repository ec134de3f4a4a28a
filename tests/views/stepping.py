"""Holds what taking the second step behind a partner's link is made of, for tests of it."""

import re
from datetime import datetime, timedelta

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from strategy.db import db
from strategy.models import Message
from strategy.queries.outgoing import outgoing
from strategy.vocabulary import (
    MessageChannel,
    MessageReason,
    MessageState,
)
from tests.browser import markup
from tests.convened import LATER
from tests.views.answering import police_of

WHO = {"by_name": "Jo Sample", "by_role": "Detective Constable"}
CHILD = "Robin Zebedee"


def link(convened: int, channel: MessageChannel) -> str:
    """The address the worker would write into the invitation by that channel."""
    found = db.session.scalars(
        select(Message).where(
            Message.invitation_id == police_of(convened).id,
            Message.channel == channel,
            Message.reason == MessageReason.INVITE,
        )
    ).one()
    return outgoing(found).path


def ways(page: TestResponse) -> list[str]:
    return re.findall(r'name="way"[^>]*value="([^"]+)"', markup(page))


def ask(browser: FlaskClient, address: str, at: timedelta = timedelta()) -> TestResponse:
    """Ask for a code by the first way offered."""
    with time_machine.travel(LATER + at, tick=False):
        offered = ways(browser.get(f"{address}/who"))
        return browser.post(f"{address}/who", data=WHO | {"way": offered[0]})


def sent() -> Message:
    """The code message that waits to go out."""
    db.session.rollback()
    waiting = select(Message).where(Message.reason == MessageReason.SECOND_STEP, Message.state == MessageState.QUEUED)
    return db.session.scalars(waiting).one()


def code() -> str:
    return outgoing(sent()).code


def wrong() -> str:
    return f"{(int(code()) + 1) % 1_000_000:06d}"


def opened(browser: FlaskClient, address: str) -> TestResponse:
    """Take the whole step, and the page it opens."""
    ask(browser, address)
    done = browser.post(f"{address}/code", data={"code": code()})
    assert done.status_code == 303 and done.location == f"{address}/about", markup(done)
    return browser.get(f"{address}/about")


def opened_at(browser: FlaskClient, address: str, now: datetime) -> TestResponse:
    """The same at another moment than the tests of answers take place."""
    ask(browser, address, now - LATER)
    with time_machine.travel(now, tick=False):
        assert browser.post(f"{address}/code", data={"code": code()}).status_code == 303
        return browser.get(f"{address}/about")
