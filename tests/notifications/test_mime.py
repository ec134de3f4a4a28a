"""The bytes of an email, read back with the standard parser."""

import re
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP

import pytest

from notifications.mime import to_bytes
from tests.notifications.samples import DOMAIN, NOW, calendar, email


def read(raw: bytes) -> EmailMessage:
    message = BytesParser(EmailMessage, policy=SMTP).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    return message


def shape(part: EmailMessage) -> object:
    if not part.is_multipart():
        return part.get_content_type()
    return part.get_content_type(), [shape(child) for child in part.iter_parts() if isinstance(child, EmailMessage)]


def test_wild_10_an_invitation_has_the_shape_calendars_show_buttons_for() -> None:
    message = read(to_bytes(email(calendar=calendar()), DOMAIN, NOW))
    assert shape(message) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )


def test_a_mail_without_a_calendar_is_an_alternative_and_without_html_plain_text() -> None:
    assert shape(read(to_bytes(email(), DOMAIN, NOW))) == ("multipart/alternative", ["text/plain", "text/html"])
    assert shape(read(to_bytes(email(html=None), DOMAIN, NOW))) == "text/plain"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_wild_10_the_calendar_part_names_its_method_and_keeps_every_byte(method: str) -> None:
    part = calendar(method)
    parts = [
        p
        for p in read(to_bytes(email(calendar=part), DOMAIN, NOW)).walk()
        if p.get_content_type().endswith(("/calendar", "/ics"))
    ]
    inline, attached = parts
    assert inline.get_param("method") == method
    assert inline.get_param("charset") == "utf-8"
    assert attached.get_filename() == "invite.ics"
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True) == part.ics


def test_wild_14_every_line_ends_in_crlf_is_ascii_and_short() -> None:
    words = "Ŵyn needs you\nat 3:30pm\r\n.\n" + "long " * 400
    raw = to_bytes(email(text=words, subject="Sŵn " * 60, calendar=calendar()), DOMAIN, NOW)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_words_come_back_as_written() -> None:
    words = "Ring “now” – it’s urgent\n\nhttps://x.example/ABCDEFGHJKMNP\n"
    message = read(to_bytes(email(text=words, html=f"<p>{words}</p>"), DOMAIN, NOW))
    plain, rich = (part for part in message.iter_parts() if isinstance(part, EmailMessage))
    assert plain.get_content().replace("\r\n", "\n") == words
    assert "it’s urgent" in rich.get_content()


def test_wild_3_the_link_stands_alone_on_a_line_in_the_raw_bytes() -> None:
    link = b"https://x.example/ABCDEFGHJKMNP"
    assert link in to_bytes(email(), DOMAIN, NOW).split(b"\r\n")


def test_the_headers_say_who_when_and_which() -> None:
    message = read(to_bytes(email(reply_to="answers@council.example", to_name='Jones, "Ŵ"'), DOMAIN, NOW))
    assert message["Message-ID"] == "<m-17@council.example>"
    assert message["Date"].datetime == NOW
    assert message["From"].addresses[0].addr_spec == "discussions@council.example"
    assert message["To"].addresses[0].display_name == 'Jones, "Ŵ"'
    assert message["Reply-To"].addresses[0].addr_spec == "answers@council.example"
    assert len(message["To"].addresses) == 1
    assert message["Cc"] is None


def test_a_long_message_id_is_left_whole() -> None:
    domain = "discussions.safeguarding.childrens-services.exampleshire-county-council.example"
    raw = to_bytes(email(id="m-" + "0" * 40), domain, NOW)
    assert f"<m-{'0' * 40}@{domain}>".encode() in raw


def test_only_a_mail_that_asks_nothing_is_marked_automatic() -> None:
    assert read(to_bytes(email(calendar=calendar()), DOMAIN, NOW))["Auto-Submitted"] is None
    assert read(to_bytes(email(automatic=True), DOMAIN, NOW))["Auto-Submitted"] == "auto-generated"
