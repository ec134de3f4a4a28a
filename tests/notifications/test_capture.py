"""The folder of captured messages, and the registry that chooses channels."""

from pathlib import Path

import pytest

from notifications.capture_store import CaptureStore
from notifications.govuk_notify import NotifySettings
from notifications.mime import to_bytes
from notifications.outcomes import State
from notifications.registry import ChannelSettings, Misconfigured, open_channels
from notifications.smtp import SmtpSettings
from notifications.twilio_sms import TwilioSettings
from tests.notifications.notify_server import EMAIL_ID, KEY, SMS_ID
from tests.notifications.samples import DOMAIN, NOW, calendar, email, now, sms

TWILIO = TwilioSettings("AC1", "token", sender="+447700900999")
NOTIFY = NotifySettings(KEY, SMS_ID, EMAIL_ID)


def test_an_email_comes_back_whole_with_the_bytes_smtp_would_send(store: CaptureStore) -> None:
    sent = email(calendar=calendar())
    kept_as = store.put(sent)
    kept = store.get(kept_as)
    assert kept is not None
    assert (kept.kind, kept.message_id, kept.at, kept.to, kept.to_name) == ("email", "m-17", NOW, sent.to, sent.to_name)
    assert (kept.sender, kept.sender_name, kept.subject) == (sent.sender, sent.sender_name, sent.subject)
    assert (kept.text, kept.html) == (sent.text, sent.html)
    assert (kept.calendar_method, kept.calendar) == ("REQUEST", calendar().ics)
    raw = store.eml(kept_as)
    assert raw is not None
    # two builds differ in their random boundaries alone
    assert raw.partition(b"Content-Type")[0] == to_bytes(sent, DOMAIN, NOW).partition(b"Content-Type")[0]
    assert b"\r\n" in raw


def test_a_text_comes_back_and_has_no_mail_bytes(store: CaptureStore) -> None:
    kept_as = store.put(sms(text="Ŵyn €5"))
    kept = store.get(kept_as)
    assert kept is not None
    assert (kept.kind, kept.to, kept.text, kept.calendar) == ("sms", "+447700900123", "Ŵyn €5", None)
    assert store.eml(kept_as) is None


def test_the_newest_comes_first_and_the_oldest_go(store: CaptureStore, tmp_path: Path) -> None:
    for number in range(8):
        store.put(email(id=f"m-{number}"))
    assert [kept.message_id for kept in store.newest()] == ["m-7", "m-6", "m-5", "m-4", "m-3"]
    assert [kept.message_id for kept in store.newest(limit=2)] == ["m-7", "m-6"]
    assert len(list((tmp_path / "outbox").iterdir())) == 10


def test_a_message_half_written_is_not_shown(store: CaptureStore, tmp_path: Path) -> None:
    store.put(sms())
    (tmp_path / "outbox" / ".20261126T143000000000-00000009-0123abcd.json.part").write_text("{")
    (tmp_path / "outbox" / "20261126T143000000000-00000009-0123abcd.eml").write_text("x")
    assert len(store.newest()) == 1


@pytest.mark.parametrize("wanted", ["", "../secret", "20261126T143000000000-00000009-0123abcd", "a/b", "\x00"])
def test_an_id_from_a_url_reaches_no_other_file(store: CaptureStore, tmp_path: Path, wanted: str) -> None:
    (tmp_path / "secret.json").write_text("{}")
    store.put(sms())
    assert store.get(wanted) is None
    assert store.eml(wanted) is None


def test_an_empty_folder_lists_nothing(store: CaptureStore) -> None:
    assert store.newest() == []


def test_only_the_owner_may_read_captured_messages(store: CaptureStore, tmp_path: Path) -> None:
    kept_as = store.put(sms())
    assert (tmp_path / "outbox").stat().st_mode & 0o077 == 0
    assert (tmp_path / "outbox" / f"{kept_as}.json").stat().st_mode & 0o077 == 0


def test_capture_serves_both_kinds_and_counts_as_delivered(store: CaptureStore) -> None:
    with open_channels(ChannelSettings(capture=store.put), now) as channels:
        assert channels.email.send(email()).state is State.DELIVERED
        assert channels.sms.send(sms()).state is State.DELIVERED
    assert [kept.kind for kept in store.newest()] == ["sms", "email"]


def test_each_kind_has_the_channel_it_was_given(store: CaptureStore) -> None:
    settings = ChannelSettings(
        email=("smtp",),
        sms=("twilio",),
        smtp=SmtpSettings("mail.example", DOMAIN),
        twilio=TWILIO,
    )
    with open_channels(settings, now) as channels:
        assert (channels.email.name, channels.sms.name) == ("smtp", "twilio")


def test_several_providers_stand_in_the_order_they_were_named() -> None:
    settings = ChannelSettings(
        email=("govuk-notify", "smtp"),
        sms=("twilio", "govuk-notify"),
        smtp=SmtpSettings("mail.example", DOMAIN),
        twilio=TWILIO,
        notify=NOTIFY,
    )
    with open_channels(settings, now) as channels:
        assert (channels.email.name, channels.sms.name) == ("govuk-notify,smtp", "twilio,govuk-notify")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (ChannelSettings(), "place to keep"),
        (ChannelSettings(email=("smtp",), capture=str), "smtp needs its settings"),
        (ChannelSettings(email=("govuk-notify",), notify=NOTIFY), "carries no calendar part"),
        (ChannelSettings(email=("govuk-notify",), notify=NotifySettings(KEY)), "govuk-notify needs its settings"),
        (ChannelSettings(sms=("twilio",), capture=str), "twilio needs its settings"),
        (ChannelSettings(sms=("govuk-notify",), capture=str), "govuk-notify needs its settings"),
        (ChannelSettings(sms=("pigeon",), capture=str), "of twilio, govuk-notify, not pigeon"),
        (ChannelSettings(sms=("twilio", "capture"), capture=str, twilio=TWILIO), "not capture"),
        (ChannelSettings(sms=(), capture=str), "names no provider"),
    ],
)
def test_a_channel_without_its_settings_says_so(settings: ChannelSettings, sentence: str) -> None:
    with pytest.raises(Misconfigured, match=sentence):
        open_channels(settings, now)
