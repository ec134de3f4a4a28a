"""Calendar answers in odd charsets, encodings, lines, zones and lists of people."""

from datetime import UTC, date, datetime

import pytest

from notifications.inbound_mail import understood
from notifications.readings import Kind, Reading
from tests.notifications.inbound_builder import HEAD, answer, calendar, identity, mail, with_part

ACCEPTED = ("clerk@oakfield.example", "ACCEPTED", "one@northshire")
GERMAN_NAME = 'ATTENDEE;PARTSTAT=ACCEPTED;CN="{}":mailto:clerk@oakfield.example'


def facts(reading: Reading) -> tuple[str | None, str | None, str | None]:
    assert reading.kind is Kind.REPLY
    return reading.attendee, reading.partstat, reading.uid


def counter(*lines: str, before: str = "") -> tuple[object, object]:
    whole = ("UID:one@northshire", "ATTENDEE:mailto:clerk@oakfield.example", *lines)
    found = understood(answer(*whole, method="COUNTER", before=before))
    assert found.kind is Kind.COUNTER
    return found.proposed_start, found.proposed_end


@pytest.mark.parametrize(
    ("named", "real", "name"),
    [
        ("utf-8", "utf-8", "Zoë"),
        ("utf-8", "utf-8-sig", "Zoë"),
        ("us-ascii", "utf-8", "Zoë"),
        ("iso-8859-1", "utf-8", "Zoë"),
        ("utf-8", "cp1252", "Zoë"),
        ("iso-8859-15", "iso-8859-15", "Zoë €"),
        ("windows-1251", "cp1251", "Зоя"),
        ("utf-16", "utf-16", "Zoë"),
        ("utf-8", "utf-16", "Zoë"),
        ("utf-8", "utf-16-le", "Zoë"),
        ("utf-8", "utf-16-be", "Zoë"),
        ("gb2312", "gb18030", "小明"),
        ("iso-2022-jp", "iso2022_jp", "佐藤"),
        ("utf-8", "iso2022_jp", "佐藤"),
        ("no-such-charset", "utf-8", "Zoë"),
        ("zip", "utf-8", "Zoë"),
    ],
)
def test_a_charset_named_wrongly_loses_no_answer(named: str, real: str, name: str) -> None:
    body = calendar("UID:one@northshire", GERMAN_NAME.format(name)).encode(real)
    for encoding in ("8bit", "base64"):
        raw = with_part(body, f"text/calendar; method=REPLY; charset={named}", encoding)
        assert facts(understood(raw)) == ACCEPTED


@pytest.mark.parametrize(
    "kind",
    [
        "text/calendar",
        "text/calendar; method=REPLY",
        "TEXT/Calendar; METHOD=reply; name=x",
        "text/calendar\n charset=utf-8",
        "application/ics; name=invite.ics",
        "application/octet-stream; name=invite.ics",
        'application/octet-stream; name="=?utf-8?q?invite=2Eics?="',
        "application/octet-stream; name*0=inv; name*1=ite.ics",
        "application/octet-stream",
        "text/plain",
        "text/x-vcalendar",
        "application/x-msdownload; name=answer.ICS",
    ],
)
def test_a_calendar_is_found_whatever_its_part_is_called(kind: str) -> None:
    assert facts(understood(with_part(calendar().encode(), kind, "base64"))) == ACCEPTED


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "7bit", "x-unknown", "binary"])
def test_an_encoding_named_wrongly_loses_no_answer(encoding: str) -> None:
    plain = with_part(calendar().encode(), "text/calendar").replace(b": 8bit", f": {encoding}".encode())
    assert facts(understood(plain)) == ACCEPTED


def test_quoted_lines_under_another_name_are_read() -> None:
    quoted = calendar().replace("=", "=3D").replace("\r\n", "=0D=0A").replace(":", ":=\r\n").encode()
    for encoding in ("7bit", "quoted-printable", "8bit"):
        assert facts(understood(with_part(quoted, "text/calendar", encoding))) == ACCEPTED


def test_the_method_may_stand_in_the_type_alone() -> None:
    body = calendar().replace("METHOD:REPLY\r\n", "").encode()
    assert facts(understood(with_part(body, 'text/calendar; method="REPLY"'))) == ACCEPTED
    assert understood(with_part(body, "text/calendar")).kind is Kind.MESSAGE


def test_a_file_in_uuencode_is_read() -> None:
    body = b"begin 644 a.ics\n" + b"".join(
        _uu(calendar().encode()[place : place + 45]) for place in range(0, len(calendar()), 45)
    )
    raw = with_part(body + b"`\nend\n", "application/octet-stream; name=a.ics", "x-uuencode")
    assert facts(understood(raw)) == ACCEPTED


