"""Calls: asked once a step, closed once, taken away when nobody needs to ring any more."""

import pytest

from strategy.act import Refused
from strategy.commands import calls
from strategy.db import db
from strategy.models import CallTask, Discussion, Event
from strategy.vocabulary import CallOutcome, CallState, EventVerb
from tests.cast import Cast
from tests.convened import invited, staff_act

NUMBER = "+447700900001"


def ask(discussion: Discussion, cast: Cast, key: str = "step", role: str = "police") -> CallTask:
    return calls.ask(invited(discussion, role), "MASH desk", NUMBER, "Nobody answers", staff_act(cast), key=key)


def test_a_call_is_the_conveners_unless_it_is_said_whose(discussion: Discussion, cast: Cast) -> None:
    assert ask(discussion, cast).for_user is cast.social_worker
    police = invited(discussion, "police")
    task = calls.ask(police, "MASH desk", None, "Why", staff_act(cast), key="chair", for_user=cast.chair)
    assert task.for_user is cast.chair and task.state is CallState.OPEN


def test_asking_twice_for_one_step_is_one_call_even_once_it_is_made(discussion: Discussion, cast: Cast) -> None:
    task = ask(discussion, cast)
    calls.close(task, CallOutcome.REACHED, staff_act(cast))
    assert ask(discussion, cast) is task
    assert ask(discussion, cast, key="other") is not task
    assert ask(discussion, cast, role="education") is not task
    asked = db.session.query(Event).filter_by(verb=EventVerb.CALL_ASKED)
    assert asked.count() == 3


def test_a_call_made_says_who_rang_and_what_came_of_it(discussion: Discussion, cast: Cast) -> None:
    task = ask(discussion, cast)
    act = staff_act(cast, chair=True)
    calls.close(task, CallOutcome.NO_REPLY, act)
    assert (task.state, task.outcome, task.ended_by, task.ended_at) == (
        CallState.DONE,
        CallOutcome.NO_REPLY,
        "Terry Example",
        act.at,
    )


def test_a_call_over_cannot_be_closed_again(discussion: Discussion, cast: Cast) -> None:
    task = ask(discussion, cast)
    calls.close(task, CallOutcome.REACHED, staff_act(cast))
    with pytest.raises(Refused, match="over already") as refusal:
        calls.close(task, CallOutcome.NO_REPLY, staff_act(cast))
    assert refusal.value.field == "outcome" and task.outcome is CallOutcome.REACHED


def test_voiding_takes_open_calls_of_that_invitation_alone(discussion: Discussion, cast: Cast) -> None:
    made, waiting, other = (
        ask(discussion, cast, "a"),
        ask(discussion, cast, "b"),
        ask(discussion, cast, role="education"),
    )
    calls.close(made, CallOutcome.REACHED, staff_act(cast))
    assert calls.void(invited(discussion, "police"), staff_act(cast)) == 1
    assert (made.state, waiting.state, other.state) == (CallState.DONE, CallState.VOIDED, CallState.OPEN)


def test_voiding_what_the_ladder_asked_for_leaves_the_rest(discussion: Discussion, cast: Cast) -> None:
    climbed, told = ask(discussion, cast, "before:2"), ask(discussion, cast, "1/action/7")
    assert calls.void(invited(discussion, "police"), staff_act(cast), ladder_only=True) == 1
    assert (climbed.state, told.state) == (CallState.VOIDED, CallState.OPEN)


def test_long_words_are_cut_rather_than_losing_the_call(discussion: Discussion, cast: Cast) -> None:
    task = calls.ask(invited(discussion, "police"), "w" * 300, NUMBER, "b" * 400, staff_act(cast), key="long")
    db.session.flush()
    assert (len(task.whom), len(task.because)) == (200, 300)
