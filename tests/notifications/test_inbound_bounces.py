"""Reports and bounces: which address, dead or not, about which of our messages."""

import pytest

from notifications.inbound_mail import understood
from notifications.readings import Bounced, Kind
from tests.notifications.inbound_builder import failed, mail, report

GONE = "gone@surgery.example"


@pytest.mark.parametrize(
    ("status", "said", "permanent"),
    [
        ("5.1.1", "", True),
        ("5.1.2", "", True),
        ("5.1.3", "", True),
        ("5.1.6", "", True),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        ("5.1.7", "", False),
        ("5.1.8", "550 5.1.8 Access denied, bad outbound sender", False),
        ("5.2.1", "", True),
        ("5.2.2", "", False),
        ("4.2.2", "", False),
        ("5.2.3", "", False),
        ("5.2.0", "550 User unknown", True),
        ("5.2.0", "550 message filtered", False),
        ("5.3.4", "", False),
        ("5.3.0", "", False),
        ("5.4.4", "Host or domain name not found", True),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", True),
        ("5.4.1", "no answer from host", False),
        ("5.4.6", "routing loop", False),
        ("5.4.7", "expired", False),
        ("4.4.7", "expired", False),
        ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable", True),
        ("5.6.0", "", False),
        ("5.7.1", "550 5.7.1 refused", False),
        ("5.7.26", "550 5.7.26 unauthenticated", False),
        ("5.0.0", "550 5.1.1 no such user", True),
        ("5.0.0", "550 No such user here", True),
        ("5.0.0", "552 mailbox full", False),
        ("5.0.0", "554 rejected as spam", False),
        ("5.0.0", "", True),
    ],
)
def test_only_what_the_address_is_to_blame_for_is_permanent(status: str, said: str, permanent: bool) -> None:
    found = understood(failed(status, said))
    assert found.kind is Kind.BOUNCE
    assert [(one.address, one.permanent) for one in found.bounced] == [(GONE, permanent)]


def test_the_address_we_wrote_to_comes_before_the_one_it_ended_at() -> None:
    block = "Original-Recipient: rfc822;Desk@surgery.example\nFinal-Recipient: rfc822;x@inside.example\n"
    assert understood(report(f"{block}Action: failed\nStatus: 5.1.1")).bounced == (
        Bounced("desk@surgery.example", True, "5.1.1"),
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("rfc822; <gone@surgery.example>", GONE),
        ("RFC822;GONE@Surgery.Example", GONE),
        ('rfc822; "gone@surgery.example"', GONE),
        ("utf-8; gone@surgery.example", GONE),
        ("gone@surgery.example", GONE),
        ("rfc822;on+2Bcall@surgery.example", "on+call@surgery.example"),
        ("rfc822;on+22@surgery.example", "on+22@surgery.example"),
        ("rfc822; gone@surgery.example (Gone Away)", GONE),
    ],
)
def test_a_recipient_is_read_however_it_is_written(written: str, read: str) -> None:
    found = understood(report(f"Original-Recipient: {written}\nAction: failed\nStatus: 5.1.1"))
    assert [one.address for one in found.bounced] == [read]


def test_an_unusable_recipient_is_the_only_one_we_wrote_to() -> None:
    block = "Final-Recipient: rfc822;IMCEAEX-_O=TRUST_OU=X@surgery.example\nAction: failed\nStatus: 5.1.1"
    returned = "Message-ID: <m7@northshire.example>\nTo: gone@surgery.example"
    found = understood(report(block, returned=returned))
    assert ([one.address for one in found.bounced], found.about, found.forwarded) == ([GONE], ("m7",), False)


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", Kind.BOUNCE),
        ("failed (no user)", "5.1.1", Kind.BOUNCE),
        ("error", "5.1.1", Kind.BOUNCE),
        ("delayed", "4.4.1", Kind.DELAY),
        ("delayed", "5.1.1", Kind.DELAY),
        ("delivered", "2.0.0", Kind.RECEIPT),
        ("relayed", "2.0.0", Kind.RECEIPT),
        ("expanded", "2.0.0", Kind.RECEIPT),
        ("", "5.1.1", Kind.BOUNCE),
        ("", "4.4.1", Kind.DELAY),
        ("", "2.0.0", Kind.RECEIPT),
    ],
)
def test_the_action_says_what_a_report_is_and_the_status_where_it_does_not(
    action: str, status: str, kind: Kind
) -> None:
    found = understood(report(f"Final-Recipient: rfc822; {GONE}\nAction: {action}\nStatus: {status}"))
    assert found.kind is kind
    assert not any(one.permanent for one in found.bounced if kind is not Kind.BOUNCE)


