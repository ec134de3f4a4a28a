"""The page behind a partner's link: what it says in every state, and that only a person's POST changes anything."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar

from strategy.commands import away, inviting
from strategy.commands.away import AwayEntry
from strategy.commands.inviting import Invitee
from strategy.db import db, transaction
from strategy.keys import keys
from strategy.limits import limiter
from strategy.models import Answer, Discussion, Invitation, Person, User
from strategy.vocabulary import InvitationState, Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import ENDS_AT, LATER, STARTS_AT, staff_act
from tests.views.answering import JO, discussion_of, mark_absent, police_id, police_of, token_of


@pytest.fixture(autouse=True)
def _unhurried(browsers: None) -> None:
    limiter.reset()


def test_the_page_says_when_how_who_convenes_and_whom_to_ring(convened: int, client: FlaskClient) -> None:
    response = client.get(f"/a/{token_of(convened)}")
    page = markup(response)
    assert response.status_code == 200
    for words in (
        "Friday 27 November 2026, 3:30pm",
        "to 4:15pm",
        "https://meet.example/k7qd",
        "Sam Worker",
        discussion_of(convened).reference,
        "01632 960123",
        "Do not contact the family",
    ):
        assert words in page


def test_the_page_names_no_child_and_no_concern(convened: int, client: FlaskClient) -> None:
    page = markup(client.get(f"/a/{token_of(convened)}"))
    for secret in ("Robin", "Zebedee", "4471", "standard", "neglect"):
        assert secret not in page


def test_an_answer_can_be_changed_until_the_start(convened: int, client: FlaskClient) -> None:
    token = token_of(convened)
    client.post(f"/a/{token}", data=JO)
    client.post(f"/a/{token}", data=JO | {"response": "cannot-attend", "reason": "In court"})
    assert police_of(convened).state is InvitationState.DECLINED
    assert "Recorded: nobody can attend" in markup(client.get(f"/a/{token}"))


def test_a_coded_reason_is_enough_and_is_read_back_to_staff(
    convened: int, client: FlaskClient, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    token = token_of(convened)
    assert "No capacity (shift, clinic)" in markup(client.get(f"/a/{token}"))
    assert "Choose why nobody can attend" in markup(client.post(f"/a/{token}", data=JO | {"response": "cannot-attend"}))
    said = JO | {"response": "cannot-attend", "reason_code": "no-capacity", "reason": "Both of us are in court"}
    assert client.post(f"/a/{token}", data=said).status_code == 303
    police = police_id(convened)
    worker = sign_in(cast.social_worker)
    for page in (f"/discussions/{convened}", f"/invitations/{police}/ring", f"/invitations/{police}/answer"):
        assert "No capacity (shift, clinic): Both of us are in court" in plain(worker.get(page)), page
    leader = plain(sign_in(cast.leader).get(f"/discussions/{convened}"))
    assert "No capacity (shift, clinic)" in leader and "in court" not in leader


def test_a_changed_answer_begins_with_the_one_given_but_for_the_narrative(convened: int, client: FlaskClient) -> None:
    token = token_of(convened)
    said = {"response": "cannot-attend", "reason_code": "no-capacity", "reason": "Both of us are in court"}
    client.post(f"/a/{token}", data=JO | said)
    page = markup(client.get(f"/a/{token}"))
    assert re.search(r'value="cannot-attend"[^>]* checked', page) and re.search(
        r'value="no-capacity"[^>]* checked', page
    )
    assert 'value="Jo Sample"' in page and "in court" not in page
    deputy = {"response": "deputy", "attendee_name": "Kim", "attendee_contact": "k@p.example"}
    with time_machine.travel(LATER + timedelta(minutes=2), tick=False):
        client.post(f"/a/{token}", data=JO | deputy)
        page = markup(client.get(f"/a/{token}"))
    assert 'value="Kim"' in page and 'value="k@p.example"' in page


def test_nothing_is_chosen_before_anybody_has_answered(convened: int, client: FlaskClient) -> None:
    assert " checked" not in markup(client.get(f"/a/{token_of(convened)}"))


def test_the_page_says_by_when_to_answer_until_somebody_is_named(convened: int, client: FlaskClient) -> None:
    token = token_of(convened)
    assert "Answer by 1:30pm" in plain(client.get(f"/a/{token}"))
    client.post(f"/a/{token}", data=JO)
    assert "Answer by" not in plain(client.get(f"/a/{token}"))


def test_fields_of_a_choice_not_made_are_left_out(convened: int, client: FlaskClient) -> None:
    client.post(f"/a/{token_of(convened)}", data=JO | {"attendee_name": "Somebody Else", "reason": "Left over"})
    given = db.session.query(Answer).one()
    assert (given.attendee_name, given.reason) == ("Jo Sample", None)


def test_line_breaks_and_too_much_in_a_name_are_refused(convened: int, client: FlaskClient) -> None:
    token = token_of(convened)
    assert "one line" in markup(client.post(f"/a/{token}", data=JO | {"by_name": "Jo\r\nBcc: all"}))
    assert "120 characters or fewer" in markup(client.post(f"/a/{token}", data=JO | {"by_name": "J" * 10_000}))
    assert db.session.query(Answer).count() == 0


def test_a_person_asked_by_name_finds_it_filled_in(client: FlaskClient, cast: Cast, convened: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        police = db.session.get_one(Invitation, police_id(convened))
        police.person = cast.sergeant
    page = markup(client.get(f"/a/{token_of(convened)}"))
    assert "Dee Sergeant" in page and "Detective Sergeant" in page


@pytest.mark.parametrize("address", ["/a/AAAAAAAAAAAAA", "/a/x", "/a/%F0%9F%98%80", "/a/" + "A" * 400])
def test_an_unknown_link_says_so_and_nothing_else(convened: int, client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    page = markup(response)
    assert "This link does not work" in page
    assert "Exampleshire" not in page and "960123" not in page
    assert client.post(address, data=JO).status_code == 404


def test_the_diary_entry_is_the_one_the_mail_carried(convened: int, client: FlaskClient) -> None:
    response = client.get(f"/a/{token_of(convened)}/diary.ics")
    assert response.mimetype == "text/calendar"
    entry = Calendar.from_ical(response.data).walk("VEVENT")[0]
    assert entry.decoded("DTSTART") == STARTS_AT
    assert discussion_of(convened).reference in str(entry.get("SUMMARY"))
    assert client.get("/a/AAAAAAAAAAAAA/diary.ics").status_code == 404


def test_afterwards_the_agency_says_why_nobody_came(convened: int, client: FlaskClient) -> None:
    token = token_of(convened)
    mark_absent(convened)
    with time_machine.travel(ENDS_AT + timedelta(hours=1), tick=False):
        page = markup(client.get(f"/a/{token}"))
        assert "Nobody from your agency joined" in page
        data = {"by_name": "Jo Sample", "by_role": "DC", "reason": "no-capacity", "note": "Rota is mended"}
        assert client.post(f"/a/{token}", data=data).status_code == 303
        assert "Recorded: No capacity (shift, clinic)." in markup(client.get(f"/a/{token}"))
    police = police_of(convened)
    assert (police.absence_reason, police.absence_note) == ("no-capacity", "Rota is mended")


def test_a_reason_for_absence_that_is_none_of_the_policys_is_refused(convened: int, client: FlaskClient) -> None:
    token = token_of(convened)
    mark_absent(convened)
    with time_machine.travel(ENDS_AT + timedelta(hours=1), tick=False):
        data = {"by_name": "Jo Sample", "by_role": "DC", "reason": "made-up"}
        assert client.post(f"/a/{token}", data=data).status_code == 200
    assert police_of(convened).absence_explained_at is None


def _asked_sergeant(convened: int, cast: Cast) -> str:
    """The path of an invitation to the sergeant in person, who has the inspector as standing deputy."""
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        sergeant = db.session.get_one(Person, cast.sergeant.id)
        sergeant.deputy_id = cast.inspector.id
        made = inviting.invite(discussion, Invitee("police", False, person=sergeant), staff_act(cast, LATER))
        return f"/a/{keys().token(made.id, made.generation)}"


def test_the_standing_deputy_is_filled_in_and_not_chosen(convened: int, client: FlaskClient, cast: Cast) -> None:
    path = _asked_sergeant(convened, cast)
    page = markup(client.get(path))
    assert "Ina Inspector, your standing deputy, is filled in" in page
    for value in ("Dee Sergeant", "Ina Inspector", "Detective Inspector", "di@police.example"):
        assert f'value="{value}"' in page
    assert "checked" not in page
    coming = client.post(path, data=JO | {"attendee_name": "Ina Inspector", "attendee_contact": "di@police.example"})
    assert coming.status_code == 303
    assert "Jo Sample, Detective Constable, will attend" in plain(client.get(path))


def test_whoever_covers_answers_under_their_own_name(convened: int, client: FlaskClient, cast: Cast) -> None:
    path = _asked_sergeant(convened, cast)
    with transaction("tests", Via.COMMAND_LINE):
        sergeant = db.session.get_one(Person, cast.sergeant.id)
        entry = AwayEntry(LATER, LATER + timedelta(days=1), cover_id=cast.chief_inspector.id)
        away.go(sergeant, entry, staff_act(cast, LATER))
    page = markup(client.get(path))
    assert 'value="Chris Chief"' in page and 'value="Dee Sergeant"' not in page


def test_guessing_links_is_slowed_down(convened: int, client: FlaskClient) -> None:
    answered = [client.get("/a/AAAAAAAAAAAAA").status_code for _ in range(61)]
    assert answered[0] == 404
    assert answered[-1] == 429
