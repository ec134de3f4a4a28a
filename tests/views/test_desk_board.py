"""The desk board behind its link: opened by a code a shift, answered in bulk, and closed to who should not see it."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.commands import board_links
from strategy.db import db, transaction
from strategy.models import (
    AccessEntry,
    Answer,
    BoardOpening,
    DeskBoard,
    Discussion,
    Event,
    Implicated,
    Invitation,
    Message,
)
from strategy.queries import boards
from strategy.vocabulary import EventVerb, InvitationState, MessageChannel, Response, Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import BOOKED_AT, ENDS_AT, LATER, STARTS_AT, convene, send_everything
from tests.counting import statements
from tests.views.answering import police_id, police_of
from tests.views.boarding import asked, boarded, code, link, opened, row
from tests.views.stepping import CHILD

pytestmark = pytest.mark.usefixtures("identified")


@pytest.fixture
def board(convened: int, cast: Cast) -> str:
    """The link of the police desk's board, as its mail carries it."""
    return boarded(cast)


def more(cast: Cast, count: int, apart: timedelta = timedelta(hours=1)) -> list[int]:
    """So many discussions besides, the police asked to each: the ids of their invitations."""
    with transaction("tests", Via.COMMAND_LINE):
        times = [STARTS_AT + apart * (number + 1) for number in range(count)]
        made = [convene(cast, BOOKED_AT, one, f"C-{apart}-{one:%d%H%M}") for one in times]
        send_everything()
        return [next(one.id for one in discussion.invitations if one.role == "police") for discussion in made]


def test_the_link_alone_shows_nothing_and_the_code_goes_another_way(board: str, client: FlaskClient) -> None:
    assert client.get(board).location.startswith(f"{board}/open")
    assert "Text to the mobile ending 001" in plain(client.get(f"{board}/open"))
    assert "police.example" not in plain(client.get(f"{board}/open"))
    assert "Email to m…@police.example" in plain(client.get(f"{link(MessageChannel.SMS)}/open"))
    for page in ("checks", "about/1"):
        assert client.get(f"{board}/{page}").status_code == 303


def test_one_code_shows_every_meeting_of_the_desk_soonest_first(
    board: str, client: FlaskClient, cast: Cast, convened: int
) -> None:
    later = more(cast, 2)
    page = plain(opened(client, board))
    references = [db.session.get_one(Invitation, one).discussion.reference for one in (police_id(convened), *later)]
    assert sorted(references, key=page.index) == references
    assert "Today" in page and "Not answered" in page and CHILD not in page
    assert "Open for Jo Duty, Detective Constable until" in page


def test_several_rows_are_answered_at_once_and_the_rest_stays(board: str, client: FlaskClient, cast: Cast) -> None:
    first, second, third = more(cast, 3)
    opened(client, board)
    said = row(first, name="Dee Sergeant") | row(second, choice="cannot-attend", reason_code="no-capacity")
    assert client.post(board, data=said | row(third)).location == board
    assert "2 answers are recorded" in plain(client.get(board))
    db.session.rollback()
    dee = db.session.get_one(Invitation, first)
    assert (dee.state, dee.attendee_name, dee.attendee_role) == (
        InvitationState.COMING,
        "Dee Sergeant",
        "Detective Sergeant",  # from the directory
    )
    last = dee.answers[-1]
    assert (last.by_name, last.recorded_by) == ("Jo Duty", "Jo Duty, Detective Constable (desk board)")
    assert db.session.get_one(Invitation, second).state is InvitationState.DECLINED
    assert db.session.get_one(Invitation, third).answers == []


def test_an_error_stands_at_its_row_and_nothing_is_sent_nor_lost(board: str, client: FlaskClient, cast: Cast) -> None:
    first, second, third = more(cast, 3)
    opened(client, board)
    said = row(first, name="Kim Free") | row(second, choice="cannot-attend") | row(third, choice="no-officer")
    page = client.post(board, data=said)
    text = markup(page)
    assert page.status_code == 200 and "2 rows need another look" in text
    assert f'href="#m{second}-reason_code"' in text and f'id="m{third}-authorised_by-error"' in text
    assert 'value="Kim Free"' in text
    db.session.rollback()
    assert db.session.query(Answer).count() == 0


