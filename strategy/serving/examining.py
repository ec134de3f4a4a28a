"""Holds what the doctor looks at: settings, pages, database, clock, holidays, words, channels. It mends nothing."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from config import ConfigurationError, Environment, Settings, read
from notifications.channel import Channel, Checkable, NotSent, Several
from notifications.mailbox import Mailbox, MailboxUnavailable
from notifications.registry import Registry
from strategy import demonstration, holidays, pages
from strategy.app import channels_for, create_app, mailbox_for, status_url
from strategy.clock import in_london, now
from strategy.db import db
from strategy.models import Authority
from strategy.queries import health, heartbeat, outbox, wordings
from strategy.views.webhooks import NOTIFY_STATUS

_DRIFT = 30  # seconds: past that providers refuse what we sign, and due times mean little
_TICK_IS_LATE = timedelta(seconds=60)


def examine() -> list[dict[str, Any]]:
    """What is well and what is not, an entry each: {"what", "ok", "words"}."""
    try:
        settings = read()
        app = create_app(settings)
    except ConfigurationError as error:
        return [_entry("settings", False, " ".join(error.problems))]
    found = [_entry("settings", True, f"{settings.environment} settings are complete")]
    found.append(_entry("pages", pages.built(), "built" if pages.built() else pages.UNBUILT))
    if settings.environment is Environment.DEMO:
        demonstration.prepare(app)
    with app.app_context():
        found += examine_database()
    with channels_for(settings) as channels:
        found += examine_channels(channels)
    found += examine_receipts(settings)
    found += examine_mailbox(mailbox_for(settings))
    return found


def examine_database() -> list[dict[str, Any]]:
    """What is well and what is not with the database the application is on, its clock and its bank holidays."""
    try:
        current, last = health.schema_is_current(), heartbeat.last_tick()
        nations = db.session.scalars(select(Authority.nation).distinct()).all()
    except SQLAlchemyError as error:
        return [_entry("database", False, f"cannot be read ({type(error).__name__}): run `strategy migrate`")]
    found = [_entry("database", current, "at the newest schema" if current else "run `strategy migrate`")]
    fresh = last is not None and now() - last <= _TICK_IS_LATE
    words = "no worker ever came round" if last is None else f"{int((now() - last).total_seconds())} seconds ago"
    found.append(_entry("last tick", fresh, words))
    for one in outbox.quiet():
        words = f"not since {in_london(one.since):%H:%M}: {one.problem}"
        found.append(_entry(f"{one.words.lower()} going out", False, words))
    drift = abs((health.clock_of_database() - now()).total_seconds())
    found.append(_entry("clock", drift <= _DRIFT, f"{drift:.0f} seconds from the database's"))
    for nation in nations:
        short = holidays.runs_out(nation, in_london(now()).date())
        words = f"known until {holidays.horizon(nation).isoformat()}"
        words += ": later working days are counted too short, install a newer version" if short else ""
        found.append(_entry(f"bank holidays, {nation.words}", short is None, words))
    return found + examine_words()


def examine_words() -> list[dict[str, Any]]:
    """Whether every authority's own words of messages still pass the checks; nothing where none has any amiss."""
    said = "no longer passes the checks: ours goes out where it cannot be said, change it on the page of its words"
    return [
        _entry(f"words of {one.name}, {one.authority}", False, f"version {one.number} {said}")
        for one in wordings.broken()
    ]


def examine_channels(channels: Registry) -> list[dict[str, Any]]:
    """What each provider says, a channel's several one by one."""
    found = [examine_channel("email channel", part) for part in _parts(channels.email)]
    return found + [examine_channel("text channel", part) for part in _parts(channels.sms)]


def _parts(channel: Channel[Any]) -> list[Channel[Any]]:
    """The providers behind a channel, each once, in the order they are asked."""
    if not isinstance(channel, Several):
        return [channel]
    every = {id(one): one for part in channel.parts for one in _parts(part)}
    return list(every.values())


def examine_channel(what: str, channel: Channel[Any]) -> dict[str, Any]:
    """Whether a provider lets us in and is set up as we need it, sending nothing."""
    if not isinstance(channel, Checkable):
        return _entry(what, True, f"{channel.name}: nothing leaves this machine")
    try:
        said = channel.check()
    except NotSent as error:
        return _entry(what, False, f"{channel.name}: {error.reason}")
    return _entry(what, True, f"{channel.name} answers" + (f": {said}" if said else ""))


def examine_receipts(settings: Settings) -> list[dict[str, Any]]:
    """Whether providers report what becomes of a message; where they do not, what was sent counts as told."""
    found = []
    if "twilio" in settings.sms_providers:
        asked = status_url(settings) is not None
        words = "twilio reports them" if asked else "none from twilio: STRATEGY_BASE_URL is no https:// address"
        found.append(_entry("receipts", True, words))
    if "govuk-notify" in settings.sms_providers + settings.email_providers:
        words = f"govuk-notify is to call {settings.base_url}{NOTIFY_STATUS} with the token set here"
        missing = "none from govuk-notify: NOTIFY_CALLBACK_TOKEN is not set"
        found.append(_entry("receipts", True, words if settings.notify.callback_token else missing))
    return found


def examine_mailbox(mailbox: Mailbox | None) -> list[dict[str, Any]]:
    """Whether the mailbox answers come to can be read; nothing where none is polled."""
    if mailbox is None:
        return []
    try:
        mailbox.check()
    except MailboxUnavailable as error:
        return [_entry("mailbox", False, str(error))]
    return [_entry("mailbox", True, "can be read")]


def _entry(what: str, ok: bool, words: str) -> dict[str, Any]:
    return {"what": what, "ok": ok, "words": words}
