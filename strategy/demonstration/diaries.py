"""Keeps two diaries linked, made up like everything here: one just read, one stale. No server is asked for either."""

from datetime import datetime, timedelta

from sqlalchemy import select

from strategy.act import Act
from strategy.clock import in_london
from strategy.commands import diaries
from strategy.commands.diaries import Claimed, Found, Link
from strategy.db import db
from strategy.demonstration.partnership import Partnership
from strategy.demonstration.past import BY
from strategy.models import Desk, Diary, User
from strategy.rules.diaries import AHEAD, Span
from strategy.vocabulary import DiaryKind, Via

_NEVER = timedelta(days=3650)  # until the worker would ask by itself: nobody answers at a made-up address
_STALE = timedelta(hours=3)
_MINUTE = timedelta(minutes=1)
_ROLE = "health-gp"
_SUPERVISION, _PANEL = (9, 10), (13, 15)


def keep(world: Partnership, now: datetime) -> None:
    """Link them where they are not, and bring them to the present moment; what somebody has changed is theirs."""
    chair = world.chairs[1]
    _keep(chair, Link(DiaryKind.CALDAV, "https://diaries.example/casey/", "casey", "made-up"), now - _MINUTE, now)
    desk = next((one.desk for one in world.directory.options(_ROLE) if one.only_desk), None)
    if desk is not None:
        _keep(desk, Link(DiaryKind.ICAL, "https://diaries.example/surgery.ics"), now - _STALE, now)


def _keep(owner: Desk | User, entry: Link, read_at: datetime, now: datetime) -> None:
    act = Act(by=BY, at=read_at, via=Via.COMMAND_LINE)
    mine = Diary.user_id == owner.id if isinstance(owner, User) else Diary.desk_id == owner.id
    diary = db.session.scalar(select(Diary).where(mine)) or diaries.link(owner, entry, act)
    if diary.linked_by != BY:
        return
    claimed = Claimed(diary.id, diary.attempt, diary.failures)
    diaries.keep(claimed, Found(_week(read_at), 0, read_at + AHEAD, None, None), now + _NEVER, act)


def _week(now: datetime) -> list[Span]:
    """An hour each weekday morning, and two on two afternoons."""
    midnight = in_london(now).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=number) for number in range(14)]
    mornings = [_on(day, *_SUPERVISION) for day in days if day.weekday() < 5]
    return mornings + [_on(day, *_PANEL) for day in days if day.weekday() in (1, 3)]


def _on(day: datetime, begins: int, ends: int) -> Span:
    return day.replace(hour=begins), day.replace(hour=ends)
