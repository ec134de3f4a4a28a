"""Answers that Outlook hides in winmail.dat. No real file is here: they are built from the published format."""

import struct
from datetime import UTC, datetime

import pytest

from notifications.inbound_mail import understood
from notifications.readings import Kind
from tests.notifications import inbound_builder as build

GLOBAL_ID = build.named(build.MEETING, 0x03, 258, build.binary(build.identity("one@northshire")))
NINE = int((datetime(2026, 11, 27, 9, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds())


@pytest.mark.parametrize(
    ("message_class", "partstat"),
    [
        ("IPM.Schedule.Meeting.Resp.Pos", "ACCEPTED"),
        ("IPM.Schedule.Meeting.Resp.Neg", "DECLINED"),
        ("IPM.Schedule.Meeting.Resp.Tent", "TENTATIVE"),
        ("IPM.Microsoft Schedule.MtgRespP", "ACCEPTED"),
        ("IPM.Microsoft Schedule.MtgRespN", "DECLINED"),
        ("IPM.Microsoft Schedule.MtgRespA", "TENTATIVE"),
    ],
)
def test_the_message_class_is_the_answer_and_the_sender_gives_it(message_class: str, partstat: str) -> None:
    found = understood(build.winmail(build.tnef(message_class, GLOBAL_ID)))
    assert (found.kind, found.attendee, found.partstat) == (Kind.REPLY, "clerk@oakfield.example", partstat)
    assert (found.uid, found.recurrence_id) == ("one@northshire", None)


def test_a_meeting_made_in_outlook_goes_by_its_identity_in_hex_and_a_repetition_by_its_day() -> None:
    day = struct.pack(">HBB", 2026, 11, 26)
    clean = build.identity(None)
    property_ = build.named(build.MEETING, 0x03, 258, build.binary(build.identity(None, day)))
    found = understood(build.winmail(build.tnef("IPM.Schedule.Meeting.Resp.Pos", property_)))
    assert (found.uid, found.recurrence_id) == (clean.hex().upper(), "20261126")


def test_a_proposed_time_makes_it_a_counter() -> None:
    properties = (
        GLOBAL_ID,
        build.named(build.APPOINTMENT, 0x8201, 3, struct.pack("<I", 4)),
        build.named(build.APPOINTMENT, 0x8257, 11, struct.pack("<HH", 1, 0)),
        build.named(build.APPOINTMENT, 0x8250, 64, build.filetime(NINE)),
        build.named(build.APPOINTMENT, 0x8251, 64, build.filetime(NINE + 3600)),
    )
    found = understood(build.winmail(build.tnef("IPM.Schedule.Meeting.Resp.Tent", *properties)))
    assert (found.kind, found.sequence, found.partstat) == (Kind.COUNTER, 4, "TENTATIVE")
    assert found.proposed_start == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert found.proposed_end == datetime(2026, 11, 27, 10, tzinfo=UTC)


def test_the_identity_is_found_beyond_a_property_nobody_can_decode() -> None:
    odd = struct.pack("<HH", 0x0FFF, 0x3001) + b"odd "
    found = understood(build.winmail(build.tnef("IPM.Schedule.Meeting.Resp.Pos", odd, GLOBAL_ID)))
    assert found.uid == "one@northshire"


@pytest.mark.parametrize(
    ("message_class", "kind"),
    [
        ("IPM.Schedule.Meeting.Request", Kind.REQUEST),
        ("IPM.Schedule.Meeting.Canceled", Kind.CANCEL),
        ("REPORT.IPM.Note.IPNRN", Kind.RECEIPT),
        ("REPORT.IPM.Note.IPNNRN", Kind.RECEIPT),
        ("REPORT.IPM.Note.DR", Kind.RECEIPT),
        ("REPORT.IPM.Note.NDR", Kind.BOUNCE),
        ("IPM.Note.Rules.OofTemplate.Microsoft", Kind.AUTO_REPLY),
        ("IPM.Note", Kind.MESSAGE),
        ("IPM.Microsoft Mail.Note", Kind.MESSAGE),
    ],
)
def test_other_classes_are_what_they_are(message_class: str, kind: Kind) -> None:
    found = understood(build.winmail(build.tnef(message_class, GLOBAL_ID)))
    assert (found.kind, found.attendee) == (kind, None)


def test_a_calendar_part_beside_it_is_read_first() -> None:
    hidden = build.tnef("IPM.Schedule.Meeting.Resp.Neg", GLOBAL_ID)
    parts = [
        b"--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + hidden,
        b"\r\n--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n" + build.calendar().encode() + b"--b--",
    ]
    found = understood(build.with_part(b"".join(parts), "multipart/mixed; boundary=b"))
    assert found.partstat == "ACCEPTED"


def test_attachments_within_it_are_passed_over() -> None:
    data = build.tnef("IPM.Schedule.Meeting.Resp.Pos", GLOBAL_ID, attachment=bytes(100_000))
    assert understood(build.winmail(data)).uid == "one@northshire"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_calendar_attached_within_it_is_an_answer(encoding: str) -> None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT", "UID:one@northshire", "SEQUENCE:2"]
    lines += ["ATTENDEE;PARTSTAT=DECLINED:mailto:mash@police.example", "END:VEVENT", "END:VCALENDAR", ""]
    data = build.tnef("IPM.Note", attachment="\r\n".join(lines).encode(encoding))
    found = understood(build.winmail(data))
    assert (found.partstat, found.attendee, found.uid) == ("DECLINED", "mash@police.example", "one@northshire")


@pytest.mark.parametrize(
    "body",
    [
        struct.pack("<I", 0xFFFFFFFF),
        struct.pack("<IHHI", 1, 0x1002, 0x3001, 0xFFFFFFFF) + bytes(64),
        struct.pack("<IHHI", 1, 0x101E, 0x3001, 0xFFFFFFFF) + bytes(64),
        struct.pack("<IHHI", 1, 0x001E, 0x3001, 0xFFFFFFFF) + bytes(64),
        struct.pack("<IHH", 1, 0x1E, 0x8001) + bytes(16) + struct.pack("<II", 1, 0xFFFFFFF0) + bytes(64),
        b"",
        b"\x00",
    ],
)
def test_counts_without_end_end_at_the_end_of_the_file(body: bytes) -> None:
    data = build.tnef("IPM.Schedule.Meeting.Resp.Pos")
    head = data[: data.rindex(struct.pack("<BH", 1, 0x9003))]
    bomb = head + struct.pack("<BHHI", 1, 0x9003, 6, len(body)) + body + bytes(2)
    found = understood(build.winmail(bomb))
    assert (found.kind, found.partstat, found.uid) == (Kind.REPLY, "ACCEPTED", None)


def test_a_torn_file_raises_nothing() -> None:
    data = build.tnef("IPM.Schedule.Meeting.Resp.Pos", GLOBAL_ID)
    for end in range(len(data)):
        assert understood(build.winmail(data[:end])).kind in (Kind.REPLY, Kind.MESSAGE)
