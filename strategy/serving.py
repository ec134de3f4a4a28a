"""Holds what the command line's commands do: settings → application → pages, ticks, checks. No rule of its own."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from typing import Any

import click
import flask_migrate
import waitress
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from config import ConfigurationError, Environment, Settings, read
from notifications.channel import Checkable, NotSent
from notifications.registry import Registry
from strategy import demonstration, finding, holidays, pages, scheduler
from strategy import worker as worker_room
from strategy.act import Refused
from strategy.app import channels_for, create_app
from strategy.clock import in_london, now
from strategy.commands import authorities, contact_imports, directory_imports, users
from strategy.db import db, transaction
from strategy.models import Authority, User
from strategy.policy import example_text
from strategy.queries import chasing, health, heartbeat, policies
from strategy.queries import contact_imports as contact_lists
from strategy.queries import directory_imports as directory_sheets
from strategy.queries.contact_imports import Plan
from strategy.rules import directory_sheet
from strategy.rules.contact_sheet import WrongHeading
from strategy.sheets import Unreadable
from strategy.vocabulary import Mode, StaffRole, Via

_DRIFT = 30  # seconds: past that providers refuse what we sign, and due times mean little
_SHORTEST_PASSWORD = 12
_TICK_IS_LATE = timedelta(seconds=60)


def serve() -> None:
    """Serve the pages and chase until told to stop."""
    settings, app = _started()
    _refuse_unbuilt()
    try:
        server = waitress.create_server(app, host=settings.host, port=settings.port, threads=8, ident=None)
    except OSError as error:
        problem = f"Port {settings.port} cannot be used ({error.strerror}); set PORT to another."
        raise ConfigurationError([problem]) from None
    with channels_for(settings) as channels, scheduler.running(app, channels, settings.tick_seconds):
        _announce(settings)
        server.run()


def application() -> Flask:
    """The pages alone, for a server with several processes; `strategy worker` chases beside it."""
    _settings, app = _started()
    _refuse_unbuilt()
    return app


def _refuse_unbuilt() -> None:
    if not pages.built():
        raise ConfigurationError([pages.UNBUILT])


def work() -> None:
    """Chase until told to stop."""
    settings, app = _started()
    stop = Signal()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with channels_for(settings) as channels, scheduler.running(app, channels, settings.tick_seconds):
        click.echo(f"Chasing every {settings.tick_seconds} seconds. Ctrl-C stops.", err=True)
        stop.wait()


def tick_once() -> dict[str, Any]:
    """One tick; its summary."""
    with _application() as settings, channels_for(settings) as channels:
        return worker_room.tick(channels, now())


def owed_until(until: datetime) -> list[dict[str, Any]]:
    """What would be sent and climbed by then, oldest first."""
    with _application():
        return chasing.owed(until, now())


def slots_for(
    discussion: str | None, contact: str | None, length: int | None, mode: Mode | None, authority: str | None
) -> finding.Found:
    """When a discussion could be instead, a contact's be held, or, with neither, all who wait share the desks.

    Raises click.BadParameter for what cannot be found.
    """
    with _application():
        if discussion is not None:
            return finding.for_discussion(discussion, authority, length, mode, now())
        if contact is not None:
            return finding.for_contact(contact, authority, length, mode, now())
        return finding.for_waiting(authority, now())


def migrate() -> None:
    """Bring the database to the newest schema."""
    settings = read()
    _make_directory(settings)
    with create_app(settings).app_context():
        flask_migrate.upgrade()


def create_authority(entry: authorities.NewAuthority) -> None:
    """Begin an authority under the example policy. Raises Refused for a taken code or bad values."""
    with _application(), transaction("command line", Via.COMMAND_LINE) as act:
        authorities.begin(entry, example_text(), act)


def create_user(email: str, name: str, title: str, authority: str, roles: Sequence[str], password: str) -> None:
    """Let somebody sign in. Raises click.BadParameter for an unknown authority or role, or a taken address."""
    unknown = set(roles) - {role.value for role in StaffRole}
    if unknown:
        raise click.BadParameter(f"there is no role {', '.join(sorted(unknown))}; known: {', '.join(StaffRole)}")
    if len(password) < _SHORTEST_PASSWORD:
        raise click.BadParameter(f"a password needs at least {_SHORTEST_PASSWORD} characters")
    with _application(), transaction("command line", Via.COMMAND_LINE) as act:
        home = db.session.scalar(select(Authority).where(Authority.code == authority))
        if home is None:
            raise click.BadParameter(f"there is no authority {authority!r}")
        held = [StaffRole(role) for role in roles]
        entry = users.NewUser(email=email, full_name=name, job_title=title, password=hash_password(password))
        users.create(entry, home, held, act)


def policy_text(authority: str) -> str:
    """The text of the policy an authority works under now. Raises click.BadParameter for an unknown authority."""
    with _application():
        home = db.session.scalar(select(Authority).where(Authority.code == authority))
        if home is None:
            raise click.BadParameter(f"there is no authority {authority!r}")
        return policies.in_force(home.id, now()).text


def import_contacts(file: Path, authority: str, by: str, dry_run: bool) -> dict[str, Any]:
    """Bring in a list of open contacts for somebody who signs in there, or only look. Raises Refused; the counts.

    A dry run leaves nothing behind.
    """
    with _application(), transaction("command line", Via.COMMAND_LINE) as act:
        sender = _sender(authority, by)
        policy = policies.in_force(sender.authority_id, act.at)
        try:
            reading = contact_lists.read_file(file.read_bytes(), file.name, policy, act.at)
        except (Unreadable, WrongHeading) as error:
            raise Refused(error.reason) from None
        source = contact_imports.keep(reading, sender, act)
        plan = contact_lists.plan(source)
        if dry_run:
            db.session.delete(source)
        elif plan.added:
            contact_imports.confirm(source, plan.seen, sender, policy, act)
        else:
            contact_imports.drop(source)
        return _counts(plan)


def import_directory(file: Path, authority: str, by: str, dry_run: bool) -> dict[str, Any]:
    """Bring in a sheet of the directory for an administrator there, or only look. Raises Refused; what it does.

    A dry run leaves nothing behind.
    """
    with _application(), transaction("command line", Via.COMMAND_LINE) as act:
        sender = _sender(authority, by)
        if not sender.holds(StaffRole.ADMINISTRATOR):
            raise Refused("Only an administrator brings in the directory.")
        policy = policies.in_force(sender.authority_id, act.at)
        try:
            reading = directory_sheets.read_file(file.read_bytes(), file.name, policy)
        except (Unreadable, directory_sheet.WrongHeading) as error:
            raise Refused(error.reason) from None
        source = directory_imports.keep(reading, sender, act)
        plan = directory_sheets.plan(source, policy)
        if dry_run:
            db.session.delete(source)
        elif plan.added or plan.changed:
            directory_imports.confirm(source, plan.seen, sender, policy, act)
        else:
            directory_imports.drop(source)
        return directory_sheets.facts(plan)


def _sender(authority: str, by: str) -> User:
    """Who signs in there with that address. Raises Refused."""
    found = db.session.scalar(select(User).join(User.authority).where(User.email == by, Authority.code == authority))
    if found is None or not found.active:
        raise Refused(f"Nobody signs in at {authority} with that address.")
    return found


def _counts(plan: Plan) -> dict[str, Any]:
    """How many of what, and which rows were refused why; never what stood in them."""
    lists = ("added", "unchanged", "changed", "closed", "duplicates")
    refused = [{"row": one.row, "column": one.column, "why": one.words} for one in plan.refused]
    return {**{name: len(getattr(plan, name)) for name in lists}, "refused": refused}


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
        found += _channels(channels)
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
    drift = abs((health.clock_of_database() - now()).total_seconds())
    found.append(_entry("clock", drift <= _DRIFT, f"{drift:.0f} seconds from the database's"))
    for nation in nations:
        short = holidays.runs_out(nation, in_london(now()).date())
        words = f"known until {holidays.horizon(nation).isoformat()}"
        words += ": later working days are counted too short, install a newer version" if short else ""
        found.append(_entry(f"bank holidays, {nation.words}", short is None, words))
    return found


def _channels(channels: Registry) -> list[dict[str, Any]]:
    found = []
    for name, channel in (("email", channels.email), ("text", channels.sms)):
        if not isinstance(channel, Checkable):
            found.append(_entry(f"{name} channel", True, f"{channel.name}: nothing leaves this machine"))
            continue
        try:
            channel.check()
        except NotSent as error:
            found.append(_entry(f"{name} channel", False, f"{channel.name}: {error.reason}"))
        else:
            found.append(_entry(f"{name} channel", True, f"{channel.name} answers"))
    return found


def _entry(what: str, ok: bool, words: str) -> dict[str, Any]:
    return {"what": what, "ok": ok, "words": words}


def _started() -> tuple[Settings, Flask]:
    settings = read()
    _make_directory(settings)
    app = create_app(settings)
    if settings.environment is Environment.DEMO:
        demonstration.prepare(app)
    return settings, app


@contextmanager
def _application() -> Iterator[Settings]:
    settings, app = _started()
    with app.app_context():
        yield settings


def _make_directory(settings: Settings) -> None:
    settings.data_directory.mkdir(mode=0o700, parents=True, exist_ok=True)


def _announce(settings: Settings) -> None:
    lines = [f"Strategy Discussions is at http://{settings.host}:{settings.port}"]
    if settings.environment is Environment.DEMO:
        lines.append(f"Sign in with the password {demonstration.PASSWORD} as:")
        lines += [f"  {email}  {words}" for email, words in demonstration.PEOPLE]
        lines.append(f"Messages that would go out: http://{settings.host}:{settings.port}/outbox. Ctrl-C stops.")
    click.echo("\n".join(lines))
    sys.stdout.flush()  # at once, even where the terminal is a file or a pipe
