"""Holds what opening a desk board is made of, for tests of it."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from strategy.commands import board_links
from strategy.db import db, transaction
from strategy.models import Desk, Message
from strategy.queries.outgoing import outgoing
from strategy.vocabulary import MessageChannel, MessageReason, MessageState, Via
from tests.browser import markup
from tests.cast import Cast

WHO = {"by_name": "Jo Duty", "by_role": "Detective Constable"}


def boarded(cast: Cast) -> str:
    """Give the police desk a board; its link as the desk's mail carries it."""
    with transaction("tests", Via.COMMAND_LINE) as act:
        board_links.make(db.session.get_one(Desk, cast.police_desk.id), act)
    return link(MessageChannel.EMAIL)


def link(channel: MessageChannel) -> str:
    """The board's link by that channel."""
    db.session.rollback()
    asked = select(Message).where(Message.reason == MessageReason.BOARD, Message.channel == channel)
    return outgoing(db.session.scalars(asked.order_by(Message.id.desc()).limit(1)).one()).path


def code() -> str:
    """The code that waits to go out."""
    db.session.rollback()
    waiting = select(Message).where(Message.reason == MessageReason.BOARD_CODE, Message.state == MessageState.QUEUED)
    return outgoing(db.session.scalars(waiting.order_by(Message.id.desc()).limit(1)).one()).code


def asked(browser: FlaskClient, address: str, **who: str) -> TestResponse:
    """Ask for a code by the first way offered."""
    ways = re.findall(r'name="way"[^>]*value="([^"]+)"', markup(browser.get(f"{address}/open")))
    return browser.post(f"{address}/open", data=WHO | who | {"way": ways[0] if ways else "none"})


def opened(browser: FlaskClient, address: str, **who: str) -> TestResponse:
    """Take the whole way in, and the board."""
    asked(browser, address, **who)
    done = browser.post(f"{address}/code", data={"code": code()})
    assert done.status_code == 303 and done.location == address, markup(done)
    return browser.get(address)


def row(invitation_id: int, **said: str) -> dict[str, str]:
    """What one row is filled in with."""
    return {f"m{invitation_id}-{name}": value for name, value in ({"after": "0"} | said).items()}
