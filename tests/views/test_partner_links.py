"""The link in the wild: scanners, previews, mangled ends, forwarding; only a person's POST changes anything."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from notifications.messages import Email
from notifications.mime import to_bytes
from strategy.db import db
from strategy.keys import keys
from strategy.limits import limiter
from strategy.models import AccessEntry, Answer, Discussion, Event, Invitation, Message, Submission
from strategy.vocabulary import InvitationState
from tests.browser import markup
from tests.convened import BOOKED_AT, invited

JO = {"by_name": "Jo Sample", "by_role": "Detective Constable", "response": "attend"}


@pytest.fixture(autouse=True)
def _unhurried(browsers: None) -> None:
    limiter.reset()


def _discussion(discussion_id: int) -> Discussion:
    db.session.rollback()
    return db.session.get_one(Discussion, discussion_id)


def _police(discussion_id: int) -> Invitation:
    return invited(_discussion(discussion_id), "police")


def _token(discussion_id: int) -> str:
    police = _police(discussion_id)
    return keys().token(police.id, police.generation)


def test_wild_1_opening_the_page_changes_nothing_but_the_access_log(convened: int, client: FlaskClient) -> None:
    token = _token(convened)
    before = [db.session.query(model).count() for model in (Answer, Event, Message, Submission)]
    db.session.rollback()
    for _ in range(3):
        client.get(f"/a/{token}")
        client.head(f"/a/{token}")
    assert [db.session.query(model).count() for model in (Answer, Event, Message, Submission)] == before
    assert _police(convened).state is InvitationState.INVITED
    looks = db.session.query(AccessEntry).filter_by(what="invitations", row_id=_police(convened).id)
    assert looks.count() == 6
    assert {look.page for look in looks} == {"partner.shown"}


def test_wild_1_nothing_is_chosen_beforehand_and_no_script_sends_the_form(convened: int, client: FlaskClient) -> None:
    page = markup(client.get(f"/a/{_token(convened)}"))
    assert "checked" not in page
    assert "hx-post" not in page and "hx-get" not in page and "autofocus" not in page


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("by_name", "Enter your name"),
        ("by_role", "Enter your role"),
        ("response", "Choose who will attend"),
    ],
)
def test_wild_1_a_post_without_a_name_a_role_and_a_choice_is_no_answer(
    convened: int, client: FlaskClient, missing: str, said: str
) -> None:
    data = {key: value for key, value in JO.items() if key != missing}
    page = markup(client.post(f"/a/{_token(convened)}", data=data))
    assert said in page
    assert db.session.query(Answer).count() == 0


def test_wild_1_a_post_within_seconds_of_sending_is_marked_with_where_it_came_from(
    convened: int, client: FlaskClient
) -> None:
    token = _token(convened)
    with time_machine.travel(BOOKED_AT + timedelta(seconds=4), tick=False):
        client.post(f"/a/{token}", data=JO, headers={"User-Agent": "Scanner/2.0"})
    given = db.session.query(Answer).one()
    assert given.unverified
    assert given.remote == "127.0.0.1 Scanner/2.0"


def test_wild_1_one_answer_sent_twice_is_one_answer(convened: int, client: FlaskClient) -> None:
    token = _token(convened)
    for _ in range(2):
        client.post(f"/a/{token}", data=JO | {"submission": "the-same-form"})
    assert db.session.query(Answer).count() == 1


def test_wild_2_the_title_a_preview_shows_is_neutral(convened: int, client: FlaskClient) -> None:
    response = client.get(f"/a/{_token(convened)}")
    page = markup(response)
    assert "<title> Multi-agency meeting – Exampleshire Council </title>" in page.replace(
        "<title>", "<title> "
    ).replace("</title>", " </title>").replace("  ", " ")
    assert "og:" not in page
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_wild_2_a_link_a_preview_fetched_still_takes_the_answer(convened: int, client: FlaskClient) -> None:
    token = _token(convened)
    client.get(f"/a/{token}", headers={"User-Agent": "WhatsApp/2.23"})
    assert client.post(f"/a/{token}", data=JO).status_code == 303
    assert _police(convened).state is InvitationState.COMING


@pytest.mark.parametrize("mangled", ["{}.", "{}-", "{},", "{})", "{}%0D%0A", "{}%20", "{}/", "{}%3E", "%20{}"])
def test_wild_3_a_link_mangled_at_its_end_still_opens(convened: int, client: FlaskClient, mangled: str) -> None:
    assert client.get("/a/" + mangled.format(_token(convened))).status_code == 200


def test_wild_3_a_link_in_small_letters_or_folded_in_the_middle_still_opens(convened: int, client: FlaskClient) -> None:
    token = _token(convened)
    assert client.get(f"/a/{token.lower()}").status_code == 200
    assert client.get(f"/a/{token[:6]}%0D%0A%20{token[6:]}").status_code == 200


def test_wild_4_a_forwarded_answer_names_the_deputy_and_nobody_else_is_listed(
    convened: int, client: FlaskClient
) -> None:
    token = _token(convened)
    deputy = {"attendee_name": "Kim Stand-In", "attendee_role": "DS", "attendee_contact": "kim@police.example"}
    client.post(f"/a/{token}", data=JO | {"response": "deputy"} | deputy)
    police = _police(convened)
    assert (police.state, police.attendee_name) == (InvitationState.DEPUTY, "Kim Stand-In")
    assert db.session.query(Answer).one().by_name == "Jo Sample"
    page = markup(client.get(f"/a/{token}"))
    for other in ("health.example", "0-19 desk", "Sample Primary"):
        assert other not in page


def test_wild_5_what_is_said_to_be_recorded_was_read_back(convened: int, client: FlaskClient) -> None:
    token = _token(convened)
    response = client.post(f"/a/{token}", data=JO)
    assert response.status_code == 303
    assert response.location == f"/a/{token}"
    assert "Recorded: Jo Sample, Detective Constable, will attend. Change it until 3:30pm." in markup(
        client.get(response.location)
    )


def test_wild_5_neither_cookie_nor_referrer_nor_form_token_is_needed(app: Flask, convened: int) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        stranger = app.test_client(use_cookies=False)
        headers = {"Origin": "null"}
        response = stranger.post(f"/a/{_token(convened)}", data=JO, headers=headers, base_url="https://sd.example")
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert response.status_code == 303
    assert _police(convened).state is InvitationState.COMING


def test_the_token_is_kept_nowhere_by_answering(convened: int, client: FlaskClient) -> None:
    token = _token(convened)
    client.post(f"/a/{token}", data=JO | {"submission": "form-1"})
    assert token not in db.session.query(Submission).one().location
    assert all(token not in (look.page + look.who) for look in db.session.query(AccessEntry))


def test_whoever_holds_a_link_cannot_have_messages_sent_without_end(convened: int, client: FlaskClient) -> None:
    token = _token(convened)
    ways = [token, token.lower(), f"{token[:4]}-{token[4:]}", f"{token}."]
    codes = []
    for number in range(21):
        deputy = JO | {"response": "deputy", "attendee_name": "Sam", "attendee_contact": f"07700 9001{number:02}"}
        codes.append(client.post(f"/a/{ways[number % 4]}", data=deputy).status_code)
    assert codes == [303] * 20 + [429]
    assert client.get(f"/a/{token}").status_code == 200


@pytest.mark.parametrize(
    "name", ["Jo https://evil.example/x", "Jo www.evil.example", "help@evil.example", "evil.example"]
)
def test_a_name_typed_behind_a_link_gives_nobody_a_link_to_press(convened: int, client: FlaskClient, name: str) -> None:
    deputy = {"response": "deputy", "attendee_name": name, "attendee_contact": "sam@police.example"}
    assert client.post(f"/a/{_token(convened)}", data=JO | deputy).status_code == 303
    db.session.rollback()
    sent = db.session.query(Message).filter(Message.name.in_(("deputy", "confirmation"))).all()
    assert {one.name for one in sent} == {"deputy", "confirmation"}
    for one in sent:
        words = f"{one.subject} {one.text} {one.html}"
        assert "evil.example" not in words and "evil@" not in words and "@evil" not in words and "https://" not in words


@pytest.mark.parametrize("nobody", ["\u200b", "\u200d", "\ufeff \u2060", "\u202e"])
def test_a_name_nobody_can_see_names_nobody(convened: int, client: FlaskClient, nobody: str) -> None:
    for name in ("by_name", "attendee_name"):
        deputy = JO | {"response": "deputy", "attendee_name": "Sam", "attendee_contact": "sam@police.example"}
        answer = client.post(f"/a/{_token(convened)}", data=deputy | {name: nobody})
        assert answer.status_code == 200
        assert "There is a problem" in answer.text
    assert _police(convened).state is InvitationState.INVITED


def test_a_name_cannot_turn_the_words_around_it(convened: int, client: FlaskClient) -> None:
    assert client.post(f"/a/{_token(convened)}", data=JO | {"by_name": "Jo\u202e elpmaS\u2066"}).status_code == 303
    assert _police(convened).attendee_name == "Jo elpmaS"


def test_an_encoded_word_typed_as_a_name_becomes_no_header_of_our_mail(convened: int, client: FlaskClient) -> None:
    name = "=?utf-8?q?x=0ABcc:_z=40evil.example=0A=0A<a_href=3Dhttps://evil.example>Join?="
    deputy = JO | {"response": "deputy", "attendee_name": name, "attendee_contact": "sam@police.example"}
    assert client.post(f"/a/{_token(convened)}", data=deputy).status_code == 303
    db.session.rollback()
    told = db.session.query(Message).filter(Message.address == "sam@police.example").all()
    assert told
    for one in told:
        mail = Email(
            id="m-1",
            to=one.address,
            to_name=one.to_name,
            sender="sd@exampleshire.example",
            sender_name=name,
            subject=f"{one.subject} {name}",
            text=one.text,
            html=one.html,
        )
        raw = to_bytes(mail, "exampleshire.example", BOOKED_AT)
        assert b"\nBcc" not in raw and b"\n<a href" not in raw


def test_the_same_form_sent_again_with_another_answer_is_refused_in_words_and_goes_when_sent_once_more(
    convened: int, client: FlaskClient
) -> None:
    page, first = f"/a/{_token(convened)}", JO | {"submission": "one-key"}
    other = first | {"response": "deputy", "attendee_name": "Kim", "attendee_contact": "kim@police.example"}
    assert client.post(page, data=first).status_code == 303
    assert client.post(page, data=first).status_code == 303
    again = client.post(page, data=other)
    assert again.status_code == 200 and "it said something else then" in again.text
    assert _police(convened).attendee_name == "Jo Sample"
    key = again.text.split('name="submission"')[1].split('value="')[1].split('"')[0]
    assert key != "one-key"
    assert client.post(page, data=other | {"submission": key}).status_code == 303
    assert _police(convened).attendee_name == "Kim"


def test_who_guesses_links_shuts_out_nobody_behind_the_same_address(convened: int, client: FlaskClient) -> None:
    page = f"/a/{_token(convened)}"
    with time_machine.travel(BOOKED_AT, tick=False):
        assert {client.get("/a/AAAAAAAAAAAAA").status_code for _ in range(61)} == {404, 429}
        assert client.get(page).status_code == 200
        assert {client.get(page).status_code for _ in range(60)} == {200, 429}  # no link may be hammered either
