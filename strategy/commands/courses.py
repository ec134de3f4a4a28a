"""Holds telling the convener that a discussion's quorum has become doubtful. What they do then is theirs."""

from sqlalchemy import func, select

from strategy.act import Act
from strategy.commands import chases, events, messages, taking
from strategy.db import db
from strategy.models import Chase, ChaseStep, Discussion, Invitation
from strategy.policy import parsed
from strategy.queries import bookings, course_watch
from strategy.queries.chasing import Due
from strategy.rules.chase import Step
from strategy.rules.course_watch import LOST
from strategy.rules.quorum import Outlook
from strategy.vocabulary import EventVerb, InvitationState, MessageReason, StepKind


def tell(due: Due, act: Act) -> str | None:
    """Tell the convener that it is worse, or note that it is better; None when somebody else was first."""
    chase = taking.take(due, act)
    if chase is None or chase.discussion is None:
        return None
    discussion = chase.discussion
    chase.due_at = due.due_at  # as it was planned: that is since when the change has lasted
    step = course_watch.next_step(discussion, act.at, chase)
    done = "nothing was due any more"
    if step is not None and step.due_at <= act.at:
        done = _take(chase, discussion, step, act)
    chases.replan_course(discussion, act)
    return f"{discussion.reference}: {done}"


def _take(chase: Chase, discussion: Discussion, step: Step, act: Act) -> str:
    outlook = bookings.outlook_of(discussion, act.at, course_watch.climbed_out(discussion.invitations))
    if step.kind is StepKind.TELL:
        _tell(discussion, step, outlook, act)
    told = f", told {discussion.convener.full_name}" if step.kind is StepKind.TELL else ""
    words = f"{outlook.course.words.lower()}{told}"
    taking.record(chase, step, words, act)
    facts = {"level": step.rung, "told": step.kind is StepKind.TELL}
    events.add(EventVerb.COURSE_CHANGED, f"Quorum: {words}. {outlook.why}", act, discussion=discussion, facts=facts)
    return words


def _tell(discussion: Discussion, step: Step, outlook: Outlook, act: Act) -> None:
    live = [one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN]
    counted = select(func.count()).where(ChaseStep.discussion_id == discussion.id)
    for about in live[:1]:
        messages.queue(
            "course",
            messages.recipient_for(discussion.convener),
            about,
            MessageReason.COURSE,
            act,
            key=f"{discussion.sequence}:{db.session.scalar(counted)}",
            urgent=True,
            lost=step.rung == LOST,
            near=course_watch.is_near(discussion, act.at),
            sectors=_sectors(discussion, outlook, live),
        )


def _sectors(discussion: Discussion, outlook: Outlook, live: list[Invitation]) -> str:
    """Who is missing, by sector alone: a role can give away what it is about."""
    roles = parsed(discussion.policy.text).roles
    asked = {one.role: one.sector for one in live}
    first = [need.roles[0] for need in outlook.lacking if need.roles and need.roles[0] in roles]
    return ", ".join(dict.fromkeys((asked.get(role) or roles[role].sector).words for role in first))