def _uu(piece: bytes) -> bytes:
    padded = piece + bytes(-len(piece) % 3)
    letters = bytearray([32 + len(piece)])
    for place in range(0, len(padded), 3):
        number = int.from_bytes(padded[place : place + 3], "big")
        letters += bytes(32 + (number >> shift & 63) for shift in (18, 12, 6, 0))
    return bytes(letters) + b"\n"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.replace("\r\n", "\r"),
        lambda text: text.replace("\r\n", "\r\n\r\n"),
        lambda text: text.replace(":", ": "),
        lambda text: text.replace("BEGIN:", "begin:").replace("METHOD", "Method").replace("PARTSTAT", "partstat"),
        lambda text: "".join(f"   {line}\r\n" for line in text.split("\r\n")),
        lambda text: "[EXTERNAL] Take care.\r\n\r\n" + text,
        lambda text: text.replace("END:VEVENT\r\nEND:VCALENDAR\r\n", ""),
        lambda text: text.replace("ATTENDEE;PART", "ATTENDEE;\r\n PART"),
        lambda text: text.replace("ATTENDEE;PART", "ATTENDEE;\r\n\tPART"),
        lambda text: text.replace("mailto:clerk", "mailto:\r\nclerk"),
        lambda text: text.replace("UID:", 'X-ODD;A="b;c:d";B=e:f\r\nUID;X-P=1:'),
        lambda text: text.replace("UID:", "BEGIN:VALARM\r\nUID:no\r\nEND:VALARM\r\nUID:"),
        lambda text: text.replace("UID:", "UID-LIKE BUT NOT\r\n\x00\x01\r\nUID:"),
        lambda text: text + "-- \r\nThis mail was scanned.",
    ],
)
def test_a_spoilt_object_still_tells_its_answer(spoil) -> None:  # type: ignore[no-untyped-def]  # a lambda of text
    assert facts(understood(with_part(spoil(calendar()).encode(), "text/calendar; method=REPLY"))) == ACCEPTED


def test_a_part_that_lost_the_empty_line_before_its_calendar_is_read() -> None:
    lines = calendar().replace("\r\n", "\n").rstrip()
    raw = HEAD.format("x") + "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    assert facts(understood(f"{raw}{lines}\nContent-type: text/calendar; method=REPLY\n--b--".encode())) == ACCEPTED


@pytest.mark.parametrize(
    "line",
    [
        "ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Clerk@Oakfield.Example",
        "ATTENDEE;PARTSTAT=ACCEPTED:clerk@oakfield.example",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:<clerk@oakfield.example>",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:%22clerk%22@oakfield.example",
        'ATTENDEE;PARTSTAT="ACCEPTED";CN="a;b:c,d":mailto:clerk@oakfield.example',
        "ATTENDEE;CN=Clerk: Ann;PARTSTAT=ACCEPTED:mailto:clerk@oakfield.example",
        'ATTENDEE;CN="The "best" clerk";PARTSTAT=ACCEPTED:mailto:clerk@oakfield.example',
        "ATTENDEE;CN=Ann\\, Clerk;PARTSTAT=accepted:mailto:clerk@oakfield.example",
        "ATTENDEE;PARTSTAT=ACCEPTED;EMAIL=clerk@oakfield.example:invalid:nomail",
        'ATTENDEE;PARTSTAT=ACCEPTED;EMAIL="clerk@oakfield.example":urn:uuid:0f0f',
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=clerk@oakfield.example:invalid:nomail",
        "ATTENDEE;PARTSTAT=ACCEPTED;SENT-BY=mailto:pa@oakfield.example:mailto:clerk@oakfield.example",
        'ATTENDEE;PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT="see: http://x.example":mailto:clerk@oakfield.example',
    ],
)
def test_an_attendee_is_known_however_it_is_written(line: str) -> None:
    assert facts(understood(answer("UID:one@northshire", line))) == ACCEPTED


def test_an_attendee_without_an_address_is_nobody() -> None:
    found = understood(answer("UID:one@northshire", "ATTENDEE;PARTSTAT=ACCEPTED:invalid:nomail"))
    assert facts(found) == (None, "ACCEPTED", "one@northshire")
    assert found.answered_by == "clerk@oakfield.example"


def test_an_answer_without_partstat_answers_nothing() -> None:
    found = understood(answer("UID:one@northshire", "ATTENDEE:mailto:clerk@oakfield.example"))
    assert facts(found) == ("clerk@oakfield.example", None, "one@northshire")


@pytest.mark.parametrize(
    ("lines", "attendee"),
    [
        (("NEEDS-ACTION:mailto:gp@x.example", "DECLINED:mailto:hv@x.example"), "hv@x.example"),
        (("ACCEPTED:mailto:gp@x.example", "ACCEPTED:mailto:clerk@oakfield.example"), "clerk@oakfield.example"),
        (("ACCEPTED:mailto:gp@x.example", "DECLINED:mailto:hv@x.example"), None),
        (("NEEDS-ACTION:mailto:hv@x.example", "ACCEPTED:mailto:hv@x.example"), "hv@x.example"),
        (
            ("ACCEPTED:mailto:gp@x.example", 'DECLINED;SENT-BY="mailto:clerk@oakfield.example":mailto:hv@x.example'),
            "hv@x.example",
        ),
        (("ACCEPTED:mailto:meetings@northshire.example", "TENTATIVE:mailto:hv@x.example"), "hv@x.example"),
    ],
)
def test_of_a_whole_list_the_one_who_answers_is_read_and_nobody_guessed(
    lines: tuple[str, ...], attendee: str | None
) -> None:
    written = [f"ATTENDEE;PARTSTAT={line}" for line in lines]
    found = understood(answer("UID:one@northshire", "ORGANIZER:mailto:meetings@northshire.example", *written))
    assert found.attendee == attendee


