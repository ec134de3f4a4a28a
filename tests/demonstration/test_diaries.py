"""The demonstration's diaries: one fresh, one stale, and none of them asks anybody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from strategy.db import db
from strategy.models import Diary
from strategy.queries import diaries as known
from tests.demonstration.conftest import FIRST_RUN


def test_one_diary_is_fresh_and_one_stale_and_neither_is_asked_for(
    demo: Flask, tick: Callable[[datetime], list[Any]]
) -> None:
    tick(FIRST_RUN + timedelta(days=2))
    db.session.rollback()
    linked = db.session.query(Diary).order_by(Diary.id).all()
    assert [known.is_stale(one, FIRST_RUN) for one in linked] == [False, True]
    assert all(known.coming(one, FIRST_RUN) and one.failures == 0 and one.tried_at is None for one in linked)
