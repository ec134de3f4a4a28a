"""Holds the asking of one desk, person or member of staff to one discussion in one role. Who is asked is booking's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from notifications.addresses import display_phone
from strategy.act import Act, Refused
from strategy.commands import calls, chases, events, links, messages
from strategy.db import db
from strategy.models import Agency, Contact, Desk, Discussion, Invitation, Need, Person, User
from strategy.policy import calendar_of, parsed
from strategy.queries import conflicts, covering, standing_in
from strategy.queries.clashes import Claim
from strategy.rules.conflicts import Conflicts
from strategy.rules.policy import Role
from strategy.rules.working_time import local_day
from strategy.vocabulary import DiscussionState, EventVerb, InvitationState, MessageReason

_LONGEST = 200  # the column's


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom to ask, in which role: exactly one of ``desk``, ``person`` and ``user``.

    ``email`` and ``phone`` (E.164) stand in for the directory's, for this invitation only. ``needed_from`` and
    ``needed_until`` are the part of the discussion they are needed for; None is all of it. ``stands_in_for`` is the
    desk that was chosen, where ``desk`` is asked because that one is shut then.
    """

    role: str
    required: bool
    desk: Desk | None = None
    person: Person | None = None
    user: User | None = None
    email: str | None = None
    phone: str | None = None
    needed_from: datetime | None = None
    needed_until: datetime | None = None
    stands_in_for: Desk | None = None

    @property
    def agency(self) -> Agency | None:
        """The organisation asked; None for the authority's own staff."""
        if self.person:
            return self.person.agency
        return self.desk.agency if self.desk else None

    @property
    def words(self) -> str:
        """The invitee as lists show it: "Exampleshire Police: MASH desk"."""
        if self.user:
            return self.user.full_name
        if self.person:
            return f"{self.person.agency.name}: {self.person.name}, {self.person.job_title}"
        return f"{self.desk.agency.name}: {self.desk.name}" if self.desk else ""

    @property
    def reached_at(self) -> tuple[str | None, str | None]:
        """Email and phone this invitation goes to; a person without either is reached through their desk."""
        if self.user:
            return self.email or self.user.email, self.phone or self.user.mobile
        source: Person | Desk | None = self.person or self.desk
        if self.person and self.person.desk and not (self.person.email or self.person.phone):
            source = self.person.desk
        email, phone = (source.email, source.phone) if source else (None, None)
        return self.email or email, self.phone or phone


def look_for_needs(discussion: Discussion) -> None:
    """Ask policy again who has to be there, on the day and for the concerns it has now; nothing asked for is dropped.

    Concerns change, and a discussion may be moved past the day from which a need is asked for.
    """
    policy, day = parsed(discussion.policy.text), local_day(discussion.starts_at)
    have = {need.code for need in discussion.needs}
    for need in policy.needs_of(discussion.kind, tuple(discussion.concerns), day):
        if need.code not in have:
            discussion.needs.append(Need(code=need.code, words=need.label, roles=list(need.roles)))


def invite(discussion: Discussion, invitee: Invitee, act: Act) -> Invitation:
    """Ask them: a row with its own link, a mail and a text in the outbox, and the chase for an answer.

    The authority's own staff are coming unless they say otherwise: they were chosen by the person who booked.
    Nobody reachable by mail or text becomes a call for the convener at once. Raises Refused.
    """
    role = _refuse(discussion, invitee)
    invitation = _row(discussion, invitee, role, act)
    if invitee.user:
        _count_as_coming(invitation, invitee.user, act)
    db.session.add(invitation)
    db.session.flush()
    links.renew(invitation)
    shut = f" ({invitee.stands_in_for.name} is shut then)" if invitee.stands_in_for else ""
    events.add(EventVerb.INVITED, f"Invited {role.label}: {invitation.invitee}{shut}", act, invitation=invitation)
    _tell(invitation, act)
    chases.replan(invitation, act)
    return invitation


def record(discussion: Discussion, invitee: Invitee, act: Act) -> Invitation:
    """Put them on a discussion that was held already: they were asked by word, and nobody tells or chases them now.

    Their link is made all the same: what they are to do afterwards reaches them by it. Raises Refused.
    """
    invitation = _row(discussion, invitee, _refuse(discussion, invitee), act)
    invitation.state = InvitationState.COMING
    if invitee.user:
        invitation.attendee_name, invitation.attendee_role = invitee.user.full_name, invitee.user.job_title
    db.session.add(invitation)
    db.session.flush()
    links.renew(invitation)
    return invitation


def at_time(invitees: Sequence[Invitee], contact: Contact, starts_at: datetime, ends_at: datetime) -> list[Invitee]:
    """The same, by whoever is right for a time: out of a desk's hours who stands in for it. Nobody twice in a role."""
    calendar = calendar_of(contact.policy.text)
    found: dict[tuple[object, ...], Invitee] = {}
    for one in invitees:
        chosen = one.stands_in_for or one.desk
        if chosen is not None and one.person is None and not (one.email or one.phone):
            part = one.needed_from or starts_at, one.needed_until or ends_at
            right = standing_in.right(chosen, contact, *part, calendar)
            one = replace(one, desk=right, stands_in_for=chosen if right is not chosen else None)
        key = one.role, *(each and each.id for each in (one.desk, one.person, one.user))
        before = found.get(key)
        found[key] = replace(one, required=one.required or (before is not None and before.required))
    return list(found.values())


