"""Who of ours is asked to ring: of a restricted contact only somebody who may open it."""

from datetime import timedelta

import pytest

from strategy.commands import access_lists
from strategy.db import begin_writing, db
from strategy.models import Contact, Discussion, User
from strategy.queries import rungs
from strategy.vocabulary import InvitationState
from tests.booked import BOOKED, asked, at, booked, waiting
from tests.cast import Cast


@pytest.fixture
def discussion(cast: Cast) -> Discussion:
    """The chair chairs it and convened it; the social worker comes."""
    begin_writing()
    return booked(cast)


def close(contact: Contact, cast: Cast, *people: User) -> None:
    origin = waiting(cast, at(BOOKED, cast), "4480-C")
    access_lists.restrict(contact, origin, people, at(BOOKED + timedelta(minutes=1), cast))
    db.session.flush()


def caller(discussion: Discussion, role: str = "police") -> User:
    return rungs.caller(asked(discussion, role))


def test_the_chair_rings_while_they_may_open_it(discussion: Discussion, cast: Cast) -> None:
    assert caller(discussion) is cast.chair
    close(discussion.contact, cast, cast.chair, cast.leader)
    assert caller(discussion) is cast.chair


def test_a_chair_who_may_not_open_it_does_not_ring_and_who_may_does(discussion: Discussion, cast: Cast) -> None:
    discussion.convener = cast.social_worker
    close(discussion.contact, cast, cast.social_worker, cast.leader)
    assert caller(discussion) is cast.social_worker


def test_of_those_who_could_ring_instead_only_who_is_on_the_list_is_asked(discussion: Discussion, cast: Cast) -> None:
    asked(discussion, "chair").state = InvitationState.DECLINED
    assert caller(discussion) is cast.leader
    other = User(
        authority_id=cast.authority.id,
        email="cass@exampleshire.example",
        full_name="Cass Colleague",
        job_title="Team manager",
        active=True,
        fs_uniquifier="cass",
        roles=list(cast.chair.roles),
    )
    db.session.add(other)
    db.session.flush()
    assert caller(discussion) is other  # another chair comes before a leader
    close(discussion.contact, cast, cast.leader, cast.social_worker)
    assert caller(discussion) is cast.leader


def test_who_was_taken_off_the_list_does_not_ring(discussion: Discussion, cast: Cast) -> None:
    discussion.convener = cast.social_worker
    close(discussion.contact, cast, cast.chair, cast.social_worker)
    assert caller(discussion) is cast.chair
    now = at(BOOKED + timedelta(minutes=2), cast)
    row = next(one for one in discussion.contact.access_list if one.user is cast.chair)
    row.removed_at, row.removed_by, row.removed_reason = now.at, now.by, "Moved on"
    db.session.flush()
    assert caller(discussion) is cast.social_worker
