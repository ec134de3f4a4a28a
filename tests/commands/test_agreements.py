"""Both managers' agreement to a phone call instead of a meeting, and to a series of calls; it never blocks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from strategy.act import Act, Refused
from strategy.commands import agreements, booking, changes, holding
from strategy.commands.agreements import Agreed, Consent
from strategy.models import Discussion
from strategy.vocabulary import Attendance, ManagerSide, Mode
from tests.cast import Cast
from tests.commands.stories import THURSDAY, plan, waiting_child

ActMaker = Callable[..., Act]
BOTH = Consent(
    (
        Agreed(ManagerSide.SOCIAL_CARE, "Lee Leader", "Head of service"),
        Agreed(ManagerSide.PARTNER, "Dee Sergeant", "Detective Sergeant, Exampleshire Police"),
    )
)
HALF = Consent(BOTH.agreed[:1], "The police’s manager is off duty and it cannot wait")


def book(cast: Cast, act: Act, concern: str = "hospital", **changes: Any) -> Discussion:
    contact = waiting_child(cast, act, concern)
    usual: dict[str, Any] = {"mode": Mode.PHONE, "left_out": {"paediatrician": "Rung"}}
    return booking.book(contact, plan(cast, act.at, **(usual | changes)), cast.social_worker, act)


@pytest.mark.parametrize(
    ("concern", "mode", "consent"),
    [
        ("hospital", Mode.PHONE, Consent()),
        ("hospital", Mode.PHONE, Consent(BOTH.agreed[1:])),
        ("standard", Mode.SERIES_OF_CALLS, Consent()),
    ],
)
def test_a_booking_that_is_no_meeting_names_both_managers_or_says_why_not(
    cast: Cast, writing: None, act: ActMaker, concern: str, mode: Mode, consent: Consent
) -> None:
    with pytest.raises(Refused) as refused:
        book(cast, act(at=THURSDAY), concern, mode=mode, consent=consent)
    assert refused.value.field == "without_agreement_reason"


@pytest.mark.parametrize("mode", [Mode.PHONE, Mode.SERIES_OF_CALLS])
def test_who_agreed_is_kept_with_when_and_by_whom_it_was_recorded(
    cast: Cast, writing: None, act: ActMaker, mode: Mode
) -> None:
    discussion = book(cast, act("Sam Worker", at=THURSDAY), mode=mode, consent=BOTH)
    kept = {one.side: (one.name, one.agreed_at, one.recorded_by) for one in discussion.agreements}
    assert kept == {
        ManagerSide.SOCIAL_CARE: ("Lee Leader", THURSDAY, "Sam Worker"),
        ManagerSide.PARTNER: ("Dee Sergeant", THURSDAY, "Sam Worker"),
    }
    assert (agreements.missing(discussion), discussion.without_agreement_reason) == ((), None)


def test_one_manager_and_a_reason_goes_ahead_and_is_shown_as_missing(cast: Cast, writing: None, act: ActMaker) -> None:
    discussion = book(cast, act(at=THURSDAY), consent=HALF)
    assert agreements.missing(discussion) == (ManagerSide.PARTNER,)
    assert discussion.without_agreement_reason == HALF.without_reason
    agreements.add(discussion, BOTH, act(at=THURSDAY + timedelta(minutes=5)))
    assert (agreements.missing(discussion), discussion.without_agreement_reason) == ((), None)


def test_a_phone_call_for_any_other_concern_asks_nobody(cast: Cast, writing: None, act: ActMaker) -> None:
    discussion = book(cast, act(at=THURSDAY), "standard")
    assert (agreements.needed(discussion), list(discussion.agreements)) == (False, [])


def test_held_this_minute_it_waits_for_nobody_and_is_asked_for_before_it_ends(
    cast: Cast, writing: None, act: ActMaker
) -> None:
    now: dict[str, Any] = {"starts_at": THURSDAY, "ends_at": THURSDAY + timedelta(minutes=30), "now": True}
    discussion = book(cast, act(at=THURSDAY), **now)
    holding.start(discussion, act(at=THURSDAY))
    for one in holding.asked(discussion):
        holding.mark(one, Attendance.ATTENDED, act(at=THURSDAY))
    over = act(at=THURSDAY + timedelta(minutes=20))
    with pytest.raises(Refused) as refused:
        holding.finish(discussion, holding.Ending(THURSDAY, over.at), over)
    assert refused.value.field == "without_agreement_reason"
    ending = holding.Ending(THURSDAY, over.at, without_agreement_reason="Nobody on duty answered")
    holding.finish(discussion, ending, over)
    assert discussion.without_agreement_reason == "Nobody on duty answered"


def test_moved_from_a_meeting_to_the_phone_it_is_asked_for(cast: Cast, writing: None, act: ActMaker) -> None:
    discussion = book(cast, act(at=THURSDAY), mode=Mode.VIDEO)
    to = changes.Occasion(discussion.starts_at, discussion.ends_at, Mode.PHONE, dial_in="01632 960500")
    later = act(at=THURSDAY + timedelta(minutes=5))
    with pytest.raises(Refused) as refused:
        changes.move(discussion, to, "no-chair", discussion.revision, later)
    assert refused.value.field == "without_agreement_reason"
    changes.move(discussion, to, "no-chair", discussion.revision, later, consent=BOTH)
    assert agreements.missing(discussion) == ()


def test_nobody_has_agreed_in_the_future(cast: Cast, writing: None, act: ActMaker) -> None:
    discussion = book(cast, act(at=THURSDAY), consent=HALF)
    ahead = Agreed(ManagerSide.PARTNER, "Dee Sergeant", "Detective Sergeant", THURSDAY + timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        agreements.add(discussion, Consent((ahead,)), act(at=THURSDAY))
    assert refused.value.field == "agreed_at"
