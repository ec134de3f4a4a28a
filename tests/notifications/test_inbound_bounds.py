"""No mail stops the reader: nothing raises, nothing takes longer or more memory than it weighs.

These ask ``understood``, which has no net, so that a reader's own error is seen.
"""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.inbound_mail import read, understood
from notifications.readings import Kind, Reading
from tests.notifications.inbound_builder import HEAD, calendar

CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parent / "corpus").glob("*.eml"))]
TOP = HEAD.format("x").encode()
DAEMON = b"From: MAILER-DAEMON@x.example\nTo: us@x.example\nSubject: Undelivered\n"
CALENDAR = TOP + b"Content-Type: text/calendar; method=REPLY\n\n" + calendar().encode().partition(b"END:VEVENT")[0]
PIECES = (
    b"\n\n",
    b"\r",
    b"\x00",
    b"--",
    b"=?utf-8?q?",
    b"((((",
    b'"""',
    b";;;",
    b"BEGIN:VCALENDAR\n",
    b"TZID=",
    b"\xff\xfe",
)


@given(st.binary(max_size=2_000))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise(raw: bytes) -> None:
    assert isinstance(understood(raw), Reading)
    assert isinstance(understood(TOP + raw), Reading)
    assert isinstance(understood(CALENDAR + raw), Reading)


@given(st.sampled_from(CORPUS), st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_no_spoilt_mail_raises(mail: bytes, seed: int) -> None:
    chance = random.Random(seed)
    spoilt = bytearray(mail)
    for _ in range(chance.randint(1, 10)):
        at, other = chance.randrange(len(spoilt) + 1), chance.choice(CORPUS)
        begin = chance.randrange(len(other))
        del spoilt[at : at + chance.choice((0, 1, 30))]
        spoilt[at:at] = chance.choice((chance.choice(PIECES), other[begin : begin + 300], chance.randbytes(4)))
    assert isinstance(understood(bytes(spoilt)), Reading)


def nested(level: bytes, times: int) -> bytes:
    return TOP + level * times + b"\nx"


@pytest.mark.parametrize(
    "raw",
    [
        TOP + b"\n" + b"\n" * 20_000_000,
        TOP + b"\n" + b"x" * 20_000_000,
        CALENDAR + b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\n" * 200_000,
        CALENDAR + b"END:VEVENT\nBEGIN:VEVENT\n" * 50_000,
        CALENDAR + b"X-A:" + b"\n a" * 500_000,
        CALENDAR + b"ATTENDEE" + b":mailto:" * 100_000,
        nested(b"Content-Type: message/rfc822\n\n", 3_000),
        TOP + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 200_000,
        TOP + b"Content-Type: multipart/mixed; boundary=b\n\n" + (b"--b\n" + b"a:\n" * 9_000 + b"\nx\n") * 400,
        TOP + b'Content-Type: multipart/mixed; boundary="-"\n\n' + b"-" * 5_000_000,
        TOP + b"Content-Type: text/plain" + b";" * 90_000 + b"\n\nx",
        TOP + b"Content-Type: text/html\n\n" + b"<" * 2_000_000,
        TOP + b"Content-Type: text/html\n\n" + b"<style><!--" * 200_000,
        TOP.replace(b"Subject: x", b"Subject: " + b"=?a?q?" * 15_000) + b"\nx",
        b"From: " + b"(" * 90_000 + b"\nTo: x\n\nx",
        b"From: a@b.example\nReferences: " + b"<m1@" * 20_000 + b"\n\nx",
        DAEMON + b"\n" + b"a@" * 500_000,
        DAEMON + b"\n" + b"-" * 1_000_000,
        DAEMON + b"\n" + b"mailbox account user exceed " * 50_000,
        DAEMON + b"\n" + b"recipient x y z: \n" * 50_000,
        DAEMON
        + b"Content-Type: message/delivery-status\n\n"
        + b"Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 50_000,
    ],
    ids=range(21),
)
def test_a_bomb_is_read_in_seconds(raw: bytes) -> None:
    begun = time.process_time()
    understood(raw)
    assert time.process_time() - begun < 5


def test_a_mail_of_thirty_million_bytes_still_tells_its_answer() -> None:
    parts = b"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + (b"A" * 76 + b"\n") * 390_000
    answer = b"--b\nContent-Type: text/calendar; method=REPLY\n\n" + calendar().encode() + b"\n--b--\n"
    raw = TOP + b"Content-Type: multipart/mixed; boundary=b\n\n" + parts + answer
    assert len(raw) > 30_000_000
    assert understood(raw).partstat == "ACCEPTED"


def test_a_calendar_of_ten_thousand_lines_still_tells_its_answer() -> None:
    noise = "".join(f"X-LINE-{number}:noise\n" for number in range(10_000))
    raw = TOP + b"Content-Type: text/calendar; method=REPLY\n\n" + calendar().replace("UID:", f"{noise}UID:").encode()
    assert understood(raw).uid == "one@northshire"


def test_a_time_zone_that_changes_every_second_costs_nothing() -> None:
    half = "BEGIN:STANDARD\nDTSTART:16010101T000000\nRRULE:FREQ=SECONDLY\nTZOFFSETTO:+0100\nEND:STANDARD\n"
    zone = f"BEGIN:VTIMEZONE\nTZID:x\n{half * 2_000}END:VTIMEZONE"
    times = ("UID:one@northshire", "DTSTART;TZID=x:20261126T100000")
    raw = TOP + b"Content-Type: text/calendar\n\n" + calendar(*times, method="COUNTER", before=zone).encode()
    begun = time.process_time()
    assert understood(raw).kind is Kind.COUNTER
    assert time.process_time() - begun < 2


def test_what_nobody_foresaw_is_unreadable_and_not_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(raw: bytes) -> Reading:
        raise RecursionError

    monkeypatch.setattr("notifications.inbound_mail.understood", broken)
    assert read(CORPUS[0]).kind is Kind.UNREADABLE
