"""Moves a booked discussion, and stands one down. Both are told to everybody who was told of it."""

from collections.abc import Container
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import (
    agreements,
    calls,
    chases,
    events,
    exceptions,
    inviting,
    lines,
    messages,
    news_of_changes,
    readdressing,
    recipients,
    series,
    starts,
)
from strategy.commands.agreements import Consent
from strategy.models import Discussion, Invitation
from strategy.policy import parsed
from strategy.queries.clashes import Claim, Clash
from strategy.rules.occasion import place_problem, time_problem
from strategy.vocabulary import (
    INVITATION_MOVES,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    Mode,
    Waiting,
    may_move,
)

# What speaks of the old time. Word to the convener and actions stay true.
_ABOUT_THE_TIME = frozenset(set(MessageReason) - {MessageReason.CONVENER, MessageReason.ACTION})


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and where a discussion is. Moments are aware; the names are the discussion's own."""

    starts_at: datetime
    ends_at: datetime
    mode: Mode
    join_url: str | None = None
    dial_in: str | None = None
    place: str | None = None


def move(
    discussion: Discussion,
    to: Occasion,
    reason: str,
    revision: int,
    act: Act,
    alongside: Container[str] = lines.NOTHING,
    consent: Consent = agreements.NONE,
) -> None:
    """Give the discussion another time, or another way to join; everybody is told by the same diary entry.

    ``reason`` is a code of the policy's reasons for our own delay; it becomes the discussion's own when the new start
    is past the target. One that was started and to which nobody came is moved too. At a new time partners are asked
    again, out of a desk's hours who stands in for it, and their ladders begin again; a new way to join alone changes
    no answer. Raises Refused with what stands in the way; ``revision`` is the one the editor saw, ``alongside`` the
    discussions beside which they go ahead (commands.lines), ``consent`` the managers who agree to a phone call where
    policy asks for a meeting.
    """
    _refuse_settled(discussion, revision)
    _refuse_occasion(discussion, to, act)
    _refuse_without_agreement(discussion, to, consent)
    words = _reason_words(discussion, reason)
    starts.take_back(discussion, act)
    before = Occasion(**{part.name: getattr(discussion, part.name) for part in fields(Occasion)})
    moved = (before.starts_at, before.ends_at) != (to.starts_at, to.ends_at)
    clashes = _take(discussion, to, alongside) if moved else []
    messages.void(act, discussion=discussion, reasons=_ABOUT_THE_TIME)
    # while it still has the time they were asked for: that is what is off for them
    leaving = readdressing.take_back(discussion, to.starts_at, to.ends_at, act) if moved else {}
    for part in fields(to):
        setattr(discussion, part.name, getattr(to, part.name))
    _next_version(discussion)
    _keep_target(discussion, reason)
    agreements.record(discussion, consent, act)
    what = _move_words(before, discussion) if moved else "How to join was changed"
    facts = {"from": before.starts_at.isoformat(), "to": to.starts_at.isoformat(), "reason": reason}
    events.add(EventVerb.MOVED, f"{what}: {words}", act, discussion=discussion, facts=facts)
    lines.record(discussion, clashes, act)
    # Taken before answers are opened again: who was named as deputy for the old time is told of the new one too.
    others = {invitation.id: recipients.besides(invitation) for invitation in news_of_changes.live(discussion)}
    if moved:
        _open_again(discussion, to.starts_at - before.starts_at, act)
    news_of_changes.tell_everybody(discussion, others, before.starts_at if moved else None, act)
    readdressing.ask(discussion, leaving, act)
    chases.replan_all(discussion, act)


def _take(discussion: Discussion, to: Occasion, alongside: Container[str]) -> list[Clash]:
    return lines.take(claims_of(discussion, to), discussion.authority_id, alongside, discussion.id)


def _refuse_without_agreement(discussion: Discussion, to: Occasion, consent: Consent) -> None:
    if to.mode is not discussion.mode and agreements.needed(discussion, to.mode):
        agreements.refuse_lacking(consent)


def _open_again(discussion: Discussion, by: timedelta, act: Act) -> None:
    inviting.look_for_needs(discussion)
    for invitation in news_of_changes.live(discussion):
        _ask_again(invitation, by, act)
    if discussion.exception is not None:
        exceptions.take_back(discussion, act)  # it was granted for a time that could not wait


