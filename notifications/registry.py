"""The two channels a running product speaks through, built from plain values. Reads no environment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import TypeVar

from notifications.capture import CaptureChannel
from notifications.channel import Channel
from notifications.failover import CalendarApart, Failover
from notifications.govuk_notify import NotifyEmail, NotifySettings, NotifySms
from notifications.messages import Email, Message, Sms
from notifications.smtp import SmtpChannel, SmtpSettings
from notifications.twilio_sms import TwilioChannel, TwilioSettings

EMAIL_PROVIDERS = ("smtp", "govuk-notify")
SMS_PROVIDERS = ("twilio", "govuk-notify")

M = TypeVar("M", bound=Message)


class Misconfigured(ValueError):
    """A channel was named without what it needs. The message is a sentence for whoever runs the product."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """`email` and `sms` are `capture`, or providers in the order they are tried, each with what it needs beside it.

    GOV.UK Notify carries no calendar part, so that with it in `email` the mail server's settings are needed too.
    """

    email: tuple[str, ...] = ("capture",)
    sms: tuple[str, ...] = ("capture",)
    capture: Callable[[Message], str] | None = None
    smtp: SmtpSettings | None = None
    twilio: TwilioSettings | None = None
    notify: NotifySettings | None = None


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
    return Registry(_email(settings, now), _sms(settings, now))


def _email(settings: ChannelSettings, now: Callable[[], datetime]) -> Channel[Email]:
    if settings.email == ("capture",):
        return _capture(settings)
    parts: list[Channel[Email]] = []
    for name in settings.email:
        if name == "smtp" and settings.smtp is not None:
            parts.append(SmtpChannel(settings.smtp, now))
        elif name == "govuk-notify" and settings.notify is not None and settings.notify.email_template_id:
            parts.append(NotifyEmail(settings.notify))
        else:
            raise Misconfigured(_sentence("email", name, EMAIL_PROVIDERS))
    plain = _in_order(parts, now, "email")
    if "govuk-notify" not in settings.email:
        return plain
    if settings.smtp is None:
        raise Misconfigured("The email channel smtp needs its settings: GOV.UK Notify carries no calendar part")
    ours = next((part for part in parts if isinstance(part, SmtpChannel)), None)
    return CalendarApart(ours or SmtpChannel(settings.smtp, now), plain)


def _sms(settings: ChannelSettings, now: Callable[[], datetime]) -> Channel[Sms]:
    if settings.sms == ("capture",):
        return _capture(settings)
    parts: list[Channel[Sms]] = []
    for name in settings.sms:
        if name == "twilio" and settings.twilio is not None:
            parts.append(TwilioChannel(settings.twilio))
        elif name == "govuk-notify" and settings.notify is not None and settings.notify.sms_template_id:
            parts.append(NotifySms(settings.notify))
        else:
            raise Misconfigured(_sentence("SMS", name, SMS_PROVIDERS))
    return _in_order(parts, now, "SMS")


def _in_order(parts: list[Channel[M]], now: Callable[[], datetime], kind: str) -> Channel[M]:
    if not parts:
        raise Misconfigured(f"The {kind} channel names no provider")
    return parts[0] if len(parts) == 1 else Failover(parts, now)


def _capture(settings: ChannelSettings) -> CaptureChannel:
    if settings.capture is None:
        raise Misconfigured("The capture channel needs a place to keep messages")
    return CaptureChannel(settings.capture)


def _sentence(kind: str, asked: str, known: tuple[str, ...]) -> str:
    if asked in known:
        return f"The {kind} channel {asked} needs its settings"
    return f"The {kind} channel is capture, or of {', '.join(known)}, not {asked}"