def claims(invitees: Iterable[Invitee], starts_at: datetime, ends_at: datetime) -> list[Claim]:
    """The time of partners that asking them takes: all of it, or the part they are needed for."""
    return [
        Claim(one.desk, one.person, one.needed_from or starts_at, one.needed_until or ends_at)
        for one in invitees
        if one.user is None
    ]


def _refuse(discussion: Discussion, invitee: Invitee) -> Role:
    """The policy's role, or why this cannot be asked."""
    role = parsed(discussion.policy.text).roles.get(invitee.role)
    if role is None:
        raise Refused("The policy of this discussion has no such role", "role")
    if discussion.state is not DiscussionState.CONVENED:
        raise Refused("Only a discussion that is still to be held takes invitations")
    if sum(one is not None for one in (invitee.desk, invitee.person, invitee.user)) != 1:
        raise Refused(f"Choose a desk or a person for {role.label}", "invitee")
    if not _ours(discussion, invitee):
        raise Refused(f"Choose a desk or a person for {role.label} from the directory", "invitee")
    if _barred(conflicts.of(discussion.contact), invitee):
        raise Refused(f"Whoever is chosen for {role.label} {conflicts.WHY}: choose somebody else", "invitee")
    if any(_same(invitation, invitee) for invitation in discussion.invitations):
        raise Refused(f"{invitee.words} is already invited as {role.label}", "invitee")
    return role


def _ours(discussion: Discussion, invitee: Invitee) -> bool:
    """Whether they are in this authority's directory or staff, and still in use."""
    if invitee.user:
        return invitee.user.authority_id == discussion.authority_id and bool(invitee.user.active)
    chosen, agency = invitee.person or invitee.desk, invitee.agency
    if chosen is None or agency is None:
        return False
    return chosen.active and agency.active and agency.serves(discussion.authority_id)


def _barred(barred: Conflicts, invitee: Invitee) -> bool:
    """Whether they are implicated, or somebody implicated would read it."""
    if invitee.user:
        return invitee.user.id in barred.users or barred.read(*invitee.reached_at)
    if invitee.person:
        return barred.person(invitee.person.id, *invitee.reached_at)
    return barred.desk(invitee.desk.id if invitee.desk else None, *invitee.reached_at)


def _same(invitation: Invitation, invitee: Invitee) -> bool:
    if invitation.state is InvitationState.WITHDRAWN or invitation.role != invitee.role:
        return False
    asked = (invitation.desk_id, invitation.person_id, invitation.user_id)
    return asked == tuple(one.id if one else None for one in (invitee.desk, invitee.person, invitee.user))


def _row(discussion: Discussion, invitee: Invitee, role: Role, act: Act) -> Invitation:
    words, email, phone, covered = _goes_to(invitee, act, conflicts.of(discussion.contact))
    return Invitation(
        discussion=discussion,
        role=role.code,
        role_words=role.label,
        sector=role.sector,
        required=invitee.required,
        agency=invitee.agency,
        desk=invitee.desk,
        stands_in_for=invitee.stands_in_for,
        person=invitee.person,
        user=invitee.user,
        invitee=words[:_LONGEST],
        email=email,
        phone=phone,
        covered=covered,
        needed_from=invitee.needed_from,
        needed_until=invitee.needed_until,
        generation=1,
        invited_at=act.at,
        chased_from=act.at,
        state=InvitationState.INVITED,
    )


def _goes_to(invitee: Invitee, act: Act, barred: Conflicts) -> tuple[str, str | None, str | None, bool]:
    """Who is asked in words, where it goes, and whether that is whoever covers for somebody away at this moment."""
    email, phone = invitee.reached_at
    cover = covering.stand_in(invitee.person, act.at, barred=barred) if invitee.person else None
    if cover is None or invitee.email or invitee.phone:
        return invitee.words, email, phone, False
    agency = f"{invitee.agency.name}: " if invitee.agency else ""
    return f"{agency}{cover.words}", cover.email, cover.phone, True


def _count_as_coming(invitation: Invitation, user: User, act: Act) -> None:
    invitation.state = InvitationState.COMING
    invitation.attendee_name, invitation.attendee_role = user.full_name, user.job_title
    invitation.answered_at = invitation.named_at = act.at


def _tell(invitation: Invitation, act: Act) -> None:
    extra: dict[str, Any] = {"staff_role": invitation.role_words} if invitation.user else {}
    queued = messages.queue(
        "staff-invite" if invitation.user else "invite",
        messages.recipient_of(invitation),
        invitation,
        MessageReason.INVITE,
        act,
        key=str(invitation.discussion.sequence),
        calendar="REQUEST",
        **extra,
        **_at_once(invitation, act),
    )
    if not queued:
        _ask_to_ring(invitation, act)


def _at_once(invitation: Invitation, act: Act) -> dict[str, Any]:
    """How to join a discussion that is held this minute; nothing for one still to come."""
    discussion = invitation.discussion
    if discussion.starts_at > act.at:
        return {}
    ring_on = display_phone(invitation.phone) if invitation.phone else None
    return {"at_once": True, "dial_in": discussion.dial_in, "ring_on": ring_on}


def _ask_to_ring(invitation: Invitation, act: Act) -> None:
    invitation.undeliverable = True
    words = f"No mail or text reaches {invitation.invitee}"
    facts = {"reason": MessageReason.INVITE.value}
    events.add(EventVerb.NOT_TOLD, words, act, invitation=invitation, facts=facts)
    calls.ask(
        invitation,
        invitation.invitee,
        invitation.phone,
        "No mail or text reaches them: ring with the invitation.",
        act,
        key="invite",
    )
