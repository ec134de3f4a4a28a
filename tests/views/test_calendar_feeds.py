"""Calendars to subscribe to: whose discussions stand in one, until when, and that no address outlives being revoked."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar

from strategy.commands import calendar_feeds, changes
from strategy.db import db, transaction
from strategy.models import CalendarFeed, Desk, Discussion, Event, Implicated, User
from strategy.queries import calendar_feeds as feeds
from strategy.vocabulary import DiscussionKind, Via
from tests.cast import Cast
from tests.convened import LATER, convene, invited, staff_act

SignIn = Callable[[User], FlaskClient]
CHILD = ("Robin", "Zebedee", "CASE-4471", "standard")


@pytest.fixture
def discussion(cast: Cast) -> Iterator[Discussion]:
    """Convened, and it is twenty minutes later."""
    with time_machine.travel(LATER, tick=False):
        with transaction("tests", Via.COMMAND_LINE):
            found = convene(cast)
            number = found.id
        yield db.session.get_one(Discussion, number)


def made(owner: Desk | User, cast: Cast) -> str:
    """The path of a new address of theirs."""
    with transaction("tests", Via.COMMAND_LINE):
        feed = calendar_feeds.make(owner, staff_act(cast, LATER))
        return f"/calendar/{feeds.token(feed)}.ics"


def entries(client: FlaskClient, path: str) -> dict[str, str]:
    """Reference and status of what stands there."""
    answer = client.get(path)
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.data)
    return {str(one["SUMMARY"]).split()[-1]: str(one["STATUS"]) for one in calendar.walk("VEVENT")}


def change(do: Callable[[], object]) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        do()


def test_each_has_their_own_discussions_and_nobody_elses(
    discussion: Discussion, cast: Cast, client: FlaskClient
) -> None:
    there = {discussion.reference: "CONFIRMED"}
    owners = (cast.social_worker, cast.chair, cast.police_desk, cast.health_desk)
    assert [entries(client, made(owner, cast)) for owner in owners] == [there] * 4
    assert [entries(client, made(owner, cast)) for owner in (cast.leader, cast.outsider)] == [{}, {}]
    with transaction("tests", Via.COMMAND_LINE):
        invited(discussion, "police").desk_id = cast.health_desk.id
    assert entries(client, f"/calendar/{feeds.token(_feed_of(cast.police_desk))}.ics") == {}


def test_an_entry_is_private_in_universal_time_and_says_nothing_of_a_child(
    discussion: Discussion, cast: Cast, client: FlaskClient
) -> None:
    for owner in (cast.chair, cast.police_desk):
        answer = client.get(made(owner, cast))
        [event] = Calendar.from_ical(answer.data).walk("VEVENT")
        assert (event["CLASS"], event["TRANSP"], event["SEQUENCE"]) == ("PRIVATE", "OPAQUE", 0)
        assert b"DTSTART:20261127T153000Z\r\nDTEND:20261127T161500Z\r\n" in answer.data
        assert b"METHOD" not in answer.data
        assert "ATTENDEE" not in event and "meet.example" not in answer.text
        assert not any(word in answer.text for word in CHILD)
        assert ("discussions" in event.get("URL", "")) is (owner is cast.chair)


def test_a_program_that_asks_again_is_told_when_nothing_has_changed(
    discussion: Discussion, cast: Cast, client: FlaskClient
) -> None:
    path = made(cast.chair, cast)
    first = client.get(path)
    assert (first.mimetype, first.headers["Cache-Control"]) == ("text/calendar", "private, max-age=900")
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    change(lambda: setattr(db.session.get_one(Discussion, discussion.id), "sequence", 1))
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_what_is_stood_down_is_shown_as_cancelled_for_a_week(
    discussion: Discussion, cast: Cast, client: FlaskClient
) -> None:
    path, reference = made(cast.police_desk, cast), discussion.reference

    def stand_down() -> None:
        found = db.session.get_one(Discussion, discussion.id)
        changes.stand_down(found, "The child lives elsewhere", found.revision, staff_act(cast, LATER))

    change(stand_down)
    assert entries(client, path) == {reference: "CANCELLED"}
    assert _at(LATER + timedelta(days=6, hours=23), client, path) == {reference: "CANCELLED"}
    assert _at(LATER + timedelta(days=7, minutes=1), client, path) == {}


def _at(moment: datetime, client: FlaskClient, path: str) -> dict[str, str]:
    with time_machine.travel(moment, tick=False):
        return entries(client, path)


def test_what_is_over_leaves_after_a_month(discussion: Discussion, cast: Cast, client: FlaskClient) -> None:
    path = made(cast.chair, cast)
    assert _at(LATER + timedelta(days=29), client, path) and not _at(LATER + timedelta(days=31), client, path)


def test_what_is_restricted_is_closed_to_whoever_is_not_on_its_list(
    discussion: Discussion, cast: Cast, client: FlaskClient
) -> None:
    change(lambda: setattr(db.session.get_one(Discussion, discussion.id).contact, "restricted", True))
    assert [entries(client, made(owner, cast)) for owner in (cast.chair, cast.police_desk)] == [{}, {}]


def test_an_allegation_stands_in_no_desks_calendar(discussion: Discussion, cast: Cast, client: FlaskClient) -> None:
    change(lambda: setattr(db.session.get_one(Discussion, discussion.id), "kind", DiscussionKind.LADO))
    assert entries(client, made(cast.police_desk, cast)) == {}


@pytest.mark.parametrize("who", ["user", "desk", "person"])
def test_what_they_are_implicated_in_is_closed_to_them(
    discussion: Discussion, cast: Cast, client: FlaskClient, who: str
) -> None:
    row = Implicated(contact_id=discussion.contact_id, reason="Named", by="Sam", at=LATER)
    row.user_id = cast.chair.id if who == "user" else None
    row.desk_id = cast.police_desk.id if who == "desk" else None
    row.person_id = cast.inspector.id if who == "person" else None
    change(lambda: db.session.add(row))
    owner = cast.chair if who == "user" else cast.police_desk
    assert entries(client, made(owner, cast)) == {}
    assert entries(client, made(cast.health_desk, cast)) == {discussion.reference: "CONFIRMED"}


def test_a_revoked_address_is_empty_at_once_and_a_new_one_is_another(
    discussion: Discussion, cast: Cast, client: FlaskClient
) -> None:
    path = made(cast.chair, cast)
    number = _feed_of(cast.chair).id
    change(lambda: calendar_feeds.revoke(db.session.get_one(CalendarFeed, number), staff_act(cast, LATER)))
    again = made(cast.chair, cast)
    assert (client.get(path).status_code, client.get(again).status_code, again != path) == (404, 200, True)
    assert client.get("/calendar/ABCDEFGHIJKLM.ics").status_code == 404
    assert client.post(again).status_code == 405


def test_nothing_is_there_for_somebody_who_has_left(discussion: Discussion, cast: Cast, client: FlaskClient) -> None:
    paths = [made(cast.chair, cast), made(cast.police_desk, cast)]
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(User, cast.chair.id).active = False
        db.session.get_one(Desk, cast.police_desk.id).active = False
    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_the_page_makes_shows_and_revokes_my_address(discussion: Discussion, cast: Cast, sign_in: SignIn) -> None:
    mine = sign_in(cast.chair)
    assert "Make an address" in mine.get("/calendars").text
    assert mine.post("/calendars/make", data=_button()).status_code == 303
    page = mine.get("/calendars").text
    [path] = re.findall(r"https://sd\.example(/calendar/[A-Z0-9]{13}\.ics)", page)
    assert mine.get(path).status_code == 200
    assert mine.post("/calendars/make", data=_button()).status_code == 400
    number = _feed_of(cast.chair).id
    assert sign_in(cast.social_worker).post(f"/calendars/{number}/revoke", data=_button()).status_code == 404
    assert mine.post(f"/calendars/{number}/revoke", data=_button()).status_code == 303
    assert mine.get(path).status_code == 404
    assert not any(path.split("/")[2][:13] in text for (text,) in db.session.query(Event.text))


def test_an_administrator_makes_and_revokes_a_desks_address(cast: Cast, sign_in: SignIn) -> None:
    desk = cast.police_desk.id
    assert sign_in(cast.chair).post(f"/calendars/desks/{desk}/make", data=_button()).status_code == 403
    administrator = sign_in(cast.admin)
    assert administrator.post(f"/calendars/desks/{desk}/make", data=_button()).status_code == 303
    [path] = re.findall(r"https://sd\.example(/calendar/[A-Z0-9]{13}\.ics)", administrator.get("/calendars").text)
    number = _feed_of(cast.police_desk).id
    assert sign_in(cast.outsider).post(f"/calendars/{number}/revoke", data=_button()).status_code == 404
    assert administrator.post(f"/calendars/{number}/revoke", data=_button()).status_code == 303
    assert administrator.get(path).status_code == 404


def _button() -> dict[str, str]:
    return {"submission": uuid4().hex}


def _feed_of(owner: Desk | User) -> CalendarFeed:
    """The one that stands, as it is now."""
    owner_id, whose = owner.id, CalendarFeed.user_id if isinstance(owner, User) else CalendarFeed.desk_id
    db.session.rollback()
    return db.session.query(CalendarFeed).filter(whose == owner_id, CalendarFeed.revoked_at.is_(None)).one()
