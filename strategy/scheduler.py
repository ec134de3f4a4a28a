"""Holds the alarm clock: it calls the tick every few seconds. What is due lies in rows, never here."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from notifications.registry import Registry
from strategy import worker
from strategy.clock import now

log = logging.getLogger(__name__)


@contextmanager
def running(app: Flask, channels: Registry, seconds: int) -> Iterator[BackgroundScheduler]:
    """Tick every so many seconds while inside; leaving waits for a tick under way.

    Missed ticks collapse into one, however late: the next does all that is due.
    """

    def tick() -> None:
        try:
            with app.app_context():
                worker.tick(channels, now())
        except Exception as error:  # the next tick tries again; its age is what tells people
            log.error("a tick failed (%s)", type(error).__name__)

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        tick, "interval", seconds=seconds, next_run_time=now(), coalesce=True, max_instances=1, misfire_grace_time=None
    )
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=True)
