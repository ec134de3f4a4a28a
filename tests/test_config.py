"""Settings: what is read, and what a production start refuses."""

from pathlib import Path

import pytest

from config import ConfigurationError, problems, read
from strategy.app import channels_for, status_url
from tests.notifications.notify_server import CALLBACK_TOKEN, EMAIL_ID, KEY, SECRET, SMS_ID

GOOD = {
    "STRATEGY_ENV": "production",
    "STRATEGY_SECRET_KEY": "0f1e2d3c4b5a69788796a5b4c3d2e1f0-session",
    "STRATEGY_PASSWORD_SALT": "1f1e2d3c4b5a69788796a5b4c3d2e1f0-password",
    "STRATEGY_LINK_SECRET": "2f1e2d3c4b5a69788796a5b4c3d2e1f0-links",
    "STRATEGY_DATA_KEYS": "3f1e2d3c4b5a69788796a5b4c3d2e1f0-data",
    "STRATEGY_BASE_URL": "https://sd.example",
    "STRATEGY_EMAIL_CHANNEL": "smtp",
    "SMTP_HOST": "mail.example",
    "SMTP_FROM": "discussions@exampleshire.example",
    "STRATEGY_SMS_CHANNEL": "twilio",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_FROM": "+447700900123",
    "STRATEGY_TRUSTED_PROXIES": "0",
}


def test_a_complete_production_has_no_problems() -> None:
    assert problems(read(GOOD)) == []


@pytest.mark.parametrize(
    "name", ["STRATEGY_SECRET_KEY", "STRATEGY_PASSWORD_SALT", "STRATEGY_LINK_SECRET", "STRATEGY_DATA_KEYS"]
)
@pytest.mark.parametrize("weak", ["", "short", "a" * 64, "changeme" * 8])
def test_a_missing_or_weak_secret_is_refused_by_name(name: str, weak: str) -> None:
    found = problems(read({**GOOD, name: weak}))
    assert any(sentence.startswith(name) for sentence in found)


def test_one_secret_used_twice_is_refused() -> None:
    found = problems(read({**GOOD, "STRATEGY_LINK_SECRET": GOOD["STRATEGY_SECRET_KEY"]}))
    assert any("must all differ" in sentence for sentence in found)


@pytest.mark.parametrize("name", ["STRATEGY_EMAIL_CHANNEL", "STRATEGY_SMS_CHANNEL"])
def test_production_refuses_to_capture(name: str) -> None:
    assert any(name in sentence for sentence in problems(read({**GOOD, name: "capture"})))


def test_production_refuses_links_without_https_and_mail_without_tls() -> None:
    found = problems(read({**GOOD, "STRATEGY_BASE_URL": "http://sd.example", "SMTP_SECURITY": "none"}))
    assert {sentence.split()[0] for sentence in found} == {"STRATEGY_BASE_URL", "SMTP_SECURITY"}


def test_production_says_how_many_proxies_stand_in_front_of_it_be_it_none() -> None:
    silent = {name: value for name, value in GOOD.items() if name != "STRATEGY_TRUSTED_PROXIES"}
    assert [sentence.split()[0] for sentence in problems(read(silent))] == ["STRATEGY_TRUSTED_PROXIES"]
    assert read({**GOOD, "STRATEGY_TRUSTED_PROXIES": "2"}).trusted_proxies == 2
    assert problems(read({"STRATEGY_ENV": "test"})) == []


def test_a_token_for_the_figures_is_a_long_one() -> None:
    found = problems(read({**GOOD, "STRATEGY_METRICS_TOKEN": "short"}))
    assert [sentence.split()[0] for sentence in found] == ["STRATEGY_METRICS_TOKEN"]


NOTIFY = {
    "NOTIFY_API_KEY": KEY,
    "NOTIFY_SMS_TEMPLATE_ID": SMS_ID,
    "NOTIFY_EMAIL_TEMPLATE_ID": EMAIL_ID,
    "NOTIFY_CALLBACK_TOKEN": CALLBACK_TOKEN,
}


def test_providers_are_tried_in_the_order_they_are_named() -> None:
    several = {"STRATEGY_SMS_CHANNEL": "twilio, govuk-notify", "STRATEGY_EMAIL_CHANNEL": "govuk-notify"}
    settings = read({**GOOD, **NOTIFY, **several})
    assert problems(settings) == []
    assert settings.sms_providers == ("twilio", "govuk-notify")
    with channels_for(settings) as channels:
        assert (channels.email.name, channels.sms.name) == ("govuk-notify", "twilio,govuk-notify")


