"""iCalendar read into busy times: what repeats, what was moved, what is free, and that nothing but times is kept."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.busy_times import BusyTimes, Span, Window
from notifications.destinations import Unacceptable
from notifications.diary_lines import components

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 23, tzinfo=UTC)  # a Monday
WEEKS = Window(START, START + timedelta(days=14), LONDON)


def calendar(*entries: str) -> str:
    lines = [line.strip() for entry in entries for line in entry.strip().splitlines()]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


def event(*lines: str, uid: str = "1") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def read(*entries: str, window: Window = WEEKS) -> BusyTimes:
    found = BusyTimes(window)
    found.add(calendar(*entries))
    return found


def said(*entries: str, window: Window = WEEKS) -> list[str]:
    """The spans as "24 09:00-10:00", in UTC."""
    spans = sorted(read(*entries, window=window).spans)
    return [f"{begin:%d %H:%M}-{end:%H:%M}" for begin, end in spans]


def test_one_entry_is_one_span() -> None:
    assert said(event("DTSTART:20261124T090000Z", "DTEND:20261124T103000Z")) == ["24 09:00-10:30"]
    assert said(event("DTSTART:20261124T090000Z", "DURATION:PT45M")) == ["24 09:00-09:45"]


def test_an_entry_without_length_takes_no_time() -> None:
    assert said(event("DTSTART:20261124T090000Z")) == []


def test_a_time_without_zone_is_local() -> None:
    summer = Window(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 8, tzinfo=UTC), LONDON)
    assert said(event("DTSTART:20260702T090000", "DTEND:20260702T100000"), window=summer) == ["02 08:00-09:00"]


def test_a_day_is_a_local_day_and_its_end_is_not_part_of_it() -> None:
    october = Window(datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC), LONDON)
    entry = event("DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261026")
    assert [(begin.hour, end.hour, end - begin) for begin, end in read(entry, window=october).spans] == [
        (23, 0, timedelta(hours=25))  # the clock goes back that day
    ]


@pytest.mark.parametrize(
    "zone",
    ["Europe/London", "GMT Standard Time", "/some.program.example/Europe/London", '"Europe/London"', "Who Knows"],
)  # fmt: skip
def test_a_zone_is_known_by_its_many_names_and_an_unknown_one_is_local(zone: str) -> None:
    summer = Window(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 8, tzinfo=UTC), LONDON)
    entry = event(f"DTSTART;TZID={zone}:20260702T090000", f"DTEND;TZID={zone}:20260702T100000")
    assert said(entry, window=summer) == ["02 08:00-09:00"]


def _zone(hours: str, name: str = "Customized Time Zone") -> str:
    times = "DTSTART:16010101T000000", f"TZOFFSETFROM:{hours}", f"TZOFFSETTO:{hours}"
    return "\n".join(["BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD", *times, "END:STANDARD", "END:VTIMEZONE"])


def test_a_zone_defined_by_the_file_is_that_files_alone() -> None:
    entry = event("DTSTART;TZID=Customized Time Zone:20261124T090000", "DURATION:PT1H")
    assert said(_zone("+0300"), entry) == ["24 06:00-07:00"]
    assert said(_zone("-0500"), entry) == ["24 14:00-15:00"]
    assert said(entry) == ["24 09:00-10:00"]


def test_what_repeats_keeps_its_local_hour_when_the_clock_changes() -> None:
    october = Window(datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 10, 28, tzinfo=UTC), LONDON)
    entry = event(
        "DTSTART;TZID=Europe/London:20200106T090000", "DTEND;TZID=Europe/London:20200106T093000", "RRULE:FREQ=DAILY"
    )
    assert said(entry, window=october) == [
        "23 08:00-08:30", "24 08:00-08:30", "25 09:00-09:30", "26 09:00-09:30", "27 09:00-09:30",
    ]  # fmt: skip


def test_an_exception_is_left_out_and_a_moved_occurrence_is_where_it_was_moved_to() -> None:
    master = event(
        "DTSTART:20261123T090000Z",
        "DTEND:20261123T100000Z",
        "RRULE:FREQ=DAILY;COUNT=4",
        "EXDATE:20261124T090000Z",
        "SUMMARY:Child Alpha",
    )
    moved = event("RECURRENCE-ID:20261125T090000Z", "DTSTART:20261125T150000Z", "DTEND:20261125T160000Z")
    assert said(master, moved) == ["23 09:00-10:00", "25 15:00-16:00", "26 09:00-10:00"]


def test_an_occurrence_moved_out_of_sight_or_cancelled_frees_its_time() -> None:
    master = event("DTSTART:20261123T090000Z", "DTEND:20261123T100000Z", "RRULE:FREQ=DAILY;COUNT=3")
    away = event("RECURRENCE-ID:20261124T090000Z", "DTSTART:20270301T090000Z", "DTEND:20270301T100000Z")
    off = event("RECURRENCE-ID:20261125T090000Z", "DTSTART:20261125T090000Z", "DURATION:PT1H", "STATUS:CANCELLED")
    assert said(master, away, off) == ["23 09:00-10:00"]


def test_free_and_cancelled_entries_take_no_time_and_tentative_ones_do() -> None:
    times = "DTSTART:20261124T090000Z", "DTEND:20261124T100000Z"
    assert said(event(*times, "TRANSP:TRANSPARENT")) == []
    assert said(event(*times, "STATUS:CANCELLED")) == []
    assert said(event(*times, "STATUS:TENTATIVE", "TRANSP:OPAQUE")) == ["24 09:00-10:00"]


def test_a_diary_published_as_busy_times_alone_is_read() -> None:
    busy = """BEGIN:VFREEBUSY
    FREEBUSY;FBTYPE=BUSY:20261124T090000Z/PT1H,20261125T090000Z/20261125T110000Z
    FREEBUSY:20261126T090000Z/PT30M
    FREEBUSY;FBTYPE=FREE:20261127T090000Z/PT8H
    FREEBUSY:nonsense
    END:VFREEBUSY"""
    found = read(busy)
    assert len(found.spans) == 3 and found.skipped == 1


def test_spans_are_cut_to_the_window() -> None:
    entry = event("DTSTART:20261101T000000Z", "DTEND:20271101T000000Z")
    assert read(entry).spans == [(WEEKS.start, WEEKS.end)]


@pytest.mark.parametrize(
    "broken",
    [
        ("DTSTART:nonsense", "DTEND:20261124T100000Z"),
        ("DTSTART:20261124T090000Z", "RRULE:FREQ=SOMETIMES"),
        ("DTSTART:20261124T090000Z", "DURATION:PT1M", "RRULE:FREQ=SECONDLY"),
        ("DTSTART:19700101T000000Z", "DURATION:PT1M", "RRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30"),
        ("DTSTART:20261124T090000Z", "DURATION:PT1M", "RRULE:FREQ=DAILY;INTERVAL=0"),
        ("DTSTART:20261124T090000Z", "DURATION:PT1M", f"RRULE:FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))}"),
        ("DTSTART:20261124T090000Z", "DURATION:PT1M", "RRULE:FREQ=DAILY;BYSECOND=1,2,3"),
        ("DTSTART:00010101T090000Z", "DURATION:PT1M", "RRULE:FREQ=DAILY;BYHOUR=8,9,10"),
    ],
    ids=lambda lines: str(lines[-1])[:40],
)  # fmt: skip
def test_a_broken_entry_is_left_out_and_counted_and_spoils_no_other(broken: tuple[str, ...]) -> None:
    found = read(event(*broken, uid="broken"), event("DTSTART:20261124T090000Z", "DURATION:PT1H", uid="well"))
    assert [begin.hour for begin, _ in found.spans] == [9]
    assert found.skipped == 1


def test_a_birthday_of_an_unknown_year_is_read() -> None:
    assert said(event("DTSTART;VALUE=DATE:16041125", "RRULE:FREQ=YEARLY")) == ["25 00:00-00:00"]


def test_a_diary_nobody_could_have_is_refused() -> None:
    daily = [event("DTSTART:20261101T090000Z", "DURATION:PT1M", "RRULE:FREQ=DAILY", uid=str(number)) for number in "12"]
    found = BusyTimes(WEEKS, most=20)
    with pytest.raises(Unacceptable, match="more than 20 entries"):
        found.add(calendar(*daily))


def test_a_diary_that_takes_too_long_to_work_out_is_refused() -> None:
    clock = iter([0.0, 1.0, 60.0])
    found = BusyTimes(WEEKS, seconds=lambda: next(clock))
    with pytest.raises(Unacceptable, match="too long"):
        found.add(calendar(*(event("DTSTART:20261124T090000Z", "DURATION:PT1H", uid=str(n)) for n in range(2))))


def test_of_an_entry_only_what_tells_when_is_kept() -> None:
    entry = event(
        "SUMMARY:Visit to Child Alpha",
        "DESCRIPTION:Long",
        " and folded",
        "ATTENDEE;CN=Sam:mailto:sam@example.org",
        "X-ODD:1",
        "DTSTART;X-WHO=Sam;TZID=Europe/London:20261124T090000",
        "BEGIN:VALARM",
        "TRIGGER:-PT15M",
        "DTSTART:20200101T000000Z",
        "END:VALARM",
    )
    kept = [one.text() for component in components(entry) for one in component.properties]
    assert kept == ["UID:1", "DTSTART;TZID=Europe/London:20261124T090000"]


def test_two_calendars_in_one_file_are_both_read() -> None:
    found = BusyTimes(WEEKS)
    found.add(
        calendar(event("DTSTART:20261124T090000Z", "DURATION:PT1H"))
        + calendar(event("DTSTART:20261125T090000Z", "DURATION:PT1H", uid="2"))
    )
    assert len(found.spans) == 2


_moments = st.integers(0, 31 * 24 * 60).map(
    lambda minute: datetime(2026, 10, 10, tzinfo=UTC) + timedelta(minutes=minute)
)
_zones = st.sampled_from(["", ";TZID=Europe/London", ";TZID=America/New_York", ";TZID=Pacific Standard Time"])
_rules = st.sampled_from(["", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=SU,MO", "RRULE:FREQ=MONTHLY;BYDAY=-1SU"])


@st.composite
def _entries(draw: st.DrawFn) -> str:
    begins, zone, rule = draw(_moments), draw(_zones), draw(_rules)
    length = draw(st.integers(1, 3 * 24 * 60))
    lines = [f"DTSTART{zone}:{begins:%Y%m%dT%H%M%S}", f"DURATION:PT{length}M", rule]
    return event(*filter(None, lines), uid=str(draw(st.integers(0, 10**6))))


@settings(max_examples=40)
@given(st.lists(_entries(), max_size=5))
def test_every_span_lies_in_the_window_in_utc_and_the_right_way_round(entries: list[str]) -> None:
    """Around the day the clock goes back."""
    window = Window(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC), LONDON)
    found = read(*entries, window=window)
    assert all(window.start <= begin < end <= window.end for begin, end in found.spans)
    assert all(moment.tzinfo is UTC for span in found.spans for moment in span)


@settings(max_examples=40)
@given(_entries(), st.integers(1, 10))
def test_reading_two_halves_finds_what_reading_the_whole_does(entry: str, day: int) -> None:
    whole = Window(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC), LONDON)
    middle = whole.start + timedelta(days=day)
    halves = read(entry, window=Window(whole.start, middle, LONDON)).spans
    halves += read(entry, window=Window(middle, whole.end, LONDON)).spans
    assert _minutes(halves) == _minutes(read(entry, window=whole).spans)


def _minutes(spans: list[Span]) -> list[Span]:
    """The spans with those that touch or overlap made one."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    assert all(first[1] < second[0] for first, second in pairwise(joined))
    return joined
