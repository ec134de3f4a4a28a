"""The two channels a running product speaks through, built from plain values. Reads no environment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from notifications.capture import CaptureChannel
from notifications.channel import Channel
from notifications.messages import Email, Message, Sms
from notifications.smtp import SmtpChannel, SmtpSettings
from notifications.twilio_sms import TwilioChannel, TwilioSettings


class Misconfigured(ValueError):
    """A channel was named without what it needs. The message is a sentence for whoever runs the product."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """`email` is `capture` or `smtp`; `sms` is `capture` or `twilio`; each with what it needs beside it."""

    email: str = "capture"
    sms: str = "capture"
    capture: Callable[[Message], str] | None = None
    smtp: SmtpSettings | None = None
    twilio: TwilioSettings | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """The channel for each kind of message. Closes both; usable as a context."""

    email: Channel[Email]
    sms: Channel[Sms]

    def close(self) -> None:
        self.email.close()
        self.sms.close()

    def __enter__(self) -> "Registry":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_channels(settings: ChannelSettings, now: Callable[[], datetime]) -> Registry:
    """Build both channels, connecting to nothing yet. Raises Misconfigured."""
    return Registry(_email(settings, now), _sms(settings))


def _email(settings: ChannelSettings, now: Callable[[], datetime]) -> Channel[Email]:
    if settings.email == "capture":
        return _capture(settings)
    if settings.email == "smtp" and settings.smtp is not None:
        return SmtpChannel(settings.smtp, now)
    raise Misconfigured(_sentence("email", settings.email, "smtp"))


def _sms(settings: ChannelSettings) -> Channel[Sms]:
    if settings.sms == "capture":
        return _capture(settings)
    if settings.sms == "twilio" and settings.twilio is not None:
        return TwilioChannel(settings.twilio)
    raise Misconfigured(_sentence("SMS", settings.sms, "twilio"))


def _capture(settings: ChannelSettings) -> CaptureChannel:
    if settings.capture is None:
        raise Misconfigured("The capture channel needs a place to keep messages")
    return CaptureChannel(settings.capture)


def _sentence(kind: str, asked: str, known: str) -> str:
    if asked == known:
        return f"The {kind} channel {known} needs its settings"
    return f"The {kind} channel is capture or {known}, not {asked}"
