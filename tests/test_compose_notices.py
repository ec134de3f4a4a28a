"""The wording of notices to our own staff: every part, one fragment, and no place for a child."""

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notifications.gsm import Encoding, fragments
from strategy import compose
from strategy.compose import LINK, NoticeFacts
from strategy.vocabulary import AskFor, AskSoon

PARTS = {"subject.txt", "email.txt", "email.html", "sms.txt"}


LONGEST_LINK = "https://discussions.example.org/a/ABCDE"  # as long as links may be


NOTICES = Path(compose.__file__).parent / "templates" / "notices"


NOTICE_NAMES = sorted(path.name for path in NOTICES.iterdir() if path.is_dir())


NOTICE_FACTS = [
    NoticeFacts(
        council="Exampleshire Council",
        council_in_full="Exampleshire County Council",
        call_back="01632 960123",
        reference="K7QD",
        by="Sam Worker",
        count=count,
        taken_over=taken_over,
        asks_for=asks_for,
        soon=soon,
        minutes=count * 15,
        unaccepted=count,
        undecided=taken_over,
        unheld=not taken_over,
        due_at=datetime(2026, 11, 25, 10, 30, tzinfo=UTC),
        late=taken_over,
        others=taken_over,
    )
    for count, taken_over, asks_for, soon in (
        (1, False, AskFor.DISCUSSION, AskSoon.NOW),
        (200, True, AskFor.SOCIAL_WORKER, AskSoon.THIS_WEEK),
    )
]


@pytest.mark.parametrize("name", NOTICE_NAMES)
def test_every_notice_has_all_its_parts(name: str) -> None:
    assert {path.name for path in (NOTICES / name).iterdir()} == PARTS


@pytest.mark.parametrize("name", NOTICE_NAMES)
@pytest.mark.parametrize("known", NOTICE_FACTS, ids=["one", "many"])
def test_a_notice_is_one_text_with_its_link_alone_on_a_line(name: str, known: NoticeFacts) -> None:
    words = compose.notice(name, known)
    cost = fragments(words.sms.replace(LINK, LONGEST_LINK))
    assert (cost.encoding, cost.count) == (Encoding.GSM_7, 1), words.sms
    assert "\n" not in words.subject and len(words.subject) <= 200
    for body in (words.text, words.sms):
        assert body.split("\n").count(LINK) == 1
    assert words.html.count(LINK) == 2


def test_a_notice_has_no_place_for_a_child() -> None:
    assert {field.name for field in fields(NoticeFacts)} == {
        "council",
        "council_in_full",
        "call_back",
        "reference",
        "by",
        "count",
        "taken_over",
        "asks_for",
        "head",
        "foot",
        "soon",
        "act_by",
        "minutes",
        "unaccepted",
        "undecided",
        "unheld",
        "due_at",
        "late",
        "others",
    }