@pytest.mark.parametrize("named", ["", "pigeon", "capture,twilio", "twilio,twilio", "smtp", "twilio,"])
def test_providers_that_are_none_are_refused_by_name(named: str) -> None:
    found = problems(read({**GOOD, "STRATEGY_SMS_CHANNEL": named}))
    assert [sentence.split()[0] for sentence in found] == ["STRATEGY_SMS_CHANNEL"]


def test_notify_needs_its_key_its_templates_and_a_mail_server_for_calendars() -> None:
    bare = {name: value for name, value in GOOD.items() if not name.startswith("SMTP_")}
    by_notify = {"STRATEGY_SMS_CHANNEL": "govuk-notify", "STRATEGY_EMAIL_CHANNEL": "govuk-notify"}
    found = problems(read({**bare, **by_notify, "NOTIFY_CALLBACK_TOKEN": "short"}))
    assert {sentence.split()[0] for sentence in found} == {"SMTP_HOST", *NOTIFY}
    assert "carries no calendar part" in " ".join(found)


@pytest.mark.parametrize("name", ["TWILIO_API_URL", "NOTIFY_API_URL"])
def test_production_gives_no_provider_its_secret_unencrypted(name: str) -> None:
    both = {**GOOD, **NOTIFY, "STRATEGY_SMS_CHANNEL": "twilio,govuk-notify", name: "http://stand-in.example"}
    assert [sentence.split()[0] for sentence in problems(read(both))] == [name]


@pytest.mark.parametrize(
    ("base", "api", "reported_to"),
    [
        ("https://sd.example", "https://api.twilio.com", "https://sd.example/webhooks/twilio/status"),
        ("http://127.0.0.1:5000", "https://api.twilio.com", None),
        ("http://127.0.0.1:5000", "http://127.0.0.1:9", "http://127.0.0.1:5000/webhooks/twilio/status"),
    ],
)
def test_twilio_is_told_where_to_report_if_it_can_get_there(base: str, api: str, reported_to: str | None) -> None:
    assert status_url(read({**GOOD, "STRATEGY_BASE_URL": base, "TWILIO_API_URL": api})) == reported_to


def test_production_is_what_is_meant_when_nothing_is_said() -> None:
    assert problems(read({}))


def test_what_cannot_be_understood_is_said_by_name() -> None:
    with pytest.raises(ConfigurationError, match="PORT must be a whole number"):
        read({**GOOD, "PORT": "five thousand"})
    with pytest.raises(ConfigurationError, match="STRATEGY_ENV must be one of"):
        read({"STRATEGY_ENV": "staging"})


def test_a_demonstration_makes_its_secrets_once(tmp_path: Path) -> None:
    environ = {"STRATEGY_ENV": "demo", "STRATEGY_DATA_DIR": str(tmp_path)}
    first, second = read(environ), read(environ)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert problems(first) == []
    assert (tmp_path / "demo-secrets.json").stat().st_mode & 0o077 == 0


def test_a_demonstration_lies_in_a_directory_of_its_own(tmp_path: Path) -> None:
    read({"STRATEGY_ENV": "demo", "STRATEGY_DATA_DIR": str(tmp_path / "demo")})
    assert (tmp_path / "demo").stat().st_mode & 0o777 == 0o700


def test_settings_in_a_log_show_no_secret() -> None:
    assert GOOD["STRATEGY_SECRET_KEY"] not in repr(read(GOOD))
    assert "token" not in repr(read(GOOD))
    assert SECRET not in repr(read({**GOOD, **NOTIFY}))


@pytest.mark.parametrize(("name", "value"), [("PORT", "0"), ("PORT", "99999"), ("STRATEGY_TICK_SECONDS", "0")])
def test_a_number_out_of_range_is_said_by_name(name: str, value: str) -> None:
    assert [sentence.split()[0] for sentence in problems(read({**GOOD, name: value}))] == [name]


def test_production_has_no_sender_of_its_own() -> None:
    without = {name: value for name, value in GOOD.items() if name != "SMTP_FROM"}
    assert any("SMTP_FROM" in sentence for sentence in problems(read(without)))


def test_the_port_moves_the_links_too() -> None:
    assert read({"PORT": "8080"}).base_url == "http://127.0.0.1:8080"
