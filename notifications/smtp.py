"""Email over SMTP, on one kept connection. Knows no wording; replies are judged in smtp_codes."""

import select
import smtplib
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from notifications import mime
from notifications.channel import NotSent, Sent, Unavailable
from notifications.messages import Email
from notifications.smtp_codes import NO_TLS, SIGN_IN, UNREACHED, Stage, problem

_JUST_USED = 2.0  # seconds


class Security(StrEnum):
    """How the connection is encrypted. `none` is for a relay on this machine, and tests."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """`domain` is ours: it stands in Message-ID and EHLO. `ca_file` None trusts the system's authorities."""

    host: str
    domain: str
    port: int = 587
    security: Security = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_seconds: float = 30.0
    ca_file: str | None = None


class SmtpChannel:
    """Sends through one server, reusing the connection while it lives.

    One send at a time: a lock guards the connection, since a dialogue cannot be shared between threads.
    """

    name = "smtp"

    def __init__(self, settings: SmtpSettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._lock = threading.Lock()
        self._server: smtplib.SMTP | None = None
        self._used_at = 0.0

    def send(self, message: Email) -> Sent:
        """Hand over one email; the reference is its Message-ID. Raises Unavailable or Rejected."""
        raw = mime.to_bytes(message, self._settings.domain, self._now())
        with self._lock:
            server = self._connected()
            try:
                server.sendmail(message.sender, [message.to], raw, *_dsn_options(server, message))
            except (smtplib.SMTPException, OSError) as error:
                self._recover(error)
                raise _judged(error) from None
            self._used_at = time.monotonic()
        return Sent(mime.message_id(message, self._settings.domain))

    def check(self) -> None:
        """Connect and sign in, sending nothing. Raises Unavailable."""
        with self._lock:
            self._connected()

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        """The kept connection if it still answers, else a new one. A drop is thus met before a message is."""
        if self._server is not None and not self._answers(self._server):
            self._drop()
        if self._server is None:
            try:
                self._server = self._connect()
            except (smtplib.SMTPException, OSError) as error:
                raise _judged(error) from None
        return self._server

    def _answers(self, server: smtplib.SMTP) -> bool:
        """Whether the connection is still good. Just used, it is unless the server has said or closed something since.

        Some close it after so many messages, which is seen without asking: that costs a journey there and back.
        """
        if time.monotonic() - self._used_at < _JUST_USED and server.sock is not None:
            return not select.select([server.sock], [], [], 0)[0]
        return _alive(server)

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        server = self._open()
        try:
            if settings.security is Security.STARTTLS:
                server.starttls(context=self._tls())
            if settings.username is not None:
                _sign_in(server, settings.username, settings.password or "")
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security is Security.IMPLICIT:
            return smtplib.SMTP_SSL(
                settings.host,
                settings.port,
                settings.domain,
                timeout=settings.timeout_seconds,
                context=self._tls(),
            )
        return smtplib.SMTP(settings.host, settings.port, settings.domain, timeout=settings.timeout_seconds)

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.ca_file)

    def _recover(self, error: Exception) -> None:
        """Keep the connection only where smtplib has reset the dialogue: sender or recipient refused."""
        reset = isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused))
        if not reset or self._server is None or self._server.sock is None:
            self._drop()

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _sign_in(server: smtplib.SMTP, username: str, password: str) -> None:
    """Sign in. A server without a way to sign in, a bare SMTPException, is a matter of our settings."""
    try:
        server.login(username, password)
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException):
        raise
    except smtplib.SMTPException:
        raise Unavailable(SIGN_IN) from None


def _alive(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _dsn_options(server: smtplib.SMTP, message: Email) -> tuple[list[str], list[str]]:
    """MAIL and RCPT options of RFC 3461, where the server knows them.

    A bounce then names our id and the address we wrote to, and brings back headers only. Our ids need no
    xtext encoding; an address may.
    """
    if not server.has_extn("dsn"):
        return [], []
    original = "".join(char if char not in "+=" else f"+{ord(char):02X}" for char in message.to)
    return ["RET=HDRS", f"ENVID={message.id}"], ["NOTIFY=FAILURE,DELAY", f"ORCPT=rfc822;{original}"]


def _judged(error: Exception) -> NotSent:
    """What an error of smtplib, TLS or the network means for the message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return problem(code, text, Stage.RECIPIENT)
    if isinstance(error, smtplib.SMTPResponseException):
        raw = error.smtp_error
        text = raw if isinstance(raw, bytes) else raw.encode("utf-8", "replace")
        return problem(error.smtp_code, text, _stage(error))
    if isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        return Unavailable(NO_TLS)
    return Unavailable(UNREACHED)


def _stage(error: smtplib.SMTPResponseException) -> Stage:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Stage.SIGN_IN
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Stage.SENDER
    if isinstance(error, smtplib.SMTPDataError):
        return Stage.DATA
    return Stage.CONNECT