def stand_down(discussion: Discussion, reason: str, revision: int, act: Act) -> None:
    """Call the discussion off: diaries are cleared, nothing more is sent or chased, the child waits again.

    Raises Refused when somebody is marked as there, when it was held or stood down already, was changed since
    ``revision``, which the editor saw, and without a reason.
    """
    _refuse_settled(discussion, revision)
    if not reason.strip():
        raise Refused("Say why the discussion is stood down", "reason")
    starts.take_back(discussion, act)
    discussion.state = DiscussionState.STOOD_DOWN
    discussion.stood_down_at = act.at
    discussion.stood_down_reason = reason.strip()
    _next_version(discussion)
    events.add(
        EventVerb.STOOD_DOWN,
        f"Stood down: it was to be held {dates.short(discussion.starts_at)}",
        act,
        discussion=discussion,
    )
    messages.void(act, discussion=discussion, reasons=_ABOUT_THE_TIME)
    for invitation in news_of_changes.live(discussion):
        calls.void(invitation, act)
        if recipients.was_told(invitation):
            news_of_changes.tell_cancel(invitation, act)
    convener = news_of_changes.convener_to_tell(discussion, act)
    if convener is not None:
        messages.queue(
            "cancel", convener, news_of_changes.live(discussion)[0], MessageReason.CANCEL, act, key="convener"
        )
    _wait_again(discussion, act)
    series.free(discussion, act)
    chases.replan_all(discussion, act)


def claims_of(discussion: Discussion, to: Occasion) -> list[Claim]:
    """The time of partners the new occasion takes: of those who are asked at it."""
    asked = [right for _, right in readdressing.asked_at(discussion, to.starts_at, to.ends_at)]
    return [Claim(one.desk, one.person, to.starts_at, to.ends_at) for one in asked]


def _refuse_settled(discussion: Discussion, revision: int) -> None:
    if discussion.state is DiscussionState.STOOD_DOWN:
        raise Refused("This discussion was stood down already")
    if discussion.state is not DiscussionState.CONVENED:
        raise Refused("This discussion was held already")
    if discussion.revision != revision:
        raise Refused(
            "Somebody changed this discussion while you were looking at it. Read it as it is now, then try again"
        )


def _refuse_occasion(discussion: Discussion, to: Occasion, act: Act) -> None:
    found = time_problem(to.starts_at, to.ends_at, act.at) or place_problem(to.mode, to.join_url, to.place)
    if found is not None:
        raise Refused(found.reason, found.field)
    if all(getattr(discussion, part.name) == getattr(to, part.name) for part in fields(to)):
        raise Refused("Nothing was changed: give it another time, or another way to join", "starts_at")


def _keep_target(discussion: Discussion, reason: str) -> None:
    """Past its target it has a reason; a date that was only agreed moves along."""
    if not discussion.has_target:
        discussion.due_at = discussion.starts_at
    elif discussion.is_late(discussion.starts_at):
        discussion.late_reason = reason


def _reason_words(discussion: Discussion, reason: str) -> str:
    words = parsed(discussion.policy.text).delay_reasons.get(reason)
    if words is None:
        raise Refused("Choose why it is moved", "reason")
    return words


def _next_version(discussion: Discussion) -> None:
    """One number drives SEQUENCE, mail, text and page (in-the-wild 9); the other tells editors of each other."""
    discussion.sequence += 1
    discussion.revision += 1


def _move_words(before: Occasion, discussion: Discussion) -> str:
    late = ", past its target" if discussion.is_late(discussion.starts_at) else ""
    return f"Moved from {dates.short(before.starts_at)} to {dates.short(discussion.starts_at)}{late}"


def _ask_again(invitation: Invitation, by: timedelta, act: Act) -> None:
    """Open the invitation for the new time: what was answered was answered for the old one (staff stay as they are)."""
    about = invitation.discussion
    invitation.needed_from, invitation.needed_until = readdressing.part_of(
        invitation, by, about.starts_at, about.ends_at
    )
    invitation.chased_from = act.at
    calls.void(invitation, act)
    # whose child it is does not hang on the time
    unmoved = (InvitationState.INVITED, InvitationState.NOT_OURS)
    if invitation.user_id is not None or invitation.state in unmoved:
        return
    if not may_move(INVITATION_MOVES, invitation.state, InvitationState.INVITED):
        raise Refused("An invitation of this discussion cannot be opened again")
    invitation.state = InvitationState.INVITED
    invitation.attendee_name = invitation.attendee_role = invitation.attendee_contact = None
    invitation.answered_at = invitation.named_at = None
    invitation.unverified = False


def _wait_again(discussion: Discussion, act: Act) -> None:
    """The child waits again unless another discussion on the same contact stands."""
    contact = discussion.contact
    others = [each for each in contact.discussions if each.id != discussion.id]
    if contact.state is not Waiting.BOOKED or any(each.state is not DiscussionState.STOOD_DOWN for each in others):
        return
    contact.state = Waiting.DECIDED
    contact.revision += 1
    events.add(EventVerb.CONTACT_CHANGED, "Waiting for a discussion again", act, contact=contact)
