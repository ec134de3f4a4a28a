"""Holds the bell that wakes this process's sender once a transaction that queued messages is committed."""

# Other processes hear no bell: they look into the outbox every half second (scheduler.py; decision 0024).

from threading import Event as Signal

from sqlalchemy import event
from sqlalchemy.orm import Session

from strategy.db import db

_QUEUED = "messages queued"

_bell = Signal()


def queued() -> None:
    """This transaction puts something into the outbox: ring when it is committed, and only then."""
    db.session.info[_QUEUED] = True


def ring() -> None:
    """Wake the sender now."""
    _bell.set()


def wait(seconds: float) -> bool:
    """Wait for the bell, at most so long; whether it rang."""
    rang = _bell.wait(seconds)
    _bell.clear()
    return rang


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    # a savepoint's release is no commit: nobody else could see the message yet
    if not session.in_nested_transaction() and session.info.pop(_QUEUED, False):
        ring()


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_QUEUED, None)
