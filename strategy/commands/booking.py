"""Holds the booking of a discussion for a waiting child. Asking each invitee is inviting's; moving it, changes'."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import access_lists, agreements, chases, events, inviting, lines, series
from strategy.commands.agreements import Consent
from strategy.commands.inviting import Invitee
from strategy.commands.series import Clock
from strategy.db import db
from strategy.keys import keys
from strategy.models import Child, Contact, Discussion, Need, User
from strategy.policy import calendar_of, parsed
from strategy.references import fresh
from strategy.restrictions import COUNTED
from strategy.rules.nights import is_out_of_hours
from strategy.rules.occasion import held_problem, needs_agreement, place_problem, time_problem
from strategy.rules.policy import Need as PolicyNeed
from strategy.rules.policy import Policy
from strategy.rules.working_time import local_day
from strategy.vocabulary import (
    WAITING_MOVES,
    DiscussionKind,
    DiscussionState,
    EventVerb,
    Mode,
    StaffRole,
    Waiting,
    may_move,
)


@dataclass(frozen=True, slots=True)
class ChildEntry:
    """A child as typed: ``id`` of one the contact has, None for a sibling to add. ``born`` is an ISO date."""

    id: int | None = None
    case_reference: str | None = None
    name: str | None = None
    born: str | None = None
    unborn: bool = False
    school: str | None = None
    gp: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a booking decides. Moments are aware.

    ``invitees`` are the agencies; chair, social worker and minute-taker are asked too. ``left_out`` gives, by code of
    the need, why nobody (or not the suggested role) is invited for it. ``now``: by phone this minute. ``reference`` is
    one held ready; another is taken when it has gone. ``consent``: the managers who agree that there is no meeting.
    ``alongside`` are references of discussions that have the time of a desk asked here, beside which the convener goes
    ahead (commands.lines). ``entered``: it was held already, at those true times, and is only written down: nobody is
    told, asked, or asked again.
    """

    kind: DiscussionKind
    mode: Mode
    starts_at: datetime
    ends_at: datetime
    chair: User
    social_worker: User
    minute_taker: User | None = None
    children: Sequence[ChildEntry] = ()
    invitees: Sequence[Invitee] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    join_url: str | None = None
    dial_in: str | None = None
    place: str | None = None
    direction: str | None = None
    direction_due_at: datetime | None = None
    late_reason: str | None = None
    now: bool = False
    reference: str | None = None
    consent: Consent = agreements.NONE
    alongside: Container[str] = lines.NOTHING
    entered: bool = False

    @property
    def staff(self) -> tuple[Invitee, ...]:
        """The authority's own people, each in their part."""
        parts = [("chair", True, self.chair), ("social-worker", True, self.social_worker)]
        if self.minute_taker:
            parts.append(("minute-taker", False, self.minute_taker))
        return tuple(Invitee(role=role, required=required, user=user) for role, required, user in parts)


def book(contact: Contact, plan: Plan, convener: User, act: Act) -> Discussion:
    """Fix the discussion against the contact's own clock and policy, and ask everybody, out of a desk's hours who
    stands in for it. Raises Refused.

    Once a discussion was held on the contact it is a follow-up: against the clock of the one owed, if any, and the
    contact stays held.
    """
    clock = series.clock_of(contact, plan.starts_at, act.at)
    needs = parsed(contact.policy.text).needs_of(plan.kind, tuple(contact.concerns), local_day(plan.starts_at))
    _refuse(contact, plan, clock, needs, act)
    children = _children(contact, plan.children)
    if not plan.entered:
        plan = replace(plan, invitees=inviting.at_time(plan.invitees, contact, plan.starts_at, plan.ends_at))
    alongside = lines.EVERYTHING if plan.now or plan.entered else plan.alongside
    clashes = lines.take(inviting.claims(plan.invitees, plan.starts_at, plan.ends_at), contact.authority_id, alongside)
    discussion = _row(contact, plan, convener, clock, act)
    db.session.add(discussion)
    discussion.needs = [_need(need, plan) for need in needs]
    discussion.children = children
    db.session.flush()
    _keep_state(contact)
    _tell_trail(discussion, plan, act)
    agreements.record(discussion, plan.consent, act)
    access_lists.admit_parts(discussion, act)
    series.book(discussion, act)
    ask = inviting.record if plan.entered else inviting.invite
    if not plan.entered:
        lines.record(discussion, clashes, act)
    for invitee in (*plan.staff, *plan.invitees):
        ask(discussion, invitee, act)
    chases.replan_contact(contact, act)
    return discussion


