"""What every channel promises, asked of each: capture, memory, and SMTP, Twilio and Notify over real sockets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from notifications.capture import CaptureChannel
from notifications.capture_store import CaptureStore
from notifications.channel import Channel, Rejected, Unavailable
from notifications.failover import CalendarApart, Failover
from notifications.govuk_notify import NotifyEmail, NotifySms
from notifications.memory import MemoryChannel
from notifications.messages import Email, Sms
from notifications.outcomes import Cause, Fault, State
from notifications.smtp import SmtpChannel
from notifications.twilio_sms import TwilioChannel
from tests.notifications.mail_server import MailServer
from tests.notifications.notify_server import NotifyServer
from tests.notifications.samples import email, now, sms
from tests.notifications.twilio_server import TwilioServer

DEAD = Fault(Cause.NO_SUCH_ADDRESS, "No such address")
BUSY = Fault(Cause.BUSY, "Try later")


@dataclass
class Rig:
    """A channel with its hands: what arrived, and how to make the next send fail."""

    channel: Channel[Any]
    message: Callable[..., Email | Sms]
    texts: Callable[[], list[str]]
    make_dead: Callable[[], object]
    make_busy: Callable[[], object]


@pytest.fixture
def memory_rig() -> Rig:
    channel = MemoryChannel()
    return Rig(
        channel,
        sms,
        lambda: [message.text for message in channel.sent],
        lambda: channel.fail_next(Rejected(DEAD, "x")),
        lambda: channel.fail_next(Unavailable(BUSY)),
    )


class _Store:
    """A store that can be told to fail, as the folder itself cannot."""

    def __init__(self, store: CaptureStore) -> None:
        self.store = store
        self.error: Exception | None = None

    def __call__(self, message: Email | Sms) -> str:
        if self.error is not None:
            raise self.error
        return self.store.put(message)

    def fail(self, error: Exception) -> None:
        self.error = error


@pytest.fixture
def capture_rig(store: CaptureStore) -> Rig:
    keep = _Store(store)
    return Rig(
        CaptureChannel(keep),
        email,
        lambda: [kept.text for kept in reversed(store.newest())],
        lambda: keep.fail(Rejected(DEAD)),
        lambda: keep.fail(Unavailable(BUSY)),
    )


@pytest.fixture
def smtp_rig(smtp: SmtpChannel, mail_server: MailServer) -> Rig:
    box = mail_server.mailbox
    return Rig(
        smtp,
        email,
        lambda: [raw.decode() for raw in box.raw],
        lambda: setattr(box, "reply_to_rcpt", "550 5.1.1 unknown"),
        lambda: setattr(box, "reply_to_rcpt", "451 4.7.1 greylisted"),
    )


@pytest.fixture
def twilio_rig(twilio: TwilioChannel, twilio_server: TwilioServer) -> Rig:
    return Rig(
        twilio,
        sms,
        lambda: [form["Body"] for form in twilio_server.forms],
        lambda: setattr(twilio_server, "fail_with", (400, 21614, {})),
        lambda: setattr(twilio_server, "fail_with", (429, 20429, {})),
    )


NO_PHONE = (400, "ValidationError", "phone_number Not enough digits")
NO_EMAIL = (400, "ValidationError", "email_address is not a valid email address")
TOO_FAST = (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")


@pytest.fixture
def notify_sms_rig(notify_sms: NotifySms, notify_server: NotifyServer) -> Rig:
    return Rig(
        notify_sms,
        sms,
        lambda: [taken["personalisation"]["body"] for taken in notify_server.taken],
        lambda: setattr(notify_server, "fail_with", NO_PHONE),
        lambda: setattr(notify_server, "fail_with", TOO_FAST),
    )


@pytest.fixture
def notify_email_rig(notify_email: NotifyEmail, notify_server: NotifyServer) -> Rig:
    return Rig(
        notify_email,
        email,
        lambda: [taken["personalisation"]["body"] for taken in notify_server.taken],
        lambda: setattr(notify_server, "fail_with", NO_EMAIL),
        lambda: setattr(notify_server, "fail_with", TOO_FAST),
    )


@pytest.fixture
def calendar_apart_rig(notify_email_rig: Rig, smtp: SmtpChannel) -> Rig:
    return replace(notify_email_rig, channel=CalendarApart(smtp, notify_email_rig.channel))


@pytest.fixture
def failover_rig(twilio_rig: Rig, notify_sms_rig: Rig) -> Rig:
    """Two providers of which both are busy, and the first knows that an address is dead."""

    def make_busy() -> None:
        twilio_rig.make_busy()
        notify_sms_rig.make_busy()

    channel = Failover([twilio_rig.channel, notify_sms_rig.channel], now)
    return Rig(channel, sms, twilio_rig.texts, twilio_rig.make_dead, make_busy)


@pytest.fixture
def failed_over_rig(twilio_rig: Rig, twilio_server: TwilioServer, notify_sms_rig: Rig) -> Rig:
    """The first of two providers is down."""
    twilio_server.fail_with = (503, None, {})
    return replace(notify_sms_rig, channel=Failover([twilio_rig.channel, notify_sms_rig.channel], now))


KINDS = ["memory", "capture", "smtp", "twilio", "notify_sms", "notify_email", "calendar_apart", "failover"]


@pytest.fixture(params=[*KINDS, "failed_over"])
def rig(request: pytest.FixtureRequest) -> Rig:
    found: Rig = request.getfixturevalue(f"{request.param}_rig")
    return found


class TestEveryChannel:
    def test_hands_the_message_over_and_returns_a_reference(self, rig: Rig) -> None:
        sent = rig.channel.send(rig.message(text="Words K7QD"))
        assert sent.reference
        assert sent.state in (State.SENT, State.DELIVERED)
        assert len(rig.texts()) == 1
        assert "Words K7QD" in rig.texts()[0]

    def test_sends_several_in_order(self, rig: Rig) -> None:
        for number in range(3):
            rig.channel.send(rig.message(id=f"m-{number}", text=f"number {number}"))
        assert [text[text.index("number") :][:8] for text in rig.texts()] == [
            "number 0",
            "number 1",
            "number 2",
        ]

    def test_says_when_the_address_is_dead(self, rig: Rig) -> None:
        rig.make_dead()
        with pytest.raises(Rejected) as caught:
            rig.channel.send(rig.message())
        assert caught.value.dead_address
        assert caught.value.reason

    def test_says_when_to_try_again(self, rig: Rig) -> None:
        rig.make_busy()
        with pytest.raises(Unavailable) as caught:
            rig.channel.send(rig.message())
        assert caught.value.cause is Cause.BUSY

    def test_an_error_tells_neither_address_nor_words(self, rig: Rig) -> None:
        rig.make_dead()
        message = rig.message(text="private words")
        with pytest.raises(Rejected) as caught:
            rig.channel.send(message)
        told = f"{caught.value} {caught.value.reason} {caught.value.code}"
        assert message.to not in told
        assert "private" not in told

    def test_sends_again_after_being_closed(self, rig: Rig) -> None:
        rig.channel.send(rig.message())
        rig.channel.close()
        rig.channel.send(rig.message())
        assert len(rig.texts()) == 2

    def test_has_a_name_for_the_record(self, rig: Rig) -> None:
        assert set(rig.channel.name.split(",")) <= {"memory", "capture", "smtp", "twilio", "govuk-notify"}
