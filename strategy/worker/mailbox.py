"""Holds the step that takes in what waits in the mailbox, mail by mail. What a mail means is commands.receiving's.

Stored first, put away second: after a crash in between, or with two workers at once, a mail comes again and is known.
One that cannot be stored stays where it is and is tried again; the others go on.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, Protocol, TypeVar

from notifications.inbound_mail import read
from notifications.mailbox import Mailbox, MailboxUnavailable, OpenMailbox
from strategy.act import Act
from strategy.commands import receiving

_MOST: Final = 50

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
            for uid in box.waiting(_MOST):
                counts["mails_taken_in" if _taken_in(box, uid, clock, write) else "mails_failed"] += 1
    except MailboxUnavailable as error:
        counts["mails_failed"] += 1
        log.error("the mailbox could not be read: %s", error)
    return counts


def _taken_in(box: OpenMailbox, uid: str, clock: Callable[[], datetime], write: InTransaction) -> bool:
    raw = box.fetch(uid)
    if raw is None:
        return True
    try:
        write(clock(), partial(receiving.receive, read(raw), raw))
    except Exception as error:
        # Names only: an error's own words may hold what stood in the mail.
        log.error("a mail could not be stored (%s) and stays in the mailbox", type(error).__name__)
        return False
    box.put_away(uid)
    return True
