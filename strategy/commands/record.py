"""Holds how the record is written and signed: information, decisions, actions. Who was there is holding.py's."""

from datetime import datetime

from strategy.act import Act, Refused
from strategy.commands import chases, circulating, enquiries, events, owners
from strategy.db import db
from strategy.models import Action, Contribution, Decision, Discussion, Invitation
from strategy.queries import conflicts
from strategy.vocabulary import (
    ACTION_MOVES,
    DISCUSSION_MOVES,
    ActionState,
    DecisionCode,
    DiscussionState,
    EventVerb,
    InvitationState,
    may_move,
)

# What cannot both be decided about the same children at the same table.
_CONTRADICTIONS: tuple[frozenset[DecisionCode], ...] = (
    frozenset({DecisionCode.NO_S47, DecisionCode.S47_SINGLE}),
    frozenset({DecisionCode.NO_S47, DecisionCode.S47_JOINT}),
    frozenset({DecisionCode.S47_SINGLE, DecisionCode.S47_JOINT}),
    frozenset({DecisionCode.NO_FURTHER_ACTION, DecisionCode.S47_SINGLE}),
    frozenset({DecisionCode.NO_FURTHER_ACTION, DecisionCode.S47_JOINT}),
)
_MEANWHILE = "Somebody changed this while you were looking at it."
_HELD = frozenset({DiscussionState.HELD, DiscussionState.SIGNED})


def standing(discussion: Discussion) -> list[Decision]:
    """The decisions that were not withdrawn, in the order they were made."""
    return [one for one in discussion.decisions if one.withdrawn_at is None]


def share(invitation: Invitation, text: str, act: Act) -> Contribution:
    """Write down what one agency said, in its name. After the signature this appends a correction."""
    _refuse_unless_written(invitation.discussion)
    if invitation.state is InvitationState.WITHDRAWN:
        raise Refused("This invitation was withdrawn.", "invitation_id")
    if not text.strip():
        raise Refused("Write what they shared", "text")
    contribution = _written(invitation, text, act)
    events.add(EventVerb.INFORMATION_SHARED, f"{invitation.role_words} shared information.", act, invitation=invitation)
    _circulate_again(invitation.discussion, act)
    return contribution


def reword(contribution: Contribution, text: str, act: Act) -> Contribution:
    """Put what was written down right: a new row stands in its place and the old wording is kept (domain section 7).

    Raises Refused once it is signed, and when somebody else has put the same words right meanwhile.
    """
    _refuse_when_signed(contribution.discussion)
    if contribution.replaced_by is not None:
        raise Refused(f"{_MEANWHILE} Go back and read it as it is now", "text")
    if not text.strip():
        raise Refused("Write what they shared", "text")
    invitation = contribution.invitation
    contribution.replaced_by = _written(invitation, text, act)
    # what the agency said of its information stays with it, whoever mends a word
    contribution.replaced_by.basis = contribution.basis
    contribution.replaced_by.restricted = contribution.restricted
    contribution.replaced_by.third_party = contribution.third_party
    words = f"{invitation.role_words}: information put right."
    events.add(EventVerb.INFORMATION_SHARED, words, act, invitation=invitation)
    return contribution.replaced_by


def decide(discussion: Discussion, code: DecisionCode, rationale: str, act: Act) -> Decision:
    """Record a decision with its rationale (domain section 7). After the signature this appends."""
    _refuse_unless_written(discussion)
    if not rationale.strip():
        raise Refused("Say why: every decision needs its rationale", "rationale")
    for other in standing(discussion) if discussion.state is not DiscussionState.SIGNED else ():
        if other.code is code:
            raise Refused("This decision is already recorded. Withdraw it first to change its rationale.", "code")
        if frozenset({other.code, code}) in _CONTRADICTIONS:
            raise Refused(f"This contradicts “{other.code.words}”. Withdraw that one first.", "code")
    decision = Decision(discussion=discussion, code=code, rationale=rationale.strip(), by=act.by, at=act.at)
    db.session.add(decision)
    # The timeline names no decision: it is shown where the record is not.
    events.add(EventVerb.DECISION_RECORDED, "A decision was recorded.", act, discussion=discussion)
    if code in enquiries.SECTION_47 and discussion.state in _HELD:
        enquiries.begin(discussion, act)  # written down after the end: the conference's clock runs all the same
    _circulate_again(discussion, act)
    return decision


