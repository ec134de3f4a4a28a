"""GOV.UK Notify: the real client's requests as a stand-in of its published API receives them, failures, receipts."""

import logging
from contextlib import closing
from typing import Any

import pytest

from notifications.channel import NotSent, Receipts, Rejected, Unavailable
from notifications.govuk_notify import EMAIL_TEMPLATE, LONGEST_TEXT, NotifyEmail, NotifySettings, NotifySms
from notifications.notify_receipts import NotifyReceipts, parse_receipt, verify
from notifications.outcomes import Cause, State
from tests.notifications.conftest import notify_settings
from tests.notifications.notify_server import (
    CALLBACK_TOKEN,
    EMAIL_ID,
    KEY,
    SECRET,
    SERVICE,
    SMS_ID,
    NotifyServer,
)
from tests.notifications.samples import calendar, email, sms


def test_a_text_carries_our_words_in_the_one_placeholder_and_our_id(
    notify_sms: NotifySms, notify_server: NotifyServer
) -> None:
    sent = notify_sms.send(sms())
    (taken,) = notify_server.taken
    assert (sent.reference, sent.state, sent.receipt_follows) == (taken.pop("id"), State.SENT, True)
    assert taken == {
        "kind": "sms",
        "phone_number": "+447700900123",
        "template_id": SMS_ID,
        "personalisation": {"body": "Reply A47 yes D47 deputy N47 no"},
        "reference": "m-18",
    }
    assert notify_server.paths == ["POST /v2/notifications/sms"]


def test_a_mail_carries_subject_and_text(notify_email: NotifyEmail, notify_server: NotifyServer) -> None:
    message = email()
    notify_email.send(message)
    (taken,) = notify_server.taken
    assert (taken["email_address"], taken["template_id"], taken["reference"]) == (message.to, EMAIL_ID, "m-17")
    assert taken["personalisation"] == {"subject": message.subject, "body": message.text}


def test_wild_26_a_calendar_part_never_goes_by_notify(notify_email: NotifyEmail, notify_server: NotifyServer) -> None:
    with pytest.raises(ValueError, match="no calendar part"):
        notify_email.send(email(calendar=calendar()))
    assert notify_server.paths == []


def test_wild_26_more_than_918_characters_are_refused_without_asking(
    notify_sms: NotifySms, notify_server: NotifyServer
) -> None:
    with pytest.raises(Rejected) as caught:
        notify_sms.send(sms(text="a" * (LONGEST_TEXT + 1)))
    assert (caught.value.cause, notify_server.paths) == (Cause.CONTENT, [])
    notify_sms.send(sms(text="a" * LONGEST_TEXT))
    assert len(notify_server.taken) == 1


@pytest.mark.parametrize("ahead", [31, -31])
def test_wild_26_a_clock_more_than_30_seconds_off_is_said_as_that(
    notify_sms: NotifySms, notify_server: NotifyServer, ahead: int
) -> None:
    notify_server.clock_ahead = ahead
    for attempt in (lambda: notify_sms.send(sms()), notify_sms.check):
        with pytest.raises(Unavailable, match="clock is more than 30 seconds off") as caught:
            attempt()
        assert caught.value.cause is Cause.OUR_SETTINGS
    notify_server.clock_ahead = 25 if ahead > 0 else -25
    notify_sms.send(sms())


def test_another_key_is_our_settings_and_shows_nowhere(notify_server: NotifyServer) -> None:
    settings = notify_settings(notify_server, api_key=f"other-{SERVICE}-{SERVICE}")
    with closing(NotifySms(settings)) as channel, pytest.raises(Unavailable) as caught:
        channel.send(sms())
    assert (caught.value.cause, caught.value.code) == (Cause.OUR_SETTINGS, "403 AuthError")
    assert SECRET not in repr(notify_settings(notify_server))


@pytest.mark.parametrize("key", ["", "secret", f"{SERVICE}{SECRET}", KEY[:-1]])
def test_a_key_of_the_wrong_shape_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="wrong shape"):
        NotifySettings(key)


TRIAL = "Cannot send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk"


