"""Holds reminding the owners of actions, before they are due and after. Who climbs when nothing happens is others'."""

from strategy.act import Act
from strategy.commands import chases, events, owners, taking
from strategy.models import Action, Chase
from strategy.queries import prompts
from strategy.queries.chasing import Due
from strategy.rules.chase import Step
from strategy.vocabulary import EventVerb


def remind(due: Due, act: Act) -> str | None:
    """Remind the owner of the action that row is about; what was done, or None when somebody else was first."""
    chase = taking.take(due, act)
    if chase is None or chase.action is None:
        return None
    action = chase.action
    step = prompts.next_reminder(action, act.at)
    done = "nothing was due any more"
    if step is not None and step.due_at <= act.at:
        done = _remind(chase, action, step, act)
    chases.replan_action(action, act)
    return f"{action.discussion.reference}: {done}"


def _remind(chase: Chase, action: Action, step: Step, act: Act) -> str:
    owners.remind(action, act, late=bool(step.rung))
    words = f"{action.invitation.role_words}: reminded of an action {'overdue' if step.rung else 'due soon'}"
    taking.record(chase, step, words, act)
    events.add(EventVerb.REMINDED, words, act, invitation=action.invitation)
    return words
