"""What a message may hold: no forged header, no address that is none, no calendar that contradicts itself."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.messages import CalendarPart, one_line
from notifications.mime import to_bytes
from tests.notifications.samples import DOMAIN, NOW, calendar, email, sms

FORGED = "Duty\r\nBcc: other@victim.example\r\n\r\nbody"
# RFC 2047: the mail library decodes this when a header is set, the line ends within it too.
ENCODED = "=?utf-8?q?x=0ABcc:_z=40evil.example=0A=0A<a_href=3Dhttps://evil.example>Join?="
EXPECTED = ["Message-ID", "Date", "From", "To", "Subject", "MIME-Version", "Content-Type"]


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("place", ["subject", "to_name", "sender_name"])
def test_a_line_break_in_words_forges_no_header(place: str) -> None:
    message = read(to_bytes(email(**{place: FORGED}), DOMAIN, NOW))
    assert message["Bcc"] is None
    assert sorted(message.keys()) == sorted(EXPECTED)


def test_a_line_break_in_an_extra_header_forges_no_other() -> None:
    message = read(to_bytes(email(headers=(("X-Note", FORGED),)), DOMAIN, NOW))
    assert message["Bcc"] is None
    assert message["X-Note"] == one_line(FORGED)


@pytest.mark.parametrize("place", ["subject", "to_name", "sender_name"])
@pytest.mark.parametrize("words", [ENCODED, f"Duty {ENCODED} desk", "=" + ENCODED, ENCODED.replace("q?", "b?")])
def test_an_encoded_word_in_words_stays_words(place: str, words: str) -> None:
    raw = to_bytes(email(**{place: words}), DOMAIN, NOW)
    assert b"\nBcc" not in raw
    assert sorted(read(raw).keys()) == sorted(EXPECTED)


def test_a_message_into_which_a_line_end_came_all_the_same_is_no_message() -> None:
    """Some versions of the library would unfold it to a header of its own: refused there, and harmless elsewhere."""
    message = email()
    object.__setattr__(message, "subject", ENCODED)  # as if a way round had been found
    try:
        raw = to_bytes(message, DOMAIN, NOW)
    except ValueError as refused:
        assert "line end" in str(refused)
    else:
        assert sorted(read(raw).keys()) == sorted(EXPECTED)


@pytest.mark.parametrize("place", ["id", "to", "sender", "reply_to"])
@pytest.mark.parametrize("end", ["\r\nBcc: x@y.example", "\n", "\r", "\x00", "\u2028", " ", ">"])
def test_a_line_break_in_an_id_or_address_is_refused(place: str, end: str) -> None:
    right = {"id": "m-1", "to": "a@b.example", "sender": "a@b.example", "reply_to": "a@b.example"}
    with pytest.raises(ValueError, match=r".") as caught:
        email(**{place: right[place] + end})
    assert "b.example" not in str(caught.value)


@pytest.mark.parametrize("name", ["Bcc", "To", "X-Note\r\nBcc", "X-Note: a", "Content-Type", ""])
def test_an_extra_header_cannot_stand_for_a_real_one(name: str) -> None:
    with pytest.raises(ValueError, match="header name"):
        email(headers=((name, "x"),))


@given(st.text(max_size=200), st.text(max_size=80))
def test_any_words_make_a_readable_message(subject: str, name: str) -> None:
    raw = to_bytes(email(subject=subject, to_name=name), DOMAIN, NOW)
    message = read(raw)
    assert sorted(message.keys()) == sorted(EXPECTED)
    # Python's folding may lose a space between two words it encodes; no word may change
    assert "".join(str(message["Subject"]).split()) == "".join(one_line(subject).split())
    assert [address.addr_spec for address in message["To"].addresses] == ["duty@police.example"]


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert one_line(one_line(text)) == one_line(text)


@pytest.mark.parametrize("to", ["07700 900123", "+44", "+447700900123\n", "", "+0700900123"])
def test_a_text_goes_to_e164_only(to: str) -> None:
    with pytest.raises(ValueError, match="recipient"):
        sms(to=to)


def test_a_text_is_normalised_and_needs_words() -> None:
    assert sms(text="It\u2019s on", valid_for=timedelta(hours=1)).text == "It's on"
    with pytest.raises(ValueError, match="words"):
        sms(text=" \r\n")


def test_a_calendar_part_agrees_with_its_object() -> None:
    assert calendar("CANCEL").method == "CANCEL"
    with pytest.raises(ValueError, match="differ"):
        CalendarPart("REQUEST", calendar("CANCEL").ics)
    with pytest.raises(ValueError, match="line end"):
        CalendarPart("REQUEST", calendar().ics.replace(b"\r\n", b"\n"))
