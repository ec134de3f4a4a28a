"""What machines answer is told from what people write; a person's words are kept without what they quote."""

import pytest

from notifications.inbound_mail import understood
from notifications.readings import Kind
from tests.notifications.inbound_builder import mail, with_part


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: meeting",
        "[EXTERNAL] Automatic reply: meeting",
        "Auto-Reply: meeting",
        "AutoReply: meeting",
        "Auto: meeting",
        "Out of Office: meeting",
        "Out of Office AutoReply: meeting",
        "Out of office",
        "Out of the office until Monday",
        "Away from my desk",
        "Automatische Antwort: Termin",
        "Abwesenheitsnotiz: Termin",
        "Abwesend: Termin",
        "Réponse automatique : réunion",
        "Absence du bureau",
        "Respuesta automática: reunión",
        "Resposta automática: reunião",
        "Risposta automatica: riunione",
        "Fuori ufficio: riunione",
        "Automatisch antwoord: vergadering",
        "Afwezig: vergadering",
        "Autosvar: møde",
        "Automatiskt svar: möte",
        "Automaattinen vastaus: kokous",
        "Odpowiedź automatyczna: spotkanie",
        "Automatická odpověď: schůzka",
        "Răspuns automat: întâlnire",
        "Automatikus válasz: megbeszélés",
        "Ateb awtomatig: cyfarfod",
        "Allan o'r swyddfa",
        "Автоматический ответ: встреча",
        "Αυτόματη απάντηση: συνάντηση",
        "Otomatik Yanıt: toplantı",
        "رد تلقائي: اجتماع",
        "自動返信: 会議",
        "自动答复: 会议",
    ],
)
def test_an_absence_is_known_by_its_subject_in_many_languages(subject: str) -> None:
    assert understood(mail("Back soon.", subject)).kind is Kind.AUTO_REPLY
    assert understood(mail("What does this mean?", f"Re: {subject}")).kind is Kind.MESSAGE


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office cover for Tuesday",
        "Automatic doors at the school",
        "Autopsy report",
        "Absences in year four",
        "Vacation club",
        "Auto theft at the address",
        "Away day",
        "Read this: important",
        "Delivered by hand",
        "Accepted: meeting",
        "Failure to attend",
        "Absence: year four",
        "Absence 24 November",
        "Annual leave next week",
        "Auto 24",
        "Delivery of the papers",
    ],
)
def test_a_subject_that_only_begins_alike_is_a_persons(subject: str) -> None:
    assert (
        understood(mail("I am out of the office on Tuesday. Can we meet on Wednesday?", subject)).kind is Kind.MESSAGE
    )


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ("Auto-Submitted: auto-replied (vacation)", True),
        ("auto-submitted: Auto-Generated", True),
        ("Auto-Submitted: auto-notified", True),
        ("Auto-Submitted: no", False),
        ("X-Autoreply: yes", True),
        ("X-Autoreply: no", False),
        ("X-Autorespond: meeting", True),
        ("Precedence: auto_reply", True),
        ("X-FC-MachineGenerated: true", True),
        ("X-MS-Exchange-Inbox-Rules-Loop: clerk@oakfield.example", True),
        ("X-MS-Exchange-Inbox-Rules-Loop: other@oakfield.example", False),
        ("Return-Path: <>", True),
        ("Return-Path: <clerk@oakfield.example>", False),
        ("X-Auto-Response-Suppress: All", False),
        ("Precedence: bulk", False),
        ("Precedence: list\nList-Id: <forum.example>", False),
        ("X-Loop: clerk@oakfield.example", False),
        ("X-Boxtrapper-Version: 2", True),
        ("Delivered-To: Autoresponder", True),
    ],
)
def test_a_header_of_machines_is_enough_and_one_that_people_have_is_not(headers: str, automatic: bool) -> None:
    kind = understood(mail("See you there.", headers=f"{headers}\n")).kind
    assert kind is (Kind.AUTO_REPLY if automatic else Kind.MESSAGE)


@pytest.mark.parametrize(
    ("headers", "subject", "body"),
    [
        ("", "Re: meeting", "Thank you for your email. I am on annual leave. I will reply on my return."),
        ("Precedence: bulk\n", "Re: meeting", "I am currently out of the office."),
        ("Precedence: bulk\n", "Thank you for contacting us", "Your request is number 7."),
        ("X-Auto-Response-Suppress: All\n", "Ticket received", "We will look at it."),
        ("", "Your message", "This is an automated response. Please do not answer."),
        ("", "Ihre Nachricht", "Dies ist eine automatische Nachricht."),
    ],
)
def test_weak_signs_count_together(headers: str, subject: str, body: str) -> None:
    assert understood(mail(body, subject, headers=headers)).kind is Kind.AUTO_REPLY


