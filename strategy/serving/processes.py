"""Holds what runs: the pages, the worker, one tick, and the schema they need. What they are asked is asking's."""

import atexit
import signal
import sys
from contextlib import ExitStack
from threading import Event as Signal
from typing import Any

import click
import flask_migrate
import waitress
from flask import Flask

from config import ConfigurationError, Environment, Settings, read
from strategy import demonstration, pages, scheduler
from strategy import worker as worker_room
from strategy.app import channels_for, create_app
from strategy.clock import now
from strategy.serving.starting import application_ready, make_directory, started


def serve() -> None:
    """Serve the pages and chase until told to stop."""
    settings, app = started()
    _refuse_unbuilt()
    try:
        server = waitress.create_server(app, host=settings.host, port=settings.port, threads=8, ident=None)
    except OSError as error:
        problem = f"Port {settings.port} cannot be used ({error.strerror}); set PORT to another."
        raise ConfigurationError([problem]) from None
    with channels_for(settings) as channels, scheduler.running(app, channels, settings.tick_seconds):
        _announce(settings)
        with scheduler.watching(app, channels):
            server.run()


def application() -> Flask:
    """The pages alone, for a server with several processes; `strategy worker` chases beside it, and is looked after."""
    settings, app = started()
    _refuse_unbuilt()
    _watch(settings, app)
    return app


def _watch(settings: Settings, app: Flask) -> None:
    """Look at the worker from now until this process ends."""
    beside = ExitStack()
    beside.enter_context(scheduler.watching(app, beside.enter_context(channels_for(settings))))
    atexit.register(beside.close)


def _refuse_unbuilt() -> None:
    if not pages.built():
        raise ConfigurationError([pages.UNBUILT])


def work() -> None:
    """Chase until told to stop."""
    settings, app = started()
    stop = Signal()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with channels_for(settings) as channels, scheduler.running(app, channels, settings.tick_seconds):
        click.echo(f"Chasing every {settings.tick_seconds} seconds. Ctrl-C stops.", err=True)
        stop.wait()


def tick_once() -> dict[str, Any]:
    """One tick; its summary."""
    with application_ready() as settings, channels_for(settings) as channels:
        return worker_room.tick(channels, now())


def migrate() -> None:
    """Bring the database to the newest schema."""
    settings = read()
    make_directory(settings)
    with create_app(settings).app_context():
        flask_migrate.upgrade()


def _announce(settings: Settings) -> None:
    lines = [f"Strategy Discussions is at http://{settings.host}:{settings.port}"]
    if settings.environment is Environment.DEMO:
        lines.append(f"Sign in with the password {demonstration.PASSWORD} as:")
        lines += [f"  {email}  {words}" for email, words in demonstration.PEOPLE]
        lines.append(f"Messages that would go out: http://{settings.host}:{settings.port}/outbox. Ctrl-C stops.")
    click.echo("\n".join(lines))
    sys.stdout.flush()  # at once, even where the terminal is a file or a pipe
