"""Holds the two prompts around the start: the reminder to whoever comes, and that an agency has not joined."""

from collections.abc import Callable

from strategy.act import Act
from strategy.commands import calls, chases, events, messages, recipients, taking
from strategy.models import Chase
from strategy.queries import prompts
from strategy.queries.chasing import Due
from strategy.rules.chase import Step
from strategy.vocabulary import EventVerb, MessageReason

_Deed = Callable[[Chase, Step, Act], str]


def remind(due: Due, act: Act) -> str | None:
    """Remind whoever comes, once; what was done, or None when somebody else was first."""
    return _do(due, act, _remind)


def tell(due: Due, act: Act) -> str | None:
    """Tell an agency that it has started without them, once: the desk, whoever is named, and their deputy."""
    return _do(due, act, _tell)


def _do(due: Due, act: Act, deed: _Deed) -> str | None:
    """Take the row and ask the rules again: facts may have changed since it was planned."""
    chase = taking.take(due, act)
    if chase is None:
        return None
    invitation = chase.asked
    step = prompts.next_step(invitation, chase.kind, act.at)
    done = "nothing was due any more"
    if step is not None and step.due_at <= act.at:
        done = deed(chase, step, act)
    chases.replan(invitation, act)
    return f"{invitation.discussion.reference} {invitation.role}: {done}"


def _remind(chase: Chase, step: Step, act: Act) -> str:
    invitation = chase.asked
    key, reason = f"{invitation.chased_from:%Y%m%dT%H%M%S}", MessageReason.REMINDER
    told = recipients.coming(invitation, act.at)
    for number, one in enumerate(told):
        dial = prompts.dial_in(invitation.discussion)
        messages.queue("reminder", one, invitation, reason, act, key=f"{key}:{number}", dial_in=dial)
    words = f"Reminded {_listed([one.name for one in told])} that it begins soon"
    taking.record(chase, step, words, act)
    events.add(EventVerb.REMINDED, words, act, invitation=invitation)
    return words


def _tell(chase: Chase, step: Step, act: Act) -> str:
    invitation = chase.asked
    discussion = invitation.discussion
    key, reason = f"{invitation.chased_from:%Y%m%dT%H%M%S}", MessageReason.NOT_JOINED
    told = recipients.joining(invitation, act.at)
    reached = [one for one in told if one.reachable]
    for number, one in enumerate(reached):
        messages.queue(
            "started",
            one,
            invitation,
            reason,
            act,
            key=f"{key}:{number}",
            urgent=True,
            dial_in=prompts.dial_in(discussion),
            pressed=discussion.started_at is not None,
        )
    if not reached:
        number_there = next((one.phone for one in told if one.phone), None)
        calls.ask(
            invitation,
            invitation.invitee,
            number_there,
            "It has started, and no mail or text reaches them: ring them in",
            act,
            key=f"{chase.kind}:{key}",
        )
    whom = _listed([one.name for one in reached]) if reached else "nobody, no message reaches them: a call is asked for"
    words = f"Not there {_minutes(chase, act)} minutes in: told {whom}"
    taking.record(chase, step, words, act)
    events.add(EventVerb.NOT_JOINED, words, act, invitation=invitation)
    return words


def _minutes(chase: Chase, act: Act) -> int:
    since = max(chase.asked.needed[0], chase.asked.discussion.starts_at)
    return int((act.at - since).total_seconds() // 60)


def _listed(names: list[str]) -> str:
    return " and ".join(dict.fromkeys(names)) or "nobody"
