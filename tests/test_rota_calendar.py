"""A calendar file read as a rota: recurrences, exceptions, zones, whole days, and files that are none."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy.clock import LONDON
from strategy.rota_calendar import MOST_BYTES, MOST_REPEATING, MOST_TURNS, FileEvent, Unreadable, read
from tests.calendar_file import calendar, event

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday


def turns(*events: str, now: datetime = NOW) -> list[str]:
    """Every turn in words: "Mon 23 Nov 09:00-17:00 Pat"."""
    return [
        f"{turn.starts_at.astimezone(LONDON):%a %d %b %H:%M}-{turn.ends_at.astimezone(LONDON):%H:%M} {turn.title}"
        for one in read(calendar(*events), now).events
        for turn in one.turns
    ]


def reasons(*events: str) -> list[str]:
    return [problem.reason for problem in read(calendar(*events), NOW).problems]


def test_a_repeating_event_keeps_its_exceptions() -> None:
    found = turns(
        event("1", "Pat", "20261123T090000", "20261123T170000", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20261126T090000"),
        event("1", "Dee", "20261127T100000", "20261127T120000", "RECURRENCE-ID:20261127T090000"),
    )
    assert found == ["Tue 24 Nov 09:00-17:00 Pat", "Wed 25 Nov 09:00-17:00 Pat", "Fri 27 Nov 10:00-12:00 Dee"]


def test_a_cancelled_day_is_not_a_turn_and_a_cancelled_event_has_none() -> None:
    found = turns(
        event("1", "Pat", "20261124T090000", "20261124T170000", "RRULE:FREQ=DAILY;COUNT=2"),
        event("1", "Pat", "20261125T090000", "20261125T170000", "RECURRENCE-ID:20261125T090000", "STATUS:CANCELLED"),
        event("2", "Dee", "20261125T090000", "20261125T170000", "STATUS:CANCELLED"),
    )
    assert found == ["Tue 24 Nov 09:00-17:00 Pat"]
    taken_back = read(calendar(event("2", "Dee", "20261125T090000", "20261125T170000"), method="CANCEL"), NOW)
    assert taken_back.events == (FileEvent("2", ()),)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("20270701T090000", "20270701T170000"),
        (";TZID=Europe/London:20270701T090000", ";TZID=Europe/London:20270701T170000"),
        (";TZID=GMT Standard Time:20270701T090000", ";TZID=GMT Standard Time:20270701T170000"),
        ("20270701T080000Z", "20270701T160000Z"),
        (";TZID=Europe/Paris:20270701T100000", ";TZID=Europe/Paris:20270701T180000"),
    ],
)
def test_one_time_in_any_zone_and_without_one_it_is_londons(begins: str, ends: str) -> None:
    assert turns(event("1", "Pat", begins, ends)) == ["Thu 01 Jul 09:00-17:00 Pat"]


def test_a_weekly_turn_keeps_its_local_hour_when_the_clocks_change() -> None:
    rule = "RRULE:FREQ=WEEKLY;UNTIL=20270405T120000Z"
    zoned = event("1", "Pat", ";TZID=Europe/London:20270322T090000", ";TZID=Europe/London:20270322T170000", rule)
    assert turns(zoned) == [f"Mon {day} 09:00-17:00 Pat" for day in ("22 Mar", "29 Mar", "05 Apr")]


def test_whole_days_are_londons_from_midnight_to_midnight() -> None:
    week = event("1", "Pat", ";VALUE=DATE:20270329", ";VALUE=DATE:20270405", "RRULE:FREQ=WEEKLY;COUNT=2")
    (found,) = read(calendar(week), NOW).events
    assert [turn.starts_at for turn in found.turns] == [
        datetime(2027, 3, 28, 23, tzinfo=UTC),
        datetime(2027, 4, 4, 23, tzinfo=UTC),
    ]
    assert turns(event("2", "Dee", ";VALUE=DATE:20261225")) == ["Fri 25 Dec 00:00-00:00 Dee"]


def test_what_is_over_or_more_than_a_year_away_is_no_turn() -> None:
    assert turns(event("1", "Pat", "20261124T090000", "20261124T115900")) == []
    assert turns(event("1", "Pat", "20261124T090000", "20261124T120100")) == ["Tue 24 Nov 09:00-12:01 Pat"]
    assert turns(event("1", "Pat", "20280101T090000", "20280101T170000")) == []
    weekly = event("1", "Pat", "20100105T090000", "20100105T170000", "RRULE:FREQ=WEEKLY")
    assert len(turns(weekly)) == 53


def test_attendees_come_with_name_and_address() -> None:
    more = ("ATTENDEE;CN=Pat Constable:mailto:pat@police.example", "ATTENDEE:MAILTO:dee@police.example")
    (found,) = read(calendar(event("1", "Early", "20261125T090000", "20261125T170000", *more)), NOW).events
    assert found.turns[0].attendees == (("Pat Constable", "pat@police.example"), ("", "dee@police.example"))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (event("1", "Pat", "nonsense"), "its DTSTART cannot be read"),
        (event("1", "Pat", "20261125T090000", "soon"), "its DTEND cannot be read"),
        (event("1", "Pat", "20261125T090000"), "it does not say when it ends"),
        (event("1", "Pat", "20261125T090000", "20261124T090000"), "it ends before it begins"),
        (event("1", "Pat", "20261125T090000", "20270225T090000"), "it is longer than 31 days"),
        (event("1", "Pat", ";TZID=Nowhere:20261125T090000"), "its time zone is not known"),
        (
            event("1", "Pat", "20261125T090000", "20261125T170000", "RECURRENCE-ID:20261125T090000"),
            "it changes one day of a repeating event that is not in the file",
        ),
        ("BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Pat\r\nEND:VEVENT", "it does not say when it begins"),
    ],
)
def test_an_event_that_cannot_be_used_says_why_and_spoils_no_other(bad: str, reason: str) -> None:
    good = event("good", "Dee", "20261125T090000", "20261125T170000")
    assert reasons(bad, good) == [reason]
    assert turns(bad, good) == ["Wed 25 Nov 09:00-17:00 Dee"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=YEARLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5,6",
        "FREQ=SOMETIMES",
    ],
)
def test_rules_that_could_be_searched_for_ever_are_not_followed(rule: str) -> None:
    assert len(reasons(event("1", "Pat", "20261125T090000", "20261125T170000", f"RRULE:{rule}"))) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no calendar"),
        (b"hello", "no calendar"),
        (b"\x50\x4b\x03\x04\xff\xfe", "not plain text"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "no calendar"),
        (calendar(), "no events"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "no calendar"),
        (b" " * (MOST_BYTES + 1), "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_rota_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content, NOW)
    assert reason in refused.value.reason


def test_the_number_of_repeating_events_and_of_turns_is_bounded() -> None:
    daily = [
        event(str(number), "Pat", "20261125T090000", "20261125T170000", "RRULE:FREQ=DAILY")
        for number in range(MOST_TURNS // 360 + 1)
    ]
    with pytest.raises(Unreadable, match="more than 2,000 turns"):
        read(calendar(*daily), NOW)
    once = "RRULE:FREQ=DAILY;COUNT=1"
    many = [event(str(n), "Pat", "20261125T090000", "20261125T170000", once) for n in range(MOST_REPEATING + 1)]
    with pytest.raises(Unreadable, match=f"{MOST_REPEATING} that repeat"):
        read(calendar(*many), NOW)


def test_an_event_without_a_uid_or_with_a_long_one_is_told_apart_all_the_same() -> None:
    plain = "BEGIN:VEVENT\r\nSUMMARY:Pat\r\nDTSTART:20261125T090000\r\nDTEND:20261125T170000\r\nEND:VEVENT"
    long = event("x" * 400, "Dee", "20261125T090000", "20261125T170000")
    uids = [one.uid for one in read(calendar(plain, long), NOW).events]
    assert len(set(uids)) == 2
    assert all(0 < len(uid) <= 255 for uid in uids)
    assert uids == [one.uid for one in read(calendar(plain, long), NOW + timedelta(hours=1)).events]


def test_rules_that_never_match_hold_nobody_up_for_long() -> None:
    never = [
        event(str(number), "Pat", "20261124T090000", "20261124T170000", "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=MO")
        for number in range(3)
    ]
    ticks = iter((0.0, 1.0, 11.0))  # of three events the third is not begun
    with pytest.raises(Unreadable, match="takes too long"):
        read(calendar(*never), NOW, lambda: next(ticks))
