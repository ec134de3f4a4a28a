"""Proves that a kill loses no message and two workers send none twice, with real processes. No page is looked at."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode
from urllib.request import urlopen
from uuid import uuid4

from sqlalchemy import Select, select, update

from strategy.clock import now
from strategy.db import db, transaction
from strategy.keys import keys
from strategy.models import Heartbeat, Message
from strategy.vocabulary import MessageChannel, MessageState, Via
from tests.convened import convene, invited
from tests.postgres import Postgres
from tests.system import people
from tests.system.post import awaited, mails, texts
from tests.system.product import Product, Providers


def test_every_message_arrives_when_the_process_is_killed_between_commit_and_sending(
    installed: Callable[..., Product], providers: Providers
) -> None:
    product = installed()
    running = product.pages()  # nobody sends here: what is committed waits for whoever does
    link = _book(product, 1)
    _answer(product, link)  # the product's own process commits this, and with it a confirmation and the chair's news
    owed = _outbox(product)
    assert not mails(providers) and not texts(providers)
    product.kill(running)
    product.run()
    _until_sent(product)
    assert _arrived(providers) == owed


def test_every_message_arrives_when_the_process_is_killed_in_the_middle_of_sending(
    installed: Callable[..., Product], providers: Providers
) -> None:
    product = installed()
    _book(product, 1)
    owed = _outbox(product)
    providers.mail.mailbox.held = True
    running = product.start("run")
    awaited(lambda: providers.mail.mailbox.waiting)
    product.kill(running)
    providers.mail.mailbox.held = False
    with people.inside(product), transaction("tests", Via.COMMAND_LINE):
        # What the dead process held is free again after some minutes; the test does not sit them out.
        held = update(Message).where(Message.state == MessageState.SENDING)
        db.session.execute(held.values(lease_until=now() - timedelta(seconds=1)))
    product.run()
    _until_sent(product)
    assert set(_arrived(providers)) == set(owed)
    assert (_arrived(providers) - owed).total() <= 1  # at least once: only the one under way may come twice


def test_two_workers_at_once_send_every_message_exactly_once(
    installed: Callable[..., Product], providers: Providers, postgres: Postgres
) -> None:
    product = installed(DATABASE_URL=postgres.database("two-workers"))
    providers.mail.mailbox.seconds_each = 0.03  # long enough for the two to meet over the same queue
    for _ in range(2):
        product.start("worker")
    awaited(lambda: _workers(product) == 2, 60)
    _book(product, 8)
    owed = _outbox(product)
    assert owed.total() >= 60
    _until_sent(product, MessageChannel.EMAIL)  # of texts a phone gets one a minute
    time.sleep(3)  # three more ticks of each
    arrived = _arrived(providers)
    assert _mailed(arrived) == _mailed(owed)
    assert not arrived - owed, "something went out twice"
    assert len(providers.mail.mailbox.peers) > 1, "only one of the two workers sent anything"


def _book(product: Product, discussions: int) -> str:
    """Book so many discussions in three hours' time; the link of police to the last of them."""
    with people.inside(product), transaction("tests", Via.COMMAND_LINE) as act:
        for number in range(discussions):
            discussion = convene(people.cast(), act.at, act.at + timedelta(hours=3), f"CASE-{number}")
        police = invited(discussion, "police")
        return f"{product.url}/a/{keys().token(police.id, police.generation)}"


def _answer(product: Product, link: str) -> None:
    form = {"by_name": "Jo Sample", "by_role": "Detective constable", "response": "attend", "submission": uuid4().hex}
    with urlopen(link, urlencode(form).encode()) as response:
        assert "Recorded: Jo Sample" in response.read().decode()


def _outbox(product: Product) -> Counter[tuple[str, str]]:
    """What lies in the outbox or went out, by channel and address."""
    with people.inside(product):
        found = db.session.scalars(select(Message)).all()
        return Counter((message.channel.value, message.address) for message in found)


def _arrived(providers: Providers) -> Counter[tuple[str, str]]:
    by_mail = ((MessageChannel.EMAIL.value, mail.to) for mail in mails(providers))
    by_text = ((MessageChannel.SMS.value, form["To"]) for form in list(providers.twilio.forms))
    return Counter([*by_mail, *by_text])


def _mailed(counted: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    return Counter({one: times for one, times in counted.items() if one[0] == MessageChannel.EMAIL.value})


def _until_sent(product: Product, *channels: MessageChannel) -> None:
    """Until all has gone out by these channels, or by any."""
    with people.inside(product):
        waiting = select(Message.id).where(Message.state != MessageState.SENT)
        waiting = waiting.where(Message.channel.in_(channels or tuple(MessageChannel)))
        awaited(lambda: _none_left(waiting), 60)


def _none_left(waiting: Select[int]) -> bool:
    db.session.rollback()
    return db.session.scalar(waiting.limit(1)) is None


def _workers(product: Product) -> int:
    with people.inside(product):
        return len(db.session.scalars(select(Heartbeat)).all())