def _refuse(contact: Contact, plan: Plan, clock: Clock, needs: Sequence[PolicyNeed], act: Act) -> None:
    policy = parsed(contact.policy.text)
    _refuse_state(contact, plan)
    _refuse_occasion(contact, plan, act)
    _refuse_staff(plan)
    _refuse_direction(plan, act)
    _refuse_lateness(clock, plan, policy)
    _refuse_without_agreement(contact, plan, policy)
    _refuse_gaps(needs, plan)


def _refuse_state(contact: Contact, plan: Plan) -> None:
    if contact.state is not Waiting.HELD and not may_move(WAITING_MOVES, contact.state, Waiting.BOOKED):
        raise Refused("A discussion can be booked once, and only for a contact that has been decided")
    series.refuse_kind(contact, plan.kind)


def _keep_state(contact: Contact) -> None:
    """Booked, unless its first discussion was held: a follow-up makes no child wait again."""
    if contact.state is not Waiting.HELD:
        contact.state = Waiting.BOOKED
    contact.revision += 1


def _refuse_occasion(contact: Contact, plan: Plan, act: Act) -> None:
    # Held now: it starts this very moment, which for anything booked would be too late.
    before = act.at - timedelta(microseconds=1) if plan.now else act.at
    problem = time_problem(plan.starts_at, plan.ends_at, before) or place_problem(plan.mode, plan.join_url, plan.place)
    if plan.entered:  # when it ended is judged as it is ended
        problem = held_problem(plan.starts_at, plan.starts_at, contact.received_at, act.at)
    if problem is not None:
        raise Refused(problem.reason, problem.field)


def _refuse_staff(plan: Plan) -> None:
    if not plan.chair.holds(StaffRole.CHAIR):
        raise Refused("Choose a chair from the list", "chair")
    if not plan.social_worker.holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR):
        raise Refused("Choose a social worker from the list", "social_worker")
    if plan.social_worker.id == plan.chair.id:
        raise Refused("The chair and the social worker are two people: choose somebody else", "social_worker")
    if plan.minute_taker is not None and plan.minute_taker.id == plan.chair.id:
        raise Refused("The chair cannot take the minutes too: choose somebody else", "minute_taker")


def _refuse_direction(plan: Plan, act: Act) -> None:
    if plan.direction_due_at is not None and not plan.direction:
        raise Refused("Write the direction this date is for", "direction")
    if plan.direction and plan.direction_due_at is None:
        raise Refused("Give the direction a date and time", "direction_due_at")
    if plan.direction_due_at is not None and plan.direction_due_at <= act.at:
        raise Refused("The direction's date must be still to come", "direction_due_at")


def _refuse_without_agreement(contact: Contact, plan: Plan, policy: Policy) -> None:
    """One held this minute waits for nobody's agreement: it is asked for before it ends."""
    if not (plan.now or plan.entered) and needs_agreement(plan.mode, policy, contact.concerns):
        agreements.refuse_lacking(plan.consent)


def _refuse_lateness(clock: Clock, plan: Plan, policy: Policy) -> None:
    if not clock.targeted or plan.starts_at <= clock.due_at:
        return
    if plan.late_reason not in policy.delay_reasons:
        raise Refused("This is after the target: choose the reason for the delay", "late_reason")


def _refuse_gaps(needs: Sequence[PolicyNeed], plan: Plan) -> None:
    asked = {invitee.role for invitee in (*plan.staff, *plan.invitees)}
    for need in needs:
        if not asked & set(need.roles) and not plan.left_out.get(need.code, "").strip():
            raise Refused(f"{need.label}: invite somebody, or say why nobody is invited", f"left_out_{need.code}")


