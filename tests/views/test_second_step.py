"""The second step behind a partner's link, as somebody who should not get through would try it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from strategy.db import db, transaction
from strategy.keys import keys
from strategy.models import AccessEntry, Event, Invitation, Message, SecondStep, User
from strategy.vocabulary import (
    EventVerb,
    InvitationState,
    MessageChannel,
    MessageReason,
    MessageState,
    Via,
)
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import LATER
from tests.views.answering import discussion_of, police_id, police_of, token_of
from tests.views.stepping import CHILD, WHO, ask, code, link, opened, sent, ways, wrong

pytestmark = pytest.mark.usefixtures("identified")


def test_after_the_code_the_page_says_all_an_agency_needs_to_search(client: FlaskClient, mailed: str) -> None:
    page = plain(opened(client, mailed))
    for words in (CHILD, "Robin Oldname", "26 November 2019", "943 476 5919", "1 Sample Street", "2 Former Road"):
        assert words in page
    assert "Kit Zebedee, father" in page and "Jo Sample, Detective Constable" in page
    assert CHILD not in markup(client.get(mailed))


def test_the_code_goes_to_another_channel_than_the_link_came_by(convened: int, client: FlaskClient) -> None:
    by_text = link(convened, MessageChannel.SMS)
    by_mail = link(convened, MessageChannel.EMAIL)
    assert by_text != by_mail
    assert "Text to the mobile ending 001" in plain(client.get(f"{by_mail}/who"))
    assert "police.example" not in plain(client.get(f"{by_mail}/who"))
    assert "Email to m…@police.example" in plain(client.get(f"{by_text}/who"))
    mail_way = ways(client.get(f"{by_text}/who"))[0]
    refused = client.post(f"{by_mail}/who", data=WHO | {"way": mail_way})
    assert "Not a valid choice" in markup(refused) or "Choose where" in markup(refused)
    assert db.session.query(SecondStep).count() == 0


def test_an_address_typed_by_whoever_holds_the_link_gets_no_code(
    convened: int, client: FlaskClient, mailed: str
) -> None:
    said = WHO | {"response": "deputy", "attendee_name": "Kim", "attendee_contact": "07700 900999"}
    assert client.post(mailed, data=said).status_code == 303
    assert "999" not in plain(client.get(f"{mailed}/who")).replace("Call 999", "")


def test_a_deputy_who_stands_in_the_directory_has_the_channels_that_stand_there(
    convened: int, client: FlaskClient, cast: Cast, mailed: str
) -> None:
    said = WHO | {"response": "deputy", "attendee_name": "Dee", "attendee_contact": cast.sergeant.email or ""}
    client.post(mailed, data=said)
    assert "Text to the mobile ending 011" in plain(client.get(f"{mailed}/who"))


def test_with_one_channel_alone_the_page_gives_a_number(convened: int, client: FlaskClient, mailed: str) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        police = db.session.get_one(Invitation, police_id(convened))
        police.phone = None
        assert police.desk is not None
        police.desk.phone = "+441632960300"  # no mobile: no text goes there
    page = client.get(f"{mailed}/who")
    assert "no second address or number" in plain(page) and "01632 960123" in plain(page)
    assert "by_name" not in markup(page)
    assert client.post(f"{mailed}/who", data=WHO | {"way": "anything"}).status_code == 200
    assert db.session.query(SecondStep).count() == 0


def test_a_link_that_mails_and_texts_shared_gets_no_code_at_all(convened: int, client: FlaskClient) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(Invitation, police_id(convened)).mail_token_hash = None
    assert "no second address or number" in plain(client.get(f"/a/{token_of(convened)}/who"))


def test_a_code_works_once(client: FlaskClient, mailed: str, app: Flask) -> None:
    opened(client, mailed)
    db.session.rollback()
    used = keys().one_time_code(db.session.query(SecondStep).one().nonce)
    assert "not right, or not valid" in markup(client.post(f"{mailed}/code", data={"code": used}))


def test_a_code_works_in_the_browser_that_asked_and_in_no_other(app: Flask, client: FlaskClient, mailed: str) -> None:
    thief = app.test_client()
    thief.get(f"{mailed}/who")
    ask(client, mailed)
    assert "not right, or not valid" in markup(thief.post(f"{mailed}/code", data={"code": code()}))
    assert client.post(f"{mailed}/code", data={"code": code()}).location == f"{mailed}/about"
    assert thief.get(f"{mailed}/about").location == f"{mailed}/who"
    assert app.test_client().get(f"{mailed}/about").status_code == 303


def test_the_cookie_of_one_link_opens_no_other(convened: int, app: Flask, client: FlaskClient, mailed: str) -> None:
    opened(client, mailed)
    cookie = client.get_cookie("second_step", path=mailed)
    assert cookie is not None and cookie.http_only and cookie.same_site == "Strict" and cookie.path == mailed
    db.session.rollback()
    health = next(one for one in discussion_of(convened).invitations if one.role == "health-0-19")
    other = f"/a/{keys().mail_token(health.id, health.generation)}"
    thief = app.test_client()
    thief.set_cookie("second_step", cookie.value, path="/")
    assert thief.get(f"{other}/about").status_code == 303


def test_five_wrong_codes_void_the_right_one_and_all_are_told_alike(client: FlaskClient, mailed: str) -> None:
    ask(client, mailed)
    good, bad = code(), wrong()
    for _ in range(5):
        assert "not right, or not valid" in markup(client.post(f"{mailed}/code", data={"code": bad}))
    assert "not right, or not valid" in markup(client.post(f"{mailed}/code", data={"code": good}))
    assert client.get(f"{mailed}/about").status_code == 303
    db.session.rollback()
    assert db.session.query(Event).filter_by(verb=EventVerb.CODE_REFUSED).count() == 6


def test_the_same_form_sent_again_with_other_codes_tries_none_of_them(client: FlaskClient, mailed: str) -> None:
    ask(client, mailed)
    good, form = code(), {"submission": "a" * 32}
    client.post(f"{mailed}/code", data=form | {"code": wrong()})
    assert client.post(f"{mailed}/code", data=form | {"code": good}).status_code == 200
    assert client.get(f"{mailed}/about").status_code == 303


def test_a_code_is_good_for_ten_minutes_and_what_it_opens_for_thirty(client: FlaskClient, mailed: str) -> None:
    ask(client, mailed)
    with time_machine.travel(LATER + timedelta(minutes=10), tick=False):
        assert "not right, or not valid" in markup(client.post(f"{mailed}/code", data={"code": code()}))
    with time_machine.travel(LATER + timedelta(minutes=9), tick=False):
        assert client.post(f"{mailed}/code", data={"code": code()}).location == f"{mailed}/about"
    for minutes, status in ((38, 200), (39, 303)):
        with time_machine.travel(LATER + timedelta(minutes=minutes), tick=False):
            assert client.get(f"{mailed}/about").status_code == status


def test_codes_come_once_a_minute_and_five_an_hour_and_only_the_newest_works(client: FlaskClient, mailed: str) -> None:
    ask(client, mailed)
    first = code()
    assert "less than a minute ago" in markup(ask(client, mailed))
    for minute in range(1, 5):
        assert ask(client, mailed, timedelta(minutes=minute)).status_code == 303
    assert "within an hour" in markup(ask(client, mailed, timedelta(minutes=6)))
    newest = code()
    with time_machine.travel(LATER + timedelta(minutes=6), tick=False):
        if first != newest:
            assert client.post(f"{mailed}/code", data={"code": first}).status_code == 200
        assert client.post(f"{mailed}/code", data={"code": newest}).status_code == 303


def test_the_code_stands_in_no_row_and_is_voided_when_used(client: FlaskClient, mailed: str) -> None:
    ask(client, mailed)
    message, digits = sent(), code()
    assert message.urgent and message.address == "+447700900001" and "{code}" in message.text
    assert digits not in message.text and CHILD not in message.text
    client.post(f"{mailed}/code", data={"code": f"{digits[:3]} {digits[3:]}"})
    db.session.rollback()
    assert db.session.get_one(Message, message.id).state is MessageState.VOIDED


def test_a_get_sends_nothing_and_opens_nothing(client: FlaskClient, mailed: str) -> None:
    for page in ("who", "code", "about"):
        client.get(f"{mailed}/{page}")
    assert client.get(f"{mailed}/close").status_code == 405
    assert db.session.query(SecondStep).count() == 0
    assert db.session.query(Message).filter_by(reason=MessageReason.SECOND_STEP).count() == 0


def test_every_view_is_logged_by_name_and_staff_see_who_looked(
    convened: int, client: FlaskClient, mailed: str, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    opened(client, mailed)
    client.get(f"{mailed}/about")
    db.session.rollback()
    looks = db.session.query(AccessEntry).filter_by(page="second_step.about").all()
    assert [one.who for one in looks] == ["Jo Sample, Detective Constable"] * 2
    page = plain(sign_in(cast.social_worker).get(f"/discussions/{convened}"))
    assert "seen by Police: Jo Sample, Detective Constable (1:10pm)" in page
    assert CHILD not in " ".join(event.text for event in db.session.query(Event))


def test_a_colleague_of_ours_is_sent_to_sign_in_not_to_a_code(convened: int, client: FlaskClient) -> None:
    ours = next(one for one in discussion_of(convened).invitations if one.user_id is not None)
    token = keys().token(ours.id, ours.generation)
    assert client.get(f"/a/{token}/who").status_code == 303


def test_asking_for_a_code_says_nothing_for_an_answer(convened: int, client: FlaskClient, mailed: str) -> None:
    opened(client, mailed)
    assert police_of(convened).state is InvitationState.INVITED
