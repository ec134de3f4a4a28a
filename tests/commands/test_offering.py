"""Other times a partner offers: kept, told to the convener, taken back; never an answer."""

from datetime import timedelta

import pytest

from strategy.act import Refused
from strategy.commands import changes, offering
from strategy.commands.changes import Occasion
from strategy.commands.offering import Offerer
from strategy.db import db
from strategy.models import Chase, Discussion, Event, Invitation, ProposedWindow
from strategy.queries import offered
from strategy.rules.slots import Span
from strategy.vocabulary import EventVerb, InvitationState, Mode
from tests.cast import Cast
from tests.convened import ENDS_AT, LATER, STARTS_AT, invited, link_act, queued, send_everything, staff_act

JO = Offerer("Jo Sample", "Detective Constable")
HOUR = timedelta(hours=1)
MONDAY: Span = (STARTS_AT + timedelta(days=3), STARTS_AT + timedelta(days=3) + 2 * HOUR)
LATE_TODAY: Span = (STARTS_AT + HOUR, ENDS_AT + HOUR)


@pytest.fixture
def police(discussion: Discussion) -> Invitation:
    """The police desk's invitation, which went out."""
    send_everything()
    return invited(discussion, "police")


def _offer(invitation: Invitation, *windows: Span, after: timedelta = timedelta(0)) -> None:
    offering.offer(invitation, windows, JO, link_act(LATER + after))


def _said(discussion: Discussion) -> list[str]:
    verbs = (EventVerb.TIMES_OFFERED, EventVerb.OFFER_TAKEN_BACK)
    told = db.session.query(Event).filter(Event.discussion_id == discussion.id, Event.verb.in_(verbs))
    return [event.text for event in told.order_by(Event.id)]


def test_an_offer_is_kept_told_to_the_convener_and_is_no_answer(discussion: Discussion, police: Invitation) -> None:
    ladder = db.session.query(Chase.step, Chase.due_at).filter_by(invitation_id=police.id).all()
    _offer(police, MONDAY, LATE_TODAY)
    assert [(one.starts_at, one.by_name) for one in offered.by(police, LATER)] == [
        (LATE_TODAY[0], "Jo Sample"),
        (MONDAY[0], "Jo Sample"),
    ]
    assert _said(discussion) == ["Police offered 2 other times"]
    mail, text = queued(police, "convener")
    assert "Somebody asked (Police) has offered other times" in str(mail.subject)
    assert mail.address == discussion.convener.email and "offered other times" in text.text
    assert (police.state, police.answered_at) == (InvitationState.INVITED, None)
    assert db.session.query(Chase.step, Chase.due_at).filter_by(invitation_id=police.id).all() == ladder


def test_a_new_offer_takes_the_place_of_the_former_and_all_stay_in_the_trail(
    discussion: Discussion, police: Invitation
) -> None:
    _offer(police, MONDAY)
    _offer(police, MONDAY, after=timedelta(minutes=1))  # the same again is no news
    _offer(police, LATE_TODAY, after=timedelta(minutes=2))
    assert [one.starts_at for one in offered.by(police, LATER)] == [LATE_TODAY[0]]
    assert db.session.query(ProposedWindow).count() == 2
    _offer(police, after=timedelta(minutes=3))
    assert offered.by(police, LATER) == []
    assert _said(discussion) == ["Police offered another time"] * 2 + ["Police took its offer of other times back"]


@pytest.mark.parametrize(
    ("windows", "said"),
    [
        ([], "at least one other time"),
        ([(STARTS_AT - 5 * HOUR, STARTS_AT)], "still to come"),
        ([(MONDAY[0], MONDAY[0])], "later than"),
        ([(MONDAY[0], MONDAY[0] + timedelta(minutes=30))], "at least 45 minutes"),
        ([(MONDAY[0] + timedelta(days=14), MONDAY[1] + timedelta(days=14))], "within 14 days"),
        ([(MONDAY[0] + number * HOUR, MONDAY[1] + number * HOUR) for number in range(6)], "5 times at most"),
    ],
)
def test_what_cannot_be_offered_is_refused(police: Invitation, windows: list[Span], said: str) -> None:
    with pytest.raises(Refused, match=said):
        _offer(police, *windows)
    assert db.session.query(ProposedWindow).count() == 0


