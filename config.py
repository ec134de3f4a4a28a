"""Holds every setting, read from the environment once, typed; says in plain words what a production start lacks."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

from notifications import addresses, environment
from notifications.environment import Imap, Notify, Smtp, Twilio
from notifications.pulse import is_address
from notifications.registry import EMAIL_PROVIDERS, SMS_PROVIDERS

_LONG_ENOUGH = 32  # characters: 128 bits even when written in hexadecimal
_LAST_PORT = 65535
_VARIED_ENOUGH = 10  # different characters, so that "aaaa…" and "changeme changeme" are refused
_PROXIES = "STRATEGY_TRUSTED_PROXIES"
_SECRETS = ("STRATEGY_SECRET_KEY", "STRATEGY_PASSWORD_SALT", "STRATEGY_LINK_SECRET", "STRATEGY_DATA_KEYS")


class Environment(StrEnum):
    """What kind of place this is. Production is the default: forgetting the setting must not weaken anything."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class ConfigurationError(Exception):
    """The settings do not let the product start. ``problems`` are sentences that say what to set."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the product can be told from outside. Read it with ``read``; ask ``problems`` before starting."""

    environment: Environment
    database_url: str
    data_directory: Path
    base_url: str
    host: str
    port: int
    trusted_proxies: int | None  # None: nobody said
    metrics_secret: str
    heartbeat_url: str  # asked for at every tick; empty: nobody outside watches
    alarm_addresses: tuple[str, ...]  # told besides the administrators when the worker is silent
    tick_seconds: int
    secret_key: str
    password_salt: str
    link_secret: str
    data_keys: tuple[str, ...]
    email_channel: str
    sms_channel: str
    smtp: Smtp
    twilio: Twilio
    notify: Notify
    imap: Imap
    mail_piped: bool
    diary_minutes: int
    diary_allowed_hosts: frozenset[str]

    @property
    def email_providers(self) -> tuple[str, ...]:
        """Who carries mail, in the order they are tried."""
        return environment.providers(self.email_channel)

    @property
    def sms_providers(self) -> tuple[str, ...]:
        """Who carries texts, in the order they are tried."""
        return environment.providers(self.sms_channel)

    @property
    def uses_smtp(self) -> bool:
        """Whether mail goes by the mail server: with GOV.UK Notify too, what carries a calendar part does."""
        return self.email_providers != ("capture",)

    @property
    def replies_read(self) -> bool:
        """Whether anybody reads what comes to the organiser's address."""
        return bool(self.imap.host) or self.mail_piped or self.email_channel == "capture"

    @property
    def texts_answered(self) -> bool:
        """Whether a reply to every text of ours reaches us: played in the outbox, or handed over by the provider.

        A text that another provider carries instead cannot be answered.
        """
        return self.sms_providers == ("capture",) or (self.sms_providers == ("twilio",) and self.twilio.replies)

    @property
    def capturing(self) -> bool:
        """Whether messages are kept to look at rather than sent."""
        return "capture" in (self.email_channel, self.sms_channel)

    def __repr__(self) -> str:
        """Names only: a settings object in a log must not carry a secret."""
        return f"Settings({', '.join(field.name for field in fields(self))})"


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises ConfigurationError for values that cannot be understood.

    In the demonstration, secrets that are not set are made once and kept in the data directory.
    """
    try:
        return _read(environ)
    except environment.Misread as misread:
        raise ConfigurationError([str(misread)]) from None


def _read(environ: Mapping[str, str] | None) -> Settings:
    given = dict(os.environ if environ is None else environ)
    try:
        kind = Environment(given.get("STRATEGY_ENV", Environment.PRODUCTION))
    except ValueError:
        allowed = ", ".join(Environment)
        raise ConfigurationError([f"STRATEGY_ENV must be one of: {allowed}."]) from None
    directory = Path(given.get("STRATEGY_DATA_DIR", "var")).absolute()
    if kind is Environment.DEMO:
        given = {**_demonstration_secrets(directory), **given}
    host = given.get("STRATEGY_HOST", "127.0.0.1")
    port = environment.whole(given, "PORT", 5000)
    database = given.get("DATABASE_URL") or f"sqlite:///{directory / 'strategy.db'}"
    return Settings(
        environment=kind,
        database_url=database,
        data_directory=directory,
        base_url=given.get("STRATEGY_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        host=host,
        port=port,
        trusted_proxies=environment.whole(given, _PROXIES, 0) if given.get(_PROXIES) else None,
        metrics_secret=given.get("STRATEGY_METRICS_TOKEN", ""),
        heartbeat_url=given.get("STRATEGY_HEARTBEAT_URL", "").strip(),
        alarm_addresses=environment.listed(given, "STRATEGY_ALARM_ADDRESSES"),
        tick_seconds=environment.whole(given, "STRATEGY_TICK_SECONDS", 5),
        secret_key=given.get("STRATEGY_SECRET_KEY", ""),
        password_salt=given.get("STRATEGY_PASSWORD_SALT", ""),
        link_secret=given.get("STRATEGY_LINK_SECRET", ""),
        data_keys=environment.listed(given, "STRATEGY_DATA_KEYS"),
        email_channel=given.get("STRATEGY_EMAIL_CHANNEL", "capture"),
        sms_channel=given.get("STRATEGY_SMS_CHANNEL", "capture"),
        smtp=environment.smtp(given, kind is Environment.PRODUCTION),
        twilio=environment.twilio(given),
        notify=environment.notify(given),
        imap=environment.imap(given),
        mail_piped=given.get("STRATEGY_MAIL_PIPED", "") == "yes",
        diary_minutes=environment.whole(given, "STRATEGY_DIARY_MINUTES", 15),
        diary_allowed_hosts=_hosts(given, "STRATEGY_DIARY_ALLOWED_HOSTS"),
    )


def problems(settings: Settings) -> list[str]:
    """What keeps these settings from being good enough to start with, a sentence each; empty when nothing does."""
    found = _channel_problems(settings)
    if settings.environment is Environment.PRODUCTION:
        found += _secret_problems(settings)
        if not settings.base_url.startswith("https://"):
            found.append("STRATEGY_BASE_URL must be the https:// address partners reach; links are built from it.")
        if settings.trusted_proxies is None:
            found.append(
                f"{_PROXIES} is missing: say how many proxies stand in front (0 for none). Tries are counted by "
                "network address, and behind a proxy nobody knows of everybody has the same one."
            )
        if settings.metrics_secret and len(settings.metrics_secret) < _LONG_ENOUGH:
            found.append(f"STRATEGY_METRICS_TOKEN must have at least {_LONG_ENOUGH} characters, or be left out.")
        for name, channel in (("EMAIL", settings.email_channel), ("SMS", settings.sms_channel)):
            if channel == "capture":
                found.append(
                    f"STRATEGY_{name}_CHANNEL is capture, which sends nothing: set it to a real channel in production."
                )
    return found


def _channel_problems(settings: Settings) -> list[str]:
    found = []
    if not 0 < settings.port <= _LAST_PORT:
        found.append(f"PORT must be between 1 and {_LAST_PORT}.")
    if settings.tick_seconds < 1:
        found.append("STRATEGY_TICK_SECONDS must be at least 1.")
    if settings.heartbeat_url and not is_address(settings.heartbeat_url):
        found.append("STRATEGY_HEARTBEAT_URL must be an http:// or https:// address, or be left out.")
    if not all(_is_email(one) for one in settings.alarm_addresses):
        found.append("STRATEGY_ALARM_ADDRESSES must be email addresses separated by commas.")
    if settings.diary_minutes < 1:
        found.append("STRATEGY_DIARY_MINUTES must be at least 1.")
    emails, texts = settings.email_providers, settings.sms_providers
    found += environment.provider_problems("STRATEGY_EMAIL_CHANNEL", emails, EMAIL_PROVIDERS)
    found += environment.provider_problems("STRATEGY_SMS_CHANNEL", texts, SMS_PROVIDERS)
    production = settings.environment is Environment.PRODUCTION
    found += environment.smtp_problems(settings.smtp, production, used=settings.uses_smtp)
    if "twilio" in texts:
        found += environment.twilio_problems(settings.twilio, production)
    found += environment.notify_problems(
        settings.notify, production, emails="govuk-notify" in emails, texts="govuk-notify" in texts
    )
    found += environment.imap_problems(settings.imap, production)
    return found


def _is_email(text: str) -> bool:
    try:
        addresses.email(text)
    except addresses.InvalidAddress:
        return False
    return True


def _secret_problems(settings: Settings) -> list[str]:
    found = []
    values = {
        "STRATEGY_SECRET_KEY": [settings.secret_key],
        "STRATEGY_PASSWORD_SALT": [settings.password_salt],
        "STRATEGY_LINK_SECRET": [settings.link_secret],
        "STRATEGY_DATA_KEYS": list(settings.data_keys) or [""],
    }
    command = "python -c 'import secrets; print(secrets.token_hex(32))'"
    advice = f"set it to at least {_LONG_ENOUGH} random characters ({command})"
    for name, secrets_given in values.items():
        for value in secrets_given:
            if not value:
                found.append(f"{name} is missing: {advice}.")
            elif len(value) < _LONG_ENOUGH or len(set(value)) < _VARIED_ENOUGH:
                found.append(f"{name} is too weak: {advice}.")
    every = [value for group in values.values() for value in group if value]
    if len(set(every)) < len(every):
        found.append(f"{', '.join(values)} must all differ: one leaked secret must not open everything.")
    return found


def _demonstration_secrets(directory: Path) -> dict[str, str]:
    """Secrets of this demonstration, made at the first start. Two first starts at once agree on one set."""
    path = directory / "demo-secrets.json"
    if not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = path.with_suffix(f".{secrets.token_hex(8)}")
        mine.touch(mode=0o600)
        mine.write_text(json.dumps({name: secrets.token_hex(32) for name in _SECRETS}), encoding="utf-8")
        try:
            os.link(mine, path)  # fails when another start was first: theirs counts
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _hosts(given: Mapping[str, str], name: str) -> frozenset[str]:
    """Server names, each with its port if it is to be that one alone; never whole addresses."""
    hosts = frozenset(host.strip().lower() for host in given.get(name, "").split(",") if host.strip())
    if any("/" in host or "*" in host for host in hosts):
        raise ConfigurationError([f"{name} must be server names separated by commas, like calendar.internal:8443."])
    return hosts