def _row(contact: Contact, plan: Plan, convener: User, clock: Clock, act: Act) -> Discussion:
    discussion = Discussion(
        authority_id=contact.authority_id,
        contact=contact,
        policy=contact.policy,
        reference=_reference(contact.authority_id, plan.reference),
        kind=plan.kind,
        mode=plan.mode,
        state=DiscussionState.CONVENED,
        concerns=list(contact.concerns),
        urgent=clock.urgent or plan.now,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        sequence=0,
        revision=1,
        convener=convener,
        chair=plan.chair,
        social_worker=plan.social_worker,
        minute_taker=plan.minute_taker,
        booked_at=act.at,
    )
    discussion.entered_at = act.at if plan.entered else None
    discussion.emergency = _is_emergency(plan, contact)
    discussion.direction, discussion.direction_due_at = plan.direction, plan.direction_due_at
    discussion.join_url, discussion.dial_in, discussion.place = plan.join_url, plan.dial_in, plan.place
    _copy_clock(discussion, clock, plan)
    return discussion


def _is_emergency(plan: Plan, contact: Contact) -> bool:
    """The first discussion, at once and by phone, out of the authority's hours: policy asks for a full one after it."""
    at_once = (plan.now or plan.entered) and plan.mode is Mode.PHONE and plan.kind is DiscussionKind.INITIAL
    return at_once and is_out_of_hours(plan.starts_at, calendar_of(contact.policy.text))


def _copy_clock(discussion: Discussion, clock: Clock, plan: Plan) -> None:
    """The target is there before the booking, which starts no clock. Lateness is kept only where there is any."""
    discussion.clock_started_at, discussion.warn_at = clock.started_at, clock.warn_at
    discussion.due_at, discussion.has_target = clock.due_at, clock.targeted
    discussion.rule, discussion.rule_source = clock.rule, clock.source
    discussion.late_reason = plan.late_reason if discussion.is_late(plan.starts_at) else None


def _reference(authority_id: int, held: str | None = None) -> str:
    mine = select(Discussion.id).where(Discussion.authority_id == authority_id).execution_options(**COUNTED)

    def taken(reference: str) -> bool:
        return db.session.scalar(mine.where(Discussion.reference == reference)) is not None

    return held if held and not taken(held) else fresh(taken)


def _need(need: PolicyNeed, plan: Plan) -> Need:
    reason = plan.left_out.get(need.code, "").strip() or None
    return Need(code=need.code, words=need.label, roles=list(need.roles), left_out_reason=reason)


def _children(contact: Contact, entries: Sequence[ChildEntry]) -> list[Child]:
    """The discussion's children: those of the contact as they were typed now, and the siblings added."""
    known = {child.id: child for child in contact.children}
    if any(entry.id is not None and entry.id not in known for entry in entries):
        raise Refused("The children of this contact have changed: check them again")
    for entry in entries:
        child = Child() if entry.id is None else known[entry.id]
        case = " ".join((entry.case_reference or "").split()) or None
        child.case_reference, child.case_index = case, keys().blind(case) if case else None
        child.name, child.born, child.unborn = entry.name, entry.born, entry.unborn
        child.school, child.gp = entry.school, entry.gp
        if entry.id is None:
            contact.children.append(child)
    return list(contact.children)


def _tell_trail(discussion: Discussion, plan: Plan, act: Act) -> None:
    mode = "Booked and started at once by phone" if plan.now else f"Booked: {plan.mode.words.lower()}"
    facts = {"starts_at": plan.starts_at.isoformat(), "late_reason": discussion.late_reason}
    verb = EventVerb.BOOKED
    if plan.entered:
        when = f"{dates.short(plan.starts_at)} to {dates.until(plan.ends_at, plan.starts_at)}"
        verb, mode = EventVerb.ENTERED_AFTERWARDS, f"Entered afterwards: held {when}, {plan.mode.words.lower()}"
    events.add(verb, mode, act, discussion=discussion, contact=discussion.contact, facts=facts)
    for need in discussion.needs:
        if need.left_out_reason:
            words = f"Left out, with a reason: {need.words}"
            events.add(EventVerb.LEFT_OUT, words, act, discussion=discussion, facts={"need": need.code})
