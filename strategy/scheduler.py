"""Holds the alarm clock: it calls the tick every few seconds and the sender at once. What is due lies in rows."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Signal
from threading import Thread

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from notifications.pulse import Pulse
from notifications.registry import Registry
from strategy import waking, worker
from strategy.clock import now
from strategy.worker import watchdog

# How often the sender looks for what another process has queued: no bell rings from there.
_LOOK_SECONDS = 0.5
# How often the pages' process looks whether a worker came round.
_LOOK_AT_WORKER_SECONDS = 30

log = logging.getLogger(__name__)


@contextmanager
def running(app: Flask, channels: Registry, seconds: int) -> Iterator[BackgroundScheduler]:
    """Tick every so many seconds and send as soon as there is something, while inside; leaving waits for both.

    Missed ticks collapse into one, however late: the next does all that is due. Sending has a thread of its own, so
    that chasing never waits behind a slow provider.
    """

    pulse = Pulse(app.config["HEARTBEAT_URL"])

    def tick() -> None:
        try:
            with app.app_context():
                worker.tick(channels, now(), sends=False)
            pulse.beat()
        except Exception as error:  # the next tick tries again; its age is what tells people
            log.error("a tick failed (%s)", type(error).__name__)

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        tick, "interval", seconds=seconds, next_run_time=now(), coalesce=True, max_instances=1, misfire_grace_time=None
    )
    scheduler.start()
    try:
        with _sending(app, channels):
            yield scheduler
    finally:
        scheduler.shutdown(wait=True)


@contextmanager
def watching(app: Flask, channels: Registry, seconds: int = _LOOK_AT_WORKER_SECONDS) -> Iterator[None]:
    """Look at the workers every so many seconds while inside, for the process that serves the pages."""
    up_since = now()

    def look() -> None:
        try:
            with app.app_context():
                watchdog.look(channels, up_since, now())
        except Exception as error:  # the database itself may be away: the next look tries again
            log.error("looking at the worker failed (%s)", type(error).__name__)

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(look, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


@contextmanager
def _sending(app: Flask, channels: Registry) -> Iterator[None]:
    """Send in a thread beside, until left."""
    stop = Signal()

    def send() -> None:
        while not stop.is_set():
            if not _sent_some(app, channels):
                waking.wait(_LOOK_SECONDS)

    thread = Thread(target=send, name="sender")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        waking.ring()
        thread.join()


def _sent_some(app: Flask, channels: Registry) -> bool:
    """Send one batch; whether there was anything to do, so that there may be more."""
    try:
        with app.app_context():
            done = worker.send(channels, now)
    except Exception as error:  # it is tried again: what is due stays due
        log.error("sending failed (%s)", type(error).__name__)
        return False
    return done is not None and any(done.values())
