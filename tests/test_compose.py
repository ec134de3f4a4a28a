"""The wording of messages: every message, with the longest facts, one text fragment, and nothing about a child."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound

from notifications.gsm import Encoding, fragments
from strategy import compose
from strategy.compose import LINK, EntryFacts, InvitationFacts
from strategy.db import transaction
from strategy.longest import CALL_BACK, LATEST, bare, entry
from strategy.longest import invitation as longest
from strategy.models import Discussion
from strategy.rules.wording_checks import LONGEST_LINK
from strategy.vocabulary import NAMED, InvitationState, News, Sector, Via
from tests.cast import Cast
from tests.convened import convene, invited

MESSAGES = Path(compose.__file__).parent / "templates" / "messages"
OF_ENTRIES = {"verification", "board", "board-code"}  # about the directory, and no meeting
ALL_NAMES = sorted(path.name for path in MESSAGES.iterdir() if path.is_dir())
NAMES = sorted(set(ALL_NAMES) - OF_ENTRIES)
PARTS = {"subject.txt", "email.txt", "email.html", "sms.txt"}
TO_STAFF = {"convener", "course", "not-held", "staff-invite"}
WITHOUT_LINK = {"cancel", "misdirected", "code"}
WITHOUT_TIME = {"misdirected", "code"}  # its reader was never meant to know of the meeting; it answers another question


SHORTEST = bare()


@pytest.fixture
def discussion(cast: Cast) -> Iterator[Discussion]:
    """A booked discussion, in a transaction that is undone."""
    with transaction("tests", Via.COMMAND_LINE):
        yield convene(cast)


def test_there_are_messages() -> None:
    assert {"invite", "update", "cancel", "confirmation", "deputy", "chase", "supervisor", "senior"} <= set(NAMES)
    assert {"absence", "convener", "action", "staff-invite"} <= set(NAMES)


@pytest.mark.parametrize("name", ALL_NAMES)
def test_every_message_has_all_its_parts(name: str) -> None:
    assert {path.name for path in (MESSAGES / name).iterdir()} == PARTS


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("known", [longest(), SHORTEST], ids=["longest", "shortest"])
def test_every_text_is_one_fragment_with_the_longest_link(name: str, known: InvitationFacts) -> None:
    text = compose.words(name, known).sms.replace(LINK, LONGEST_LINK)
    cost = fragments(text)
    assert (cost.encoding, cost.count) == (Encoding.GSM_7, 1), f"{cost.units} units: {text}"


def test_an_agency_that_came_in_another_role_is_not_told_that_nobody_did() -> None:
    said = compose.words("absence", longest(others_came=True))
    assert fragments(said.sms.replace(LINK, LONGEST_LINK)).count == 1
    for words in (said.sms, said.text, said.html, said.subject):
        assert "nobody joined" not in words and "Nobody from your agency" not in words
        assert "your agency did not" not in words


def test_the_longest_link_is_as_long_as_links_may_be() -> None:
    assert len(LONGEST_LINK) == 39


@pytest.mark.parametrize("state", InvitationState)
def test_every_answer_is_confirmed_in_one_fragment(state: InvitationState) -> None:
    text = compose.words("confirmation", longest(answer=state)).sms.replace(LINK, LONGEST_LINK)
    assert fragments(text).count == 1


@pytest.mark.parametrize("sector", Sector)
@pytest.mark.parametrize("news", News)
def test_all_news_for_the_convener_is_one_fragment(news: News, sector: Sector) -> None:
    text = compose.words("convener", longest(news=news, sector=sector)).sms.replace(LINK, LONGEST_LINK)
    assert fragments(text).count == 1, text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["text", "sms"])
def test_the_link_stands_alone_on_its_line_once(name: str, part: str) -> None:
    lines = getattr(compose.words(name, longest()), part).split("\n")
    expected = 0 if name in WITHOUT_LINK else 1
    assert sum(LINK in line for line in lines) == expected
    assert lines.count(LINK) == expected


@pytest.mark.parametrize("name", NAMES)
def test_subjects_are_one_line_with_reference_and_time(name: str) -> None:
    subject = compose.words(name, longest()).subject
    assert "\n" not in subject and len(subject) <= 200
    assert "K7QD" in subject
    assert ("25 Nov" in subject or "27 Nov" in subject) is (name not in WITHOUT_TIME)


@pytest.mark.parametrize("name", sorted(set(NAMES) - TO_STAFF))
def test_partners_are_told_how_to_check_that_it_is_genuine_and_whom_not_to_tell(name: str) -> None:
    words = compose.words(name, longest(staff_role=None))
    for body in (words.text, words.html):
        assert CALL_BACK in body and "K7QD" in body
        assert "Do not contact the family" in body
    assert CALL_BACK in words.sms or "K7QD" in words.sms


def test_the_model_invitation_reads_as_the_domain_has_it() -> None:
    known = longest(
        call_back="01632 960123",
        starts_at=datetime(2026, 11, 27, 15, 30, tzinfo=UTC),
        needed_from=datetime(2026, 11, 27, 15, 30, tzinfo=UTC),
        now=datetime(2026, 11, 27, 12, 50, tzinfo=UTC),
        answer_by=datetime(2026, 11, 27, 13, 45, tzinfo=UTC),
    )
    words = compose.words("invite", known)
    assert words.sms == (
        "Exampleshire Council: your agency is needed Fri 27 Nov 3:30pm. Answer by 1:45pm:\n{link}\nK7QD 01632 960123"
    )
    assert words.subject == "Answer by 1:45pm: multi-agency meeting Fri 27 Nov 3:30pm (K7QD)"


@pytest.mark.parametrize("name", NAMES)
def test_texts_promise_no_reply_nobody_reads(name: str) -> None:
    text = compose.words(name, longest()).sms
    assert not re.search(r"\b(reply|text back)\b", text, re.IGNORECASE)
    assert not re.search(r"\b[ADN]\d{2,3}\b", text)


def test_summer_is_told_in_london_time() -> None:
    summer = datetime(2027, 6, 1, 14, 30, tzinfo=UTC)
    words = compose.words("invite", longest(starts_at=summer, needed_from=summer, ends_at=summer + timedelta(hours=1)))
    assert "Tue 1 Jun 3:30pm" in words.sms and "Tuesday 1 June 2027, 3:30pm to 4:30pm" in words.text


def test_the_part_one_is_needed_for_is_said_when_it_is_a_part() -> None:
    assert "You are needed: 10:30am to 10:50am" in compose.words("invite", longest()).text
    whole = longest(needed_until=LATEST + timedelta(minutes=45))
    assert "You are needed" not in compose.words("invite", whole).text


def test_facts_have_no_field_for_a_child_a_concern_or_a_case() -> None:
    names = {field.name for field in fields(InvitationFacts)}
    assert not [name for name in names if re.search(r"child|concern|case|born|school|family|kind|reason$|what", name)]


def test_a_fact_nobody_provided_for_is_refused(discussion: Discussion) -> None:
    with pytest.raises(TypeError):
        compose.facts(invited(discussion, "police"), LATEST, child="Robin Zebedee")


def test_a_message_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TemplateNotFound):
        compose.words("nothing", longest())


@pytest.mark.parametrize("name", NAMES)
def test_no_message_says_anything_of_the_child(discussion: Discussion, name: str) -> None:
    invitation = invited(discussion, "police")
    extra = {"answer": InvitationState.DECLINED, "news": News.DECLINED, "due_at": LATEST}
    words = compose.words(name, compose.facts(invitation, LATEST, **extra))
    for part in (words.subject, words.text, words.html, words.sms):
        for secret in ("Robin", "Zebedee", "4471", "standard", "child", discussion.contact.reference):
            assert secret not in part


HOSTILE = 'Jo\r\nBcc: all@x.example\u2028<script>alert("1")</script> {link} 🙂'


@pytest.mark.parametrize("name", NAMES)
def test_a_name_can_break_no_line_open_no_tag_and_fill_no_slot(discussion: Discussion, name: str) -> None:
    discussion.convener.full_name = HOSTILE
    extra = {"attendee": HOSTILE, "title": HOSTILE, "owner": HOSTILE, "staff_role": HOSTILE}
    invitation = invited(discussion, "police")
    invitation.state = next(iter(NAMED))
    known = compose.facts(
        invitation, LATEST, **extra, answer=InvitationState.DEPUTY, news=News.DECLINED, due_at=LATEST, reason_by=LATEST
    )
    words = compose.words(name, known)
    assert "\n" not in words.subject and "\r" not in words.text + words.html + words.sms
    assert "<script>" not in words.html
    slots = 0 if name in WITHOUT_LINK else 1
    assert words.text.count(LINK) == words.sms.count(LINK) == slots
    assert words.html.count(LINK) == 2 * slots  # where it leads, and what is read
    assert not re.search(r"^Bcc:", words.text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_a_fact_left_out_is_never_shown_as_none(name: str) -> None:
    words = compose.words(name, SHORTEST)
    for part in (words.subject, words.text, words.html, words.sms):
        assert not re.search(r"\bNone\b", part)


@pytest.mark.parametrize("known", [entry(), entry(who=None, desk="MASH desk")], ids=["person", "desk"])
def test_an_entrys_own_message_has_the_link_once_in_one_fragment_and_says_how_to_check_it(known: EntryFacts) -> None:
    words = compose.words("verification", known)
    text = words.sms.replace(LINK, LONGEST_LINK)
    assert fragments(text).count == 1 and text.split("\n")[1] == LONGEST_LINK
    assert words.text.split("\n").count(LINK) == 1 and words.html.count(LINK) == 2
    for body in (words.text, words.html, words.sms):
        assert CALL_BACK in body and "None" not in body
    for body in (words.subject, words.text, words.html):
        assert (known.who or known.desk or "") in body and "\n\n\n" not in body


def test_only_a_person_is_told_to_keep_the_link_for_days_away() -> None:
    assert "you are away" in compose.words("verification", entry()).text
    assert "you are away" not in compose.words("verification", entry(who=None, desk="MASH desk")).text


def test_times_of_another_day_name_the_day() -> None:
    today = replace(longest(), answer_by=LATEST - timedelta(days=3) + timedelta(hours=1))
    assert "Answer by 11:30am:" in compose.words("invite", today).sms
    assert "Answer by Wed 25 Nov 10:20am:" in compose.words("invite", longest()).sms


def test_only_a_mail_with_a_calendar_part_says_that_it_clears_the_calendar() -> None:
    for known, said in ((longest(in_calendar=True), True), (longest(), False)):
        words = compose.words("cancel", known)
        assert ["cancelled with this message" in body for body in (words.text, words.html)] == [said, said]


@pytest.mark.parametrize("dial_in", ["01632 960500, PIN 1234 5678#", "01632 960500, then " + "wait " * 19 + "on", None])
@pytest.mark.parametrize("name", ["invite", "staff-invite"])
def test_held_this_minute_every_message_says_now_and_how_to_join(name: str, dial_in: str | None) -> None:
    words = compose.words(name, longest(dial_in=dial_in, at_once=True, ring_on="01632 960200"))
    text = words.sms.replace(LINK, LONGEST_LINK)
    cost = fragments(text)
    assert (cost.encoding, cost.count) == (Encoding.GSM_7, 1), f"{cost.units} units: {text}"
    assert text.split("\n")[1] == LONGEST_LINK
    for body in (words.subject, words.text, words.html, words.sms):
        assert "NOW" in body and "nswer by" not in body
    joining = f"dial {dial_in}" if dial_in else "We ring you now on 01632 960200"
    assert joining in words.text and joining in words.html
    short = (
        "We ring you now on this number" if dial_in is None else f"Dial {dial_in}" if len(dial_in) < 31 else "Dial-in"
    )
    assert short in words.sms


def test_a_boards_link_and_its_code_are_one_text_each_and_say_how_to_check_them() -> None:
    known = entry(who=None, desk="MASH desk")
    link, code = compose.words("board", known), compose.words("board-code", known)
    assert fragments(link.sms.replace(LINK, LONGEST_LINK)).count == 1
    assert fragments(code.sms.replace(compose.CODE, "123456")).count == 1
    assert link.text.split("\n").count(LINK) == 1 and LINK not in code.text
    for words in (link, code):
        assert all(CALL_BACK in body for body in (words.text, words.html, words.sms))


def test_a_mail_leads_to_the_desks_board_only_where_there_is_one() -> None:
    for name in ("invite", "update", "chase"):
        with_it = compose.words(name, replace(longest(), board=True))
        assert with_it.text.count(compose.BOARD) == 1 and with_it.html.count(compose.BOARD) == 2
        assert with_it.text.index(LINK) < with_it.text.index(compose.BOARD) and compose.BOARD not in with_it.sms
        assert compose.BOARD not in compose.words(name, longest()).text
