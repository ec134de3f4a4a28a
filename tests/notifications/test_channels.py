"""What every channel promises, asked of each: capture, memory, SMTP and Twilio over real sockets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from notifications.capture import CaptureChannel
from notifications.capture_store import CaptureStore
from notifications.channel import Channel, Rejected, Unavailable
from notifications.memory import MemoryChannel
from notifications.messages import Email, Sms
from notifications.outcomes import Cause, Fault, State
from notifications.smtp import SmtpChannel
from notifications.twilio_sms import TwilioChannel
from tests.notifications.mail_server import MailServer
from tests.notifications.samples import email, sms
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


@pytest.fixture(params=["memory", "capture", "smtp", "twilio"])
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
        assert rig.channel.name in {"memory", "capture", "smtp", "twilio"}
