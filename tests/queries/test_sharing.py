"""How the children who wait could share the desks."""

from collections.abc import Callable
from datetime import timedelta

from strategy.act import Act
from strategy.commands import booking
from strategy.db import transaction
from strategy.queries import sharing
from strategy.vocabulary import Via
from tests.cast import Cast
from tests.commands.stories import THURSDAY, plan, waiting_child

ActMaker = Callable[..., Act]


def test_the_urgent_child_goes_first_and_nobody_has_a_desk_at_once(cast: Cast, act: ActMaker) -> None:
    now = act(at=THURSDAY)
    with transaction("Sam Worker", Via.STAFF):
        slow = waiting_child(cast, now, case="4471-A").reference
        urgent = waiting_child(cast, now, "immediate-risk", case="4480-C").reference
    first, second = sharing.plan(cast.authority.id, THURSDAY)
    assert [one.contact.reference for one in (first, second)] == [urgent, slow]
    assert first.in_time and second.in_time
    assert first.starts_at == THURSDAY + timedelta(minutes=15)
    assert second.starts_at == THURSDAY + timedelta(minutes=60)  # the one police desk and the one chair are free again


def test_what_is_booked_already_is_left_in_place(cast: Cast, act: ActMaker) -> None:
    now = act(at=THURSDAY)
    with transaction("Sam Worker", Via.STAFF):
        starts_at = THURSDAY + timedelta(minutes=10)
        booked = plan(cast, THURSDAY, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45))
        booking.book(waiting_child(cast, now), booked, cast.social_worker, now)
        waiting_child(cast, now, case="4480-C")
    (only,) = sharing.plan(cast.authority.id, THURSDAY)
    assert only.starts_at == booked.ends_at


def test_nobody_waiting_needs_no_plan_and_another_authority_sees_none(cast: Cast, act: ActMaker) -> None:
    assert sharing.plan(cast.authority.id, THURSDAY) == []
    with transaction("Sam Worker", Via.STAFF):
        waiting_child(cast, act(at=THURSDAY))
    assert sharing.plan(cast.outsider.authority_id, THURSDAY) == []
