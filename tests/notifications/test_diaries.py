"""Reading diaries where they are kept: a real CalDAV server, and published addresses that behave and misbehave."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.diaries import Guard, Kind, NotRead, Reading, Source, Unacceptable, Unreachable, Window, read
from tests.notifications import diary_server
from tests.notifications.diary_server import CALENDAR, DiaryServer, says
from tests.radicale_server import PASSWORD, USER, RadicaleServer

START = datetime(2026, 11, 23, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=14), ZoneInfo("Europe/London"))


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    server = RadicaleServer(tmp_path_factory.mktemp("radicale"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server() -> Iterator[DiaryServer]:
    server = DiaryServer()
    server.start()
    yield server
    server.stop()


def guard(host: str) -> Guard:
    return Guard(allowed_hosts=frozenset({host}), plain_http=True, seconds=5.0)


def published(server: DiaryServer, path: str = "/diary.ics", **facts: str) -> Reading | None:
    return read(Source(Kind.ICAL, server.url(path), **facts), WINDOW, guard(server.host))


def refused(server: DiaryServer, page: diary_server.Page, kind: Kind = Kind.ICAL) -> NotRead:
    server.pages["/page"] = page
    with pytest.raises(NotRead) as caught:
        read(Source(kind, server.url("/page")), WINDOW, guard(server.host))
    return caught.value


def test_a_caldav_collection_is_read_with_its_repetitions_and_exceptions(radicale: RadicaleServer) -> None:
    radicale.put(
        "weekly",
        """BEGIN:VEVENT
        UID:weekly
        DTSTAMP:20260101T000000Z
        SUMMARY:Not ours to know
        DTSTART;TZID=Europe/London:20260907T093000
        DTEND;TZID=Europe/London:20260907T103000
        RRULE:FREQ=WEEKLY
        END:VEVENT
        BEGIN:VEVENT
        UID:weekly
        DTSTAMP:20260101T000000Z
        RECURRENCE-ID;TZID=Europe/London:20261130T093000
        DTSTART;TZID=Europe/London:20261201T140000
        DTEND;TZID=Europe/London:20261201T150000
        END:VEVENT""",
    )
    radicale.put(
        "past", "BEGIN:VEVENT\nUID:past\nDTSTAMP:20260101T000000Z\nDTSTART:20260101T090000Z\nDURATION:PT1H\nEND:VEVENT"
    )
    radicale.put("leave", "BEGIN:VEVENT\nUID:leave\nDTSTAMP:20260101T000000Z\nDTSTART;VALUE=DATE:20261127\nEND:VEVENT")
    found = read(Source(Kind.CALDAV, radicale.url, USER, PASSWORD), WINDOW, guard(radicale.host))
    assert found is not None and found.skipped == 0
    assert sorted(f"{begin:%d %H:%M}-{end:%d %H:%M}" for begin, end in found.spans) == [
        "01 14:00-01 15:00",
        "23 09:30-23 10:30",
        "27 00:00-28 00:00",
    ]


@pytest.mark.parametrize(("username", "password"), [(USER, "wrong"), (None, None), ("stranger", PASSWORD)])
def test_a_caldav_server_that_refuses_the_password_says_so(
    radicale: RadicaleServer, username: str | None, password: str | None
) -> None:
    with pytest.raises(Unacceptable, match="refused the user name or the password"):
        read(Source(Kind.CALDAV, radicale.url, username, password), WINDOW, guard(radicale.host))


def test_a_collection_that_is_not_there_is_said_in_words(radicale: RadicaleServer) -> None:
    source = Source(Kind.CALDAV, radicale.url.replace("diary", "elsewhere"), USER, PASSWORD)
    with pytest.raises(Unacceptable, match="no diary at this address"):
        read(source, WINDOW, guard(radicale.host))


def test_a_published_calendar_is_read_and_asked_for_news_only(server: DiaryServer) -> None:
    first = published(server)
    assert first is not None
    assert [(begin.hour, end.hour) for begin, end in first.spans] == [(9, 10)]
    assert first.etag == '"v1"'
    assert published(server, etag=first.etag) is None
    again = published(server, etag='"v0"')
    assert again is not None and again.spans == first.spans


def test_a_password_goes_along_where_one_is_given(server: DiaryServer) -> None:
    server.seen.clear()
    published(server, username="mash", password="secret")
    assert server.seen[0][1]["Authorization"].startswith("Basic ")


def test_a_mark_before_the_text_and_any_type_are_taken(server: DiaryServer) -> None:
    server.pages["/marked"] = says(b"\xef\xbb\xbf" + CALENDAR, Content_Type="application/octet-stream")
    found = published(server, "/marked")
    assert found is not None and len(found.spans) == 1


def test_a_web_page_or_anything_else_is_no_calendar(server: DiaryServer) -> None:
    assert (
        "web page"
        in refused(server, says(b"<!DOCTYPE html><title>Sign in</title>", Content_Type="text/calendar")).reason
    )
    assert "something else" in refused(server, says(b"%PDF-1.7")).reason
    assert isinstance(refused(server, says(CALENDAR[:-20])), Unreachable)


@pytest.mark.parametrize(
    ("status", "words"), [(401, "password"), (403, "let us"), (404, "no diary"), (418, "code 418")]
)
def test_what_somebody_must_mend_is_said(server: DiaryServer, status: int, words: str) -> None:
    problem = refused(server, says(b"", status))
    assert words in problem.reason and isinstance(problem, Unacceptable)


def test_a_busy_server_is_left_alone_as_long_as_it_asks(server: DiaryServer) -> None:
    problem = refused(server, says(b"", 503, Retry_After="120"))
    assert isinstance(problem, Unreachable) and problem.again == timedelta(minutes=2)
    assert refused(server, says(b"", 500, Retry_After="Wed, 25 Nov 2026 10:00:00 GMT")).again is None


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><D:multistatus xmlns:D="DAV:">&a;</D:multistatus>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x SYSTEM "http://127.0.0.1/x"><x/>'.encode("utf-16"),
        b"<D:multistatus xmlns:D='DAV:'>",
        b"<html/>",
        b"",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="nonsense"?><x/>',
    ],
)  # fmt: skip
def test_an_answer_that_is_no_caldav_is_refused_and_entities_with_it(server: DiaryServer, body: bytes) -> None:
    assert "no CalDAV" in refused(server, says(body, 207), Kind.CALDAV).reason


def test_a_part_of_a_diary_is_not_taken_for_the_whole(server: DiaryServer) -> None:
    body = (
        b'<D:multistatus xmlns:D="DAV:"><D:response><D:status>HTTP/1.1 507 Full</D:status></D:response></D:multistatus>'
    )
    assert "only a part" in refused(server, says(body, 207), Kind.CALDAV).reason


def test_secrets_are_in_no_text_made_of_a_source() -> None:
    source = Source(Kind.ICAL, "https://calendar.example/private-token", "mash", "secret", "e", None)
    assert "token" not in repr(source) and "secret" not in repr(replace(source, etag=None))
