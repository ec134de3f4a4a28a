"""The emergency duty team's pages: handing over, tonight, accepting, the morning's list, who answers, the sheet."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from strategy.commands import access_lists
from strategy.db import db, transaction
from strategy.models import Contact, Desk, NightHandover, User
from strategy.vocabulary import NightState, Via, Waiting
from tests.booked import waiting
from tests.cast import ALWAYS, OFFICE, Cast
from tests.counting import statements
from tests.emergency_duty import act, handed, member
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]
SIX = datetime(2026, 11, 27, 18, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is six on a Friday evening."""
    with time_machine.travel(SIX, tick=False) as traveller:
        yield traveller


@pytest.fixture
def nell(clock: time_machine.Traveller, cast: Cast, sign_in: SignIn) -> Walker:
    """Somebody of the emergency duty team at a browser."""
    with transaction("tests", Via.COMMAND_LINE):
        person = member(cast)
    return Walker(sign_in(person))


@pytest.fixture
def night(nell: Walker, cast: Cast) -> int:
    """A child handed over at six; the handing over's id."""
    with transaction("tests", Via.COMMAND_LINE):
        return handed(cast, SIX).id


def again(night: int) -> NightHandover:
    db.session.rollback()
    return db.session.get_one(NightHandover, night, populate_existing=True)