def withdraw_decision(decision: Decision, act: Act) -> None:
    """Take a decision back before the signature; it stays, marked as withdrawn."""
    _refuse_when_signed(decision.discussion)
    if decision.withdrawn_at is not None:
        return
    decision.withdrawn_at = act.at
    events.add(EventVerb.DECISION_RECORDED, "A decision was withdrawn.", act, discussion=decision.discussion)
    if decision.code in enquiries.SECTION_47 and decision.discussion.state in _HELD:
        enquiries.take_back(decision.discussion, act)


def add_action(
    discussion: Discussion, invitation: Invitation, what: str, owner: str, due_at: datetime, act: Act
) -> Action:
    """Record who does what by when. ``owner`` may stay empty until the signature, ``due_at`` may not.

    It goes to its owner when the discussion ends, or at once when it has ended: nobody is texted at the table.
    """
    _refuse_unless_written(discussion)
    _refuse_poor_action(discussion, invitation, what, due_at, act)
    action = Action(
        discussion=discussion,
        invitation=invitation,
        what=what.strip(),
        owner=owner.strip(),
        due_at=due_at,
        state=ActionState.OPEN,
        created_at=act.at,
    )
    db.session.add(action)
    db.session.flush()  # the message's key holds its id
    events.add(
        EventVerb.ACTION_RECORDED, f"{invitation.role_words}: an action was recorded.", act, invitation=invitation
    )
    if discussion.state in _HELD:
        owners.tell(action, act)
    return action


def amend_action(
    action: Action, invitation: Invitation, what: str, owner: str, due_at: datetime, revision: int, act: Act
) -> None:
    """Change an open action. The owner hears of it when it became theirs or its time changed.

    Raises Refused when it was changed since ``revision``, which the editor saw.
    """
    if action.revision != revision:
        raise Refused(f"{_MEANWHILE} Open the action again", "what")
    if action.state is not ActionState.OPEN:
        raise Refused("Only an open action can be changed. Reopen it first.", "what")
    # an action already overdue may keep its time while its owner or words are put right
    if due_at != action.due_at:
        _refuse_past(due_at, act)
    _refuse_foreign(action.discussion, invitation)
    if not what.strip():
        raise Refused("Say what is to be done", "what")
    action.invitation, action.what = invitation, what.strip()
    action.owner, action.due_at = owner.strip(), due_at
    _changed(action, "changed", act)
    if action.discussion.state in _HELD:
        db.session.flush()
        owners.tell(action, act)


def complete(action: Action, evidence: str, act: Act) -> None:
    """Done, and how one can see that it is."""
    if not evidence.strip():
        raise Refused("Say how one can see that it is done", "evidence")
    _end(action, ActionState.DONE, evidence, "done", act)


def cancel(action: Action, reason: str, act: Act) -> None:
    """Not needed any more, and why."""
    if not reason.strip():
        raise Refused("Say why it is no longer needed", "evidence")
    _end(action, ActionState.CANCELLED, reason, "no longer needed", act)


def reopen(action: Action, act: Act) -> None:
    """Undo: somebody ticked the wrong one."""
    _move(action, ActionState.OPEN)
    action.evidence = action.ended_at = action.ended_by = None
    _changed(action, "reopened", act)
    chases.replan_action(action, act)


