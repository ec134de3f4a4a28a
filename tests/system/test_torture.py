"""Proves that nothing is lost where workers are killed at random and the mail server is at its worst."""

import random
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from strategy.db import db
from strategy.models import Message
from strategy.vocabulary import MessageChannel, MessageState
from tests.conftest import environment
from tests.notifications.faulty_mail_server import FaultyServer, moody
from tests.postgres import Postgres
from tests.system.torturing import Workers, filled, unsettled

MESSAGES, WORKERS, KILLS = 5_000, 3, 12
WITHIN = 300.0  # seconds, on a machine that does much else; alone it takes about one minute


def test_wild_17_five_thousand_messages_three_workers_kills_and_a_server_at_its_worst(
    postgres: Postgres, tmp_path: Path
) -> None:
    dice, began = random.Random(2026), datetime.now(UTC)
    settings = environment(postgres.database("torture"), tmp_path)
    mood = moody(random.Random(7), defer=0.02, refuse=0.01, drop=0.005, slow=0.01)
    with FaultyServer(mood) as server, filled(settings, began, MESSAGES):
        workers = Workers(settings, server.port, began, WORKERS)
        _worked_off(workers, server, dice)
        workers.stop()
        mails = {one.id: one for one in db.session.scalars(select(Message).filter_by(channel=MessageChannel.EMAIL))}
        taken = Counter(int(one.removeprefix("m")) for one in server.taken)
        orphaned = {int(one.removeprefix("m")) for one in server.orphaned}
        assert workers.killed == KILLS
        assert unsettled() == 0
        arrived = {number for number, one in mails.items() if one.state is MessageState.SENT}
        assert arrived <= set(taken), "a message is noted as sent that no server ever took"
        assert len(arrived) > 0.97 * len(mails)
        twice = {number for number, times in taken.items() if times > 1}
        assert twice <= orphaned, "a message went out twice though nobody was killed over it"
        assert sum(taken.values()) - len(taken) <= KILLS
        untold = {number for number in taken if mails[number].state is MessageState.QUEUED}
        assert not untold


def _worked_off(workers: Workers, server: FaultyServer, dice: random.Random) -> None:
    """Kill a worker now and then, in the thick of it, until nothing is left."""
    until, step = time.monotonic() + WITHIN, MESSAGES // (KILLS + 1)
    while len(server.taken) < MESSAGES * 0.9 or unsettled():
        if workers.killed < KILLS and len(server.taken) > step * (workers.killed + 1):
            workers.replace(dice.randrange(WORKERS))
        if time.monotonic() > until:
            raise AssertionError(f"{unsettled()} messages are not settled after {WITHIN:.0f} seconds")
        time.sleep(0.2)