def test_a_lost_calendar_makes_an_automatic_answer_a_message_for_a_person() -> None:
    raw = mail("has accepted", "Accepted: meeting @ Thu", headers="Auto-Submitted: auto-generated\n")
    assert understood(raw).kind is Kind.MESSAGE


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Yes.\n\nOn Tue, 24 Nov 2026 at 10:00, Us <us@x.example> wrote:\n> Come?", "Yes."),
        ("Yes.\n\nOn Tue, 24 Nov 2026 at 10:00, Us <us@x.example>\nwrote:\n\n> Come?", "Yes."),
        ("Ja.\n\nAm 24.11.2026 um 10:00 schrieb Us:\n> Kommen?", "Ja."),
        ("Да.\n\n24.11.2026 10:00 пользователь Us <\nus@x.example> написал:\n\n> Придёте?", "Да."),
        ("Oui.\n\nLe 24/11/2026 à 10:00, Us a écrit :\n> Venez ?", "Oui."),
        ("Yes.\n\n________________________________\nFrom: Us\nSent: 24 November\n\nCome?", "Yes."),
        ("Yes.\n\n-----Original Message-----\nFrom: Us\n\nCome?", "Yes."),
        ("Yes.\n\nFrom: Us <us@x.example>\nSent: 24 November 2026\nTo: Clerk\n\nCome?", "Yes."),
        ("Yes.\n> Come?\n> Please", "Yes."),
        (
            "On Tue, 24 Nov 2026, Us wrote:\n> Come?\nYes, at ten.",
            "On Tue, 24 Nov 2026, Us wrote:\n> Come?\nYes, at ten.",
        ),
        ("> Come?\nYes.\n> Who?\nAnn.", "> Come?\nYes.\n> Who?\nAnn."),
        ("From: the school\nwe all come.", "From: the school\nwe all come."),
        ("\n\nOn Tue, 24 Nov 2026, Us wrote:\n> Come?", "On Tue, 24 Nov 2026, Us wrote:\n> Come?"),
    ],
)
def test_words_above_a_quote_are_kept_and_the_whole_where_that_is_not_safe(said: str, kept: str) -> None:
    assert understood(mail(said)).text == kept


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
        ("<style>p{}</style><b>One</b>&nbsp;two<br>three", "One two\nthree"),
        ("<!-- no -->One<script>x</script>", "One"),
        ("One < two", "One < two"),
        ("<style>never closed", None),
    ],
)
def test_html_alone_is_read_as_text(written: str, read: str | None) -> None:
    assert understood(mail(written, kind="text/html")).text == read


@pytest.mark.parametrize(
    ("headers", "sender", "name"),
    [
        ("From: Ann <Ann@X.Example>", "ann@x.example", "Ann"),
        ("From  : Ann <ann@x.example>", "ann@x.example", "Ann"),
        ('From: "Lee, Ann" <ann@x.example>, Bo <bo@x.example>', "ann@x.example", "Lee, Ann"),
        ("From: =?utf-8?q?Zo=C3=AB?= <z@x.example>", "z@x.example", "Zoë"),
        ("From: =?utf-8?q?Lee=2C_Ann?= <a@x.example>", "a@x.example", "Lee, Ann"),
        ("From: Zoë <z@x.example>", "z@x.example", "Zoë"),
        ("From: a@bücher.example", "a@xn--bcher-kva.example", None),
        ("From: team: a@x.example, b@x.example;", "a@x.example", None),
        ("From: a@x.example (Ann)", "a@x.example", "Ann"),
        ("Reply-To: a@x.example", "a@x.example", None),
        ("Sender: a@x.example", "a@x.example", None),
        ("From: undisclosed", None, None),
        ("From:\n Ann\n <a@x.example>", "a@x.example", "Ann"),
    ],
)
def test_a_sender_is_read_however_the_header_is_written(headers: str, sender: str | None, name: str | None) -> None:
    found = understood(f"{headers}\r\nTo: us@x.example\r\nSubject: x\r\n\r\nhello".encode())
    assert (found.sender, found.sender_name, found.kind) == (sender, name, Kind.MESSAGE)


def test_raw_bytes_in_headers_and_body_are_read_as_what_they_are() -> None:
    found = understood(b"From: Zo\xeb <z@x.example>\nSubject: Caf\xe9\nContent-Type: text/plain\n\nna\xefve")
    assert (found.sender_name, found.subject, found.text) == ("Zoë", "Café", "naïve")


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"hello", b"<html></html>", bytes(range(256)) * 50, b"\x00" * 999])
def test_what_is_no_mail_is_unreadable(raw: bytes) -> None:
    assert understood(raw).kind is Kind.UNREADABLE


@pytest.mark.parametrize("before", [b"From clerk Tue Nov 24 10:00:00 2026\n", b">From x\n", b"\n\n", b"\xef\xbb\xbf"])
def test_what_a_mailbox_puts_before_a_mail_is_passed_over(before: bytes) -> None:
    found = understood(before + mail("hello"))
    assert (found.kind, found.sender, found.text) == (Kind.MESSAGE, "clerk@oakfield.example", "hello")


def test_an_attachment_is_not_somebodys_words() -> None:
    parts = b"--b\r\n\r\nSee below.\r\n--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nsecret\r\n--b--"
    assert understood(with_part(parts, "multipart/mixed; boundary=b", subject="x")).text == "See below."
