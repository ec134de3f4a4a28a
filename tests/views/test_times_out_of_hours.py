"""The page of times in the evening: who stands in, what a shorter discussion would fit, and what is never chosen."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.commands import offering
from strategy.commands.offering import Offerer
from strategy.db import db, transaction
from strategy.keys import keys
from strategy.models import Contact, Desk, Discussion, User
from strategy.vocabulary import Via
from tests.booked import booked
from tests.browser import plain
from tests.cast import ALWAYS, OFFICE, Cast
from tests.commands.stories import waiting_child
from tests.convened import LATER, STARTS_AT, invited, link_act
from tests.views.booking_pages import fill, fresh, send, when, who
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]
EVENING = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)  # a Thursday
HALF_PAST_SEVEN = "2026-11-26T19:30:00+00:00"


@pytest.fixture
def evening(cast: Cast) -> Iterator[None]:
    """It is Thursday, 6:30pm; police keep office hours and have a desk at night, health answers always."""
    with time_machine.travel(EVENING, tick=False):
        with transaction("tests", Via.COMMAND_LINE):
            police = cast.police_desk
            police.hours, cast.health_desk.hours = OFFICE, ALWAYS
            reached = {"email": "night@police.example", "phone": "+447700900099"}
            police.out_of_hours = Desk(
                agency=police.agency, name="Out-of-hours desk", roles=["police"], hours=ALWAYS, lines=1, **reached
            )
        yield


@pytest.fixture
def contact_id(evening: None, cast: Cast) -> int:
    with transaction("Sam Worker", Via.STAFF) as act:
        return waiting_child(cast, act, "immediate-risk").id


@pytest.fixture
def walker(contact_id: int, cast: Cast, sign_in: SignIn) -> Walker:
    """A browser whose page "who" is answered."""
    browser = sign_in(cast.social_worker)
    browser.post(f"/contacts/{contact_id}/book/who", data=who(cast))
    return Walker(browser)


def test_the_desk_is_suggested_whoever_stands_in_is_named_and_gets_the_invitation(
    contact_id: int, cast: Cast, sign_in: SignIn
) -> None:
    browser = sign_in(cast.social_worker)
    asked = browser.get(f"/contacts/{contact_id}/book/who").text
    assert "MASH desk is shut now: out of its hours Out-of-hours desk is asked." in asked
    fill(browser, cast, contact_id, when=when(slot=HALF_PAST_SEVEN))
    times = plain(browser.get(f"/contacts/{contact_id}/book/when"))
    assert "everyone can, Police through their out-of-hours desk" in times and "(shut)" not in times
    check = plain(browser.get(f"/contacts/{contact_id}/book/check"))
    assert "Out-of-hours desk" in check and "in place of MASH desk, which is shut then" in check
    assert "Mail to night@police.example" in check and "Does not suit" not in check
    assert send(browser, contact_id).status_code == 303
    fresh()
    discussion = db.session.get_one(Contact, contact_id).discussions[0]
    assert invited(discussion, "police").email == "night@police.example"
    trail = plain(browser.get(f"/discussions/{discussion.id}"))
    assert "in place of MASH desk, which is shut then" in trail


def test_where_nothing_fits_the_shorter_length_that_would_is_said_and_one_press_away(
    contact_id: int, cast: Cast, walker: Walker
) -> None:
    hours = {**OFFICE, "thu": ["18:50-19:25"]}
    with transaction("tests", Via.COMMAND_LINE):
        cast.health_desk.hours = hours
    walker.open(f"/contacts/{contact_id}/book/when")
    words = walker.page.words
    assert "30 minutes would fit: Today 6:50pm, everyone can, Police through their out-of-hours desk." in words
    fields = walker.page.form("Continue")[0].fields
    assert fields.get("slot") in (None, [])  # nobody is led to a time without its quorum
    walker.send("Make it 30 minutes, at that time")
    fields = walker.page.form("Continue")[0].fields
    assert (fields["minutes"], fields["slot"]) == (["30"], ["2026-11-26T18:50:00+00:00"])
    assert "would fit" not in walker.page.words


def test_a_move_says_it_too(evening: None, cast: Cast, sign_in: SignIn) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        moving = booked(cast, when=EVENING, starts_at=EVENING + timedelta(days=3)).id
        cast.health_desk.hours = {**{day: [] for day in OFFICE}, "fri": ["10:00-10:30"], "bank_holidays": False}
    page = sign_in(cast.social_worker).get(f"/discussions/{moving}/move")
    assert "30 minutes would fit: Tomorrow 10am, everyone can." in plain(page)
    again = sign_in(cast.social_worker).get(f"/discussions/{moving}/move?minutes=30")
    assert "Tomorrow 10am, everyone can" in plain(again) and "would fit" not in plain(again)


def _offer(convened: int, role: str, begins: datetime, until: datetime) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        found = invited(db.session.get_one(Discussion, convened), role)
        offering.offer(found, [(begins, until)], Offerer("Jo Sample", "DC"), link_act(LATER))


TEN = STARTS_AT.replace(day=30, hour=10, minute=0)
ELEVEN = TEN + timedelta(hours=1)


def test_where_our_chair_is_at_a_time_partners_share_is_said_beside_it(
    browsers: None, convened: int, cast: Cast, sign_in: SignIn
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        other = booked(cast, starts_at=ELEVEN - timedelta(minutes=15), case="4490-D")
        for one in other.invitations:
            one.state = one.state.__class__.DECLINED if one.user_id != cast.chair.id else one.state
        reference = other.reference
    _offer(convened, "police", ELEVEN, ELEVEN + timedelta(minutes=45))
    _offer(convened, "health-0-19", TEN, TEN + timedelta(hours=2))
    words = plain(sign_in(cast.chair).get(f"/discussions/{convened}"))
    first = words[words.index("Other times were offered") :]
    assert first.index("can both do Mon 30 Nov 11am to 11:45am") < first.index("can do Mon 30 Nov 10am")
    assert f"Our chair is at {reference} then (10:45am to 11:30am)." in first
    assert "No quorum" not in first[: first.index("Move it to this time")]


def test_who_offered_other_times_is_not_said_to_be_silent_and_a_used_offer_is_done_with(
    browsers: None, convened: int, cast: Cast, client: FlaskClient, sign_in: SignIn
) -> None:
    _offer(convened, "police", TEN, ELEVEN)
    chair = sign_in(cast.chair)
    words = plain(chair.get(f"/discussions/{convened}"))
    assert "Offered other times Nobody is named for the time it has" in words
    assert "Police : offered other times, nobody named" in words or "Police: offered other times" in words
    walker = Walker(chair)
    walker.open(f"/discussions/{convened}")
    walker.send("Move it to this time: Mon 30 Nov 10am")
    assert "Moved to a time they offered: they are asked who comes" in walker.page.words
    assert "Other times were offered" not in walker.page.words
    db.session.rollback()
    police = invited(db.session.get_one(Discussion, convened), "police")
    page = plain(client.get(f"/a/{keys().token(police.id, police.generation)}/times"))
    assert "The meeting was moved to a time you offered" in page and "Recorded: you offered" not in page
