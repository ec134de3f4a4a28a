"""Proves receipts and failover end to end: the running product, both text providers, callbacks over HTTP."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import select

from strategy.db import db, transaction
from strategy.models import Message
from strategy.vocabulary import MessageChannel, MessageState, Via
from tests.convened import convene
from tests.notifications.notify_server import CALLBACK_TOKEN, KEY, SMS_ID, NotifyServer
from tests.system import people
from tests.system.post import awaited
from tests.system.product import Product, Providers


@pytest.fixture
def notify() -> Iterator[NotifyServer]:
    server = NotifyServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def product(installed: Callable[..., Product], notify: NotifyServer) -> Product:
    """One that sends texts by Twilio, else by Notify, with a discussion booked."""
    made = installed(
        STRATEGY_SMS_CHANNEL="twilio,govuk-notify",
        NOTIFY_API_KEY=KEY,
        NOTIFY_SMS_TEMPLATE_ID=SMS_ID,
        NOTIFY_CALLBACK_TOKEN=CALLBACK_TOKEN,
        NOTIFY_API_URL=notify.base_url,
    )
    with people.inside(made), transaction("tests", Via.COMMAND_LINE) as act:
        convene(people.cast(), act.at, act.at + timedelta(hours=3))
    return made


def test_twilio_reports_a_text_to_the_address_it_was_given(
    product: Product, providers: Providers, notify: NotifyServer
) -> None:
    product.run()
    awaited(lambda: providers.twilio.forms)
    reported = providers.twilio.callback("delivered")
    assert reported.url.startswith(f"{product.url}/webhooks/twilio/status/m")
    assert reported.post() == 204
    assert _states(product, "twilio:")[MessageState.DELIVERED] == 1
    assert notify.taken == []


def test_notify_takes_over_when_twilio_is_down_and_reports(
    product: Product, providers: Providers, notify: NotifyServer
) -> None:
    providers.twilio.fail_with = (503, None, {})
    product.run()
    awaited(lambda: notify.taken)
    assert _post(product, notify) == 204
    assert _states(product, "govuk-notify:")[MessageState.DELIVERED] == 1
    assert "+4477" not in product.log


def _states(product: Product, provider: str) -> dict[MessageState, int]:
    """How many texts that provider took are in which state."""
    texts = select(Message).where(Message.channel == MessageChannel.SMS, Message.reference.startswith(provider))
    with people.inside(product):
        found = [message.state for message in db.session.scalars(texts)]
    return {state: found.count(state) for state in MessageState}


def _post(product: Product, notify: NotifyServer) -> int:
    receipt = notify.callback("delivered")  # said, since the cast has numbers that Notify fails on purpose
    assert receipt is not None
    headers = receipt.headers | {"Content-Type": "application/json"}
    request = Request(f"{product.url}/webhooks/notify", json.dumps(receipt.body).encode(), headers)
    with urlopen(request, timeout=5) as answer:
        status: int = answer.status
        return status
