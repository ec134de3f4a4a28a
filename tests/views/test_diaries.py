"""Pages for diaries: who may link whose, what they say of each, and that no address is ever shown again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.act import Act
from strategy.commands import diaries
from strategy.commands.diaries import Found, Link
from strategy.db import db, transaction
from strategy.models import AccessEntry, Agency, Desk, Diary, Person, Served, User
from strategy.vocabulary import DiaryKind, Sector, Via
from tests.browser import plain
from tests.cast import Cast
from tests.counting import statements

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ADDRESS = "https://calendar.example/private-token/basic.ics"
SignIn = Callable[[User], FlaskClient]

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon(cast: Cast) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def form(**changes: str) -> dict[str, str]:
    return {"submission": uuid4().hex, "kind": "ical", "address": ADDRESS} | changes


def linked(owner: Desk | Person | User, minutes_ago: int | None = 4, problem: str = "") -> int:
    """A diary with two hours taken tomorrow, last read so many minutes ago."""
    read_at = NOW - timedelta(minutes=minutes_ago or 0)
    spans = [(NOW + timedelta(hours=hours), NOW + timedelta(hours=hours + 1)) for hours in (21, 26)]
    with transaction("tests", Via.COMMAND_LINE):
        diary = diaries.link(owner, Link(DiaryKind.ICAL, ADDRESS), Act("Ada Admin", read_at, Via.STAFF))
        number = diary.id
        claimed = diaries.claim(Act("worker", read_at, Via.WORKER)) if minutes_ago is not None else None
        if claimed is not None:
            found = Found(spans, 0, NOW + timedelta(days=40), None, None)
            diaries.keep(claimed, found, NOW + timedelta(minutes=9), Act("worker", read_at, Via.WORKER))
        if problem and (claimed := diaries.claim(Act("worker", NOW + timedelta(hours=1), Via.WORKER))):
            diaries.fail(claimed, problem, timedelta(hours=1), Act("worker", NOW, Via.WORKER))
    return number


def only() -> Diary:
    db.session.rollback()
    return db.session.query(Diary).one()


def test_an_administrator_links_a_desks_diary_and_the_page_follows_until_it_is_read(
    cast: Cast, sign_in: SignIn
) -> None:
    browser = sign_in(cast.admin)
    assert "Titles, places, names and notes are never kept" in browser.get("/diaries/new").text
    answer = browser.post("/diaries/new", data=form(owner=f"desk:{cast.police_desk.id}"))
    diary = only()
    assert answer.location == f"/diaries/{diary.id}" and diary.desk_id == cast.police_desk.id
    page = browser.get(answer.location).text
    assert "Being read" in page and 'hx-trigger="every 3s"' in page
    assert "calendar.example" in page and "private-token" not in page


def test_a_member_of_staff_links_their_own_and_nobody_elses(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.social_worker)
    refused = browser.post("/diaries/new", data=form(owner=f"desk:{cast.police_desk.id}"))
    assert refused.status_code == 200 and db.session.query(Diary).count() == 0
    browser.post("/diaries/new", data=form(owner=f"user:{cast.social_worker.id}"))
    assert only().user_id == cast.social_worker.id


@pytest.mark.parametrize("page", ["", "/change", "/unlink", "/read"])
def test_the_diary_of_another_is_not_there_for_staff_nor_for_another_authority(
    cast: Cast, sign_in: SignIn, page: str
) -> None:
    number = linked(cast.chair)
    for user in (cast.social_worker, cast.outsider):
        browser = sign_in(user)
        method = browser.post if page == "/read" else browser.get
        assert method(f"/diaries/{number}{page}", data={"submission": uuid4().hex}).status_code == 404
    assert "Your diary is not linked" in sign_in(cast.social_worker).get("/diaries").text


def test_an_owner_of_another_authority_cannot_be_named(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.admin).post("/diaries/new", data=form(owner=f"user:{cast.outsider.id}"))
    assert db.session.query(Diary).count() == 0


def test_a_desk_that_only_serves_us_is_another_authoritys_to_link(cast: Cast, sign_in: SignIn) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        abroad = Agency(authority=cast.outsider.authority, name="Elsewhere Police", sector=Sector.POLICE)
        abroad.served = [Served(authority=cast.authority)]
        desk = Desk(agency=abroad, name="MASH desk", roles=["police"], hours={})
        db.session.add(desk)
        db.session.flush()
        number = desk.id
    browser = sign_in(cast.admin)
    assert f"desk:{number}" not in browser.get("/diaries/new").text
    browser.post("/diaries/new", data=form(owner=f"desk:{number}"))
    assert db.session.query(Diary).count() == 0


def test_a_diary_that_was_read_says_when_and_how_much_and_shows_times_alone(cast: Cast, sign_in: SignIn) -> None:
    number = linked(cast.police_desk)
    browser = sign_in(cast.admin)
    page = browser.get(f"/diaries/{number}").text
    assert "4 minutes ago" in page and "2 busy times in the next 7 days" in page
    assert "Wed 25 Nov 9am" in page and "every 15 minutes" in page
    assert "hx-trigger" not in page.split('id="diary"')[1]
    assert "Every diary is up to date" in browser.get("/diaries").text
    db.session.rollback()
    assert db.session.query(AccessEntry).filter_by(what="diaries", row_id=number).count() == 1


def test_a_stale_diary_says_since_when_and_why(cast: Cast, sign_in: SignIn) -> None:
    number = linked(cast.police_desk, 180, "The server refused the user name or the password.")
    page = sign_in(cast.admin).get(f"/diaries/{number}").text
    assert "Stale" in page and "3 hours ago" in page and "refused the user name or the password" in page
    assert "1 diary is not up to date" in sign_in(cast.admin).get("/diaries").text


def test_a_diary_nobody_comes_round_to_read_is_stale_too(cast: Cast, sign_in: SignIn) -> None:
    number = linked(cast.police_desk, 180)
    page = sign_in(cast.admin).get(f"/diaries/{number}").text
    assert "Stale" in page and "hx-trigger" not in page.split('id="diary"')[1]


def test_a_diary_is_asked_for_again_changed_and_unlinked(cast: Cast, sign_in: SignIn) -> None:
    number = linked(cast.chair)
    browser = sign_in(cast.chair)
    browser.post(f"/diaries/{number}/read", data={"submission": uuid4().hex})
    assert only().due_at == NOW and "Being read" in browser.get(f"/diaries/{number}").text
    assert "private-token" not in browser.get(f"/diaries/{number}/change").text
    changed = form(address="https://other.example/", kind="caldav", username="terry", password="open-sesame")
    assert browser.post(f"/diaries/{number}/change", data=changed).status_code == 303
    assert (only().kind, only().username, only().spans) == (DiaryKind.CALDAV, "terry", [])
    assert "open-sesame" not in browser.get(f"/diaries/{number}/change").text
    assert "Unlink this diary?" in browser.get(f"/diaries/{number}/unlink").text
    browser.post(f"/diaries/{number}/unlink", data={"submission": uuid4().hex})
    db.session.rollback()
    assert db.session.query(Diary).count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": ""}, "Enter the address"),
        ({"address": "calendar"}, "beginning with https://"),
        ({"address": "http://calendar.example/a.ics"}, "must begin with https://, so that nobody on the way"),
        ({"address": "https://192.168.1.4/a.ics"}, "leads into a private network"),
        ({"address": "webcal://[::1]/a.ics"}, "leads into a private network"),
        ({"address": "https://localhost/a.ics"}, "leads into a private network"),
        ({"kind": "caldav"}, "Enter the user name"),
        ({"kind": "post"}, "Not a valid choice"),
        ({"owner": "desk:99999"}, "Not a valid choice"),
        ({"owner": "nonsense"}, "Not a valid choice"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_the_password_is_not_sent_back(
    cast: Cast, sign_in: SignIn, changes: dict[str, str], words: str
) -> None:
    sent = form(owner=f"user:{cast.admin.id}", password="open-sesame") | changes
    answer = sign_in(cast.admin).post("/diaries/new", data=sent)
    assert answer.status_code == 200 and words in answer.text and "open-sesame" not in answer.text


def test_the_list_asks_no_more_of_the_database_however_many_there_are(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.admin)
    linked(cast.police_desk)
    with statements() as few:
        browser.get("/diaries")
    for owner in (cast.health_desk, cast.school_desk, cast.sergeant, cast.chair):
        linked(owner)
    with statements() as many:
        browser.get("/diaries")
    assert many.count == few.count


def test_a_second_diary_of_one_desk_is_remarked_before_and_after(cast: Cast, sign_in: SignIn) -> None:
    admin, mash = sign_in(cast.admin), f"desk:{cast.police_desk.id}"
    assert "has a diary already" not in admin.get("/diaries/new").text
    first = admin.post("/diaries/new", data=form(owner=mash))
    assert "They had a diary already" not in admin.get(first.location).text
    assert "MASH desk (has a diary already)" in plain(admin.get("/diaries/new"))
    second = admin.post("/diaries/new", data=form(owner=mash, address="https://other.example/b.ics"))
    assert "They had a diary already: both are read" in plain(admin.get(second.location))
