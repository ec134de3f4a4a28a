"""Holds the worker's sign of life, which every staff page shows the age of."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from strategy.act import Act
from strategy.db import db
from strategy.models import Heartbeat

# A worker gone for so long is gone for good; its last word is no use any more.
_FORGOTTEN = timedelta(days=1)


def beat(name: str, summary: dict[str, Any], act: Act) -> None:
    """Write down that the worker of that name came round, and what it did."""
    db.session.execute(delete(Heartbeat).where(Heartbeat.at < act.at - _FORGOTTEN, Heartbeat.name != name))
    found = db.session.scalar(
        update(Heartbeat).where(Heartbeat.name == name).values(at=act.at, summary=summary).returning(Heartbeat.name)
    )
    if found is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.add(Heartbeat(name=name, at=act.at, summary=summary))
    except IntegrityError:
        pass  # another thread of this process came round at the same moment, and wrote it down