@pytest.mark.parametrize(
    ("status", "error", "sentence", "cause", "dead"),
    [
        (400, "ValidationError", "phone_number Not a UK mobile number", Cause.NOT_A_MOBILE, True),
        (400, "ValidationError", "phone_number Too many digits", Cause.NO_SUCH_ADDRESS, True),
        (400, "ValidationError", "email_address is not a valid email address", Cause.NO_SUCH_ADDRESS, True),
        (400, "BadRequestError", "Cannot send to international mobile numbers", Cause.REFUSED, False),
        (400, "BadRequestError", "Text messages cannot be longer than 918 characters", Cause.CONTENT, False),
        (400, "BadRequestError", "Something they thought of since", Cause.UNKNOWN, False),
        (418, "Teapot", "no", Cause.UNKNOWN, False),
    ],
)
def test_a_refused_message_is_rejected(
    notify_sms: NotifySms,
    notify_server: NotifyServer,
    status: int,
    error: str,
    sentence: str,
    cause: Cause,
    dead: bool,
) -> None:
    notify_server.fail_with = (status, error, sentence)
    with pytest.raises(Rejected) as caught:
        notify_sms.send(sms())
    assert (caught.value.cause, caught.value.dead_address) == (cause, dead)


@pytest.mark.parametrize(
    ("status", "error", "sentence", "cause"),
    [
        (400, "BadRequestError", "Can’t send to this recipient using a team-only API key.", Cause.OUR_SETTINGS),
        (400, "BadRequestError", TRIAL, Cause.OUR_SETTINGS),
        (400, "BadRequestError", "Missing personalisation: body", Cause.OUR_SETTINGS),
        (400, "BadRequestError", "Template not found", Cause.OUR_SETTINGS),
        (400, "ValidationError", "template_id is not a valid UUID", Cause.OUR_SETTINGS),
        (403, "BadRequestError", "Invalid token: API key not found", Cause.OUR_SETTINGS),
        (429, "TooManyRequestsError", "Exceeded send limits (sms: 250000) for today", Cause.OUR_SETTINGS),
        (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests", Cause.BUSY),
        (500, "Exception", "Internal server error", Cause.PROVIDER),
        (503, "Exception", "Service unavailable", Cause.PROVIDER),
    ],
)
def test_a_fault_not_of_the_message_is_unavailable(
    notify_sms: NotifySms, notify_server: NotifyServer, status: int, error: str, sentence: str, cause: Cause
) -> None:
    notify_server.fail_with = (status, error, sentence)
    with pytest.raises(Unavailable) as caught:
        notify_sms.send(sms())
    assert caught.value.cause is cause


@pytest.mark.parametrize("said", [b"<html>a proxy's own page</html>", b"[]", b"{}", b'{"errors": [7]}'])
def test_an_answer_that_is_none_is_unavailable(notify_sms: NotifySms, notify_server: NotifyServer, said: bytes) -> None:
    notify_server.say_instead = said
    for broken in (None, (502, "x", "x")):
        notify_server.fail_with = broken
        with pytest.raises(Unavailable) as caught:
            notify_sms.send(sms())
        assert caught.value.cause is Cause.PROVIDER


def test_nobody_listening_is_unavailable(notify_sms: NotifySms, notify_server: NotifyServer) -> None:
    notify_server.stop()
    with pytest.raises(Unavailable) as caught:
        notify_sms.send(sms())
    assert (caught.value.cause, caught.value.code) == (Cause.PROVIDER, None)


def test_the_client_logs_and_raises_no_address(
    notify_sms: NotifySms, notify_server: NotifyServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    notify_server.fail_with = (400, "ValidationError", "phone_number +447700900123 Not enough digits")
    with pytest.raises(NotSent) as caught:
        notify_sms.send(sms())
    assert "900123" not in f"{caplog.text} {caught.value} {caught.value.code}"
    assert "Reply A47" not in caplog.text


def test_a_check_reads_our_templates_and_sends_nothing(
    notify_sms: NotifySms, notify_email: NotifyEmail, notify_server: NotifyServer
) -> None:
    assert (notify_sms.check(), notify_email.check()) == ("sms template version 3", "email template version 3")
    assert notify_server.paths == [f"GET /v2/template/{SMS_ID}", f"GET /v2/template/{EMAIL_ID}"]
    assert EMAIL_TEMPLATE.placeholders == {"subject", "body"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "letter"}, "is for letter, not email"),
        ({"body": "Hello"}, r"placeholders \(\(subject\)\) and \(\(body\)\)"),
        ({"personalisation": {"subject": {}, "body": {}, "name": {}}}, "and no others"),
    ],
)
def test_a_template_that_is_not_ours_is_told_by_what_is_wrong(
    notify_email: NotifyEmail, notify_server: NotifyServer, change: dict[str, Any], said: str
) -> None:
    notify_server.templates[EMAIL_ID] |= change
    with pytest.raises(Unavailable, match=said) as caught:
        notify_email.check()
    assert caught.value.cause is Cause.OUR_SETTINGS


