"""A real SMTP server on loopback whose answers a test can script. Holds no assertion."""

import asyncio
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class DsnServer(SMTP):
    """aiosmtpd that offers DSN (RFC 3461) and notes the options it was given, which it would else refuse."""

    mailbox: "Mailbox"

    async def smtp_MAIL(self, arg: str) -> None:
        self.mailbox.mail_options.append(arg)
        await super().smtp_MAIL(_without_dsn(arg))

    async def smtp_RCPT(self, arg: str) -> None:
        self.mailbox.rcpt_options.append(arg)
        await super().smtp_RCPT(_without_dsn(arg))


def _without_dsn(arg: str) -> str:
    ours = ("RET=", "ENVID=", "NOTIFY=", "ORCPT=")
    return " ".join(word for word in arg.split(" ") if not word.startswith(ours))


class Mailbox:
    """What arrived (raw bytes), and the reply to give at MAIL, RCPT or DATA instead of taking the message."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.connections = 0
        self.mail_options: list[str] = []
        self.rcpt_options: list[str] = []
        self.reply_to_mail: str | None = None
        self.reply_to_rcpt: str | None = None
        self.reply_to_data: str | None = None
        self.offer_dsn = True
        self.held = False  # while true, DATA is taken in and not answered: the sender waits
        self.waiting = 0  # how many senders wait so
        self.seconds_each = 0.0  # how long the answer to DATA takes
        self.peers: set[Any] = set()  # the connections a message was handed over on

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-DSN", *responses[1:]] if self.offer_dsn else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.reply_to_mail:
            return self.reply_to_mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.reply_to_rcpt:
            return self.reply_to_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.reply_to_data:
            return self.reply_to_data
        await asyncio.sleep(self.seconds_each)
        self.waiting += self.held
        while self.held:
            await asyncio.sleep(0.05)
        assert isinstance(envelope.original_content, bytes)
        self.peers.add(session.peer)
        self.raw.append(envelope.original_content)
        return "250 2.0.0 queued"


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ours", b"right")
    return AuthResult(success=known, handled=known)


class MailServer(Controller):
    """Listens on a free port of 127.0.0.1; `mailbox` holds what came and the script."""

    def __init__(self, port: int, **options: Any) -> None:
        self.mailbox = Mailbox()
        super().__init__(self.mailbox, hostname="127.0.0.1", port=port, **options)

    def factory(self) -> SMTP:
        self.mailbox.connections += 1
        server = DsnServer(self.handler, **self.SMTP_kwargs)
        server.mailbox = self.mailbox
        return server
