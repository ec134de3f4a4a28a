"""Leaders' pages: a sentence a worry, and every number leads to exactly its list."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.commands import climbing, holding
from strategy.commands.holding import Ending
from strategy.db import begin_writing, db
from strategy.models import Discussion, PolicyVersion, User
from strategy.queries import chasing
from strategy.vocabulary import LADDERS, Attendance
from tests.booked import STARTS, asked, at, booked, waiting
from tests.cast import Cast

SignIn = Callable[[User], FlaskClient]
NOW = STARTS + timedelta(days=9)


@pytest.fixture(autouse=True)
def _days_later() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def leader(cast: Cast, sign_in: SignIn) -> FlaskClient:
    """The leader's browser, nine days after one discussion without police and one child still waiting."""
    begin_writing()
    discussion = booked(cast)
    waiting(cast, at(STARTS, cast), "9-Z")
    holding.start(discussion, at(STARTS, cast))
    for one in discussion.invitations:
        if one is not asked(discussion, "police"):
            holding.mark(one, Attendance.ATTENDED, at(STARTS, cast))
    ending = Ending(
        STARTS, STARTS + timedelta(minutes=30), "Could not wait", STARTS + timedelta(days=1), rest_did_not_attend=True
    )
    holding.finish(discussion, ending, at(STARTS + timedelta(minutes=30), cast))
    for due in (one for one in chasing.due(NOW, 100) if one.kind in LADDERS):
        climbing.climb(due, at(STARTS + timedelta(minutes=31), cast))
    db.session.commit()
    return sign_in(cast.leader)


def _page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_now_says_a_sentence_a_worry(leader: FlaskClient) -> None:
    words = _words(_page(leader, "/leaders"))
    assert "1 child is waiting past target , the longest 216 h 00 min." in words
    assert "1 child faces tonight without a safety entry." in words
    assert "1 agency is being chased : Exampleshire Police." in words


def test_every_number_on_now_leads_to_a_list_on_the_page(leader: FlaskClient) -> None:
    page = _page(leader, "/leaders")
    anchors = set(re.findall(r'class="govuk-link" href="#([a-z]+)"', page))
    assert {"waiting", "chased"} <= anchors
    for anchor in anchors:
        assert f'id="{anchor}"' in page


def test_over_time_shows_attendance_by_agency_with_its_picture(leader: FlaskClient) -> None:
    page = _page(leader, "/leaders/over-time")
    words = _words(page)
    assert "Exampleshire Police: 0 of 1 came" in words
    assert 'aria-label="Exampleshire Police, of 1 required: no word 1"' in page
    assert "1 of 2" not in words
    assert "0 of 2 discussions that fell due were held quorate by their target (0%)." in words
    assert "style=" not in page


def test_the_words_beside_the_figures_say_the_policys_own(cast: Cast, leader: FlaskClient) -> None:
    words = _words(_page(leader, "/leaders/over-time"))
    assert "short is under 120." in words and "Where two figures stand" not in words
    begin_writing()
    text = cast.policy.text.replace("short_notice_minutes = 120", "short_notice_minutes = 90")
    older = PolicyVersion(
        authority_id=cast.authority.id,
        number=9,
        text=text,
        author="tests",
        reason="Other figures",
        effective_from=STARTS,
        created_at=STARTS,
    )
    begun = db.session.scalars(select(Discussion)).one()
    begun.policy = older
    db.session.commit()
    assert "short is under 90." in _words(_page(leader, "/leaders/over-time"))
    begin_writing()
    other = booked(cast, case="8-B")
    holding.start(other, at(STARTS, cast))
    db.session.commit()
    assert "short is under 90." in _words(_page(leader, "/leaders/over-time"))  # not over yet
    begin_writing()
    ending = Ending(
        STARTS, STARTS + timedelta(minutes=30), "Could not wait", NOW + timedelta(days=1), rest_did_not_attend=True
    )
    for role in ("chair", "social-worker"):
        holding.mark(asked(other, role), Attendance.ATTENDED, at(STARTS, cast))
    holding.finish(other, ending, at(STARTS + timedelta(minutes=30), cast))
    db.session.commit()
    mixed = _words(_page(leader, "/leaders/over-time"))
    assert "short is under 90 or 120." in mixed and "Where two figures stand, each discussion" in mixed


def test_every_number_over_time_leads_to_its_list(leader: FlaskClient) -> None:
    page = _page(leader, "/leaders/over-time")
    links = re.findall(r'href="(/leaders/over-time/[^"]+)">(\d+)<', page)
    assert len(links) > 8
    for address, number in links:
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", _page(leader, unescape(address)), re.S)
        assert heading
        assert _words(heading[1]).endswith(f": {number}")


def test_by_sector_and_another_period(leader: FlaskClient) -> None:
    assert "Social care: 2 of 2 came" in _words(_page(leader, "/leaders/over-time?by=sector"))
    empty = _words(_page(leader, "/leaders/over-time?from=2026-01-01&to=2026-01-31"))
    assert "No discussion was held in this period." in empty
    assert "No discussion fell due in this period." in empty


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/leaders/over-time?from=2026-12-01&to=2026-11-01", "must end on or after"),
        ("/leaders/over-time?from=2001-12-01&to=2026-11-01", "at most three years"),
        ("/leaders/over-time?from=yesterday", "Not a valid date"),
    ],
)
def test_a_senseless_period_is_said_and_the_usual_one_shown(leader: FlaskClient, address: str, words: str) -> None:
    page = _words(_page(leader, address))
    assert words in page
    assert "Exampleshire Police: 0 of 1 came" in page


def test_unknown_lists_are_not_found(leader: FlaskClient) -> None:
    assert leader.get("/leaders/over-time/attendance?name=Nobody&figure=attended").status_code == 404
    assert leader.get("/leaders/over-time/attendance?name=Exampleshire+Police&figure=name").status_code == 404
    assert leader.get("/leaders/over-time/timeliness?figure=median_wait").status_code == 404


def test_only_leaders_chairs_and_administrators_see_these_pages(
    leader: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    assert sign_in(cast.social_worker).get("/leaders").status_code == 403
    assert sign_in(cast.admin).get("/leaders/over-time").status_code == 200
    outsider = _words(_page(sign_in(cast.outsider), "/leaders"))
    assert "Nobody is waiting past target" in outsider
    assert "9-Z" not in outsider


@pytest.mark.parametrize("period", ["from=9999-12-31&to=9999-12-31", "to=9999-12-31", "from=0001-01-01"])
def test_a_period_off_the_ends_of_the_calendar_is_refused(cast: Cast, sign_in: SignIn, period: str) -> None:
    answer = sign_in(cast.leader).get(f"/leaders/over-time?{period}")
    assert answer.status_code == 200
    assert "Enter a date like" in answer.text


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ({"from": "2027-01-01"}, "must end on or after the day it begins"),
        ({"from": "2020-01-01"}, "at most three years"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "must end on or after the day it begins"),
        ({"from": "2020-01-01", "to": "2026-11-01"}, "at most three years"),
    ],
)
def test_a_period_is_judged_also_when_one_end_is_empty(leader: FlaskClient, period: dict[str, str], words: str) -> None:
    answer = leader.get("/leaders/over-time", query_string=period)
    assert answer.status_code == 200
    assert words in answer.text