def test_a_row_that_contradicts_itself_is_asked_about(board: str, client: FlaskClient, cast: Cast) -> None:
    (first,) = more(cast, 1)
    opened(client, board)
    assert "take the name out" in plain(client.post(board, data=row(first, name="Kim", choice="report-only")))
    assert "Enter who will attend" in plain(client.post(board, data=row(first, choice="attend")))
    assert "Choose the answer" in plain(client.post(board, data=row(first, reason="Ill")))
    assert "Nothing is filled in yet" in plain(client.post(board, data=row(first)))
    assert "email address or a phone number" in plain(client.post(board, data=row(first, name="Kim", choice="deputy")))


def test_what_somebody_answered_meanwhile_is_not_overwritten(board: str, client: FlaskClient, convened: int) -> None:
    opened(client, board)
    police = police_id(convened)
    assert client.post(board, data=row(police, name="Dee Sergeant")).status_code == 303
    late = client.post(board, data=row(police, choice="report-only"))
    assert "Somebody answered this meanwhile" in plain(late)
    assert police_of(convened).state is InvitationState.COMING
    after = re.findall(rf'name="m{police}-after"[^>]*value="(\d+)"', markup(late))
    assert client.post(board, data=row(police, choice="report-only", after=after[0])).status_code == 303
    assert police_of(convened).state is InvitationState.REPORT_ONLY


def test_no_officer_is_recorded_with_who_authorised_it(board: str, client: FlaskClient, convened: int) -> None:
    opened(client, board)
    said = row(police_id(convened), choice="no-officer", authorised_by="Ina Inspector", authorised_role="Inspector")
    assert client.post(board, data=said).status_code == 303
    given = police_of(convened).answers[-1]
    assert (given.response, given.authorised_by, given.authorised_role) == (
        Response.NO_OFFICER,
        "Ina Inspector",
        "Inspector",
    )
    assert "Authorised by Ina Inspector, Inspector" in plain(client.get(board))


def test_one_person_in_two_meetings_at_once_is_said_in_words(board: str, client: FlaskClient, cast: Cast) -> None:
    first, second = more(cast, 2, timedelta(minutes=20))
    opened(client, board)
    client.post(board, data=row(first, name="Dee Sergeant") | row(second, name="dee sergeant"))
    page = plain(client.get(board))
    assert "Clash Dee Sergeant is also going to" in page and "Same time as" in page


def test_who_each_is_about_needs_no_other_code_and_every_look_is_logged(
    board: str, client: FlaskClient, convened: int
) -> None:
    opened(client, board)
    police = police_id(convened)
    page = plain(client.get(f"{board}/about/{police}"))
    assert CHILD in page and "943 476 5919" in page and "1 Sample Street" in page
    assert CHILD in plain(client.get(f"{board}/checks?all=1"))
    db.session.rollback()
    seen = db.session.query(AccessEntry).filter_by(row_id=police, what="invitations").all()
    assert [(one.who, one.page) for one in seen] == [
        ("Jo Duty, Detective Constable", "desk_board.about"),
        ("Jo Duty, Detective Constable", "desk_board.pack"),
    ]


def test_the_board_leads_on_to_a_meetings_own_page_without_a_code(
    board: str, client: FlaskClient, convened: int
) -> None:
    opened(client, board)
    done = client.post(f"{board}/about/{police_id(convened)}")
    assert done.status_code == 303 and done.location.startswith("/a/") and done.location.endswith("/about")
    page = plain(client.get(done.location))
    assert CHILD in page and "Not our child" in page and "Send what your agency knows" in page


def test_a_board_stays_open_for_the_shift_and_in_that_browser_alone(
    board: str, client: FlaskClient, cast: Cast, convened: int
) -> None:
    opened(client, board)
    stranger = client.application.test_client()
    assert stranger.get(board).status_code == 303
    with time_machine.travel(LATER + timedelta(hours=11, minutes=59), tick=False):
        assert client.get(board).status_code == 200
    with time_machine.travel(LATER + timedelta(hours=12), tick=False):
        late = client.post(board, data=row(police_id(convened), name="Kim"))
        assert "filled" in late.location and "still there" in plain(client.get(late.location))


def test_closing_it_and_taking_the_link_back_end_it(board: str, client: FlaskClient, cast: Cast) -> None:
    opened(client, board)
    client.post(f"{board}/close")
    assert client.get(board).status_code == 303
    with time_machine.travel(LATER + timedelta(minutes=2), tick=False):
        assert opened(client, board).status_code == 200
        with transaction("tests", Via.COMMAND_LINE) as act:
            board_links.revoke(db.session.query(DeskBoard).one(), act)
        assert client.get(board).status_code == client.get(f"{board}/open").status_code == 404