def test_nothing_is_offered_once_it_has_started_or_without_a_name(police: Invitation) -> None:
    with pytest.raises(Refused, match="only until the meeting starts"):
        offering.offer(police, [MONDAY], JO, link_act(STARTS_AT))
    with pytest.raises(Refused, match="your name"):
        offering.offer(police, [MONDAY], Offerer("", "DC"), link_act(LATER))


def test_moved_to_a_time_they_offered_they_are_told_so_and_nobody_else_is(
    discussion: Discussion, police: Invitation, cast: Cast
) -> None:
    _offer(police, LATE_TODAY)
    to = Occasion(*LATE_TODAY, Mode.VIDEO, "https://meet.example/k7qd")
    changes.move(discussion, to, offering.WHY_MOVED, discussion.revision, staff_act(cast, LATER + timedelta(minutes=5)))
    mail, text = queued(police, "update")
    assert "has moved to a time you offered. Please say who is coming." in mail.text
    assert "moved to Fri 27 Nov 4:30pm, as you offered" in text.text
    others = queued(invited(discussion, "health-0-19"), "update")
    assert others and all("you offered" not in message.text for message in others)
    assert offered.suits(police) and offered.picture(discussion, LATER) is None


def test_a_time_that_is_offered_no_longer_is_said_to_be_so(discussion: Discussion, police: Invitation) -> None:
    _offer(police, MONDAY)
    offering.refuse_unoffered(discussion, MONDAY[0], MONDAY[0] + HOUR)
    _offer(police, after=timedelta(minutes=1))
    with pytest.raises(Refused, match="not offered any more"):
        offering.refuse_unoffered(discussion, MONDAY[0], MONDAY[0] + HOUR)


def test_who_is_needed_for_a_part_offers_a_window_of_its_length_and_the_meeting_moves_so_that_it_falls_there(
    discussion: Discussion, police: Invitation, cast: Cast
) -> None:
    minute = timedelta(minutes=1)
    police.needed_from, police.needed_until = STARTS_AT + 15 * minute, STARTS_AT + 35 * minute
    ten = STARTS_AT + timedelta(days=3) - 5 * HOUR
    with pytest.raises(Refused, match="at least 20 minutes"):
        _offer(police, (ten, ten + 15 * minute))
    _offer(police, (ten, ten + 20 * minute))
    db.session.flush()
    picture = offered.picture(discussion, LATER)
    assert picture is not None
    (choice,) = picture.choices
    assert choice.time.slot.starts_at == ten - 15 * minute
    span = (choice.time.slot.starts_at, choice.time.slot.ends_at)
    offering.refuse_unoffered(discussion, *span)
    with pytest.raises(Refused, match="not offered any more"):
        offering.refuse_unoffered(discussion, ten, ten + 45 * minute)  # the window holds the part, not the start
    to = Occasion(*span, Mode.VIDEO, "https://meet.example/k7qd")
    changes.move(discussion, to, offering.WHY_MOVED, discussion.revision, staff_act(cast, LATER + 5 * minute))
    assert police.needed == (ten, ten + 20 * minute)
    assert offered.suits(police) and "to a time you offered" in queued(police, "update")[0].text


@pytest.mark.parametrize("bound", ["needed_from", "needed_until"])
def test_a_part_with_one_end_moves_along(discussion: Discussion, police: Invitation, cast: Cast, bound: str) -> None:
    setattr(police, bound, STARTS_AT + timedelta(minutes=15))
    to = Occasion(MONDAY[0], MONDAY[0] + timedelta(minutes=45), Mode.VIDEO, "https://meet.example/k7qd")
    changes.move(discussion, to, offering.WHY_MOVED, discussion.revision, staff_act(cast, LATER))
    assert getattr(police, bound) == MONDAY[0] + timedelta(minutes=15)
    assert police.part is not None
