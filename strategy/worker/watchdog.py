"""Holds the look the pages' own process takes at the worker: told of by mail when it is silent, and when it is back.

It sends by itself, since whoever else would is silent. Any number of processes may look; one tells.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from flask import current_app

from notifications.channel import NotSent
from notifications.messages import Email
from notifications.registry import Registry
from strategy.act import Act
from strategy.alarm_words import AlarmFacts, alarm
from strategy.commands import silences
from strategy.db import db, transaction
from strategy.models import Silence
from strategy.queries import heartbeat
from strategy.queries import silences as questions
from strategy.vocabulary import Via

SILENT_FOR: Final = timedelta(minutes=2)
_BY: Final = "Watchdog"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # the name of the silence before any tick at all

Result = TypeVar("Result")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Telling:
    """One mail to everybody who is told. ``kind`` is its template, and a part of its id."""

    kind: str
    silence_id: int
    since: datetime | None
    until: datetime | None


def look(channels: Registry, up_since: datetime, now: datetime) -> str | None:
    """Notice a silence of two minutes, or its end, and tell of it once; what was told, or None.

    ``up_since`` is when this process began to look: before it nobody looked, and a start comes before the first tick.
    Needs an application context.
    """
    last = heartbeat.last_tick()
    silent = now - max(last or _NEVER, up_since) >= SILENT_FOR
    unfinished = questions.anything_to_tell()
    db.session.rollback()
    if silent:
        _write(now, partial(silences.notice, last or _NEVER))
    elif last is not None and unfinished:
        _write(now, partial(silences.end, last))
    return _tell(channels, now) if silent or unfinished else None


def _tell(channels: Registry, now: datetime) -> str | None:
    for kind, take, sent in (
        ("silent", silences.take_alarm, silences.alarm_sent),
        ("back", silences.take_over, silences.over_sent),
    ):
        telling = _write(now, partial(_taken, kind, take))
        if telling is not None and _send(channels, telling):
            _write(now, partial(sent, telling.silence_id))
            return kind
    return None


def _taken(kind: str, take: Callable[[Act], Silence | None], act: Act) -> _Telling | None:
    found = take(act)
    if found is None:
        return None
    return _Telling(kind, found.id, found.began_at if found.began_at > _NEVER else None, found.ended_at)


def _send(channels: Registry, telling: _Telling) -> bool:
    """One mail to each; whether any went out. No transaction is open meanwhile."""
    config = current_app.config
    told = questions.told(config["ALARM_ADDRESSES"])
    db.session.rollback()
    subject, text = alarm(telling.kind, AlarmFacts(config["BASE_URL"], telling.since, telling.until))
    sent = [_sent(channels, telling, number, to, subject, text) for number, to in enumerate(told)]
    return any(sent)


def _sent(channels: Registry, telling: _Telling, number: int, to: str, subject: str, text: str) -> bool:
    config = current_app.config
    try:
        mail = Email(
            id=f"{telling.kind}-{telling.silence_id}-{number}",
            to=to,
            sender=config["ORGANISER"],
            sender_name=config["ORGANISER_NAME"],
            subject=subject,
            text=text,
            automatic=True,
        )
        channels.email.send(mail)
    except (NotSent, ValueError) as error:
        log.error("the alarm could not be sent (%s)", type(error).__name__)  # never to whom
        return False
    return True


def _write(now: datetime, do: Callable[[Act], Result]) -> Result:
    with transaction(_BY, Via.WORKER) as act:
        return do(replace(act, at=now))
