"""Holds the worker's look into a mailbox at a Dovecot, as tests have it, and what came of it. No assertion."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from notifications.mailbox import ImapSecurity, Mailbox, MailboxSettings, OAuth
from strategy.act import Act
from strategy.db import db, transaction
from strategy.models import Inbound
from strategy.vocabulary import Via
from strategy.worker import mailbox as step
from tests.convened import LATER
from tests.inbound_mail import written
from tests.system.dovecot import PASSWORD, USER, Dovecot
from tests.system.sign_in_server import CLIENT, SCOPE, SECRET, SignInServer

HANDLED = "Handled"


def settings(server: Dovecot) -> MailboxSettings:
    return MailboxSettings("127.0.0.1", server.imap, USER, PASSWORD, security=ImapSecurity.NONE, every_seconds=0)


def by_token(server: Dovecot, sign_ins: SignInServer) -> MailboxSettings:
    grant = OAuth(sign_ins.token_url, CLIENT, SECRET, SCOPE)
    return replace(settings(server), password="", oauth=grant)


def look(given: MailboxSettings | Mailbox) -> dict[str, int]:
    """One turn of the worker's step, each mail in a transaction of its own, as the worker has it."""
    box = given if isinstance(given, Mailbox) else Mailbox(given)
    return step.empty(box, lambda: LATER, _write)


def _write(moment: datetime, do: Callable[[Act], step.Result]) -> step.Result:
    with transaction("Strategy discussions", Via.WORKER) as act:
        return do(replace(act, at=moment))


def taken_in() -> list[str]:
    """The subjects of what was kept, in order."""
    db.session.rollback()
    return [str(one) for one in db.session.scalars(select(Inbound.subject).order_by(Inbound.id))]


def mail(subject: str) -> bytes:
    return written("Jo <jo@police.example>", "We may be late.", subject=subject)


def counts(taken: int, failed: int = 0) -> dict[str, int]:
    return {"mails_taken_in": taken, "mails_failed": failed}
