"""Naming who is implicated on the pages: found by typing, gone from what booking offers, named nowhere else."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.db import begin_writing, db, transaction
from strategy.keys import keys
from strategy.models import Action, Contact, Discussion, Event, Implicated, Message, User
from strategy.vocabulary import ActionState, DiscussionState, InvitationState, Via
from tests.browser import plain
from tests.cast import Cast
from tests.commands.stories import waiting_child
from tests.convened import ENDS_AT, LATER, STARTS_AT, invited
from tests.views.booking_pages import children, fill, send, who

SignIn = Callable[[User], FlaskClient]


def named(**typed: str) -> dict[str, str]:
    """The form as a browser sends it."""
    return {"who": "", "agency": "0", "desk": "0", "reason": "Named by the family"} | typed


@pytest.fixture
def contact_id(browsers: None, cast: Cast) -> int:
    with transaction("Sam Worker", Via.STAFF) as act:
        return waiting_child(cast, act, "standard").id


@pytest.fixture
def browser(browsers: None, cast: Cast, sign_in: SignIn) -> FlaskClient:
    """A social worker at their desk."""
    return sign_in(cast.social_worker)


def test_somebody_typed_is_found_named_and_taken_back(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    page = f"/contacts/{contact_id}/implicated"
    assert "Is anybody who works with the family implicated?" in browser.get(f"/contacts/{contact_id}").text
    assert "Nobody is named as implicated" in browser.get(page).text
    done = browser.post(page, data=named(who="hal head"))
    assert done.status_code == 303 and done.location.endswith(page)
    shown = plain(browser.get(page))
    assert "Sample Primary School: Hal Head, Headteacher" in shown and "Named by the family" in shown
    assert "1 named as implicated" in plain(browser.get(f"/contacts/{contact_id}"))
    row = db.session.scalars(select(Implicated.id)).one()
    back = f"{page}/{row}/take-back"
    assert "Say why it is taken back" in browser.post(back, data={}).text
    assert browser.post(back, data={"reason": "Another Hal"}).status_code == 303
    assert "Another Hal" in browser.get(page).text
    assert browser.get(back).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"who": "nobody at all"}, "Nobody there has that name"),
        ({"who": "exampleshire police"}, "Several fit"),
        ({}, "Type who is implicated"),
        ({"who": "Pat Parttime", "unlisted": "y", "agency": "0"}, "Choose the agency they work for"),
        ({"who": "Terry Example, Team manager"}, ""),
    ],
)
def test_what_does_not_name_one_person_says_so_at_the_field(
    browser: FlaskClient, contact_id: int, typed: dict[str, str], words: str
) -> None:
    answer = browser.post(f"/contacts/{contact_id}/implicated", data=named(**typed))
    assert (answer.status_code == 303) if not words else words in answer.text


def test_booking_leaves_them_out_and_says_how_many(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    browser.post(f"/contacts/{contact_id}/book/children", data=children(contact_id))
    before = browser.get(f"/contacts/{contact_id}/book/who")
    assert "Dee Sergeant" in before.text and "left out" not in before.text
    browser.post(f"/contacts/{contact_id}/implicated", data=named(who="dee sergeant", managers_too="y"))
    after = browser.get(f"/contacts/{contact_id}/book/who")
    assert "2 choices are left out: somebody is implicated." in plain(after)
    assert "Dee Sergeant" not in after.text and "Ina Inspector" not in after.text and "Chris Chief" in after.text


def test_going_to_name_somebody_keeps_what_was_typed(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    browser.post(f"/contacts/{contact_id}/book/children", data=children(contact_id))
    answers = who(cast, then="implicated", minute_taker=str(cast.leader.id))
    there = browser.post(f"/contacts/{contact_id}/book/who", data=answers)
    assert there.location.endswith("/implicated")
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    assert f'<option value="{cast.leader.id}" selected' in page


def test_a_booking_made_before_somebody_was_named_is_not_sent(
    browser: FlaskClient, cast: Cast, contact_id: int
) -> None:
    fill(browser, cast, contact_id)
    browser.post(f"/contacts/{contact_id}/implicated", data=named(desk=str(cast.police_desk.id)))
    sent = send(browser, contact_id)
    assert sent.status_code in (200, 303) and "booked" not in (sent.location or "")
    assert db.session.scalars(select(Discussion)).all() == []


def test_somebody_not_listed_has_the_rows_of_their_agency_warn(
    browser: FlaskClient, cast: Cast, contact_id: int
) -> None:
    browser.post(f"/contacts/{contact_id}/book/children", data=children(contact_id))
    police = str(cast.police_desk.agency_id)
    browser.post(f"/contacts/{contact_id}/implicated", data=named(who="Pat Parttime", unlisted="y", agency=police))
    page = plain(browser.get(f"/contacts/{contact_id}/book/who"))
    assert "Somebody at Exampleshire Police who is not in the directory is implicated" in page
    assert "Pat Parttime" not in page


def test_their_name_stands_in_no_event_message_log_or_address(
    cast: Cast, convened: int, browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    contact_id = db.session.get_one(Discussion, convened).contact_id
    before = set(db.session.scalars(select(Message.id)))
    with caplog.at_level(logging.DEBUG):
        done = browser.post(f"/contacts/{contact_id}/implicated", data=named(who="hal head"))
        browser.post(f"/contacts/{contact_id}/implicated", data=named(who="hal head"))
    assert "Hal" not in (done.location or "") and "Hal Head" not in caplog.text
    said = [f"{one.text}{one.facts}" for one in db.session.scalars(select(Event))]
    said += [
        f"{one.subject}{one.text}{one.html}" for one in db.session.scalars(select(Message)) if one.id not in before
    ]
    assert said and not [one for one in said if "Hal Head" in one]
    assert "Hal Head" not in browser.get(f"/contacts/{contact_id}").text


def test_who_does_the_work_is_refused_with_what_to_do(cast: Cast, convened: int, browser: FlaskClient) -> None:
    contact_id = db.session.get_one(Discussion, convened).contact_id
    page = browser.post(f"/contacts/{contact_id}/implicated", data=named(who="terry example"))
    assert page.status_code == 200 and "replace them there first, then name them" in page.text


def test_another_contacts_row_and_another_authority_find_nothing(
    cast: Cast, contact_id: int, convened: int, browser: FlaskClient, sign_in: SignIn
) -> None:
    browser.post(f"/contacts/{contact_id}/implicated", data=named(who="hal head"))
    row, other = (
        db.session.scalars(select(Implicated.id)).one(),
        db.session.get_one(Discussion, convened).contact_id,
    )
    assert browser.get(f"/contacts/{other}/implicated/{row}/take-back").status_code == 404
    assert sign_in(cast.outsider).get(f"/contacts/{contact_id}/implicated").status_code == 404
    assert sign_in(cast.leader).get(f"/contacts/{contact_id}/implicated").status_code == 403


def test_the_link_of_an_implicated_desk_shows_no_action_of_a_discussion_held(
    app: Flask, browsers: None, cast: Cast, convened: int
) -> None:
    begin_writing()
    discussion = db.session.get_one(Discussion, convened)
    police = invited(discussion, "police")
    discussion.state, discussion.started_at, discussion.ended_at = DiscussionState.HELD, STARTS_AT, ENDS_AT
    db.session.add(
        Action(
            discussion=discussion,
            invitation=police,
            what="Ring",
            owner="Dee",
            due_at=ENDS_AT,
            state=ActionState.OPEN,
            created_at=ENDS_AT,
        )
    )
    token = keys().token(police.id, police.generation)
    db.session.commit()
    link = app.test_client()
    assert "Dee" in link.get(f"/a/{token}").text
    begin_writing()
    contact = db.session.get_one(Contact, discussion.contact_id)
    db.session.add(Implicated(contact=contact, desk=cast.police_desk, reason="x", by="x", at=LATER))
    db.session.commit()
    shut = link.get(f"/a/{token}")
    assert shut.status_code == 410 and "Dee" not in shut.text


def test_the_withdrawn_link_answers_no_more(app: Flask, cast: Cast, convened: int, browser: FlaskClient) -> None:
    discussion = db.session.get_one(Discussion, convened)
    school, contact_id = invited(discussion, "education").id, discussion.contact_id
    token = keys().token(school, 1)
    browser.post(f"/contacts/{contact_id}/implicated", data=named(desk=str(cast.school_desk.id)))
    discussion = db.session.get_one(Discussion, convened)
    states = {one.role: one.state for one in discussion.invitations if one.user_id is None}
    assert states["education"] is InvitationState.WITHDRAWN and states["police"] is InvitationState.INVITED
    page = app.test_client().get(f"/a/{token}")
    assert page.status_code == 410 and "conflict" not in page.text.lower() and "implicat" not in page.text.lower()


def test_the_page_of_a_discussion_says_how_many_are_implicated_and_leads_there(
    cast: Cast, convened: int, browser: FlaskClient, sign_in: SignIn
) -> None:
    address = f"/discussions/{convened}"
    contact_id = db.session.get_one(Discussion, convened).contact_id
    link = f'href="/contacts/{contact_id}/implicated?discussion={convened}"'
    before = sign_in(cast.chair).get(address)
    assert "Nobody is named as implicated" in plain(before) and link in before.text
    browser.post(f"/contacts/{contact_id}/implicated", data=named(who="hal head"))
    after = sign_in(cast.chair).get(address)
    assert "1 named as implicated" in plain(after) and link in after.text and "Who, and why" in after.text
    assert link not in sign_in(cast.leader).get(address).text  # who may not open it is not led there


def test_the_pages_say_that_somebody_named_reads_at_a_desk_that_is_asked_and_offer_to_name_it(
    cast: Cast, convened: int, browser: FlaskClient
) -> None:
    contact_id = db.session.get_one(Discussion, convened).contact_id
    with transaction("Ada Admin", Via.STAFF):
        db.session.merge(cast.headteacher).desk_id = cast.school_desk.id
    page = f"/contacts/{contact_id}/implicated"
    browser.post(f"{page}?discussion={convened}", data=named(who="hal head"))
    for address in (f"{page}?discussion={convened}", f"/discussions/{convened}"):
        shown = browser.get(address)
        assert "Hal Head is one of Safeguarding lead" in plain(shown)
        assert f'href="{page}?desk={cast.school_desk.id}&amp;discussion={convened}#desk"' in shown.text
    assert "1 desk that is asked is staffed by somebody named" in plain(browser.get(f"/discussions/{convened}"))
    offered = browser.get(f"{page}?desk={cast.school_desk.id}")
    assert f'<option value="{cast.school_desk.id}" selected>' in offered.text
    done = browser.post(f"{page}?discussion={convened}", data=named(desk=str(cast.school_desk.id)))
    assert done.location.endswith(f"{page}?discussion={convened}")  # the way back is kept
    assert f'href="/discussions/{convened}"' in browser.get(done.location).text
    assert "is one of" not in plain(browser.get(f"/discussions/{convened}"))
