"""Holds what asking for a one-time code takes wherever it leads: refusing, voiding, the row's facts, closing.

Who may ask, and what the code opens, is said where it is asked: second_step.py, board_opening.py.
"""

import secrets
from typing import Any

from sqlalchemy import ColumnElement, update

from strategy.act import Act, Refused
from strategy.db import db
from strategy.keys import digest
from strategy.models import BoardOpening, SecondStep
from strategy.queries.second_step import Way

Asked = type[SecondStep] | type[BoardOpening]


def refuse_cookieless(browser: str, ring: str) -> None:
    """Raises Refused where the browser has no secret; ``ring`` is the number to ring instead."""
    if not browser:
        raise Refused(f"Your browser kept no cookie, which this needs. Load the page again, or ring {ring}")


def facts(way: Way, browser: str, who: tuple[str, str], act: Act) -> dict[str, Any]:
    """The columns of a new row. ``who`` is name and role, as typed."""
    return {
        "channel": way.channel,
        "address": way.address,
        "nonce": secrets.token_hex(16),
        "browser_hash": digest(browser),
        "by_name": who[0],
        "by_role": who[1],
        "remote": act.remote,
        "asked_at": act.at,
        "tries": 0,
    }


def void(model: Asked, of: ColumnElement[bool], act: Act) -> None:
    """Those not used yet are good for nothing any more; what carries them drops out of the outbox by its reason."""
    standing = update(model).where(of, model.opened_at.is_(None), model.voided_at.is_(None))
    db.session.execute(standing.values(voided_at=act.at))


def close(model: Asked, of: ColumnElement[bool], browser: str, act: Act) -> None:
    """Whoever looked has finished: this browser opens nothing without another code."""
    theirs = update(model).where(of, model.browser_hash == digest(browser), model.closed_at.is_(None))
    db.session.execute(theirs.values(closed_at=act.at))
