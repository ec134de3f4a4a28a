"""Information, decisions, actions and the signature."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from strategy.act import Refused
from strategy.commands import holding, record
from strategy.commands.holding import Ending
from strategy.db import begin_writing, db
from strategy.models import Action, Discussion, Event, Message
from strategy.vocabulary import ActionState, Attendance, DecisionCode, DiscussionState, MessageReason
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast

LATER = STARTS + timedelta(minutes=20)
DUE = STARTS + timedelta(days=1)


@pytest.fixture
def writing(cast: Cast) -> None:
    """Let the test write, as a command's caller does."""
    begin_writing()


@pytest.fixture
def running(cast: Cast, writing: None) -> Discussion:
    """A discussion everybody joined."""
    discussion = booked(cast)
    holding.start(discussion, at(STARTS, cast))
    for invitation in discussion.invitations:
        holding.mark(invitation, Attendance.ATTENDED, at(STARTS, cast))
    return discussion


def _hold(discussion: Discussion, cast: Cast) -> None:
    holding.finish(discussion, Ending(STARTS, LATER), at(LATER, cast))


def _action(discussion: Discussion, cast: Cast, owner: str = "Dee Sergeant") -> Action:
    return record.add_action(discussion, asked(discussion, "police"), "Check the address", owner, DUE, at(LATER, cast))


def test_nothing_is_written_before_the_start(cast: Cast, writing: None) -> None:
    discussion = booked(cast)
    act = at(STARTS, cast)
    with pytest.raises(Refused):
        record.share(asked(discussion, "police"), "Known", act)
    with pytest.raises(Refused):
        record.decide(discussion, DecisionCode.THRESHOLD_MET, "Because", act)
    with pytest.raises(Refused):
        record.add_action(discussion, asked(discussion, "police"), "Ring", "Dee", DUE, act)


def test_information_belongs_to_the_agency_that_shared_it(running: Discussion, cast: Cast) -> None:
    said = record.share(asked(running, "police"), " Two earlier reports ", at(LATER, cast))
    assert (said.text, said.invitation.role, said.written_by) == ("Two earlier reports", "police", "Terry Example")
    right = record.reword(said, "Three earlier reports", at(LATER, cast))
    assert (right.text, right.invitation.role) == ("Three earlier reports", "police")


def test_putting_information_right_keeps_what_it_said_before(running: Discussion, cast: Cast) -> None:
    said = record.share(asked(running, "police"), "Two earlier reports", at(LATER, cast))
    right = record.reword(said, "Three earlier reports", at(LATER, cast))
    assert (said.text, said.replaced_by) == ("Two earlier reports", right)
    with pytest.raises(Refused, match="Somebody changed"):
        record.reword(said, "Four earlier reports", at(LATER, cast))


def test_an_action_somebody_else_changed_meanwhile_is_not_changed_over_it(running: Discussion, cast: Cast) -> None:
    action = _action(running, cast)
    record.amend_action(action, action.invitation, "Check both addresses", "Dee", DUE, 1, at(LATER, cast))
    with pytest.raises(Refused, match="Somebody changed"):
        record.amend_action(action, action.invitation, "Check nothing", "Dee", DUE, 1, at(LATER, cast))
    assert action.what == "Check both addresses"


def test_a_decision_needs_its_rationale(running: Discussion, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        record.decide(running, DecisionCode.THRESHOLD_MET, "  ", at(LATER, cast))
    assert refused.value.field == "rationale"


def test_decisions_neither_repeat_nor_contradict_each_other(running: Discussion, cast: Cast) -> None:
    first = record.decide(running, DecisionCode.S47_JOINT, "A crime may have been committed", at(LATER, cast))
    for code in (DecisionCode.S47_JOINT, DecisionCode.NO_S47, DecisionCode.S47_SINGLE):
        with pytest.raises(Refused) as refused:
            record.decide(running, code, "Because", at(LATER, cast))
        assert refused.value.field == "code"
    record.withdraw_decision(first, at(LATER, cast))
    record.decide(running, DecisionCode.NO_S47, "On reflection", at(LATER, cast))
    assert [one.code for one in record.standing(running)] == [DecisionCode.NO_S47]
    assert len(running.decisions) == 2


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=-1)])
def test_an_action_is_due_in_the_future(running: Discussion, cast: Cast, late: timedelta) -> None:
    with pytest.raises(Refused) as refused:
        record.add_action(running, asked(running, "police"), "Ring", "Dee", LATER + late, at(LATER, cast))
    assert refused.value.field == "due_at"


def test_an_action_is_owned_by_somebody_invited_to_this_discussion(running: Discussion, cast: Cast) -> None:
    other = booked(cast, case="9-B", starts_at=STARTS + timedelta(hours=2))
    with pytest.raises(Refused) as refused:
        record.add_action(running, asked(other, "police"), "Ring", "Dee", DUE, at(LATER, cast))
    assert refused.value.field == "invitation_id"


