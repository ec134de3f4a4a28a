"""An agency says that the child is not theirs: only once it was shown who the child is, and to the convener alone."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.db import db
from strategy.limits import limiter
from strategy.models import Answer, Chase, Message, User
from strategy.queries import discussions
from strategy.vocabulary import InvitationState, MessageChannel, MessageReason, MessageState
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import LATER
from tests.views.answering import police_id, police_of
from tests.views.stepping import WHO, link, opened

REASON = {"reason": "Not known under any of these names"}


@pytest.fixture
def mailed(convened: int) -> str:
    limiter.reset()
    return link(convened, MessageChannel.EMAIL)


def test_nobody_says_so_before_the_second_step(client: FlaskClient, mailed: str) -> None:
    assert "Not our child" not in plain(client.get(mailed))
    client.post(mailed, data=WHO | REASON | {"response": "not-ours"})
    assert client.post(f"{mailed}/not-ours", data=REASON).location == f"{mailed}/who"
    assert db.session.query(Answer).count() == 0


def test_it_goes_to_the_convener_and_stops_the_ladder_while_the_need_stays_open(
    convened: int, client: FlaskClient, mailed: str, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    opened(client, mailed)
    assert "Say how you know" in markup(client.post(f"{mailed}/not-ours", data={}))
    assert client.post(f"{mailed}/not-ours", data=REASON).location == mailed
    assert "Recorded: this child is not your agency" in plain(client.get(mailed))
    police = police_of(convened)
    assert police.state is InvitationState.NOT_OURS
    due = select(Chase.due_at).where(Chase.invitation_id == police.id)
    assert [one for one in db.session.scalars(due) if one] == []
    told = db.session.scalars(select(Message).where(Message.state == MessageState.QUEUED)).all()
    assert {one.reason for one in told} == {MessageReason.CONVENER, MessageReason.CONFIRMATION}
    assert {one.address for one in told if one.reason is MessageReason.CONFIRMATION} == {police.email, police.phone}
    assert all("names" not in one.text for one in told)
    assert "police" in [need.code for need in discussions.sheet(convened, LATER).outlook.lacking]
    page = plain(sign_in(cast.social_worker).get(f"/discussions/{convened}"))
    assert "Not our child" in page and "Not known under any of these names" in page


def test_the_convener_may_say_that_it_is_theirs_and_the_ladder_goes_on(
    convened: int, client: FlaskClient, mailed: str, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    opened(client, mailed)
    client.post(f"{mailed}/not-ours", data=REASON)
    worker = sign_in(cast.social_worker)
    assert "Ask again: it is theirs" in plain(worker.get(f"/discussions/{convened}"))
    assert worker.post(f"/invitations/{police_id(convened)}/resend", data={}).status_code == 303
    police = police_of(convened)
    assert police.state is InvitationState.INVITED
    assert db.session.scalars(select(Chase.due_at).where(Chase.invitation_id == police.id)).first() is not None
