"""Who may open a restricted contact: named from its first moment, added and taken off with a reason."""

import pytest
from sqlalchemy import select

from strategy.act import Refused
from strategy.commands import access_lists, booking
from strategy.db import db
from strategy.models import Contact, Event, Listed
from strategy.vocabulary import EventVerb
from tests.booked import BOOKED, STARTS, at, waiting
from tests.cast import Cast
from tests.commands.stories import plan


@pytest.fixture
def closed(cast: Cast, writing: None) -> Contact:
    """A contact only its chair and the social worker may open."""
    origin, contact = waiting(cast, at(BOOKED, cast)), waiting(cast, at(BOOKED, cast), "4480-C")
    access_lists.restrict(contact, origin, [cast.chair, cast.social_worker], at(BOOKED, cast))
    db.session.flush()
    return contact


def names(contact: Contact) -> list[str]:
    rows = db.session.scalars(select(Listed).where(Listed.contact_id == contact.id, Listed.removed_at.is_(None)))
    return sorted(one.user.full_name for one in rows)


def test_it_is_closed_at_once_and_the_first_contact_says_nothing_of_it(closed: Contact, cast: Cast) -> None:
    assert (closed.restricted, names(closed)) == (True, ["Sam Worker", "Terry Example"])
    changed = db.session.scalars(select(Event).where(Event.verb == EventVerb.ACCESS_CHANGED)).all()
    assert {event.contact_id for event in changed} == {closed.id}


def test_one_person_alone_cannot_keep_it(cast: Cast, writing: None) -> None:
    origin, contact = waiting(cast, at(BOOKED, cast)), waiting(cast, at(BOOKED, cast), "4480-C")
    with pytest.raises(Refused) as refused:
        access_lists.restrict(contact, origin, [cast.chair, cast.chair], at(BOOKED, cast))
    assert refused.value.field == "manager"


@pytest.mark.parametrize(("who", "field"), [("admin", "user"), ("outsider", "user"), ("chair", "user")])
def test_no_administrator_no_outsider_and_nobody_twice(closed: Contact, cast: Cast, who: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        access_lists.admit(closed, getattr(cast, who), "To look", at(BOOKED, cast))
    assert refused.value.field == field


def test_somebody_is_let_in_and_taken_off_with_a_reason_that_is_kept(closed: Contact, cast: Cast) -> None:
    with pytest.raises(Refused):
        access_lists.admit(closed, cast.leader, " ", at(BOOKED, cast))
    access_lists.admit(closed, cast.leader, "Reviews it", at(BOOKED, cast))
    db.session.flush()
    access_lists.remove(closed, cast.leader, "Reviewed", at(BOOKED, cast))
    db.session.flush()
    assert names(closed) == ["Sam Worker", "Terry Example"]
    kept = next(one for one in closed.access_list if one.user is cast.leader)
    assert (kept.reason, kept.removed_reason, kept.removed_by) == ("Reviews it", "Reviewed", "Terry Example")


def test_the_last_one_stays_and_so_does_who_takes_part(closed: Contact, cast: Cast) -> None:
    booking.book(closed, plan(cast, STARTS), cast.chair, at(BOOKED, cast))
    db.session.flush()
    with pytest.raises(Refused, match="takes part"):
        access_lists.remove(closed, cast.chair, "Left", at(BOOKED, cast))
    other = waiting(cast, at(BOOKED, cast), "4481-D")
    access_lists.restrict(other, closed, [cast.chair, cast.social_worker], at(BOOKED, cast))
    db.session.flush()
    access_lists.remove(other, cast.social_worker, "Left", at(BOOKED, cast))
    with pytest.raises(Refused, match="Somebody must be able"):
        access_lists.remove(other, cast.chair, "Left", at(BOOKED, cast))


def test_who_takes_part_in_its_discussion_is_let_in(cast: Cast, writing: None) -> None:
    origin, contact = waiting(cast, at(BOOKED, cast)), waiting(cast, at(BOOKED, cast), "4480-C")
    access_lists.restrict(contact, origin, [cast.chair, cast.leader], at(BOOKED, cast))
    booking.book(contact, plan(cast, BOOKED), cast.chair, at(BOOKED, cast))
    db.session.flush()
    assert names(contact) == ["Lee Leader", "Sam Worker", "Terry Example"]
