"""Wires the product together, in reading order; it decides nothing."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ConfigurationError, Environment, Settings, problems
from notifications.capture_store import CaptureStore
from notifications.destinations import Guard, why_never
from notifications.govuk_notify import NotifySettings
from notifications.mailbox import ImapSecurity, Mailbox, MailboxSettings, OAuth
from notifications.notify_receipts import NotifyReceipts
from notifications.registry import ChannelSettings, Registry, open_channels
from notifications.smtp import Security as MailSecurity
from notifications.smtp import SmtpSettings
from notifications.twilio_sms import TwilioReceipts, TwilioSettings
from strategy import demonstration, filters, keys, pages, shell, signing_in
from strategy.clock import now
from strategy.db import db
from strategy.limits import limiter
from strategy.views import BLUEPRINTS, TOKEN_BLUEPRINTS, webhooks

MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(settings: Settings) -> Flask:
    """The application for these settings. Raises ConfigurationError when they are not good enough to start with."""
    found = problems(settings)
    if found:
        raise ConfigurationError(found)
    app = Flask("strategy", static_folder=None, template_folder=None)
    app.config.from_mapping(_flask_settings(settings))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's own way to wrap itself
    keys.install(app.extensions, keys.Keys.derive(settings.data_keys, settings.link_secret))
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    csrf = CSRFProtect(app)
    limiter.init_app(app)
    pages.install(app)
    filters.install(app)
    signing_in.install(app)
    shell.install(app)
    if settings.environment is Environment.DEMO:
        app.jinja_env.globals.update(demo_people=demonstration.PEOPLE, demo_password=demonstration.PASSWORD)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in TOKEN_BLUEPRINTS:
        csrf.exempt(blueprint)  # on a partner's page the link's token is the authority
    return app


def channels_for(settings: Settings) -> Registry:
    """The channels these settings name, connecting to nothing yet. Raises notifications' Misconfigured."""
    domain = settings.smtp.sender.rpartition("@")[2]
    store = CaptureStore(capture_directory(settings), now, domain)
    chosen = ChannelSettings(
        email=settings.email_providers,
        sms=settings.sms_providers,
        capture=store.put,
        smtp=_smtp(settings, domain) if settings.uses_smtp else None,
        twilio=_twilio(settings) if "twilio" in settings.sms_providers else None,
        notify=_notify(settings) if "govuk-notify" in settings.email_providers + settings.sms_providers else None,
    )
    return open_channels(chosen, now)


def _smtp(settings: Settings, domain: str) -> SmtpSettings:
    given = settings.smtp
    return SmtpSettings(
        host=given.host,
        domain=domain,
        port=given.port,
        security=MailSecurity(given.security),
        username=given.username or None,
        password=given.password or None,
    )


def _twilio(settings: Settings) -> TwilioSettings:
    given = settings.twilio
    return TwilioSettings(
        account_sid=given.account_sid,
        auth_token=given.auth_token,
        sender=given.sender or None,
        messaging_service_sid=given.messaging_service_sid or None,
        status_url=status_url(settings),
        base_url=given.api_url,
    )


def status_url(settings: Settings) -> str | None:
    """Where Twilio reports to. It refuses an address it cannot reach; a stand-in on this machine reaches any."""
    reachable = settings.base_url.startswith("https://") or settings.twilio.api_url.startswith("http://")
    return f"{settings.base_url}{webhooks.TWILIO_STATUS}" if reachable else None


def _notify(settings: Settings) -> NotifySettings:
    given = settings.notify
    return NotifySettings(
        api_key=given.api_key,
        sms_template_id=given.sms_template_id,
        email_template_id=given.email_template_id,
        receipts=bool(given.callback_token),
        base_url=given.api_url,
    )


def mailbox_for(settings: Settings) -> Mailbox | None:
    """The mailbox answers come to, connecting to nothing yet; None when none is polled."""
    given = settings.imap
    if not given.host:
        return None
    oauth = OAuth(given.token_url, given.client_id, given.client_secret, given.scope) if given.token_url else None
    return Mailbox(
        MailboxSettings(
            host=given.host,
            port=given.port,
            username=given.username,
            password=given.password,
            oauth=oauth,
            security=ImapSecurity(given.security),
            folder=given.folder,
            handled_folder=given.handled_folder,
            every_seconds=given.every_seconds,
        )
    )


def capture_directory(settings: Settings) -> Path:
    """Where captured messages are kept."""
    return settings.data_directory / "outbox"


def _flask_settings(settings: Settings) -> dict[str, Any]:
    production = settings.environment is Environment.PRODUCTION
    guard = Guard(settings.diary_allowed_hosts, plain_http=not production)
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment is Environment.TEST,
        "DEMO": settings.environment is Environment.DEMO,
        "BASE_URL": settings.base_url,
        "ORGANISER": settings.smtp.sender,
        "ORGANISER_NAME": settings.smtp.sender_name,
        "CAPTURING": settings.capturing,
        "CAPTURE_DIRECTORY": capture_directory(settings),
        "DIARY_GUARD": guard,
        "DIARY_JUDGE": partial(why_never, guard=guard),
        "DIARY_EVERY": timedelta(minutes=settings.diary_minutes),
        "MAILBOX": mailbox_for(settings),
        "METRICS_TOKEN": settings.metrics_secret,
        "HEARTBEAT_URL": settings.heartbeat_url,
        "ALARM_ADDRESSES": settings.alarm_addresses,
        "METRICS_OPEN": not production,
        # Whichever provider sends now: receipts of one used before still come.
        "TWILIO_RECEIPTS": TwilioReceipts(settings.twilio.auth_token),
        "NOTIFY_RECEIPTS": NotifyReceipts(settings.notify.callback_token),
        # An Accept that nobody reads is worse than none.
        "RSVP": settings.replies_read,
        "TEXTS_ANSWERED": settings.texts_answered,
        "TWILIO_TEXTS": TwilioReceipts(settings.twilio.auth_token) if "twilio" in settings.sms_providers else None,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=10),
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # Statements in an error or a log never carry what was in them.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True, "pool_pre_ping": True},
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a page left open over lunch still sends
        **signing_in.settings(settings.password_salt),
    }
