"""What messages say: every one on sample facts for administrators, and how they name the council."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from strategy import compose
from strategy.db import db, transaction
from strategy.models import Authority, Event, Message, User
from strategy.queries import samples
from strategy.vocabulary import EventVerb, Via
from tests.cast import Cast
from tests.convened import LATER, convene

SignIn = Callable[[User], FlaskClient]
TEMPLATES = Path(compose.__file__).parent / "templates"
NAMES = {"name": "Exampleshire County Council", "short_name": "Exampleshire CC"}
LINES = {"head": "EXAMPLESHIRE | Children’s services", "foot": "www.exampleshire.example, {link} Monday to Friday"}


@pytest.fixture
def admin(cast: Cast, sign_in: SignIn, browsers: None) -> FlaskClient:
    return sign_in(cast.admin)


def test_no_message_is_forgotten() -> None:
    for kind, listed in (("messages", samples.MESSAGES), ("notices", samples.NOTICES)):
        assert {path.name for path in (TEMPLATES / kind).iterdir() if path.is_dir()} == set(listed)


def test_every_message_costs_one_text_and_shows_no_open_slot(cast: Cast, admin: FlaskClient) -> None:
    for one in samples.every(db.session.merge(cast.authority), LATER):
        words = one.words
        assert one.cost.count == 1, one.name
        assert not [
            part for part in (words.subject, words.text, words.html, words.sms) if "{" in part or "None" in part
        ]


def test_administrators_see_every_message_and_the_mail_in_a_frame(admin: FlaskClient) -> None:
    page = admin.get("/words").text
    assert page.count("One text") == len(samples.EVERY) and "Nobody is named yet" in page
    shown = admin.get("/words/invite").text
    assert 'sandbox=""' in shown and "of 160 characters" in shown
    mail = admin.get("/words/invite/mail.html")
    assert "script-src 'none'" in mail.headers["Content-Security-Policy"] and "multi-agency meeting" in mail.text
    assert admin.get("/words/nothing").status_code == admin.get("/words/nothing/mail.html").status_code == 404


def test_nobody_else_changes_how_messages_name_the_council(cast: Cast, sign_in: SignIn, browsers: None) -> None:
    for user in (cast.chair, cast.leader):
        assert sign_in(user).get("/words").status_code == 403
        assert sign_in(user).post("/words/names", data=NAMES).status_code == 403


def test_names_and_lines_stand_in_the_next_message(cast: Cast, admin: FlaskClient) -> None:
    before = db.session.query(Authority.name).filter_by(code="elsewhere").scalar()
    db.session.rollback()
    assert admin.post("/words/names", data={**NAMES, **LINES}).status_code == 303
    with transaction("tests", Via.COMMAND_LINE):
        convene(cast)
    sent = db.session.query(Message).filter_by(name="invite", channel="email").first()
    assert sent is not None and sent.html is not None
    assert sent.text.startswith("EXAMPLESHIRE | Children’s services\n\nYour agency is asked")
    assert sent.text.endswith("Exampleshire County Council\n\nwww.exampleshire.example, (link) Monday to Friday\n")
    assert sent.text.count("{link}") == 1  # a slot typed into a line is none
    assert "EXAMPLESHIRE | Children’s services" in sent.html and "www.exampleshire.example" in sent.html
    text = db.session.query(Message).filter_by(name="invite", channel="sms").first()
    assert text is not None and text.text.startswith("Exampleshire CC: ")
    assert db.session.query(Authority.name).filter_by(code="elsewhere").scalar() == before
    told = db.session.query(Event).filter_by(verb=EventVerb.WORDS_CHANGED).one()
    assert "Exampleshire CC" in told.text and told.by == cast.admin.full_name


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"short_name": "Exampleshire Council!"}, "must be 20 characters or fewer"),
        ({"short_name": "Cyngor Sîr Ŷ"}, "such as plain texts can carry"),
        ({"short_name": "[Exampleshire] Coun."}, "such as plain texts can carry"),
        ({"name": ""}, "Enter the council’s name"),
    ],
)
def test_a_name_no_text_can_carry_is_refused_at_its_field(
    cast: Cast, admin: FlaskClient, typed: dict[str, str], words: str
) -> None:
    assert words in admin.post("/words/names", data={**NAMES, **typed}).text
    db.session.rollback()
    assert db.session.merge(cast.authority).short_name == "Exampleshire Council"