LONDON = """BEGIN:VTIMEZONE
TZID:{}
BEGIN:STANDARD
DTSTART:16011028T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T010000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("zone", "before"),
    [
        (";TZID=Europe/London", ""),
        (';TZID="GMT Standard Time"', ""),
        (";TZID=/freeassociation.example/Europe/London", ""),
        (';TZID="(UTC+00:00) Dublin, Edinburgh, Lisbon, London"', ""),
        (";TZID=Customized Time Zone", LONDON.format("Customized Time Zone")),
        (";TZID=GMT", LONDON.format("GMT")),
        (";TZID=Nowhere at all", ""),
        ("", ""),
    ],
)
def test_a_time_is_british_by_zone_definition_or_want_of_either(zone: str, before: str) -> None:
    summer, winter = datetime(2027, 7, 1, 9, tzinfo=UTC), datetime(2027, 1, 14, 10, tzinfo=UTC)
    assert counter(f"DTSTART{zone}:20270701T100000", before=before) == (summer, None)
    assert counter(f"DTSTART{zone}:20270114T100000", before=before) == (winter, None)
    assert counter(f"DTSTART{zone}:20270328T030000", before=before)[0] == datetime(2027, 3, 28, 2, tzinfo=UTC)
    assert counter(f"DTSTART{zone}:20271031T030000", before=before)[0] == datetime(2027, 10, 31, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("DTSTART:20270701T100000Z", datetime(2027, 7, 1, 10, tzinfo=UTC)),
        ("DTSTART;TZID=America/New_York:20270701T100000", datetime(2027, 7, 1, 14, tzinfo=UTC)),
        ("DTSTART;TZID=W. Europe Standard Time:20270701T100000", datetime(2027, 7, 1, 8, tzinfo=UTC)),
        ("DTSTART:2027-07-01T10:00:00+02:00", datetime(2027, 7, 1, 8, tzinfo=UTC)),
        ("DTSTART;VALUE=DATE:20270701", date(2027, 7, 1)),
        ("DTSTART:20270701", date(2027, 7, 1)),
        ("DTSTART:20271331T100000Z", None),
        ("DTSTART:00010101T000000Z", None),
        ("DTSTART:tomorrow", None),
    ],
)
def test_a_proposed_time_is_utc_a_day_a_day_and_nonsense_none(line: str, start: object) -> None:
    assert counter(line)[0] == start


@pytest.mark.parametrize(
    ("length", "end"),
    [
        ("PT1H30M", datetime(2027, 7, 1, 11, 30, tzinfo=UTC)),
        ("P1D", datetime(2027, 7, 2, 10, tzinfo=UTC)),
        ("P1W", datetime(2027, 7, 8, 10, tzinfo=UTC)),
        ("-PT1H", None),
        ("P", None),
        ("P99999D", datetime(2301, 4, 15, 10, tzinfo=UTC)),
    ],
)
def test_a_duration_stands_in_for_the_end(length: str, end: object) -> None:
    assert counter("DTSTART:20270701T100000Z", f"DURATION:{length}")[1] == end


def test_a_uid_wrapped_by_exchange_is_ours_again_and_its_own_stays() -> None:
    wrapped = identity("one@northshire").hex().upper()
    assert understood(answer(f"UID:{wrapped}")).uid == "one@northshire"
    own = identity(None).hex().upper()
    assert understood(answer(f"UID:{own}")).uid == own


@pytest.mark.parametrize(("written", "sequence"), [("3", 3), ("", None), ("-1", None), ("x", None), ("9" * 40, None)])
def test_a_sequence_is_a_number_or_nothing(written: str, sequence: int | None) -> None:
    assert understood(answer("UID:one@northshire", f"SEQUENCE:{written}")).sequence == sequence


def test_the_strongest_part_of_several_is_read() -> None:
    request, reply = calendar("UID:theirs", method="REQUEST"), calendar()
    body = f"--b\nContent-Type: text/calendar\n\n{request}\n--b\nContent-Type: text/calendar\n\n{reply}\n--b--"
    assert facts(understood(mail(body, kind="multipart/mixed; boundary=b"))) == ACCEPTED


def test_a_boundary_named_wrongly_is_guessed() -> None:
    body = f"--real\nContent-Type: text/calendar\n\n{calendar()}\n--real--"
    for kind in ("multipart/mixed; boundary=other", "multipart/mixed"):
        assert facts(understood(mail(body, kind=kind))) == ACCEPTED


def test_our_own_invitation_sent_back_is_a_persons_message() -> None:
    organised = "ORGANIZER:mailto:meetings@northshire.example"
    ours = answer("UID:one@northshire", organised, method="REQUEST")
    assert understood(ours).kind is Kind.MESSAGE
    theirs = answer("UID:theirs", "ORGANIZER:mailto:clerk@oakfield.example", method="REQUEST")
    assert understood(theirs).kind is Kind.REQUEST
