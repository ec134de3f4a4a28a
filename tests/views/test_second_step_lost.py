"""A code that does not arrive: the page says so and offers another way, and a person of ours is asked to ring."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.commands import sending
from strategy.commands.sending import Outcome
from strategy.commands.turns import Turns
from strategy.db import db, transaction
from strategy.models import CallTask, Event, Invitation, Message, User
from strategy.vocabulary import CallState, EventVerb, MessageChannel, MessageReason, MessageState, Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import LATER
from tests.views.answering import police_id, police_of
from tests.views.stepping import WHO, ask, code, link, sent, ways

pytestmark = pytest.mark.usefixtures("identified")


@pytest.fixture
def texted(convened: int) -> str:
    """The link as the police desk's text carries it: codes go by mail."""
    return link(convened, MessageChannel.SMS)


def _comes_back(message_id: int) -> None:
    """It is taken over by the channel, and then reported as not delivered."""
    with transaction("The worker", Via.WORKER) as act:
        message = db.session.get_one(Message, message_id)
        message.state, message.attempt = MessageState.SENDING, 1
        sending.settle(message_id, 1, Outcome(state=MessageState.SENT, awaits_receipt=True), act)
    with transaction("The worker", Via.WORKER) as act:
        sending.report(message_id, MessageState.BOUNCED, "No such phone", act)


def _lose(client: FlaskClient, address: str, at: timedelta = timedelta()) -> None:
    assert ask(client, address, at).status_code == 303
    _comes_back(sent().id)
    db.session.rollback()


def _calls() -> list[CallTask]:
    return db.session.query(CallTask).order_by(CallTask.id).all()


def test_the_page_follows_the_code_and_says_when_it_did_not_arrive(client: FlaskClient, mailed: str) -> None:
    ask(client, mailed)
    page = client.get(f"{mailed}/code")
    assert "On its way by text" in plain(page) and 'hx-trigger="every 5s"' in markup(page)
    _comes_back(sent().id)
    page = client.get(f"{mailed}/code")
    assert "The code did not arrive by text" in plain(page) and "hx-get" not in markup(page)
    assert "01632 960123" in plain(page) and "Have a code sent another way" in plain(page)
    assert "did not arrive by text" in plain(client.get(f"{mailed}/who"))


def test_somebody_of_ours_is_asked_to_ring_at_once_on_a_number_we_know(
    convened: int, client: FlaskClient, texted: str, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    _lose(client, texted)
    call = _calls()[0]
    assert call.whom.startswith("Jo Sample, Detective Constable") and call.number == cast.police_desk.phone
    assert call.for_user_id == cast.social_worker.id
    assert "waiting for a code" in plain(sign_in(cast.social_worker).get("/calls"))
    told = db.session.query(Message).filter_by(reason=MessageReason.CONVENER, name="convener").all()
    assert told and all("did not come" in one.text and one.urgent for one in told)
    lost = db.session.query(Event).filter_by(verb=EventVerb.CODE_LOST).one()
    assert "did not arrive by email" in lost.text and "Zebedee" not in lost.text


def test_a_number_typed_behind_the_link_is_never_rung(convened: int, client: FlaskClient, texted: str) -> None:
    said = WHO | {"response": "deputy", "attendee_name": "Kim", "attendee_contact": "07700 900999"}
    client.post(texted, data=said)
    with transaction("tests", Via.COMMAND_LINE):
        police = db.session.get_one(Invitation, police_id(convened))
        assert police.desk is not None
        police.phone = police.desk.phone = None
    _lose(client, texted)
    assert _calls()[-1].number is None


def test_a_lost_code_keeps_nobody_waiting_and_the_other_way_stands_first(
    convened: int, client: FlaskClient, mailed: str
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        police = db.session.get_one(Invitation, police_id(convened))
        assert police.desk is not None
        police.desk.phone = "+447700900055"
    _lose(client, mailed)
    page = client.get(f"{mailed}/who")
    assert plain(page).index("ending 055") < plain(page).index("(the last code did not arrive there)")
    assert client.post(f"{mailed}/who", data=WHO | {"way": ways(page)[0]}).status_code == 303
    assert sent().address == "+447700900055"


def test_several_lost_codes_ask_for_one_call_and_a_code_that_works_takes_it_away(
    client: FlaskClient, mailed: str
) -> None:
    _lose(client, mailed)
    _lose(client, mailed, timedelta(minutes=2))
    assert [one.state for one in _calls()] == [CallState.OPEN]
    ask(client, mailed, timedelta(minutes=4))
    with time_machine.travel(LATER + timedelta(minutes=5), tick=False):
        assert client.post(f"{mailed}/code", data={"code": code()}).status_code == 303
    db.session.rollback()
    assert [one.state for one in _calls()] == [CallState.VOIDED]


def test_nobody_rings_for_a_code_that_a_newer_one_replaced(convened: int, client: FlaskClient, mailed: str) -> None:
    ask(client, mailed)
    first = sent().id
    with transaction("The worker", Via.WORKER) as act:
        message = db.session.get_one(Message, first)
        message.state, message.attempt = MessageState.SENDING, 1
        sending.settle(first, 1, Outcome(state=MessageState.SENT, awaits_receipt=True), act)
    ask(client, mailed, timedelta(minutes=2))
    with transaction("The worker", Via.WORKER) as act:
        sending.report(first, MessageState.BOUNCED, "No such phone", act)
    assert _calls() == [] and not police_of(convened).undeliverable


def test_a_code_waits_for_no_turn_of_its_phone(client: FlaskClient, mailed: str) -> None:
    ask(client, mailed)
    turns, message = Turns(LATER), sent()
    turns.taken[message.address] = [LATER - timedelta(seconds=10 * number) for number in range(6)]
    turns.written = {(message.address, message.discussion_id)}
    assert turns.free_at(message) is None
    message.reason = MessageReason.CHASE
    assert turns.free_at(message) is not None