def test_a_template_that_is_missing_or_adds_words_is_told(notify_sms: NotifySms, notify_server: NotifyServer) -> None:
    notify_server.templates[SMS_ID]["body"] = "Exampleshire: ((body))"
    assert notify_sms.check().endswith("adds words of its own to every message")
    del notify_server.templates[SMS_ID]
    with pytest.raises(Unavailable, match="missing or not as it should be"):
        notify_sms.check()


@pytest.mark.parametrize(
    ("kind", "status", "state", "cause"),
    [
        ("sms", "delivered", State.DELIVERED, None),
        ("sms", "permanent-failure", State.BOUNCED, Cause.NO_SUCH_ADDRESS),
        ("sms", "temporary-failure", State.BOUNCED, Cause.UNREACHABLE),
        ("email", "temporary-failure", State.BOUNCED, Cause.MAILBOX_FULL),
        ("email", "technical-failure", State.BOUNCED, Cause.PROVIDER),
        ("pigeon", "permanent-failure", State.BOUNCED, Cause.UNKNOWN),
        ("sms", "sent", State.SENT, None),
        ("sms", "a-later-invention", State.SENDING, None),
    ],
)
def test_a_delivery_receipt_is_a_receipt(kind: str, status: str, state: State, cause: Cause | None) -> None:
    fields = {"id": "740e", "reference": "m18", "status": status, "notification_type": kind, "to": "07700 900123"}
    receipt = parse_receipt(fields)
    assert (receipt.reference, receipt.message_id, receipt.state) == ("740e", "m18", state)
    assert (receipt.fault.cause if receipt.fault else None) is cause
    assert "900123" not in repr(receipt)


def test_a_receipt_without_an_id_is_refused_and_an_odd_time_is_none() -> None:
    with pytest.raises(ValueError, match="names no message"):
        parse_receipt({"status": "delivered"})
    assert parse_receipt({"id": "740e", "completed_at": "2026-11-26T14:30:09"}).at is None
    assert parse_receipt({"id": "740e", "completed_at": "2026-11-26T14:30:09.000000Z"}).at is not None


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("+447700900003", "temporary-failure"),
        ("+447700900002", "permanent-failure"),
        ("+447700900111", None),
        ("+447700900123", "delivered"),
    ],
)
def test_wild_26_notifys_test_numbers_come_to_what_they_stand_for(
    notify_sms: NotifySms, notify_server: NotifyServer, to: str, status: str | None
) -> None:
    sent = notify_sms.send(sms(to=to))
    came = notify_server.callback()
    assert (came.body["status"] if came else None) == status
    if came is not None:
        receipts: Receipts = NotifyReceipts(CALLBACK_TOKEN)
        fields = {name: value for name, value in came.body.items() if value is not None}
        assert receipts.verify("", fields, came.headers["Authorization"])
        assert receipts.receipt(fields).reference == sent.reference


def test_only_the_token_given_to_the_account_passes() -> None:
    assert verify(f"Bearer {CALLBACK_TOKEN}", CALLBACK_TOKEN)
    for given in ("", CALLBACK_TOKEN, f"Bearer {CALLBACK_TOKEN}x", f"Basic {CALLBACK_TOKEN}", "Bearer ÿ\ud800"):
        assert not verify(given, CALLBACK_TOKEN)
    assert not verify("Bearer ", "")