def test_a_report_ties_to_our_message_by_envelope_returned_headers_and_thread() -> None:
    raw = report(
        f"Final-Recipient: rfc822; {GONE}\nAction: failed\nStatus: 5.1.1",
        returned="Message-ID: <m8@northshire.example>",
    )
    raw = raw.replace(b"Reporting-MTA:", b"Original-Envelope-Id: m7\r\nReporting-MTA:")
    raw = raw.replace(b"Subject:", b"In-Reply-To: <m9@northshire.example>\r\nSubject:", 1)
    assert understood(raw).about == ("m7", "m8", "m9")


@pytest.mark.parametrize(
    ("subject", "body", "bounced"),
    [
        (
            "failure notice",
            f"Hi. This is the qmail-send program.\n\n<{GONE}>:\nuser unknown (#5.1.1)\n",
            [(GONE, True)],
        ),
        (
            "Undeliverable: x",
            f"Delivery has failed to these recipients:\n{GONE}\nThe mailbox is full.",
            [(GONE, False)],
        ),
        ("Undeliverable: x", f"{GONE}\nThe email address you entered couldn't be found.", [(GONE, True)]),
        ("Mail delivery failed", f"  {GONE}\n    retry timeout exceeded\n", [(GONE, False)]),
        ("Échec de la remise", f"<{GONE}>: utilisateur inconnu", [(GONE, True)]),
        ("Non recapitabile: x", f"{GONE}: 550 5.7.1 vietato", [(GONE, False)]),
        ("Delivery failure", "We could not deliver your mail.", []),
    ],
)
def test_a_bounce_in_words_is_read(subject: str, body: str, bounced: list[tuple[str, bool]]) -> None:
    raw = mail(body, subject, headers="Return-Path: <>\n").replace(b"clerk@oakfield", b"MAILER-DAEMON@mx")
    found = understood(raw)
    assert found.kind is Kind.BOUNCE
    assert [(one.address, one.permanent) for one in found.bounced] == bounced


def test_a_delay_in_words_is_no_bounce() -> None:
    said = f"Your message is delayed and still awaiting delivery to {GONE}. It will be retried."
    raw = mail(said, f"Message delayed ({GONE})").replace(b"clerk@oakfield", b"MAILER-DAEMON@mx")
    found = understood(raw)
    assert (found.kind, found.bounced) == (Kind.DELAY, (Bounced(GONE, False),))


def test_a_persons_mail_about_a_bounce_is_no_bounce() -> None:
    said = f"It says delivery to the following recipient failed permanently:\n\n     {GONE}\n"
    assert understood(mail(said, "Can you help?")).kind is Kind.MESSAGE
    assert understood(mail(said, "Re: Undeliverable: meeting")).kind is Kind.MESSAGE
    answering = "In-Reply-To: <m7@northshire.example>\n"
    assert understood(mail(said, "Undeliverable: meeting", headers=answering)).kind is Kind.MESSAGE


def test_what_came_back_within_a_bounce_is_never_read_as_an_answer() -> None:
    inner = (
        "Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:u\nEND:VEVENT"
    )
    returned = f"--b\nContent-Type: message/rfc822\n\nMessage-ID: <m7@n.example>\n{inner}\n--b--"
    parts = f"--b\n\n<{GONE}>: unknown user\n{returned}"
    raw = mail(parts, "Returned mail", kind="multipart/mixed; boundary=b").replace(b"clerk@", b"MAILER-DAEMON@")
    found = understood(raw)
    assert (found.kind, found.uid, found.about) == (Kind.BOUNCE, None, ("m7",))


@pytest.mark.parametrize(
    ("feedback", "kind"),
    [
        ("abuse", Kind.COMPLAINT),
        ("opt-out", Kind.COMPLAINT),
        ("not-spam", Kind.MESSAGE),
        ("auth-failure", Kind.MESSAGE),
    ],
)
def test_feedback_is_a_complaint_unless_it_says_the_contrary(feedback: str, kind: Kind) -> None:
    parts = f"--b\n\nreport\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {feedback}\n--b--"
    raw = mail(parts, "FW: x", kind="multipart/report; report-type=feedback-report; boundary=b")
    assert understood(raw).kind is kind
