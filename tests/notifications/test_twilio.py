"""Twilio: the real client's requests as a stand-in receives them, failures, receipts and signatures."""

from contextlib import closing
from datetime import timedelta

import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the SDK ships no types

from notifications.channel import Receipts, Rejected, Unavailable
from notifications.outcomes import Cause, State
from notifications.twilio_sms import TwilioChannel, TwilioReceipts, TwilioSettings, parse_status, verify
from tests.notifications.conftest import twilio_settings
from tests.notifications.samples import sms
from tests.notifications.twilio_server import ACCOUNT, SID, TOKEN, TwilioServer

URL = "https://council.example/webhooks/twilio/m-18"


def test_the_request_carries_text_sender_and_our_id(twilio: TwilioChannel, twilio_server: TwilioServer) -> None:
    assert twilio.send(sms()).reference == SID
    assert twilio_server.paths == [f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"]
    assert twilio_server.forms == [
        {
            "To": "+447700900123",
            "From": "+447700900999",
            "Body": "Reply A47 yes D47 deputy N47 no",
            "StatusCallback": URL,
        }
    ]


def test_a_messaging_service_chooses_the_sender(twilio_server: TwilioServer) -> None:
    settings = twilio_settings(twilio_server, sender="", messaging_service_sid="MG1")
    with closing(TwilioChannel(settings)) as channel:
        channel.send(sms(valid_for=timedelta(minutes=20)))
        channel.send(sms(sender="Exampleshr", valid_for=timedelta(days=3)))
    first, second = twilio_server.forms
    assert (first["MessagingServiceSid"], first["ValidityPeriod"]) == ("MG1", "1200")
    assert "From" not in first
    assert (second["From"], second["ValidityPeriod"]) == ("Exampleshr", "36000")


def test_settings_without_a_sender_are_refused_and_hide_the_token() -> None:
    with pytest.raises(ValueError, match="sender"):
        TwilioSettings(ACCOUNT, TOKEN)
    assert TOKEN not in repr(TwilioSettings(ACCOUNT, TOKEN, sender="+447700900999"))


def test_a_wrong_token_is_our_settings_not_the_message(twilio_server: TwilioServer) -> None:
    with closing(TwilioChannel(twilio_settings(twilio_server, auth_token="wrong"))) as channel:
        for attempt in (lambda: channel.send(sms()), channel.check):
            with pytest.raises(Unavailable) as caught:
                attempt()
            assert caught.value.cause is Cause.OUR_SETTINGS
            assert caught.value.code == "20003"


def test_a_check_sends_nothing(twilio: TwilioChannel, twilio_server: TwilioServer) -> None:
    twilio.check()
    assert twilio_server.forms == []
    assert twilio_server.paths == [f"/2010-04-01/Accounts/{ACCOUNT}.json"]


@pytest.mark.parametrize(
    ("status", "code", "cause", "dead"),
    [
        (400, 21211, Cause.NO_SUCH_ADDRESS, True),
        (400, 21614, Cause.NOT_A_MOBILE, True),
        (400, 21610, Cause.OPTED_OUT, True),
        (400, 21617, Cause.CONTENT, False),
        (400, 88888, Cause.UNKNOWN, False),
    ],
)
def test_a_refused_text_is_rejected(
    twilio: TwilioChannel, twilio_server: TwilioServer, status: int, code: int, cause: Cause, dead: bool
) -> None:
    twilio_server.fail_with = (status, code, {})
    with pytest.raises(Rejected) as caught:
        twilio.send(sms())
    assert (caught.value.cause, caught.value.dead_address, caught.value.code) == (cause, dead, str(code))


@pytest.mark.parametrize(
    ("status", "code", "header", "wait"),
    [
        (429, 20429, "7", timedelta(seconds=7)),
        (429, None, "soon", None),
        (503, None, "99999999", timedelta(days=1)),
        (500, 20500, "", None),
        (400, 21606, "", None),
    ],
)
def test_a_fault_not_of_the_text_is_unavailable(
    twilio: TwilioChannel,
    twilio_server: TwilioServer,
    status: int,
    code: int | None,
    header: str,
    wait: timedelta | None,
) -> None:
    twilio_server.fail_with = (status, code, {"Retry-After": header} if header else {})
    with pytest.raises(Unavailable) as caught:
        twilio.send(sms())
    assert caught.value.retry_after == wait


def test_a_wait_is_not_kept_for_the_next_failure(twilio: TwilioChannel, twilio_server: TwilioServer) -> None:
    twilio_server.fail_with = (429, 20429, {"Retry-After": "7"})
    with pytest.raises(Unavailable):
        twilio.send(sms())
    twilio_server.stop()
    twilio.close()
    with pytest.raises(Unavailable) as caught:
        twilio.send(sms())
    assert caught.value.retry_after is None
    assert caught.value.cause is Cause.PROVIDER


@pytest.mark.parametrize(
    ("status", "code", "state", "cause"),
    [
        ("queued", "", State.SENDING, None),
        ("sent", "", State.SENT, None),
        ("delivered", "", State.DELIVERED, None),
        ("undelivered", "30003", State.BOUNCED, Cause.UNREACHABLE),
        ("failed", "30007", State.BOUNCED, Cause.REFUSED),
        ("undelivered", "", State.BOUNCED, Cause.UNKNOWN),
        ("a-later-invention", "", State.SENDING, None),
    ],
)
def test_a_status_callback_is_a_receipt(status: str, code: str, state: State, cause: Cause | None) -> None:
    receipt = parse_status({"MessageSid": SID, "MessageStatus": status, "ErrorCode": code}, "m-18")
    assert (receipt.reference, receipt.message_id, receipt.state) == (SID, "m-18", state)
    assert (receipt.fault.cause if receipt.fault else None) is cause
    assert receipt.code == (code or None)


def test_a_callback_that_names_no_message_is_refused() -> None:
    with pytest.raises(ValueError, match="names no message"):
        parse_status({"MessageStatus": "sent"})


def test_only_twilios_own_signature_passes() -> None:
    form = {"MessageSid": SID, "MessageStatus": "delivered"}
    signature = RequestValidator(TOKEN).compute_signature(URL, form)
    receipts: Receipts = TwilioReceipts(TOKEN)
    assert receipts.verify(URL, form, signature)
    assert receipts.receipt(form).state is State.DELIVERED
    assert not verify(URL, form | {"MessageStatus": "failed"}, signature, TOKEN)
    assert not verify(URL.replace("m-18", "m-19"), form, signature, TOKEN)
    assert not verify(URL, form, signature, "another token")
    assert not verify(URL, form, "", TOKEN)