def test_codes_are_few_tried_seldom_and_told_alike(board: str, client: FlaskClient) -> None:
    asked(client, board)
    assert "less than a minute ago" in plain(asked(client, board))
    right = code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    pages = {plain(client.post(f"{board}/code", data={"code": wrong})) for _ in range(5)}
    assert all("That code is not right" in page for page in pages)
    assert "That code is not right" in plain(client.post(f"{board}/code", data={"code": right}))
    db.session.rollback()
    assert db.session.query(Event).filter_by(verb=EventVerb.CODE_REFUSED).count() == 6
    assert right not in "".join(str(vars(one)) for one in db.session.query(BoardOpening))


def test_a_code_works_in_the_browser_that_asked_and_no_other(board: str, client: FlaskClient) -> None:
    asked(client, board)
    other = client.application.test_client()
    other.get(f"{board}/open")
    assert "That code is not right" in plain(other.post(f"{board}/code", data={"code": code()}))


def test_a_get_opens_answers_and_sends_nothing(board: str, client: FlaskClient, convened: int) -> None:
    for page in ("", "/open", "/code", "/checks"):
        client.get(board + page)
    db.session.rollback()
    assert db.session.query(BoardOpening).count() == 0 and police_of(convened).answers == []


def test_restricted_meetings_do_not_stand_on_a_board_a_team_reads(
    board: str, client: FlaskClient, convened: int
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(Discussion, convened).contact.restricted = True
    assert "Nothing to come" in plain(opened(client, board))
    assert client.get(f"{board}/about/{police_id(convened)}").location == board
    assert CHILD not in plain(client.get(f"{board}/checks?all=1"))
    assert "Nothing is filled in yet" in plain(client.post(board, data=row(police_id(convened), name="Kim")))
    assert police_of(convened).answers == []


@pytest.mark.parametrize("how", ["a colleague", "by name"])
def test_whoever_is_implicated_sees_nothing_of_it(
    board: str, client: FlaskClient, convened: int, cast: Cast, how: str
) -> None:
    with transaction("tests", Via.COMMAND_LINE) as act:
        named = {"person_id": cast.sergeant.id} if how == "a colleague" else {"name": "Jo Duty"}
        about = db.session.get_one(Discussion, convened).contact
        db.session.add(Implicated(contact=about, reason="Tests", by="tests", at=act.at, **named))
    page = plain(opened(client, board, by_name="jo  DUTY"))
    assert "Nothing to come" in page
    assert client.get(f"{board}/about/{police_id(convened)}").location == board
    assert CHILD not in plain(client.get(f"{board}/checks?all=1"))


def test_a_running_meeting_is_shown_and_takes_no_answer(board: str, client: FlaskClient, convened: int) -> None:
    opened(client, board)
    with time_machine.travel(STARTS_AT + timedelta(minutes=5), tick=False):
        page = markup(client.get(board))
        assert "Running" in page and f'name="m{police_id(convened)}-name"' not in page
    with time_machine.travel(ENDS_AT, tick=False):
        assert "Nothing to come" in plain(client.get(board))


def test_a_board_of_a_dozen_asks_as_few_questions_as_one_of_two(board: str, client: FlaskClient, cast: Cast) -> None:
    more(cast, 1)
    opened(client, board)
    with statements() as few:
        client.get(board)
    with statements() as few_checks:
        client.get(f"{board}/checks?all=1")
    more(cast, 10, timedelta(minutes=7))
    with statements() as many:
        assert markup(client.get(board)).count("app-board__row") == 12
    with statements() as many_checks:
        client.get(f"{board}/checks?all=1")
    assert many.count <= few.count + 1 and many.count < 30
    assert many_checks.count <= few_checks.count + 1


def test_an_invitations_mail_leads_to_the_board_at_its_foot(board: str, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        made = convene(cast, LATER, STARTS_AT + timedelta(days=1), "C-9")
        police = next(one for one in made.invitations if one.role == "police")
        health = next(one for one in made.invitations if one.role == "health-0-19")
        asked = select(Message).where(Message.name == "invite", Message.channel == MessageChannel.EMAIL)
        mails = {one.invitation_id: one for one in db.session.scalars(asked.where(Message.discussion_id == made.id))}
        assert "{board}" in mails[police.id].text and "{board}" not in mails[health.id].text
        assert boards.path(mails[police.id].reason_facts["board"], MessageChannel.EMAIL) == board