def sign(discussion: Discussion, act: Act, *, thin_is_meant: bool = False) -> None:
    """The chair signs the record. From here on nothing in it is overwritten, only added to.

    Raises Refused for anybody but its chair, without a decision, late without a reason, while an open action has no
    owner, and once for a record with neither information nor action in it, unless that is meant.
    """
    if not may_move(DISCUSSION_MOVES, discussion.state, DiscussionState.SIGNED):
        raise Refused("Only a discussion that was held and is not signed yet can be signed.")
    if act.user_id != discussion.chair_id:
        raise Refused(f"Only its chair, {discussion.chair.full_name}, can sign the record.")
    if not standing(discussion):
        raise Refused("There is no decision yet. Record what was decided and why, then sign.")
    if discussion.started_at is not None and discussion.is_late(discussion.started_at) and not discussion.late_reason:
        raise Refused("It was held past its target. Give the reason for the delay, then sign.")
    ownerless = sum(1 for one in discussion.actions if one.state is ActionState.OPEN and not one.owner.strip())
    if ownerless:
        raise Refused(f"{ownerless} open action{' has' if ownerless == 1 else 's have'} no owner. Name one, then sign.")
    if not discussion.contributions and not discussion.actions and not thin_is_meant:
        raise Refused("The record holds no agency's information and no action. Confirm that this is meant.", "meant")
    discussion.state = DiscussionState.SIGNED
    discussion.signed_at, discussion.signed_by = act.at, act.by
    discussion.revision += 1
    events.add(EventVerb.SIGNED, "The chair signed the record.", act, discussion=discussion)
    circulating.circulate(discussion, act)


def _circulate_again(discussion: Discussion, act: Act) -> None:
    """Whoever had it signed hears that there is more of it now."""
    if discussion.state is DiscussionState.SIGNED:
        circulating.circulate(discussion, act, added=True)


def _written(invitation: Invitation, text: str, act: Act) -> Contribution:
    contribution = Contribution(
        discussion=invitation.discussion,
        invitation=invitation,
        text=text.strip(),
        written_by=act.by,
        via=act.via,
        at=act.at,
    )
    db.session.add(contribution)
    db.session.flush()
    return contribution


def _end(action: Action, state: ActionState, words: str, happened: str, act: Act) -> None:
    _move(action, state)
    action.evidence = words.strip()
    action.ended_at, action.ended_by = act.at, act.by
    _changed(action, happened, act)
    chases.replan_action(action, act)


def _move(action: Action, state: ActionState) -> None:
    if not may_move(ACTION_MOVES, action.state, state):
        raise Refused(f"This action is already {action.state.words.lower()}.")
    action.state = state


def _changed(action: Action, happened: str, act: Act) -> None:
    action.revision += 1
    words = f"{action.invitation.role_words}: an action is {happened}."
    events.add(EventVerb.ACTION_CHANGED, words, act, invitation=action.invitation)


def _refuse_unless_written(discussion: Discussion) -> None:
    if discussion.state is DiscussionState.STOOD_DOWN:
        raise Refused("This discussion was stood down.")
    if discussion.state is DiscussionState.CONVENED and discussion.started_at is None:
        raise Refused("Start the discussion first.")


def _refuse_when_signed(discussion: Discussion) -> None:
    if discussion.state is DiscussionState.SIGNED:
        raise Refused("The record is signed. Add to it instead: nothing signed is overwritten.")


def _refuse_poor_action(discussion: Discussion, invitation: Invitation, what: str, due_at: datetime, act: Act) -> None:
    if not what.strip():
        raise Refused("Say what is to be done", "what")
    _refuse_foreign(discussion, invitation)
    _refuse_past(due_at, act)


def _refuse_foreign(discussion: Discussion, invitation: Invitation) -> None:
    if invitation.discussion_id != discussion.id or invitation.state is InvitationState.WITHDRAWN:
        raise Refused("Choose somebody who was invited", "invitation_id")
    if conflicts.closed(invitation):
        raise Refused(f"Whoever was invited there {conflicts.WHY}: choose somebody else", "invitation_id")


def _refuse_past(due_at: datetime, act: Act) -> None:
    if due_at <= act.at:
        raise Refused("The time it is due must be in the future", "due_at")
