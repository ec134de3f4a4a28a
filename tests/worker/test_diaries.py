"""The worker reads diaries that are due: from a real CalDAV server, around those that fail, once whoever else reads."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from notifications.destinations import Guard
from notifications.registry import Registry
from strategy import worker
from strategy.act import Act
from strategy.commands import diaries
from strategy.commands.diaries import Link
from strategy.db import db, transaction
from strategy.models import Desk, Diary, Person, User
from strategy.queries import busy
from strategy.vocabulary import DiaryKind, Via
from strategy.worker.diaries import refresh
from tests.cast import Cast
from tests.notifications.diary_server import CALENDAR, DiaryServer, published, says
from tests.radicale_server import PASSWORD, USER, RadicaleServer
from tests.worker.test_two_workers import together

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
Tick = Callable[[datetime], dict[str, Any]]


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    server = RadicaleServer(tmp_path_factory.mktemp("radicale"))
    server.start()
    times = "DTSTART:20261125T090000Z\nDTEND:20261125T100000Z\nRRULE:FREQ=DAILY;COUNT=3"
    server.put("one", f"BEGIN:VEVENT\nUID:one\nDTSTAMP:20260101T000000Z\nSUMMARY:Secret\n{times}\nEND:VEVENT")
    yield server
    server.stop()


@pytest.fixture
def server(app: Flask) -> Iterator[DiaryServer]:
    server = DiaryServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def allowed(app: Flask, monkeypatch: pytest.MonkeyPatch, server: DiaryServer, radicale: RadicaleServer) -> None:
    """Let the servers of these tests be read, and no other."""
    rules = Guard(frozenset({server.host, radicale.host}), plain_http=True, seconds=5)
    monkeypatch.setitem(app.config, "DIARY_GUARD", rules)


def linked(owner: Desk | Person | User, address: str, at: datetime = NOW, kind: DiaryKind = DiaryKind.ICAL) -> int:
    login = (USER, PASSWORD) if kind is DiaryKind.CALDAV else ("", "")
    with transaction("tests", Via.COMMAND_LINE) as act:
        return diaries.link(owner, Link(kind, address, *login), _at(act, at)).id


def _at(act: Act, moment: datetime) -> Act:
    return replace(act, at=moment)


def diary(number: int) -> Diary:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Diary, number)


def test_a_linked_caldav_diary_is_read_at_the_next_tick_and_found_by_the_search_for_times(
    cast: Cast, tick: Tick, radicale: RadicaleServer
) -> None:
    number = linked(cast.police_desk, radicale.url, kind=DiaryKind.CALDAV)
    assert (tick(NOW)["diaries_read"], diary(number).problem) == (1, None)
    found = busy.spans([cast.police_desk.id], [], [], NOW, NOW + timedelta(days=2), NOW).of("desk", cast.police_desk.id)
    assert found is not None and not found.stale
    assert [(begins.day, begins.hour, ends.hour) for begins, ends in found.spans] == [(25, 9, 10), (26, 9, 10)]
    assert "Secret" not in str(db.session.execute(text("SELECT * FROM diaries")).all())


def test_a_diary_is_read_again_after_a_quarter_of_an_hour_and_asked_for_news_only(
    cast: Cast, tick: Tick, server: DiaryServer
) -> None:
    number = linked(cast.police_desk, server.url("/diary.ics"))
    tick(NOW)
    assert tick(NOW + timedelta(minutes=14))["diaries_read"] == 0
    assert tick(NOW + timedelta(minutes=16))["diaries_read"] == 1
    assert "If-None-Match" in server.seen[-1][1]
    one = diary(number)
    assert len(one.spans) == 1 and one.fetched_at is not None and one.fetched_at >= NOW + timedelta(minutes=16)


def test_all_is_asked_for_anew_before_what_is_known_runs_out(cast: Cast, tick: Tick, server: DiaryServer) -> None:
    number = linked(cast.police_desk, server.url("/diary.ics"))
    tick(NOW)
    later = NOW + timedelta(days=15)
    tick(later)
    assert "If-None-Match" not in server.seen[-1][1]
    reaches = diary(number).known_until
    assert reaches is not None and reaches >= later + timedelta(days=42)


def test_one_diary_that_fails_stops_no_other_and_says_why(cast: Cast, tick: Tick, server: DiaryServer) -> None:
    server.pages["/gone"] = says(b"", 404)
    server.pages["/busy"] = says(b"", 503)
    gone = linked(cast.police_desk, server.url("/gone"), NOW - timedelta(hours=3))
    inside = linked(cast.sergeant, "https://127.0.0.1:1/secret-token", NOW - timedelta(hours=2))
    waits = linked(cast.leader, server.url("/busy"), NOW - timedelta(hours=1))
    well = linked(cast.chair, server.url("/diary.ics"))
    done = tick(NOW)
    assert (done["diaries_read"], done["diaries_failed"]) == (1, 3)
    assert diary(gone).problem == "There is no diary at this address."
    assert "private network" in (diary(inside).problem or "") and "secret-token" not in (diary(inside).problem or "")
    assert diary(waits).due_at < NOW + timedelta(minutes=2) < diary(gone).due_at
    assert diary(well).busy


def test_what_was_read_stays_and_is_stale_while_the_server_is_gone(cast: Cast, tick: Tick, server: DiaryServer) -> None:
    number = linked(cast.police_desk, server.url("/diary.ics"))
    tick(NOW)
    server.pages["/diary.ics"] = says(b"", 500)
    tick(NOW + timedelta(minutes=20))
    desk = cast.police_desk.id
    found = busy.spans([desk], [], [], NOW, NOW + timedelta(days=2), NOW + timedelta(minutes=20)).of("desk", desk)
    assert found is not None and found.stale and len(found.spans) == 1
    server.pages["/diary.ics"] = published
    tick(NOW + timedelta(minutes=22))
    assert (diary(number).failures, diary(number).problem) == (0, None)


def test_a_row_no_key_opens_keeps_no_other_waiting(
    cast: Cast, tick: Tick, server: DiaryServer, caplog: pytest.LogCaptureFixture
) -> None:
    broken = linked(cast.police_desk, server.url("/diary.ics"), NOW - timedelta(hours=1))
    well = linked(cast.chair, server.url("/diary.ics"))
    with transaction("tests", Via.COMMAND_LINE):
        db.session.execute(text("UPDATE diaries SET address = 'nonsense' WHERE id = :id"), {"id": broken})
    assert tick(NOW)["diaries_failed"] == 1
    assert diary(well).busy
    assert "InvalidToken" in caplog.text and server.host not in caplog.text


def test_an_unlinked_diary_is_not_brought_back_by_its_last_reading(
    app: Flask, cast: Cast, tick: Tick, server: DiaryServer
) -> None:
    number = linked(cast.police_desk, server.url("/slow"))

    def unlinking(handler: Any) -> None:
        with app.app_context(), transaction("tests", Via.COMMAND_LINE) as act:
            diaries.unlink(db.session.get_one(Diary, number), act)
        handler.answer(CALENDAR)

    server.pages["/slow"] = unlinking
    tick(NOW)
    db.session.rollback()
    assert db.session.get(Diary, number) is None


def test_no_other_diary_is_begun_once_a_turn_has_taken_long(cast: Cast, server: DiaryServer) -> None:
    for owner in (cast.police_desk, cast.health_desk, cast.chair):
        linked(owner, server.url("/diary.ics"))
    moments = (NOW + timedelta(seconds=4 * number) for number in range(100))

    def write(moment: datetime, do: Callable[[Act], Any]) -> Any:
        with transaction("tests", Via.WORKER) as act:
            return do(_at(act, moment))

    assert refresh(lambda: next(moments), write) == {"diaries_read": 1, "diaries_failed": 0}


def test_workers_at_once_read_each_diary_once(app: Flask, cast: Cast, channels: Registry, server: DiaryServer) -> None:
    for owner in (cast.police_desk, cast.health_desk, cast.chair, cast.sergeant):
        linked(owner, server.url("/diary.ics"))
    done = together(app, *[lambda: worker.tick(channels, NOW) for _ in range(3)])
    assert sum(one["diaries_read"] for one in done) == 4
    assert len(server.seen) == 4
