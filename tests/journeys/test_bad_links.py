"""What partners, scanners and haste send through a link: a clear error or one clean result, never a trace."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from strategy.db import db
from strategy.models import Answer
from tests.journeys.story import Story
from tests.walking import Walker

LONG = "x" * 10_000
EMOJI = "Zoë 👩‍⚕️ Ó'Brien"
HEADER = "Jo Sample\r\nBcc: everybody@press.example"


@pytest.fixture
def booked(story: Story) -> Story:
    """Booked and told."""
    story.book()
    story.tick()
    return story


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"by_name": ""}, "Enter your name"),
        ({"by_name": LONG}, "characters or fewer"),
        ({"by_name": HEADER}, "must be one line"),
        ({"by_role": ""}, "Enter your role"),
        ({"response": ""}, "Choose who will attend"),
        ({"response": "coming"}, None),
        ({"response": "deputy"}, None),
        ({"response": "deputy", "attendee_name": "Pat", "attendee_contact": "07700 9000"}, None),
        ({"response": "deputy", "attendee_name": "Pat", "attendee_contact": "call me maybe"}, None),
        ({"response": "cannot-attend"}, None),
        ({"response": "cannot-attend", "reason": LONG}, "characters or fewer"),
    ],
)
def test_an_answer_that_says_too_little_is_no_answer(booked: Story, changed: dict[str, str], words: str | None) -> None:
    partner = booked.partner(booked.texts_to("+447700900001")[0])
    typed = {"by_name": "Jo Sample", "by_role": "Detective constable", "response": "attend"}
    typed["submission"] = uuid4().hex
    page = partner.post(partner.page.url, {name: [value] for name, value in (typed | changed).items()})
    assert "There is a problem" in page.words, page.words
    assert words is None or words in page.words, page.words
    assert _answers() == 0


@pytest.mark.parametrize("name", [EMOJI, "<script>alert(1)</script>", "Robert'); DROP TABLE answers;--", "محمد العربي"])
def test_any_name_people_have_is_kept_and_shown_as_it_is(booked: Story, name: str) -> None:
    partner = booked.partner(booked.texts_to("+447700900001")[0])
    partner.send("Send answer", by_name=name, by_role="Detective constable", response="attend")
    assert f"Recorded: {name}" in partner.page.words
    assert name in booked.look()
    booked.forget()
    booked.tick_until("12:52")  # one phone gets a text a minute
    assert {"mash@police.example", "+447700900001"} <= booked.reached()


def test_an_answer_sent_twice_is_one_answer(booked: Story) -> None:
    partner = booked.partner(booked.texts_to("+447700900001")[0])
    form = {"by_name": ["Jo"], "by_role": ["DC"], "response": ["attend"], "submission": [uuid4().hex]}
    for _ in range(2):
        assert "Recorded: Jo" in partner.post(partner.page.url, form).words
    assert _answers() == 1


@pytest.mark.parametrize("tail", ["", ".", "-", "/", ").", "%20", "?utm_source=x", "=20", "&gt;"])
def test_a_link_mangled_at_its_end_still_opens(booked: Story, tail: str) -> None:
    link = booked.partner(booked.texts_to("+447700900001")[0]).page.url.rstrip("/")
    for address in (link + tail, link.lower().replace("/a/", "/a/") + tail):
        assert "Who is answering?" in Walker(booked.app.test_client()).open(address).words


@pytest.mark.parametrize(
    "token", ["AAAAAAAAAAAAA", "x", LONG[:2000], "%F0%9F%91%A9", "..%2f..%2fetc", "%00", "' OR 1=1--"]
)
def test_an_unknown_link_says_so_and_nothing_else(booked: Story, token: str) -> None:
    page = Walker(booked.app.test_client()).open(f"/a/{token}")
    assert page.status == 404 and booked.discussion.reference not in page.words
    assert Walker(booked.app.test_client()).post(f"/a/{token}", {"response": ["attend"]}).status in (404, 405)


def test_a_withdrawn_and_an_over_link_say_what_is_true_now(booked: Story) -> None:
    text = booked.texts_to("+447700900001")[0]
    before = booked.partner(text)
    chair = booked.staff(booked.cast.chair)
    chair.open(f"/invitations/{booked.asked('police').id}/withdraw")
    chair.send("Withdraw", reason="wrong-one")
    page = before.send("Send answer", by_name="Jo", by_role="DC", response="attend")
    assert page.status == 410 and "withdrawn" in page.words
    booked.at("2026-11-27 18:00")
    over = booked.partner(booked.texts_to("+447700900002")[0]).page
    assert over.status == 200 and "time of this meeting has passed" in over.words
    assert _answers() == 0


def _answers() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Answer)) or 0
