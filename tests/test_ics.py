"""Invitations as calendar objects: read back by a calendar library, and by a reading of the lines that is our own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from notifications.messages import CalendarPart
from strategy import ics
from strategy.db import transaction
from strategy.ics import CANCEL, REQUEST, Entry, Organiser
from strategy.models import Discussion
from strategy.vocabulary import DiscussionKind, InvitationState, Via
from tests.cast import Cast
from tests.convened import convene, invited

LINK = "https://sd.exampleshire.example/a/ABCDEFGHIJKLM"
ORGANISER = Organiser("discussions@exampleshire.example", "Exampleshire Council")
STAMP = datetime(2026, 11, 27, 12, 50, tzinfo=UTC)
STARTS = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)


@pytest.fixture
def discussion(cast: Cast) -> Iterator[Discussion]:
    """A booked discussion, in a transaction that is undone."""
    with transaction("tests", Via.COMMAND_LINE):
        yield convene(cast)


def said(**changed: Any) -> Entry:
    facts: dict[str, Any] = {
        "uid": "K7QD-0af1@exampleshire",
        "reference": "K7QD",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(minutes=45),
        "attendee": "mash@police.example",
        "attendee_name": "Exampleshire Police: MASH desk",
        "council": "Exampleshire Council",
        "call_back": "01632 960123",
        "convener": "Sam Worker",
        "join_url": "https://meet.example/k7qd?a=1,2;3",
        "dial_in": "01632 960777, PIN 1234",
        "place": None,
    }
    return Entry(**(facts | changed))


def written(
    entry: Entry | None = None, method: str = REQUEST, sequence: int = 0, organiser: Organiser = ORGANISER
) -> bytes:
    return ics.rendered(entry or said(), method, sequence, LINK, organiser, STAMP)


def unfolded(data: bytes) -> list[str]:
    """Content lines read by hand: RFC 5545 section 3.1, with nothing of the library that wrote them."""
    return data.decode("utf-8").replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def line(data: bytes, name: str) -> str:
    found = [one for one in unfolded(data) if one.startswith((f"{name}:", f"{name};"))]
    assert len(found) == 1, name
    return found[0]


def event(data: bytes) -> Any:
    calendar: Any = Calendar.from_ical(data)
    (found,) = calendar.walk("VEVENT")
    return found


LONG = said(attendee_name="Ünïted Sämple Trust " * 12, convener="Zoë " * 30, place="Room 7, " * 20)


@pytest.mark.parametrize("entry", [said(), LONG], ids=["ordinary", "long"])
@pytest.mark.parametrize("method", [REQUEST, CANCEL])
def test_wild_10_lines_end_in_crlf_and_are_at_most_75_octets(entry: Entry, method: str) -> None:
    data = written(entry, method)
    assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(one) for one in data.split(b"\r\n")) <= 75
    data.decode("utf-8")  # no fold cuts a character in two: each physical line is whole
    for physical in data.split(b"\r\n"):
        physical.decode("utf-8")


@pytest.mark.parametrize("method", [REQUEST, CANCEL])
def test_the_part_fits_the_mail_that_carries_it(method: str) -> None:
    assert CalendarPart(method, written(method=method)).method == method


def test_wild_10_method_stands_on_the_calendar_and_not_on_the_event() -> None:
    lines = unfolded(written())
    assert lines.index("METHOD:REQUEST") < lines.index("BEGIN:VEVENT")
    assert "METHOD" not in event(written())


def test_wild_12_times_are_utc_and_no_time_zone_is_defined() -> None:
    data = written()
    assert line(data, "DTSTART") == "DTSTART:20261127T153000Z"
    assert line(data, "DTEND") == "DTEND:20261127T161500Z"
    assert b"VTIMEZONE" not in data and b"TZID" not in data


def test_wild_12_summer_time_keeps_the_moment() -> None:
    summer = datetime(2027, 6, 1, 14, 30, tzinfo=UTC)  # 3:30pm in London
    data = written(said(starts_at=summer, ends_at=summer + timedelta(minutes=45)))
    assert line(data, "DTSTART") == "DTSTART:20270601T143000Z"
    assert "3:30pm" in str(event(data)["DESCRIPTION"])


def test_wild_8_a_cancellation_is_cancelled_in_every_way_calendars_look_for() -> None:
    data = written(method=CANCEL, sequence=4)
    assert (line(data, "METHOD"), line(data, "STATUS")) == ("METHOD:CANCEL", "STATUS:CANCELLED")
    assert line(data, "SEQUENCE") == "SEQUENCE:4"
    assert line(data, "UID") == line(written(), "UID")


def test_wild_11_only_one_invitee_is_listed_and_we_are_the_organiser() -> None:
    found = event(written())
    assert str(found["ATTENDEE"]) == "mailto:mash@police.example"
    assert found["ATTENDEE"].params["ROLE"] == "REQ-PARTICIPANT"
    assert str(found["ORGANIZER"]) == "mailto:discussions@exampleshire.example"


def test_no_answer_is_asked_by_calendar_until_somebody_reads_it() -> None:
    assert event(written())["ATTENDEE"].params["RSVP"] == "FALSE"
    heard = Organiser(ORGANISER.email, ORGANISER.name, replies_read=True)
    assert event(written(organiser=heard))["ATTENDEE"].params["RSVP"] == "TRUE"


def test_wild_6_and_13_the_entry_alone_is_enough_to_answer_and_to_join() -> None:
    found = event(written())
    description = str(found["DESCRIPTION"])
    assert LINK in description.split("\n")  # alone on its line: nothing can cling to it
    assert str(found["URL"]) == LINK
    for way in ("https://meet.example/k7qd?a=1,2;3", "01632 960777, PIN 1234"):
        assert way in description and way in str(found["LOCATION"])


def test_the_entry_is_private_and_says_only_reference_and_time() -> None:
    found = event(written())
    assert str(found["CLASS"]) == "PRIVATE"
    assert str(found["SUMMARY"]) == "Multi-agency meeting K7QD"


@pytest.mark.parametrize("name", ['Evil"\r\nATTENDEE:mailto:x@y.example', "a;b:c,d\\n", "\u2028line\u0007", "🙂 desk"])
def test_a_name_can_forge_no_line(discussion: Discussion, name: str) -> None:
    invitation = invited(discussion, "police")
    invitation.invitee = name
    data = ics.rendered(ics.entry(invitation, "mash@police.example"), REQUEST, 0, LINK, ORGANISER, STAMP)
    assert len([one for one in unfolded(data) if one.startswith("ATTENDEE")]) == 1
    assert str(event(data)["ATTENDEE"]) == "mailto:mash@police.example"


def test_wild_9_the_identity_survives_a_move_and_differs_between_invitees(discussion: Discussion) -> None:
    police, health = invited(discussion, "police"), invited(discussion, "health-0-19")
    before = ics.uid(police)
    discussion.starts_at, discussion.ends_at = discussion.ends_at, discussion.ends_at + timedelta(hours=1)
    discussion.sequence += 1
    police.generation += 1
    assert ics.uid(police) == before
    assert ics.uid(health) != before
    assert before.startswith(f"{discussion.reference}-")


def test_the_part_an_agency_is_needed_for_is_the_part_in_its_diary(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    police.needed_until = discussion.starts_at + timedelta(minutes=20)
    entry = ics.entry(police, "mash@police.example")
    assert (entry.starts_at, entry.ends_at) == (discussion.starts_at, police.needed_until)


def test_no_diary_holds_the_way_into_an_allegation_meeting(discussion: Discussion) -> None:
    discussion.kind = DiscussionKind.LADO
    discussion.dial_in = "01632 960777 PIN 1234"
    entry = ics.entry(invited(discussion, "police"), "mash@police.example")
    data = ics.rendered(entry, REQUEST, 0, LINK, ORGANISER, STAMP)
    assert b"meet.example" not in data and b"PIN" not in data
    assert "How to join is on the page" in str(event(data)["LOCATION"])


def test_nothing_of_the_child_is_in_it(discussion: Discussion) -> None:
    for invitation in discussion.invitations:
        if invitation.state is InvitationState.WITHDRAWN or invitation.email is None:
            continue
        data = ics.rendered(ics.entry(invitation, invitation.email), REQUEST, 0, LINK, ORGANISER, STAMP)
        text = " ".join(unfolded(data))
        for secret in ("Robin", "Zebedee", "4471", "standard"):
            assert secret not in text
