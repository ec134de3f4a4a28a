"""What mail and calendars do in the wild, each known failure by its name: what must never happen here.

The mails are those of the corpus; the numbers are those of the list of known failures that the project keeps.
"""

from pathlib import Path

import pytest

from notifications.inbound_mail import read
from notifications.readings import Kind, Reading
from tests.notifications.inbound_builder import calendar as written
from tests.notifications.inbound_builder import identity, mail, tnef, winmail, with_part

CORPUS = Path(__file__).parent / "corpus"


def corpus(name: str) -> Reading:
    return read((CORPUS / f"{name}.eml").read_bytes())


def test_wild_4_a_forwarded_answer_says_who_sent_it() -> None:
    found = corpus("reply-forwarded-as-attachment")
    assert (found.attendee, found.answered_by) == ("clerk@oakfield.example", "officer@northshire.example")


def test_wild_7_an_answer_is_known_by_uid_attendee_and_sequence() -> None:
    found = corpus("gmail-accepted")
    assert (found.uid, found.attendee, found.sequence) == ("SD-4F7K-g1@northshire", "ruth.ames@mail.example", 3)


@pytest.mark.parametrize("name", ["zimbra-tentative-french", "outlook-365-accepted", "apple-icloud-declined"])
def test_wild_14_answers_come_localised_base64_and_quoted_printable(name: str) -> None:
    found = corpus(name)
    assert found.kind is Kind.REPLY
    assert found.partstat is not None


def test_wild_14_an_automatic_reply_is_no_answer() -> None:
    found = corpus("auto-exchange-out-of-office")
    assert (found.kind, found.partstat, found.attendee) == (Kind.AUTO_REPLY, None, None)


def test_wild_14_a_bounce_names_the_address_that_failed() -> None:
    assert [one.address for one in corpus("bounce-postfix-unknown").bounced] == ["gone@police.northshire.example"]


def test_wild_14_what_is_not_understood_is_never_dropped_but_shown_to_a_person() -> None:
    assert read(b"nothing like a mail").kind is Kind.UNREADABLE
    assert corpus("person-reply-to-only").kind is Kind.MESSAGE


def test_wild_14_an_answer_without_organiser_is_whole() -> None:
    raw = (CORPUS / "outlook-365-accepted.eml").read_bytes()
    assert b"ORGANIZER" not in raw
    assert corpus("outlook-365-accepted").uid == "SD-4F7K-1b0c3c52@northshire"


def test_wild_14_the_sender_may_differ_from_the_attendee() -> None:
    found = corpus("exchange-2013-delegate-sends")
    assert (found.sender, found.attendee) == (
        "cpit.desk@police.northshire.example",
        "inspector.okoro@police.northshire.example",
    )


def test_wild_14_googles_answer_marked_as_automatic_is_an_answer() -> None:
    assert b"Auto-Submitted: auto-generated" in (CORPUS / "gmail-accepted.eml").read_bytes()
    assert corpus("gmail-accepted").partstat == "ACCEPTED"


@pytest.mark.parametrize("name", ["auto-exchange-no-header-welsh", "auto-icloud-no-header"])
def test_wild_14_an_absence_without_any_header_is_known(name: str) -> None:
    assert corpus(name).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "raw",
    [
        with_part(written().encode(), "text/calendar; method=REPLY"),
        with_part(written().encode(), "application/ics"),
        with_part(written().encode(), "application/octet-stream; name=x.ics", "base64"),
        with_part(
            written().replace("\r\n", "=0D=0A").replace("=A", "=3DA").encode(), "text/calendar", "quoted-printable"
        ),
        mail(
            f"--b\n\nYes\n--b\nContent-Type: text/calendar\n\n{written()}--b--",
            kind="multipart/alternative; boundary=b",
        ),
    ],
)
def test_wild_14_the_calendar_part_is_found_in_whatever_form(raw: bytes) -> None:
    assert read(raw).partstat == "ACCEPTED"


def test_wild_14_a_calendar_that_is_there_twice_is_one_answer() -> None:
    assert corpus("thunderbird-accepted").uid == "SD-4F7K-t1@northshire"


def test_wild_14_a_uid_stands_behind_its_mark_in_winmail_dat() -> None:
    assert read(winmail(tnef("IPM.Schedule.Meeting.Resp.Pos", identity("one@northshire")))).uid == "one@northshire"


def test_wild_14_an_answer_without_attendee_is_nobodys() -> None:
    found = corpus("reply-without-attendee")
    assert (found.kind, found.attendee, found.partstat) == (Kind.REPLY, None, None)


def test_wild_14_a_sequence_may_be_missing() -> None:
    assert corpus("zoho-accepted-no-sequence").sequence is None


def test_wild_14_a_comment_of_a_bare_newline_is_none() -> None:
    assert corpus("outlook-365-accepted").comment is None


def test_wild_14_old_outlook_puts_the_words_in_the_description() -> None:
    assert corpus("outlook-desktop-2010-description").comment == "I may be ten minutes late."


@pytest.mark.parametrize("name", ["bounce-of-our-invitation-whole", "bounce-of-an-answer-of-ours", "bounce-qmail"])
def test_wild_14_our_own_message_in_a_bounce_gives_its_id_and_nothing_else(name: str) -> None:
    found = corpus(name)
    assert (found.kind, found.uid, found.partstat) == (Kind.BOUNCE, None, None)
    assert found.about


def test_wild_14_the_original_recipient_comes_before_the_final_one() -> None:
    assert [one.address for one in corpus("bounce-exchange-online-full").bounced] == ["full@health.northshire.example"]


def test_wild_14_failed_recipients_come_before_the_words() -> None:
    assert [one.address for one in corpus("bounce-exim-failed-recipients").bounced] == ["gone@surgery.example"]


@pytest.mark.parametrize("name", ["delay-postfix", "delay-exim-text"])
def test_wild_14_a_delay_kills_no_address(name: str) -> None:
    found = corpus(name)
    assert (found.kind, [one.permanent for one in found.bounced]) == (Kind.DELAY, [False])


def test_wild_14_a_policy_refusal_says_nothing_about_the_address() -> None:
    found = corpus("bounce-policy-refusal")
    assert (found.kind, [one.permanent for one in found.bounced]) == (Kind.BOUNCE, [False])


def test_wild_14_an_envelope_id_ties_a_report_to_the_message() -> None:
    assert corpus("delivered-receipt").about == ("m90",)
