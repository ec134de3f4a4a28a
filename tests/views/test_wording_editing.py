"""Wording a message, page by page: nothing typed is lost, whoever saves second is told, others see nothing of it."""

import re
from collections.abc import Callable
from html import unescape
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from strategy.db import db, transaction
from strategy.models import User, WordingDraft, WordingVersion
from strategy.own_words import ours
from strategy.queries import wordings
from strategy.vocabulary import Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.commands.test_wordings import OWN, use
from tests.views.booking_pages import fill

SignIn = Callable[[User], FlaskClient]
TYPED = {"subject": OWN.subject, "mail": OWN.mail, "text": OWN.text}


@pytest.fixture
def admin(cast: Cast, sign_in: SignIn, browsers: None) -> FlaskClient:
    return sign_in(cast.admin)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def save(browser: FlaskClient, name: str = "invite", seen: str | None = None, **typed: str) -> str:
    """Save a draft from the page as it stands (or as it stood); the page it comes to."""
    shown = seen or hidden(browser.get(f"/words/{name}/draft").text, "seen")
    data = {**TYPED, **typed, "seen": shown, "submission": uuid4().hex}
    return browser.post(f"/words/{name}/draft", data=data, follow_redirects=True).text


def using(browser: FlaskClient, reason: str = "Agreed with partners", looked: str | None = None) -> str:
    looked = looked or hidden(browser.get("/words/invite/use").text, "looked")
    data = {"reason": reason, "looked": looked, "submission": uuid4().hex}
    return browser.post("/words/invite/use", data=data, follow_redirects=True).text


def rows() -> tuple[int, int]:
    db.session.rollback()
    return db.session.query(WordingDraft).count(), db.session.query(WordingVersion).count()


def test_words_are_drafted_looked_at_and_used(admin: FlaskClient) -> None:
    page = admin.get("/words/invite/draft").text
    assert ours("invite").mail.split("\n")[0] in unescape(page) and "It must have" in page
    looked = save(admin)
    assert "Look at the new words" in looked and "150 of 160 characters" in looked and rows() == (1, 0)
    assert "Reply A999 yes D999 deputy N999 no or" in looked and "&lt;b&gt;Kindly" in looked
    assert "&lt;b&gt;Kindly" in admin.get("/words/invite/draft/mail.html").text
    assert "Say why the words change" in using(admin, reason="")
    done = using(admin)
    assert "In use from the next message on" in done and "Agreed with partners" in done and rows() == (0, 1)
    assert "please join us" in admin.get("/words/invite").text
    listed = plain(admin.get("/words"))
    assert "Yours version 1" in listed
    compared = markup(admin.get("/words/invite/compare"))
    assert "These differ" in compared and "please join us" in compared


def test_going_back_to_ours_is_a_version_too(admin: FlaskClient) -> None:
    save(admin)
    using(admin)
    page = admin.get("/words/invite/back/0").text
    data = {"reason": "Ours are better", "newest": hidden(page, "newest"), "submission": uuid4().hex}
    assert "Ours are better" in admin.post("/words/invite/back/0", data=data, follow_redirects=True).text
    assert rows() == (0, 2) and "multi-agency meeting" in admin.get("/words/invite").text
    assert "changed these words meanwhile" in admin.post("/words/invite/back/1", data=data | {"submission": "x"}).text
    assert admin.get("/words/invite/back/7").status_code == 404


def test_what_is_wrong_stands_at_its_box_and_nothing_typed_is_lost(admin: FlaskClient) -> None:
    page = save(admin, subject="Come {time} {child}", text=OWN.text + " Ŷ", mail=OWN.mail + " See bit.ly/x")
    words = unescape(page)
    assert "There is no place {child}" in words and "Say {reference}. Say {answer_by}" in words
    assert "Phones take no “Ŷ”" in words and "only {link} may be pressed" in words
    assert "Come {time} {child}" in words and "See bit.ly/x" in words and rows() == (0, 0)
    for field in TYPED:
        assert f'id="{field}-error"' in page


def test_whoever_saves_second_is_told_and_nothing_of_theirs_is_lost(admin: FlaskClient, cast: Cast) -> None:
    opened = hidden(admin.get("/words/invite/draft").text, "seen")
    save(admin, mail=OWN.mail + "\n\nBring your notes.")
    page = save(admin, seen=opened, subject="{answer_by}: do come {time} ({reference})")
    assert "Ada Admin changed this while you had it open" in page and "do come" in page
    assert "Bring your notes." in page
    looked = save(admin, seen=hidden(page, "seen"), subject="{answer_by}: do come {time} ({reference})")
    assert "do come" in looked and "Look at the new words" in looked


def test_a_draft_that_changed_while_it_was_looked_at_is_not_used(admin: FlaskClient) -> None:
    save(admin)
    looked = hidden(admin.get("/words/invite/use").text, "looked")
    save(admin, subject="{answer_by}: do come {time} ({reference})")
    assert "changed the draft while you looked at it" in using(admin, looked=looked) and rows() == (1, 0)


def test_a_draft_is_thrown_away(admin: FlaskClient) -> None:
    save(admin)
    assert "Go on with the draft" in admin.get("/words/invite").text
    assert admin.post("/words/invite/discard", data={"submission": uuid4().hex}).status_code == 303
    assert rows() == (0, 0) and admin.get("/words/invite/use").status_code == 303


def test_messages_that_stay_as_they_are_say_why(admin: FlaskClient) -> None:
    page = admin.get("/words/code").text
    assert "Its words stay as they are" in page and "Change the words" not in page
    for where in ("draft", "use", "compare", "back/0", "draft/mail.html"):
        assert admin.get(f"/words/code/{where}").status_code == 404
    assert admin.get("/words/invite/compare?from=x").status_code == 404


def test_only_administrators_word_messages_and_only_their_own(cast: Cast, admin: FlaskClient, sign_in: SignIn) -> None:
    save(admin)
    using(admin)
    for user in (cast.chair, cast.leader, cast.outsider):
        for where in ("draft", "use", "compare", "back/0"):
            assert sign_in(user).get(f"/words/invite/{where}").status_code == 403
    with transaction("tests", Via.COMMAND_LINE):
        assert wordings.newest(db.session.merge(cast.outsider).authority_id, "invite") is None


def test_check_and_send_shows_the_very_words(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        use(db.session.merge(cast.authority))
    fill(browser, cast, contact_id)
    page = browser.get(f"/contacts/{contact_id}/book/check").text
    assert "Exampleshire Council: please come" in page and ": please join us" in page and "nswer by about" in page
