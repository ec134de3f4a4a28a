"""A desk's board as administrators keep it: made, sent again, taken back; its link is shown to nobody."""

from collections.abc import Callable
from uuid import uuid4

from flask.testing import FlaskClient

from strategy.db import db
from strategy.models import DeskBoard, Message, User
from strategy.vocabulary import MessageChannel, MessageReason
from tests.browser import markup, plain
from tests.cast import Cast
from tests.views.boarding import link

SignIn = Callable[[User], FlaskClient]


def test_an_administrator_makes_sends_and_takes_back_a_board(cast: Cast, sign_in: SignIn) -> None:
    page, client = f"/directory/desks/{cast.police_desk.id}/board", sign_in(cast.admin)
    assert "answers each invitation by its own link" in plain(client.get(page))
    pressed = {"submission": uuid4().hex}
    assert client.post(f"{page}/make", data=pressed).status_code == 303
    shown = client.get(page)
    assert "Made by Ada Admin" in plain(shown) and "mobile ending 001" in plain(shown)
    assert link_of() not in markup(shown)
    assert client.post(f"{page}/send", data={"submission": uuid4().hex}).status_code == 303
    db.session.rollback()
    assert db.session.query(Message).filter_by(reason=MessageReason.BOARD).count() == 4
    assert client.post(f"{page}/revoke", data={"submission": uuid4().hex}).status_code == 303
    db.session.rollback()
    assert db.session.query(DeskBoard).one().revoked_by == "Ada Admin"
    refused = client.post(f"{page}/revoke", data={"submission": uuid4().hex})
    assert "This desk has no board" in plain(refused)


def test_nobody_else_may(cast: Cast, sign_in: SignIn) -> None:
    page = f"/directory/desks/{cast.police_desk.id}/board"
    assert sign_in(cast.chair).get(page).status_code == 403
    assert sign_in(cast.chair).post(f"{page}/make", data={"submission": uuid4().hex}).status_code == 403
    assert db.session.query(DeskBoard).count() == 0


def link_of() -> str:
    return link(MessageChannel.EMAIL).removeprefix("/b/")
