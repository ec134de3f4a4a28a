"""The pages of a contact, as a social worker uses them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from strategy.clock import in_london, now
from strategy.commands import contacts
from strategy.db import db, transaction
from strategy.models import AccessEntry, Contact, PolicyVersion, User
from strategy.rules.policy_editing import Edit, edited
from strategy.vocabulary import Via, Waiting
from tests.cast import Cast
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]


def typed(**changes: Any) -> dict[str, Any]:
    """What a social worker types to start the clock."""
    local = in_london(now()) - timedelta(hours=1)
    usual = {
        "submission": uuid4().hex,
        "case_reference": "4471-A",
        "received_at": f"{local:%Y-%m-%dT%H:%M}",
        "decided": "now",
        "concerns": ["standard"],
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def the_contact() -> Contact:
    db.session.rollback()
    return db.session.scalars(select(Contact)).one()


def test_the_page_begins_with_immediate_danger_and_now(browser: FlaskClient) -> None:
    page = browser.get("/contacts/new").text
    assert page.index("Immediate danger? Call 999.") < page.index("Start the clock</h1>")
    assert f"{in_london(now()):%Y-%m-%dT%H}" in page
    assert page.index("Serious physical injury") < page.index("Unborn baby")


def test_the_clock_starts_in_one_page_and_says_by_when(browser: FlaskClient) -> None:
    answer = browser.post("/contacts/new", data=typed(), follow_redirects=True)
    assert answer.status_code == 200
    assert "Hold it by" in answer.text
    assert "3 working days" in answer.text
    assert "Exampleshire policy 1" in answer.text
    assert "Northumberland" in answer.text
    assert "Book it" in answer.text
    assert the_contact().decided_by == "Sam Worker"


def test_a_second_send_of_the_same_form_starts_one_clock(browser: FlaskClient) -> None:
    form = typed()
    first, second = (browser.post("/contacts/new", data=form).location for _ in range(2))
    assert first == second
    db.session.rollback()
    assert db.session.scalar(select(func.count(Contact.id))) == 1


def test_not_yet_decided_is_an_undecided_contact(browser: FlaskClient) -> None:
    page = browser.post("/contacts/new", data=typed(decided="not-yet"), follow_redirects=True).text
    assert "Decide by" in page
    assert the_contact().state is Waiting.RECEIVED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"case_reference": ""}, "Enter the case reference"),
        ({"case_reference": "4471\r\nBcc: x@example.org"}, "must be one line"),
        ({"case_reference": "4" * 41}, "40 characters or fewer"),
        ({"decided": None}, "Say whether it has been decided"),
        ({"concerns": []}, "Choose at least one concern"),
        ({"received_at": "2999-01-01T09:00"}, "cannot have come in later than now"),
        ({"received_at": "yesterday"}, "must be a date and time"),
        ({"decided": "other", "decided_by": "T. Example"}, "Enter when it was decided"),
        ({"decided": "other", "decided_at": "2026-01-05T09:00"}, "Enter who decided"),
        ({"decided": "other"}, "Enter when it was decided"),
        ({"decided": "other"}, "Enter who decided"),
        ({"decided": "other", "decided_at": "2020-01-01T09:00", "decided_by": "T. Example"}, "cannot be earlier"),
        ({"safety": "x" * 10_000}, "4,000 characters or fewer"),
    ],
)
def test_bad_input_is_said_at_its_field_and_what_was_typed_stays(
    browser: FlaskClient, changes: dict[str, Any], words: str
) -> None:
    answer = browser.post("/contacts/new", data=typed(**changes))
    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert words in answer.text
    assert db.session.scalar(select(func.count(Contact.id))) == 0


def test_emoji_and_accents_are_words_like_others(browser: FlaskClient) -> None:
    browser.post("/contacts/new", data=typed(safety="Zoë 👶 stays with her aunt"))
    assert the_contact().safety == "Zoë 👶 stays with her aunt"


def test_the_same_case_again_shows_the_open_contact_and_asks(browser: FlaskClient, contact_id: int) -> None:
    answer = browser.post("/contacts/new", data=typed())
    assert "already has an open contact" in answer.text
    assert f"/contacts/{contact_id}" in answer.text
    browser.post("/contacts/new", data=typed(another="y"))
    assert db.session.scalar(select(func.count(Contact.id))) == 2


def test_another_authority_sees_nothing(cast: Cast, sign_in: SignIn, contact_id: int) -> None:
    outsider = sign_in(cast.outsider)
    for path in ("", "/decide", "/not-needed", "/concerns", "/safety", "/book/children", "/book/who", "/hold-now"):
        assert outsider.get(f"/contacts/{contact_id}{path}").status_code == 404
    assert outsider.post(f"/contacts/{contact_id}/reopen", data={"revision": 1}).status_code == 404


def test_a_leader_may_look_but_not_start(cast: Cast, sign_in: SignIn, contact_id: int) -> None:
    leader = sign_in(cast.leader)
    assert leader.get(f"/contacts/{contact_id}").status_code == 200
    assert leader.get("/contacts/new").status_code == 403


def test_looking_at_a_contact_is_logged(browser: FlaskClient, contact_id: int) -> None:
    browser.get(f"/contacts/{contact_id}")
    db.session.rollback()
    entry = db.session.scalars(select(AccessEntry)).one()
    assert (entry.what, entry.row_id, entry.who) == ("contacts", contact_id, "Sam Worker")


def test_closing_and_undoing(browser: FlaskClient, contact_id: int) -> None:
    address = f"/contacts/{contact_id}"
    closed = browser.post(f"{address}/not-needed", data={"revision": the_contact().revision, "reason": "A duplicate"})
    assert closed.status_code == 303
    assert the_contact().state is Waiting.NOT_NEEDED
    assert "Undo" in browser.get(address).text
    browser.post(f"{address}/reopen", data={"submission": "undo", "revision": the_contact().revision})
    assert the_contact().state is Waiting.DECIDED


def test_two_people_editing_at_once_are_told(browser: FlaskClient, contact_id: int) -> None:
    page = Walker(browser)
    page.open(f"/contacts/{contact_id}/safety")
    with transaction("Terry Example", Via.STAFF) as act:
        contacts.keep_safe(db.session.get_one(Contact, contact_id), "With an aunt", act)
    told = page.send("Save", safety="With a neighbour")
    assert "Terry Example changed this while you had it open" in told.words
    assert "Now With an aunt In the form below Yours: With a neighbour" in told.words
    assert the_contact().safety == "With an aunt"
    page.send("Save")  # what was typed stands in the form still
    assert the_contact().safety == "With a neighbour"


def test_what_was_decided_on_meanwhile_is_not_decided_twice(browser: FlaskClient, contact_id: int) -> None:
    form = {"revision": the_contact().revision, "reason": "A duplicate"}
    with transaction("Terry Example", Via.STAFF) as act:
        contacts.keep_safe(db.session.get_one(Contact, contact_id), "With an aunt", act)
    assert "Somebody changed this contact" in browser.post(f"/contacts/{contact_id}/not-needed", data=form).text
    assert the_contact().state is Waiting.DECIDED


def test_deciding_and_reclassifying_by_their_pages(browser: FlaskClient) -> None:
    browser.post("/contacts/new", data=typed(decided="not-yet"))
    contact_id = the_contact().id
    local = in_london(now())
    form = {"revision": the_contact().revision, "decided_at": f"{local:%Y-%m-%dT%H:%M}", "decided_by": "Terry Example"}
    browser.post(f"/contacts/{contact_id}/decide", data={**form, "submission": "a"})
    started = the_contact().clock_started_at
    assert the_contact().decided_by == "Terry Example"
    page = browser.get(f"/contacts/{contact_id}/concerns").text
    assert 'value="standard" checked' in page
    browser.post(
        f"/contacts/{contact_id}/concerns",
        data={"submission": "b", "revision": the_contact().revision, "concerns": ["complex"]},
    )
    assert the_contact().target_code == "complex"
    assert the_contact().clock_started_at == started


@pytest.mark.parametrize("key", ["", "\0", "a\0b", "x" * 10_000, "\u00b2"])
def test_a_submission_key_no_page_made_neither_breaks_nor_swallows_what_is_sent(browser: FlaskClient, key: str) -> None:
    for case in ("4471-A", "5582-B"):
        assert browser.post("/contacts/new", data=typed(submission=key, case_reference=case)).status_code == 303
    db.session.rollback()
    assert len(db.session.scalars(select(Contact)).all()) == 2


def test_of_several_who_start_the_same_clock_at_once_one_does(cast: Cast, sign_in: SignIn) -> None:
    browsers = [sign_in(cast.social_worker) for _ in range(4)]
    together = Barrier(len(browsers))

    def start(browser: FlaskClient) -> int:
        together.wait()
        return browser.post("/contacts/new", data=typed()).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        codes = list(pool.map(start, browsers))
    assert sorted(codes) == [200, 200, 200, 303]
    assert the_contact().case_reference == "4471-A"


def test_an_administrator_reads_no_narrative_of_a_child(
    browser: FlaskClient, cast: Cast, sign_in: SignIn, contact_id: int
) -> None:
    address = f"/contacts/{contact_id}"
    page = Walker(browser)
    page.open(f"{address}/safety")
    page.send("Save", safety="With a neighbour")
    assert "With a neighbour" not in sign_in(cast.admin).get(address).text
    assert "With a neighbour" in sign_in(cast.leader).get(address).text
    form = {"revision": the_contact().revision, "reason": "It was another family"}
    browser.post(f"{address}/not-needed", data=form)
    assert the_contact().state is Waiting.NOT_NEEDED
    assert "another family" not in sign_in(cast.admin).get(address).text
    assert "another family" in sign_in(cast.leader).get(address).text


def test_whoever_decides_is_offered_both_answers(browser: FlaskClient) -> None:
    address = browser.post("/contacts/new", data=typed(decided="not-yet")).location
    decide = browser.get(f"{address}/decide").text
    assert f'href="{address}/not-needed"' in decide
    assert f'href="{address}/decide"' in browser.get(f"{address}/not-needed").text


def test_the_address_of_a_button_leads_back_to_its_page(browser: FlaskClient, contact_id: int) -> None:
    answer = browser.get(f"/contacts/{contact_id}/reopen")
    assert answer.status_code == 405
    assert "Nothing was changed." in answer.text
    assert f'href="/contacts/{contact_id}"' in answer.text
    assert 'href="/">Today</a>' in answer.text


def test_a_contact_with_nothing_that_keeps_the_child_safe_warns_until_there_is(browser: FlaskClient) -> None:
    warning = "Nothing is written yet that keeps the child safe"
    first = browser.post("/contacts/new", data=typed(), follow_redirects=True)
    assert warning in first.text
    assert f'href="{first.request.path}/safety"' in first.text
    other = browser.post("/contacts/new", data=typed(case_reference="2", safety="With an aunt"), follow_redirects=True)
    assert warning not in other.text


def test_the_page_asks_when_the_concern_was_identified_only_where_policy_starts_a_clock_so(
    browser: FlaskClient, cast: Cast
) -> None:
    assert "When was the concern identified?" not in browser.get("/contacts/new").text
    with transaction("tests", Via.COMMAND_LINE):
        version = db.session.get_one(PolicyVersion, cast.policy.id)
        version.text = edited(version.text, [Edit(("targets", "complex"), "starts", "concern-identified")])
    assert "When was the concern identified?" in browser.get("/hold-now").text
    missing = browser.post("/contacts/new", data=typed(concerns=["complex"]))
    assert "Enter when the concern was identified" in missing.text
    local = in_london(now()) - timedelta(hours=2)
    form = typed(concerns=["complex"], concern_identified_at=f"{local:%Y-%m-%dT%H:%M}")
    page = browser.post("/contacts/new", data=form, follow_redirects=True).text
    assert "from the moment the concern was identified" in page
    assert "A full meeting" in page
    assert "To come" in page
    shown = browser.get(f"/contacts/{the_contact().id}/concerns").text
    assert f"{local:%Y-%m-%dT%H:%M}" in shown