def test_a_waiting_child_is_handed_over_from_its_page_and_the_page_says_not_accepted(
    nell: Walker, cast: Cast, sign_in: SignIn
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        contact_id = waiting(cast, act(SIX - timedelta(hours=2), cast.chair)).id
    day = Walker(sign_in(cast.chair))
    day.open(f"/contacts/{contact_id}")
    day.follow("Hand to EDT")
    day.send("Hand it over", what="Visit", act_by="2026-11-27T17:00", safety="", ring="")
    assert "Say what keeps the child safe tonight" in day.page.words
    day.send("Hand it over", what="Visit", act_by="2026-11-27T17:00", safety="Gran", ring="")
    assert "The time to act by must be still to come" in day.page.words
    day.send(
        "Hand it over", what="Visit tonight", act_by="2026-11-27T21:00", safety="With gran", ring="Gran 01632 960700"
    )
    assert day.page.url == f"/contacts/{contact_id}"
    for words in ("Not accepted yet", "Visit tonight", "With gran", "9pm", "They accepted by phone"):
        assert words in day.page.words, words
    db.session.rollback()
    contact = db.session.get_one(Contact, contact_id)
    assert (contact.safety, contact.state) == ("With gran", Waiting.DECIDED)


def test_the_team_accepts_with_one_press_and_writes_down_what_was_done(nell: Walker, night: int) -> None:
    words = nell.open("/edt").words
    assert "1 not accepted" in words and "Visit, and see the child alone" in words
    nell.send("Accept it: I have it tonight")
    assert again(night).accepted_by == "Nell Night"
    nell.follow("Write down what was done")
    nell.send("Save for the morning’s list", did="")
    assert "Write what was done" in nell.page.words
    nell.send("Save for the morning’s list", did="Seen alone at nine, safe")
    assert "Seen alone at nine, safe" in nell.page.words
    assert "With Nell Night" in nell.open("/edt").words


def test_only_the_team_accepts_others_write_down_who_accepted_by_phone(
    nell: Walker, night: int, cast: Cast, sign_in: SignIn
) -> None:
    day = Walker(sign_in(cast.chair))
    assert day.client.post(f"/edt/{night}/accept").status_code == 403
    day.open(f"/edt/{night}/accepted")
    day.send("Write down who accepts it", by="")
    assert "Enter who accepts it" in day.page.words
    day.send("Write down who accepts it", by="Nell Night")
    assert again(night).state is NightState.ACCEPTED


def test_whoever_handed_it_over_is_asked_to_ring_on_today_until_somebody_accepts(
    nell: Walker, night: int, cast: Cast, sign_in: SignIn
) -> None:
    day = Walker(sign_in(cast.chair))
    assert "Nobody of the emergency duty team has accepted it" not in day.open("/").words
    with transaction("tests", Via.COMMAND_LINE):
        again_row = db.session.get_one(NightHandover, night)
        again_row.calls, again_row.called_at = 1, SIX
    assert "Nobody of the emergency duty team has accepted it" in day.open("/").words
    nell.open("/edt")
    nell.send("Accept it: I have it tonight")
    assert "Nobody of the emergency duty team has accepted it" not in day.open("/").words


def test_in_the_morning_a_named_day_worker_accepts_it_back_and_holds_the_contact(
    nell: Walker, night: int, cast: Cast, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    nell.open("/edt")
    nell.send("Accept it: I have it tonight")
    clock.move_to(SIX + timedelta(hours=14))
    day = Walker(sign_in(cast.chair))
    words = day.open("/edt/morning").words
    assert "1 not accepted back" in words and "Nothing written down" in words
    day.send("Accept it back: I have it")
    row = again(night)
    assert row.back_with is not None and row.back_with.full_name == "Terry Example"
    assert "Held by Terry Example" in day.page.words
    assert "all accepted back" in day.open("/edt/morning").words
    assert "accepted it back" in day.page.words
    assert day.open("/edt/morning?day=2026-11-27").words.startswith("") and "0 handed over" in day.page.words
    assert day.open("/edt/morning?day=2030-01-01").url == "/edt/morning"
    assert day.open("/edt/morning?day=nonsense").status == 404


def test_the_night_shows_who_is_near_their_target_unsafe_or_booked(nell: Walker, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        waiting(cast, act(SIX - timedelta(days=9), cast.chair), "4480-C")  # past its target, nothing written
    words = nell.open("/edt").words
    assert "Past their target, or near it before morning (1)" in words
    assert "Facing tonight without a safety entry (1)" in words
    assert re.search("Say what keeps them safe ?: 4480-C", words) and re.search("Hold one now ?: 4480-C", words)


def test_a_quiet_night_says_so(nell: Walker) -> None:
    assert re.search(r"Nothing is handed over, due or booked before .*8am ?\.", nell.open("/edt").words)


def test_nobody_of_another_authority_sees_or_touches_any_of_it(night: int, cast: Cast, sign_in: SignIn) -> None:
    outsider = sign_in(cast.outsider)
    assert "4471-A" not in outsider.get("/edt").text and "4471-A" not in outsider.get("/edt/morning").text
    for path in ("accepted", "report"):
        assert outsider.get(f"/edt/{night}/{path}").status_code == 404
    assert outsider.post(f"/edt/{night}/back").status_code == 404
    assert again(night).state is NightState.GIVEN


def test_a_restricted_child_is_on_no_list_of_whoever_may_not_open_it(nell: Walker, night: int, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE) as acting:
        contact = db.session.get_one(NightHandover, night).contact
        origin = waiting(cast, act(SIX, cast.chair), "4499-Z", safety="Safe")
        people = [db.session.merge(one) for one in (cast.chair, cast.social_worker)]
        access_lists.restrict(contact, origin, people, acting)
    for page in ("/edt", "/edt/morning"):
        assert "4471-A" not in nell.open(page).words


def test_who_answers_now_names_the_desk_that_stands_in_and_where_nobody_does(nell: Walker, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        health = db.session.get_one(Desk, cast.health_desk.id)
        cover = Desk(agency_id=health.agency_id, name="Night nurse", roles=[], phone="+441632960222", hours=ALWAYS)
        db.session.add(cover)
        health.out_of_hours = cover
    words = nell.open("/edt/directory").words
    assert "3 of 4 desks are answered" in words
    assert re.search(r"0-19 desk\s+Who answers\s*Exampleshire Health Trust: Night nurse answers out of hours", words)
    assert "Nobody answers until Mon 30 Nov, 9am" in words or "Nobody answers" in words
    assert "Try Hal Head, Headteacher: 07700 900031" in words
    assert "Nell Night" in words


def test_the_sheet_has_every_number_on_paper_and_as_a_file_that_needs_no_server(
    nell: Walker, cast: Cast, sign_in: SignIn
) -> None:
    page = nell.open("/contact-sheet").words
    file = nell.client.get("/contact-sheet/sheet.html")
    assert file.headers["Content-Disposition"] == 'attachment; filename="contact-sheet-2026-11-27.html"'
    for words in ("MASH desk", "07700 900001", "Hal Head", "Detective Inspector", "Nell Night", "07700 900950", "6pm"):
        assert words in page and words in file.text, words
    assert not re.search(r"(src|href|action)=|<script|url\(|@import", file.text)
    assert "@page" in file.text and "Immediate danger? Call 999" in file.text
    assert "Contact sheet to print" in page
    assert "Exampleshire Police" not in sign_in(cast.outsider).get("/contact-sheet/sheet.html").text


def test_the_sheet_asks_as_many_questions_for_many_desks_as_for_few(nell: Walker, cast: Cast, app: Flask) -> None:
    nell.client.get("/contact-sheet")
    with statements() as few:
        nell.client.get("/contact-sheet")
    with transaction("tests", Via.COMMAND_LINE):
        agency = db.session.get_one(Desk, cast.health_desk.id).agency
        for number in range(8):
            db.session.add(Desk(agency=agency, name=f"Ward {number}", roles=[], phone="+441632960300", hours=OFFICE))
    with statements() as many:
        nell.client.get("/contact-sheet")
    assert many.count == few.count
