"""The page of a discussion loses nothing: whichever button is pressed, what stands in every other box is kept."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, text

from strategy.commands import holding
from strategy.db import begin_writing, db
from strategy.models import Action, Contribution, Decision, Discussion, Invitation, Note, User
from strategy.vocabulary import Attendance, InvitationState
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast
from tests.walking import Page, Walker

SignIn = Callable[[User], FlaskClient]
NOW = STARTS + timedelta(minutes=10)
POLICE = "Police"


@pytest.fixture(autouse=True)
def _at_the_table() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def running(cast: Cast) -> Discussion:
    """A discussion that started ten minutes ago; the police have named a sergeant."""
    begin_writing()
    discussion = booked(cast)
    police = asked(discussion, "police")
    police.state, police.attendee_name, police.attendee_role = InvitationState.COMING, "Dee Sample", "Sergeant"
    holding.start(discussion, at(STARTS, cast))
    db.session.commit()
    return discussion


@pytest.fixture
def walker(running: Discussion, cast: Cast, sign_in: SignIn) -> Walker:
    """The chair at the page."""
    return _at_the_page(sign_in(cast.chair), running)


def _at_the_page(client: FlaskClient, running: Discussion) -> Walker:
    walker = Walker(client)
    walker.open(f"/discussions/{running.id}/hold")
    return walker


def _typed(page: Page) -> dict[str, str]:
    fields = page.form("Keep what is typed")[0].fields
    return {name: values[0] for name, values in fields.items()}


def _fresh(invitation: Invitation) -> Invitation:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Invitation, invitation.id)


def _all_boxes(running: Discussion) -> dict[str, str]:
    health = asked(running, "health-0-19").id
    return {
        f"information-{health}-text": "Two attendances this year",
        "decision-code": "s47-joint",
        "decision-rationale": "A crime may have",
        "action-what": "Ring the ward",
        "action-owner": "Nat",
        "action-due_at": "2026-11-30T12:00",
        "action-invitation_id": str(health),
        f"mark-{health}-name": "Nat Nurse",
        f"mark-{health}-role": "School nurse",
    }


@pytest.mark.parametrize("button", ["Here: Police", "Keep what is typed", "Apologies: Police", "Finish the discussion"])
def test_a_tap_keeps_what_stands_in_every_box(running: Discussion, walker: Walker, button: str) -> None:
    boxes = _all_boxes(running)
    walker.send(button, boxes)
    page = walker.open(f"/discussions/{running.id}/hold")
    assert boxes.items() <= _typed(page).items()
    assert "information from Health 0–19 / school nurse, a decision, an action" in page.words
    db.session.rollback()
    assert db.session.scalars(select(Contribution)).all() == []


def test_what_is_kept_is_encrypted(running: Discussion, walker: Walker) -> None:
    walker.send("Keep what is typed", _all_boxes(running))
    db.session.rollback()
    assert "ward" not in db.session.execute(text("select typed from notes")).scalar_one()


def test_saving_one_box_keeps_the_others_and_empties_its_own(running: Discussion, walker: Walker) -> None:
    boxes = _all_boxes(running)
    walker.send("Add decision", boxes)
    left = _typed(walker.page)
    assert (left["decision-code"], left["decision-rationale"]) == ("", "")
    assert left["action-what"] == "Ring the ward"
    walker.send("Add action")
    walker.send("Save information from Health 0–19 / school nurse")
    walker.send("Here: Health 0–19 / school nurse")
    assert "Not in the record" not in walker.page.words
    db.session.rollback()
    assert [one.rationale for one in db.session.scalars(select(Decision))] == ["A crime may have"]
    assert [one.what for one in db.session.scalars(select(Action))] == ["Ring the ward"]
    assert [one.text for one in db.session.scalars(select(Contribution))] == ["Two attendances this year"]
    assert _fresh(asked(running, "health-0-19")).came_name == "Nat Nurse"


def test_a_button_that_is_refused_keeps_every_box_too(running: Discussion, walker: Walker) -> None:
    boxes = _all_boxes(running) | {"action-due_at": "2026-11-20T12:00"}
    page = walker.send("Add action", boxes)
    assert "must be in the future" in page.words
    assert boxes.items() <= _typed(page).items()
    assert boxes.items() <= _typed(walker.open(f"/discussions/{running.id}/hold")).items()


def test_two_people_at_the_page_have_notes_of_their_own(
    running: Discussion, walker: Walker, cast: Cast, sign_in: SignIn
) -> None:
    other = _at_the_page(sign_in(cast.social_worker), running)
    mine, theirs = {"decision-rationale": "The chair's words"}, {"decision-rationale": "The worker's words"}
    walker.send("Keep what is typed", mine)
    other.send("Here: Police", theirs)
    assert _typed(other.page)["decision-rationale"] == "The worker's words"
    assert _typed(walker.open(f"/discussions/{running.id}/hold"))["decision-rationale"] == "The chair's words"


def test_a_second_window_takes_nothing_away(running: Discussion, walker: Walker, cast: Cast, sign_in: SignIn) -> None:
    window = _at_the_page(sign_in(cast.chair), running)
    walker.send("Keep what is typed", {"decision-rationale": "A crime may have"})
    window.send("Here: Police")
    assert _typed(window.page)["decision-rationale"] == "A crime may have"
    window.send("Keep what is typed", {"decision-rationale": ""})
    assert _typed(window.page)["decision-rationale"] == ""


def test_a_mark_made_meanwhile_by_somebody_else_is_not_overwritten_unseen(
    running: Discussion, walker: Walker, cast: Cast, sign_in: SignIn
) -> None:
    other = _at_the_page(sign_in(cast.social_worker), running)
    walker.send("Here: Police")
    page = other.send("Not here: Police", {"decision-rationale": "Half a"})
    assert "Police was changed meanwhile: attended." in page.words
    assert _typed(page)["decision-rationale"] == "Half a"
    assert _fresh(asked(running, "police")).attendance is Attendance.ATTENDED


def test_finishing_and_signing_say_what_is_not_in_the_record(running: Discussion, walker: Walker) -> None:
    page = walker.send("Finish the discussion", {"action-what": "Ring the ward"})
    assert "Typed by you and not in the record yet: an action." in page.words
    page = walker.open(f"/discussions/{running.id}/record")
    assert "Typed by you and not in the record yet: an action." in page.words


def test_one_tap_takes_the_name_announced(running: Discussion, walker: Walker) -> None:
    walker.send("Here: Police")
    police = _fresh(asked(running, "police"))
    assert (police.came_name, police.came_role) == ("Dee Sample", "Sergeant")
    assert "Dee Sample, Sergeant" in walker.page.words


def test_a_deputy_is_not_the_person_announced(running: Discussion, walker: Walker) -> None:
    walker.send("Deputy here: Police")
    assert _fresh(asked(running, "police")).came_name is None
    assert "somebody from there, name not taken" in walker.page.words
    assert "somebody from there, name not taken" in walker.open(f"/discussions/{running.id}/record").words


def test_who_it_was_is_typed_beside_the_buttons_and_put_right_in_the_details(
    running: Discussion, walker: Walker
) -> None:
    police = asked(running, "police")
    typed = {f"mark-{police.id}-name": "Kit Sample", f"mark-{police.id}-role": "Inspector"}
    walker.send("Deputy here: Police", typed)
    assert "Kit Sample, Inspector" in walker.page.words
    page = walker.send("Times, name and reason: Police")
    assert page.forms[-1].fields["name"] == ["Kit Sample"]
    walker.send("Save attendance", name="Kit Specimen")
    assert "Kit Specimen, Inspector" in walker.open(f"/discussions/{running.id}/record").words
    walker.open(f"/discussions/{running.id}/hold")
    walker.send("Take back: Police")
    assert _fresh(police).came_name is None


def test_the_page_has_the_numbers_to_ring(running: Discussion, walker: Walker) -> None:
    assert "Ring: 01632 960" in walker.page.words or "Ring: 07700 900" in walker.page.words


def test_nothing_typed_keeps_nothing(running: Discussion, walker: Walker) -> None:
    walker.send("Here: Police")
    db.session.rollback()
    assert db.session.scalars(select(Note)).all() == []


def test_inviting_somebody_else_comes_back_with_every_box_as_it_was(
    running: Discussion, walker: Walker, cast: Cast
) -> None:
    boxes = _all_boxes(running)
    page = walker.send("Invite somebody else", boxes)
    assert "Invite somebody else" in page.words and page.link("Back to holding it").endswith(f"/{running.id}/hold")
    page = walker.send("Send invitation", invitee=f"education/desk:{cast.school_desk.id}")
    assert page.url == f"/discussions/{running.id}/hold" and boxes.items() <= _typed(page).items()
    assert "Sample Primary School" in page.words


def _notes(running: Discussion) -> str:
    db.session.rollback()
    return db.session.scalars(select(Note).where(Note.discussion_id == running.id)).one().typed


def test_what_is_typed_is_kept_while_it_is_typed(running: Discussion, walker: Walker) -> None:
    page = f"/discussions/{running.id}/hold"
    boxes = {"decision-rationale": "Two bruises", "kept": ""}
    first = walker.client.post(f"{page}/typed", data=boxes).get_data(as_text=True)
    assert "bruises" in _notes(running)
    assert "Kept for you alone, not in the record yet." in first and 'hx-swap-oob="true"' in first
    boxes |= {"kept": first.split('value="')[1].split('"')[0], "decision-rationale": ""}
    walker.client.post(f"{page}/typed", data=boxes)
    assert "bruises" not in _notes(running) and db.session.query(Decision).count() == 0
