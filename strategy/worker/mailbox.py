"""Holds the step that takes in what waits in the mailbox, mail by mail. What a mail means is commands.receiving's.

Stored first, put away second: after a crash in between, or with two workers at once, a mail comes again and is known.
One that cannot be stored stays where it is and is tried again; the others go on.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, Protocol, TypeVar

from sqlalchemy.exc import IntegrityError

from notifications.inbound_mail import read
from notifications.mailbox import Mailbox, MailboxUnavailable, NotPutAway, OpenMailbox
from strategy.act import Act
from strategy.commands import receiving
from strategy.commands.receiving import Received

_LONGEST_TURN: Final = 5.0  # seconds: what else the tick does must not wait for a mailbox found full

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class InTransaction(Protocol):
    """Do something in a writing transaction of its own, as of that moment."""

    def __call__(self, moment: datetime, do: Callable[[Act], Result], /) -> Result: ...


def empty(mailbox: Mailbox | None, clock: Callable[[], datetime], write: InTransaction) -> dict[str, int]:
    """Take in what waits; how many mails, and how many could not be. None: no mailbox is read here."""
    counts = {"mails_taken_in": 0, "mails_failed": 0}
    if mailbox is None or not mailbox.turn():
        return counts
    try:
        with mailbox.opened() as box:
            _take_turn(mailbox, box, counts, partial(_taken_in, box, clock, write))
    except MailboxUnavailable as error:
        counts["mails_failed"] += 1
        log.error("the mailbox could not be read: %s", error)
    return counts


def _take_turn(mailbox: Mailbox, box: OpenMailbox, counts: dict[str, int], take: Callable[[str], bool | None]) -> None:
    """Those that could not be stored before come last, so that they never keep the others out."""
    ends = time.monotonic() + _LONGEST_TURN
    waiting = box.waiting()
    mailbox.stuck.intersection_update(waiting)
    for uid in sorted(waiting, key=mailbox.stuck.__contains__):
        taken = take(uid)
        if taken is not None:
            counts["mails_taken_in" if taken else "mails_failed"] += 1
        (mailbox.stuck.add if taken is False else mailbox.stuck.discard)(uid)
        if time.monotonic() >= ends:
            mailbox.look_again()
            break


def _taken_in(box: OpenMailbox, clock: Callable[[], datetime], write: InTransaction, uid: str) -> bool | None:
    """Whether it was stored and put away; None when somebody else has it, or it is gone."""
    raw = box.fetch(uid)
    if raw is None:
        return None
    try:
        again = _stored(raw, clock, write).again
    except Exception as error:
        # Names only: an error's own words may hold what stood in the mail.
        log.error("a mail could not be stored (%s) and stays in the mailbox", type(error).__name__)
        return False
    try:
        box.put_away(uid)
    except NotPutAway as error:
        log.error("a mail is stored and could not be put away: %s", error)
        return False
    return None if again else True


def _stored(raw: bytes, clock: Callable[[], datetime], write: InTransaction) -> Received:
    """Keep it, and do what follows. Another worker may do so in the same moment: then it is known the second time."""
    take = partial(receiving.receive, read(raw), raw)
    try:
        return write(clock(), take)
    except IntegrityError:
        return write(clock(), take)
