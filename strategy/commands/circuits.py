"""Holds keeping quiet while a provider is down: when a channel counts as down, its probes, and when it is up again."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from strategy.act import Act
from strategy.db import db
from strategy.models import Circuit
from strategy.vocabulary import MessageChannel

# So many failures in a row, of any senders and messages, and the provider counts as down.
FAILURES = 5
# While it is down one message at a time tries whether it is up again: soon enough for what is urgent.
PROBE_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Ways:
    """The channels that may be used, and those that are down of which this caller is to try one message.

    ``troubled``: not every provider answered the last time.
    """

    usable: list[MessageChannel]
    probed: list[MessageChannel]
    troubled: bool


def ways(act: Act) -> Ways:
    """How each channel may be used now."""
    rows = {row.channel: row for row in db.session.scalars(select(Circuit))}
    quiet = [channel for channel, row in rows.items() if row.quiet_since is not None]
    usable = [channel for channel in MessageChannel if channel not in quiet]
    probed = [channel for channel in quiet if _won_probe(channel, act)]
    return Ways(usable, probed, any(row.failures for row in rows.values()))


def heard(channel: MessageChannel, trouble: str | None, act: Act) -> bool:
    """Note how the provider fared: ``trouble`` says what is wrong with it, None that it answered. Whether it is down.

    To be called last in a transaction: claims hold messages when they lock the channel's row.
    """
    if trouble is None:
        mended = {"failures": 0, "failing_since": None, "quiet_since": None, "probe_at": None, "problem": None}
        db.session.execute(update(Circuit).where(Circuit.channel == channel, Circuit.failures > 0).values(mended))
        return False
    row = locked(channel)
    row.failures += 1
    row.failing_since = row.failing_since or act.at
    row.problem = trouble[:200]
    if row.failures >= FAILURES:
        row.quiet_since = row.quiet_since or row.failing_since
        row.probe_at = act.at + PROBE_EVERY
    return row.quiet_since is not None


def locked(channel: MessageChannel) -> Circuit:
    """The channel's row, made when there is none yet; everybody else who asks for it waits."""
    found = _find(channel)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            db.session.add(Circuit(channel=channel, failures=0))
    except IntegrityError:
        pass  # another sender made it at the same moment
    return _find(channel) or db.session.get_one(Circuit, channel)


def _find(channel: MessageChannel) -> Circuit | None:
    return db.session.get(Circuit, channel, with_for_update=True, populate_existing=True)


def _won_probe(channel: MessageChannel, act: Act) -> bool:
    """Whether it is time for a probe, and no other sender was first."""
    won = db.session.scalars(
        update(Circuit)
        .where(Circuit.channel == channel, Circuit.quiet_since.is_not(None), Circuit.probe_at <= act.at)
        .values(probe_at=act.at + PROBE_EVERY)
        .returning(Circuit.channel)
    )
    return won.first() is not None
