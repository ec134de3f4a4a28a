"""Booking page by page, as a social worker does it; whom it asks is in test_booking_who.py."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from strategy.clock import in_london, now
from strategy.db import db, transaction
from strategy.models import Discussion, Draft, Invitation, Message, User
from strategy.vocabulary import MessageChannel, Mode, Via
from tests.cast import Cast
from tests.commands.stories import waiting_child
from tests.views.booking_pages import children, fill, fresh, send, when, who

SignIn = Callable[[User], FlaskClient]


def test_a_discussion_is_booked_in_four_pages(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    assert fill(browser, cast, contact_id).endswith("/book/check")
    done = browser.get(send(browser, contact_id).location)
    assert "4 invitations are on their way" in done.text
    fresh()
    discussion = db.session.scalars(select(Discussion)).one()
    assert {one.role for one in discussion.invitations} == {"chair", "social-worker", "police", "health-0-19"}
    assert discussion.mode is Mode.VIDEO
    assert discussion.ends_at - discussion.starts_at == timedelta(minutes=45)
    assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_suggestions_can_be_taken_as_they_are(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    assert f'value="desk:{cast.police_desk.id}" selected' in page
    assert f'value="desk:{cast.health_desk.id}" selected' in page
    assert f'value="{cast.social_worker.id}" selected' in page
    assert "Working Together: a police representative." in page
    assert "mash@police.example" in page


def test_the_words_that_go_out_are_the_words_that_were_shown(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    fill(browser, cast, contact_id)
    page = browser.get(f"/contacts/{contact_id}/book/check").text
    send(browser, contact_id)
    fresh()
    texts = db.session.scalars(
        select(Message.text).join(Invitation).where(Message.channel == MessageChannel.SMS, Invitation.role == "police")
    ).all()
    reference = db.session.scalars(select(Discussion.reference)).one()
    assert reference in page
    first_line = texts[0].split("{link}")[0].strip()
    assert first_line
    assert re.sub(r"\b([ADN])[0-9]+\b", r"\1##", first_line).split("Answer")[0].strip() in page


def test_the_preview_promises_no_minute_to_answer_by(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    fill(browser, cast, contact_id)
    page = browser.get(f"/contacts/{contact_id}/book/check").text
    promised = re.findall(r"(?i)answer by (about )?[^:<.]*?([0-9]{1,2}(?::[0-9]{2})?[ap]m|midday|midnight)", page)
    assert promised
    for about, clock in promised:
        assert about
        assert ":" not in clock or clock.split(":")[1][:2] in {"15", "30", "45"}


def test_no_child_is_in_any_message_of_a_booking(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    named = children(contact_id, **{"children-0-name": "Quinn Sample", "children-0-school": "Sample Primary"})
    fill(browser, cast, contact_id, children=named)
    send(browser, contact_id)
    fresh()
    sent = " ".join(f"{one.subject} {one.text} {one.html}" for one in db.session.scalars(select(Message)))
    assert "multi-agency" in sent
    for private in ("Quinn", "Sample Primary", "4471"):
        assert private not in sent


def test_back_keeps_what_was_typed_right_or_wrong(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    address = f"/contacts/{contact_id}/book"
    browser.post(f"{address}/children", data=children(contact_id))
    back = browser.post(f"{address}/who", data=who(cast, minute_taker=str(cast.chair.id), then="back"))
    assert back.location.endswith("/book/children")
    page = browser.get(f"{address}/who").text
    assert page.count(f'value="{cast.chair.id}" selected') == 2
    browser.post(f"{address}/when", data=when(join_url="not yet known", then="back"))
    assert "not yet known" in browser.get(f"{address}/when").text


def test_another_person_has_a_draft_of_their_own(
    browser: FlaskClient, cast: Cast, contact_id: int, sign_in: SignIn
) -> None:
    browser.post(f"/contacts/{contact_id}/book/when", data=when(place="Room 4", then="back"))
    assert "Room 4" in browser.get(f"/contacts/{contact_id}/book/when").text
    assert "Room 4" not in sign_in(cast.chair).get(f"/contacts/{contact_id}/book/when").text


def test_a_draft_lies_encrypted(browser: FlaskClient, contact_id: int) -> None:
    browser.post(f"/contacts/{contact_id}/book/children", data=children(contact_id, **{"children-0-name": "Quinn"}))
    fresh()
    stored = db.session.connection().exec_driver_sql("SELECT answers FROM drafts").scalar_one()
    assert "Quinn" not in stored


def test_a_sibling_can_be_added_without_losing_the_first(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    address = f"/contacts/{contact_id}/book/children"
    again = browser.post(address, data=children(contact_id, **{"children-0-name": "Quinn", "then": "add"}))
    assert again.location.endswith("/book/children")
    page = browser.get(address).text
    assert "Quinn" in page
    assert "children-1-case_reference" in page
    both = children(contact_id, **{"children-1-case_reference": "4471-B", "children-1-born": "2024-05-01"})
    fill(browser, cast, contact_id, children=both)
    send(browser, contact_id)
    fresh()
    discussion = db.session.scalars(select(Discussion)).one()
    assert [child.case_reference for child in discussion.children] == ["4471-A", "4471-B"]


def test_a_young_sibling_suggests_the_health_visitor(browser: FlaskClient, contact_id: int) -> None:
    born = in_london(now()).date() - timedelta(days=400)
    browser.post(
        f"/contacts/{contact_id}/book/children", data=children(contact_id, **{"children-0-born": born.isoformat()})
    )
    assert "Knows the family of a child under five." in browser.get(f"/contacts/{contact_id}/book/who").text


def test_a_role_can_be_added(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    address = f"/contacts/{contact_id}/book/who"
    assert "who_education" not in browser.get(address).text
    browser.post(address, data=who(cast, then="add", add_role="education"))
    assert "who_education" in browser.get(address).text


@pytest.mark.parametrize(
    ("days", "unborn", "words"),
    [
        (30, "", "This date is still to come: tick “Not born yet”, or correct the date"),
        (None, "y", "Enter the expected date of birth"),
        (30, "y", None),
        (-30, "", None),
        (0, "", None),
    ],
)
def test_a_child_is_born_or_expected(
    browser: FlaskClient, contact_id: int, days: int | None, unborn: str, words: str | None
) -> None:
    born = "" if days is None else (in_london(now()).date() + timedelta(days=days)).isoformat()
    typed = {"children-0-born": born} | ({"children-0-unborn": "y"} if unborn else {})
    answer = browser.post(f"/contacts/{contact_id}/book/children", data=children(contact_id, **typed))
    assert (words is None) == (answer.status_code == 303)
    if words is not None:
        assert 'id="children-0-born-error"' in answer.text
        assert words in answer.text


@pytest.mark.parametrize(
    ("concern", "ticked"),
    [
        ("serious-injury", 'value="physical-injury" checked'),
        ("recent-sexual-abuse", 'value="sexual-abuse" checked'),
        ("unborn", 'name="children-0-unborn" type="checkbox" value="y" checked'),
        ("unborn", 'value="pre-birth" selected'),
        ("missing", 'value="missing" selected'),
    ],
)
def test_what_the_concern_says_is_ticked_already(browser: FlaskClient, cast: Cast, concern: str, ticked: str) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        contact_id = waiting_child(cast, act, concern).id
    page = browser.get(f"/contacts/{contact_id}/book/children").text
    assert ticked in " ".join(page.split())


def test_leaving_police_out_asks_why_and_keeps_the_reason(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    without = who(cast, who_police="")
    refused = browser.post(f"/contacts/{contact_id}/book/who", data=without)
    assert "Say why Police is not invited" in refused.text
    assert "Why is Police not invited?" in refused.text
    fill(browser, cast, contact_id, who={**without, "why_police": "An officer is implicated"})
    assert "An officer is implicated" in browser.get(f"/contacts/{contact_id}/book/check").text
    send(browser, contact_id)
    fresh()
    needs = {need.code: need.left_out_reason for need in db.session.scalars(select(Discussion)).one().needs}
    assert needs["police"] == "Police: An officer is implicated"


@pytest.mark.parametrize(
    ("page", "changes", "words"),
    [
        ("when", {"join_url": ""}, "Enter the join link"),
        ("when", {"mode": "in-person"}, "Enter where to meet"),
        ("when", {"starts_at": ""}, "Enter the date and time"),
        ("when", {"starts_at": "2999-13-01T99:99"}, "must be a date and time"),
        ("when", {"slot": "nonsense"}, "Choose a time"),
        ("when", {"minutes": "7"}, "Not a valid choice"),
        ("when", {"minutes": "soon"}, "Invalid Choice"),
        ("when", {"place": "x" * 10_000}, "200 characters or fewer"),
        ("who", {"chair": "999999"}, "Not a valid choice"),
        ("who", {"who_police": "desk:999999"}, "Not a valid choice"),
    ],
)
def test_bad_input_is_said_on_its_page(
    browser: FlaskClient, cast: Cast, contact_id: int, page: str, changes: dict[str, Any], words: str
) -> None:
    typed = {"when": when(), "who": who(cast)}[page] | changes
    answer = browser.post(f"/contacts/{contact_id}/book/{page}", data=typed)
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert words in answer.text


def test_past_the_target_the_reason_is_asked_first(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    late = in_london(now() + timedelta(days=20))
    typed = when(starts_at=f"{late:%Y-%m-%dT%H:%M}")
    refused = browser.post(f"/contacts/{contact_id}/book/when", data=typed)
    assert "choose the reason for the delay" in refused.text
    fill(browser, cast, contact_id, when={**typed, "late_reason": "no-chair"})
    send(browser, contact_id)
    fresh()
    assert db.session.scalars(select(Discussion)).one().late_reason == "no-chair"


def test_a_booking_in_the_past_is_an_error_and_not_a_trace(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    past = in_london(now() - timedelta(hours=1))
    fill(browser, cast, contact_id)
    answer = browser.post(f"/contacts/{contact_id}/book/when", data=when(starts_at=f"{past:%Y-%m-%dT%H:%M}"))
    assert "Choose a time that is still to come" in answer.text
    fresh()
    assert db.session.scalar(select(func.count(Discussion.id))) == 0


def test_the_check_page_sends_back_to_what_is_not_answered(browser: FlaskClient, contact_id: int) -> None:
    assert browser.get(f"/contacts/{contact_id}/book/check").location.endswith("/book/children")


def test_the_next_booking_remembers_how_to_join(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    fill(browser, cast, contact_id)
    send(browser, contact_id)
    with transaction("Sam Worker", Via.STAFF) as act:
        other = waiting_child(cast, act, case="4480-C").id
    assert "https://video.example/room" in browser.get(f"/contacts/{other}/book/when").text


def test_a_desk_asked_to_another_discussion_is_said(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    fill(browser, cast, contact_id)
    send(browser, contact_id)
    with transaction("Sam Worker", Via.STAFF) as act:
        other = waiting_child(cast, act, case="4480-C").id
    fill(browser, cast, other)
    page = browser.get(f"/contacts/{other}/book/check").text
    assert "Does not suit" in page
    assert "MASH desk" in page