def test_an_action_added_after_the_end_goes_out_at_once(running: Discussion, cast: Cast) -> None:
    _hold(running, cast)
    action = _action(running, cast)
    messages = db.session.scalars(select(Message).where(Message.reason == MessageReason.ACTION)).all()
    assert len(messages) == 2
    record.amend_action(action, action.invitation, "Check both addresses", "Dee Sergeant", DUE, 1, at(LATER, cast))
    assert len(db.session.scalars(select(Message).where(Message.reason == MessageReason.ACTION)).all()) == 2
    record.amend_action(
        action, asked(running, "health-0-19"), "Check both addresses", "Nat Nurse", DUE, 2, at(LATER, cast)
    )
    assert len(db.session.scalars(select(Message).where(Message.reason == MessageReason.ACTION)).all()) == 4


def test_an_overdue_action_keeps_its_time_while_its_owner_is_put_right(running: Discussion, cast: Cast) -> None:
    action = _action(running, cast, owner="")
    past = at(DUE + timedelta(hours=1), cast)
    record.amend_action(action, action.invitation, action.what, "Dee Sergeant", DUE, 1, past)
    assert action.owner == "Dee Sergeant"
    with pytest.raises(Refused):
        record.amend_action(action, action.invitation, action.what, "Dee", DUE + timedelta(minutes=5), 2, past)


def test_done_needs_evidence_and_can_be_undone(running: Discussion, cast: Cast) -> None:
    action = _action(running, cast)
    with pytest.raises(Refused):
        record.complete(action, " ", at(LATER, cast))
    record.complete(action, "Log 42", at(LATER, cast))
    assert (action.state, action.evidence, action.ended_at) == (ActionState.DONE, "Log 42", LATER)
    with pytest.raises(Refused, match="already done"):
        record.complete(action, "Again", at(LATER, cast))
    record.reopen(action, at(LATER, cast))
    assert (action.state, action.evidence, action.ended_at, action.ended_by) == (ActionState.OPEN, None, None, None)


def test_an_action_no_longer_needed_says_why(running: Discussion, cast: Cast) -> None:
    action = _action(running, cast)
    with pytest.raises(Refused):
        record.cancel(action, "", at(LATER, cast))
    record.cancel(action, "The family moved away", at(LATER, cast))
    assert action.state is ActionState.CANCELLED


def test_only_its_chair_signs_and_only_once_it_was_held(running: Discussion, cast: Cast) -> None:
    record.decide(running, DecisionCode.THRESHOLD_MET, "Because", at(LATER, cast))
    with pytest.raises(Refused, match="held"):
        record.sign(running, at(LATER, cast))
    _hold(running, cast)
    somebody = at(LATER, cast)
    with pytest.raises(Refused, match="Terry Example"):
        record.sign(running, type(somebody)(by="Sam Worker", at=LATER, via=somebody.via, user_id=cast.social_worker.id))
    with pytest.raises(Refused, match="no agency's information and no action"):
        record.sign(running, at(LATER, cast))
    record.sign(running, at(LATER, cast), thin_is_meant=True)
    assert (running.state, running.signed_at, running.signed_by) == (DiscussionState.SIGNED, LATER, "Terry Example")


def test_nothing_decided_is_not_signed(running: Discussion, cast: Cast) -> None:
    withdrawn = record.decide(running, DecisionCode.THRESHOLD_MET, "Because", at(LATER, cast))
    record.withdraw_decision(withdrawn, at(LATER, cast))
    _hold(running, cast)
    with pytest.raises(Refused, match="no decision"):
        record.sign(running, at(LATER, cast))


def test_an_action_without_owner_is_not_signed(running: Discussion, cast: Cast) -> None:
    record.decide(running, DecisionCode.THRESHOLD_MET, "Because", at(LATER, cast))
    action = _action(running, cast, owner="  ")
    _hold(running, cast)
    with pytest.raises(Refused, match="1 open action has no owner"):
        record.sign(running, at(LATER, cast))
    record.amend_action(action, action.invitation, action.what, "Dee Sergeant", DUE, 1, at(LATER, cast))
    record.sign(running, at(LATER, cast))


def test_what_is_signed_is_only_added_to(running: Discussion, cast: Cast) -> None:
    said = record.share(asked(running, "police"), "Known", at(LATER, cast))
    decision = record.decide(running, DecisionCode.NO_S47, "Because", at(LATER, cast))
    _hold(running, cast)
    record.sign(running, at(LATER, cast))
    with pytest.raises(Refused, match="signed"):
        record.reword(said, "Unknown", at(LATER, cast))
    with pytest.raises(Refused, match="signed"):
        record.withdraw_decision(decision, at(LATER, cast))
    with pytest.raises(Refused, match="signed"):
        holding.mark(asked(running, "police"), Attendance.APOLOGIES, at(LATER, cast))
    record.share(asked(running, "police"), "A later report", at(LATER, cast))
    record.decide(running, DecisionCode.S47_JOINT, "New information", at(LATER, cast))
    assert len(running.contributions) == 2
    assert len(record.standing(running)) == 2


def test_the_timeline_names_neither_decision_nor_narrative(running: Discussion, cast: Cast) -> None:
    record.share(asked(running, "police"), "Marker phrase", at(LATER, cast))
    record.decide(running, DecisionCode.S47_JOINT, "Marker phrase", at(LATER, cast))
    _action(running, cast)
    texts = db.session.scalars(select(Event.text)).all()
    assert not any("Marker" in text or "47" in text or "address" in text for text in texts)
