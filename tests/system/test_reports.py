"""Proves what becomes of what machines answer, with a real Postfix and Dovecot: bounces, delays, automatic replies.

The product sends by Postfix, which pipes what comes back to `strategy receive-mail`.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from strategy.act import Act
from strategy.db import db, transaction
from strategy.models import CallTask, Discussion, Event, Inbound, Invitation, Message
from strategy.vocabulary import (
    EventVerb,
    InboundKind,
    InvitationState,
    MessageChannel,
    MessageReason,
    MessageState,
    Via,
)
from tests.convened import convene, invited
from tests.notifications.faulty_mail_server import FaultyServer, Mood
from tests.system import people
from tests.system.dovecot import Dovecot
from tests.system.post import awaited
from tests.system.postfix import Postfix, why_not
from tests.system.product import SENDER, Product, free_port

POLICE, HEALTH = "mash@police.example", "desk019@health.example"
TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h
_SOON = 120.0  # seconds: each mail brought is a process begun, on a machine that may be busy

pytestmark = pytest.mark.skipif(why_not() is not None, reason=why_not() or "")


@dataclass
class Pipe:
    """What Postfix's pipe runs: `strategy receive-mail` of the installation at hand. ``broken`` has no database."""

    product: Product | None = None
    broken: bool = False
    statuses: list[int] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def take(self, raw: bytes) -> int:
        product = self.product
        if product is None:
            return TRY_AGAIN
        if self.broken:
            nowhere = {"DATABASE_URL": "sqlite:////nowhere/at/all.db"}
            product = Product(product.folder, product.settings | nowhere, product.port)
        status, printed = product.piped(raw, "receive-mail", "--json")
        self.statuses.append(status)
        if status == 0:
            self.lines.append(json.loads(printed))
        return status


@dataclass
class Post:
    """The mail servers: ``next_hop`` is the health partner's own."""

    postfix: Postfix
    dovecot: Dovecot
    next_hop: FaultyServer
    pipe: Pipe


@pytest.fixture(scope="module")
def servers(open_folder: Path) -> Iterator[Post]:
    relay, pipe = free_port(), Pipe()
    for name in ("postfix", "partners"):
        (open_folder / name).mkdir()
    with (
        FaultyServer() as next_hop,
        Dovecot(open_folder / "partners", ["dsl@school.example"], submission=relay) as dovecot,
    ):
        routes = {
            "police.example": f"lmtp:inet:127.0.0.1:{dovecot.lmtp}",
            "school.example": f"lmtp:inet:127.0.0.1:{dovecot.lmtp}",
            "*": f"smtp:[127.0.0.1]:{next_hop.port}",
        }
        dovecot.away("dsl@school.example")
        with Postfix(open_folder / "postfix", routes, SENDER, pipe.take, port=relay) as postfix:
            yield Post(postfix, dovecot, next_hop, pipe)


@pytest.fixture
def post(servers: Post, installed: Callable[..., Product]) -> Iterator[Post]:
    """The servers, with an installation that sends by them and has one convened discussion; nothing is sent yet."""
    product = installed(SMTP_PORT=str(servers.postfix.port), STRATEGY_MAIL_PIPED="yes")
    servers.pipe.product, servers.pipe.broken = product, False
    servers.dovecot.emptied()
    servers.pipe.statuses.clear()
    servers.pipe.lines.clear()
    with people.inside(product), transaction("tests", Via.COMMAND_LINE) as act:
        _convene(act)
    yield servers
    servers.pipe.product = None


def _convene(act: Act) -> None:
    """With desks that no text reaches: what mail does not tell them, a person must."""
    cast = people.cast()
    for desk in (cast.police_desk, cast.health_desk):
        desk.phone = "+441632960101"
    convene(cast, act.at, act.at + timedelta(hours=6))


def send(post: Post, mood: Mood) -> None:
    post.next_hop.mood = lambda: mood
    assert post.pipe.product is not None
    post.pipe.product.command("tick")


def arrived(post: Post, kind: str, count: int) -> list[dict[str, Any]]:
    """That many of a kind, awaited and stored, as the pipe's lines say."""

    def found() -> list[dict[str, Any]]:
        lines = [line for line in list(post.pipe.lines) if line["kind"] == kind]
        return lines if len(lines) >= count else []

    try:
        return awaited(found, _SOON)
    except AssertionError:
        raise AssertionError(
            f"{post.pipe.statuses} {post.pipe.lines}\n{post.postfix.log}\n{post.dovecot.log}"
        ) from None


