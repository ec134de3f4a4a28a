"""Proposed times on the pages of booking and moving, and a desk that another discussion has."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.clock import now
from strategy.db import db, transaction
from strategy.models import Contact, Discussion, Event, Implicated, User
from strategy.vocabulary import EventVerb, InvitationState, Via
from tests.booked import booked
from tests.cast import Cast
from tests.commands.stories import waiting_child
from tests.convened import STARTS_AT
from tests.views.booking_pages import fill, fresh, send, when, who
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]
FRIDAY = datetime(2026, 11, 27, 10, 10, tzinfo=UTC)
AT_HALF_PAST_THREE = when(starts_at="2026-11-27T15:30")


@pytest.fixture
def friday(cast: Cast) -> Iterator[None]:
    """It is Friday, 10:10am."""
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def browser(friday: None, cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.social_worker)


def wait(cast: Cast, *concerns: str, case: str = "4471-A") -> int:
    with transaction("Sam Worker", Via.STAFF) as act:
        return waiting_child(cast, act, *concerns, case=case).id


@pytest.fixture
def contact_id(browser: FlaskClient, cast: Cast) -> int:
    return wait(cast)


@pytest.fixture
def other(browser: FlaskClient, cast: Cast) -> str:
    """The reference of a discussion at 3:30pm that has the police and health desks."""
    with transaction("Sam Worker", Via.STAFF):
        return booked(cast, when=FRIDAY, starts_at=STARTS_AT, case="4490-D").reference


def when_page(browser: FlaskClient, cast: Cast, contact_id: int) -> Walker:
    browser.post(f"/contacts/{contact_id}/book/who", data=who(cast))
    walker = Walker(browser)
    walker.open(f"/contacts/{contact_id}/book/when")
    return walker


def _form(walker: Walker, button: str = "Continue") -> dict[str, list[str]]:
    return walker.page.form(button)[0].fields


def test_the_times_say_who_can_and_what_time_is_left(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    words = when_page(browser, cast, contact_id).page.words
    assert "Today 12:15pm, everyone can · 2 h 05 min notice · 76 h 45 min before the warning" in words
    assert "Today 10:30am, everyone can · 20 min notice, which is short" in words


def test_a_time_without_somebody_says_who_and_why(
    browser: FlaskClient, cast: Cast, contact_id: int, other: str
) -> None:
    fill(browser, cast, contact_id, when=AT_HALF_PAST_THREE)
    page = browser.get(f"/contacts/{contact_id}/book/check").text
    assert "Does not suit" in page
    assert "Police, Health 0–19 / school nurse, Terry Example and Sam Worker (asked to another discussion)" in page


def test_another_length_shows_other_times_and_keeps_what_was_typed(
    browser: FlaskClient, cast: Cast, contact_id: int, other: str
) -> None:
    walker = when_page(browser, cast, contact_id)
    assert "Today 1pm, everyone can" in walker.page.words
    walker.send("Show times for this length", minutes="60", place="Room 4", slot="2026-11-27T13:00:00+00:00")
    assert "Today 1:15pm, everyone can" in walker.page.words and "Today 1pm" not in walker.page.words
    assert _form(walker)["place"] == ["Room 4"]
    assert _form(walker)["minutes"] == ["60"]
    assert _form(walker)["slot"] == ["2026-11-27T12:15:00+00:00"]


def test_a_time_still_offered_stays_chosen_for_another_length(
    browser: FlaskClient, cast: Cast, contact_id: int
) -> None:
    walker = when_page(browser, cast, contact_id)
    walker.send("Show times for this length", minutes="30", slot="2026-11-27T10:30:00+00:00")
    assert _form(walker)["slot"] == ["2026-11-27T10:30:00+00:00"]


def test_the_times_follow_by_themselves_where_scripts_run(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    browser.post(f"/contacts/{contact_id}/book/who", data=who(cast))
    page = browser.get(f"/contacts/{contact_id}/book/when").text
    assert 'hx-select="#times"' in page and 'id="times"' in page
    assert "<noscript>" in page


def test_when_nothing_fits_it_says_what_breaks_and_whom_to_ring(cast: Cast, sign_in: SignIn) -> None:
    with time_machine.travel(FRIDAY.replace(hour=20), tick=False):
        contact_id, browser = wait(cast, "immediate-risk"), sign_in(cast.social_worker)
        browser.post(f"/contacts/{contact_id}/book/who", data=who(cast))
        page = browser.get(f"/contacts/{contact_id}/book/when").text
    assert "No time before the target has everybody the quorum needs" in page
    assert "no quorum: without Health 0–19 / school nurse (shut)" in page
    assert "after the target" in page  # Monday at 9, when they open
    assert f'href="tel:{cast.police_desk.phone}"' in page
    assert "shut now, opens Mon 30 Nov 9am" in page
    assert f'href="/contacts/{contact_id}/hold-now"' in page


def test_the_one_who_comes_second_is_told_offered_the_next_time_and_may_take_it(
    browser: FlaskClient, cast: Cast, contact_id: int, other: str
) -> None:
    fill(browser, cast, contact_id, when=AT_HALF_PAST_THREE)
    refused = send(browser, contact_id)
    assert refused.status_code == 200
    assert f"MASH desk is asked to {other} then (3:30pm to 4:15pm, convened by Terry Example)" in refused.text
    assert "4490" not in refused.text
    fresh()
    assert not db.session.get_one(Contact, contact_id).discussions
    walker = Walker(browser)
    walker.open(f"/contacts/{contact_id}/book/check")
    walker.send("Take this time instead")
    assert "Today 12:15pm" not in walker.page.words and "12:15pm to 1pm" in walker.page.words
    walker.send("Send invitations")
    fresh()
    assert db.session.get_one(Contact, contact_id).discussions[0].starts_at == FRIDAY.replace(hour=12, minute=15)


def test_it_may_go_ahead_all_the_same(browser: FlaskClient, cast: Cast, contact_id: int, other: str) -> None:
    fill(browser, cast, contact_id, when=AT_HALF_PAST_THREE)
    walker = Walker(browser)
    walker.open(f"/contacts/{contact_id}/book/check")
    walker.send("Send invitations", alongside="y")
    assert "on their way" in walker.page.words
    fresh()
    assert db.session.scalars(select(Event).where(Event.verb == EventVerb.DOUBLE_BOOKED)).all()


def test_a_box_ticked_for_one_discussion_does_not_count_for_another(
    browser: FlaskClient, cast: Cast, contact_id: int, other: str
) -> None:
    fill(browser, cast, contact_id, when=AT_HALF_PAST_THREE)
    walker = Walker(browser)
    walker.open(f"/contacts/{contact_id}/book/check")
    with transaction("Sam Worker", Via.STAFF):
        third = booked(cast, when=FRIDAY, starts_at=STARTS_AT, case="4499-E").reference
    walker.send("Send invitations", alongside="y")
    assert f"is asked to {third} then" in walker.page.words
    assert "alongside" not in _form(walker, "Send invitations")
    walker.send("Send invitations", alongside="y")
    assert "on their way" in walker.page.words


def test_moving_offers_times_and_takes_one(browser: FlaskClient, cast: Cast, other: str) -> None:
    fresh()
    discussion = db.session.scalars(select(Discussion)).one()
    walker = Walker(browser)
    walker.open(f"/discussions/{discussion.id}/move")
    assert "Today 12:15pm, everyone can" in walker.page.words
    walker.send("Move it and tell everybody", slot="2026-11-27T12:15:00+00:00", reason="waiting-for-partner")
    fresh()
    moved = db.session.scalars(select(Discussion)).one()
    assert (moved.starts_at, moved.ends_at - moved.starts_at) == (
        FRIDAY.replace(hour=12, minute=15),
        timedelta(minutes=45),
    )


def test_a_move_onto_another_discussion_is_told_and_can_go_ahead(browser: FlaskClient, cast: Cast, other: str) -> None:
    with transaction("Sam Worker", Via.STAFF):
        mine = booked(cast, when=FRIDAY, starts_at=STARTS_AT - timedelta(hours=2), case="4499-E").id
    walker = Walker(browser)
    walker.open(f"/discussions/{mine}/move")
    typed = {"starts_at": "2026-11-27T15:45", "ends_at": "2026-11-27T16:30", "reason": "waiting-for-partner"}
    walker.send("Move it and tell everybody", typed)
    assert f"MASH desk is asked to {other} then" in walker.page.words
    walker.send("Move it and tell everybody", alongside="y")
    fresh()
    assert db.session.get_one(Discussion, mine).starts_at == STARTS_AT + timedelta(minutes=15)


def test_inviting_a_desk_another_discussion_has_is_told_and_can_go_ahead(
    browser: FlaskClient, cast: Cast, other: str
) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        mine = booked(cast, when=FRIDAY, starts_at=STARTS_AT, case="4499-E")
        police = next(one for one in mine.invitations if one.role == "police")
        police.state, police.withdrawn_at, mine_id = InvitationState.WITHDRAWN, act.at, mine.id
    walker = Walker(browser)
    walker.open(f"/discussions/{mine_id}/invite")
    walker.send("Send invitation", invitee=f"police/desk:{cast.police_desk.id}")
    assert f"MASH desk is asked to {other} then" in walker.page.words
    assert f"/discussions/{mine_id}/move" in [href for _, href in walker.page.links]
    walker.send("Send invitation", alongside="y")
    assert "Recorded: Invited Police" in walker.page.words
    assert now() == FRIDAY


def test_who_is_implicated_learns_of_the_other_discussion_no_more_than_that_there_is_one(
    browser: FlaskClient, cast: Cast, other: str
) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        mine = booked(cast, when=FRIDAY, starts_at=STARTS_AT - timedelta(hours=2), case="4499-E").id
        theirs = db.session.scalars(select(Discussion).where(Discussion.reference == other)).one()
        theirs.contact.implicated.append(
            Implicated(user_id=cast.social_worker.id, reason="Made up", by="x", at=act.at),
        )
    walker = Walker(browser)
    walker.open(f"/discussions/{mine}/move")
    typed = {"starts_at": "2026-11-27T15:45", "ends_at": "2026-11-27T16:30", "reason": "waiting-for-partner"}
    walker.send("Move it and tell everybody", typed)
    assert other not in walker.page.words and "convened by" not in walker.page.words
    assert "MASH desk is asked to a restricted discussion then" in walker.page.words
    walker.send("Move it and tell everybody", alongside="y")
    fresh()
    assert db.session.get_one(Discussion, mine).starts_at == STARTS_AT + timedelta(minutes=15)