def _about(post: Post, *addresses: str) -> list[dict[str, Any]]:
    """The lines that name these addresses, once there is one for each."""
    named = {one["address"]: line for line in list(post.pipe.lines) for one in line["bounced"]}
    return [named[address] for address in addresses] if set(addresses) <= set(named) else []


def of(role: str) -> Invitation:
    return invited(db.session.scalars(select(Discussion)).one(), role)


def invite_of(invitation: Invitation) -> Message:
    asked = select(Message).where(Message.invitation_id == invitation.id, Message.reason == MessageReason.INVITE)
    return db.session.scalars(asked.where(Message.channel == MessageChannel.EMAIL)).one()


def verbs(invitation: Invitation) -> set[EventVerb]:
    return set(db.session.scalars(select(Event.verb).where(Event.invitation_id == invitation.id)))


def test_a_real_bounce_lets_a_person_take_over(post: Post) -> None:
    send(post, Mood.REFUSE)  # the health partner's server knows no such mailbox, nor does the police's
    lines = awaited(lambda: _about(post, POLICE, HEALTH), _SOON)
    assert [(line["kind"], line["matched"], line["bounced"][0]["permanent"]) for line in lines] == [
        ("bounce", True, True)
    ] * 2
    assert post.pipe.product is not None
    with people.inside(post.pipe.product):
        for role in ("police", "health-0-19"):
            invitation = of(role)
            message = invite_of(invitation)
            assert message.state is MessageState.BOUNCED
            assert "5.1.1" in (message.problem or "")
            assert invitation.undeliverable and invitation.first_delivered_at is None
            assert EventVerb.NOT_TOLD in verbs(invitation)
            assert db.session.scalars(select(CallTask).where(CallTask.invitation_id == invitation.id)).all()
        reports = db.session.scalars(select(Inbound).where(Inbound.kind == InboundKind.BOUNCE))
        for report in reports:
            # by our own id alone, in a report that brings back headers only
            assert f"Original-Envelope-Id: m{report.message_id}" in (report.raw or "")
            assert "Original-Recipient: rfc822;" in (report.raw or "")
            assert "text/rfc822-headers" in (report.raw or "") and "BEGIN:VCALENDAR" not in (report.raw or "")


def test_a_real_automatic_reply_is_no_answer(post: Post) -> None:
    send(post, Mood.TAKE)
    [line] = arrived(post, "auto-reply", 1)
    assert (line["matched"], line["effect"]) == (True, "An automatic reply: no answer, the chase goes on.")
    assert post.pipe.product is not None
    with people.inside(post.pipe.product):
        invitation = of("education")
        assert invitation.state is InvitationState.INVITED and not invitation.undeliverable
        said = select(Event.text).where(Event.invitation_id == invitation.id, Event.verb == EventVerb.MAIL_CAME)
        assert [text.partition(": ")[2] for text in db.session.scalars(said)] == [
            "an automatic reply came, which is no answer"
        ]


def test_a_real_delay_kills_no_address_and_a_mail_not_stored_is_kept_and_brought_again(post: Post) -> None:
    post.pipe.broken = True
    send(post, Mood.DEFER)
    awaited(lambda: post.pipe.statuses.count(TRY_AGAIN) >= 2, _SOON)
    assert not post.pipe.lines and post.postfix.kept
    post.pipe.broken = False
    [line] = awaited(lambda: _about(post, HEALTH), _SOON)
    assert (line["kind"], line["matched"], line["bounced"]) == (
        "delay",
        True,
        [{"address": HEALTH, "permanent": False}],
    )
    assert post.pipe.product is not None
    with people.inside(post.pipe.product):
        invitation = of("health-0-19")
        number = invite_of(invitation).id
        assert invite_of(invitation).state in (MessageState.SENT, MessageState.DELIVERED)
        assert not invitation.undeliverable and EventVerb.NOT_TOLD not in verbs(invitation)
        assert EventVerb.MAIL_CAME in verbs(invitation)
    post.next_hop.mood = lambda: Mood.TAKE
    wire_id = f"m{number}"
    awaited(lambda: wire_id in post.next_hop.taken, _SOON)  # it arrives after all
