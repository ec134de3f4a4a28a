"""Answers whom a booking should ask: what the rules suggest, joined with who in the directory answers for each role."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from strategy.models import Contact, Discussion, Invitation
from strategy.policy import calendar_of, parsed
from strategy.queries import rotas
from strategy.queries.directory import Directory, Option
from strategy.rules.invitees import Circumstances, suggest
from strategy.rules.naming import same_name
from strategy.rules.policy import Need, Policy, Role
from strategy.rules.working_time import local_day
from strategy.vocabulary import DiscussionKind, InvitationState

# Asked among the authority's own staff, on their own questions.
OWN = frozenset({"chair", "social-worker", "minute-taker"})


# Roles that many organisations hold, of which what was typed for a child names the one: what is typed, what to ask.
NAMED = {
    "education": ("school", "Choose a school"),
    "nursery": ("school", "Choose a nursery"),
    "health-gp": ("gp", "Choose a GP"),
}
_SCHOOL = "education"


@dataclass(frozen=True, slots=True)
class Places:
    """The schools and GPs typed for the children, as typed."""

    school: tuple[str, ...] = ()
    gp: tuple[str, ...] = ()


NOWHERE = Places()


@dataclass(frozen=True, slots=True)
class InviteeRow:
    """A role to ask: why, whether it is required, who answers for it and whom to take unless told otherwise.

    ``key`` is the row's own: two children at two schools are two rows of one role. ``typed`` is the organisation
    somebody typed for this row. ``best`` None: a person must choose, as ``prompt`` says. ``needs`` are the needs of
    the quorum this role would meet. ``words`` are the options' words by value, with address and hours; ``on_duty`` says
    who is on duty now at the desk of ``best``, and is empty when nobody is.
    """

    key: str
    role: Role
    why: str
    required: bool
    needs: tuple[Need, ...]
    options: tuple[Option, ...]
    best: Option | None
    prompt: str
    typed: str | None
    words: Mapping[str, str]
    on_duty: str


def rows(
    contact: Contact,
    circumstances: Circumstances,
    directory: Directory,
    now: datetime,
    added: Iterable[str] = (),
    places: Places = NOWHERE,
    day: date | None = None,
) -> list[InviteeRow]:
    """A row for each role suggested, each need nothing suggested meets, and each role somebody added.

    ``day`` is the discussion's, when it is known: needs may begin or end on a date. Until then it is ``now``'s.
    """
    policy = parsed(contact.policy.text)
    needs = needs_of(policy, circumstances.kind, contact.concerns, day or local_day(now))
    wanted = _wanted(policy, circumstances, needs, added)
    _want_schools(wanted, policy, places, directory)
    calendar, on_duty = calendar_of(contact.policy.text), directory.on_duty(now)
    found = []
    for role, (why, required) in wanted.items():
        for typed in _typed(role, wanted, places, directory) if role not in OWN else ():
            best = directory.best(role, now, calendar, urgent=contact.urgent, typed=typed)
            found.append(
                InviteeRow(
                    key=_key(role, typed),
                    role=policy.roles[role],
                    why=why,
                    required=required,
                    needs=tuple(need for need in needs if role in need.roles),
                    options=directory.options(role),
                    best=best,
                    prompt=prompt(role),
                    typed=typed or None,
                    words={one.value: one.described(now, calendar, on_duty) for one in directory.options(role)},
                    on_duty=rotas.said_of(on_duty, now, desk_id=best.desk.id) if best and best.desk else "",
                )
            )
    return found


def roles_of(before: Discussion | None) -> list[str]:
    """The roles asked to the discussion before this one, none twice; nobody's where there is none."""
    return list(dict.fromkeys(one.role for one in _partners(before) if one.role not in OWN))


def as_before(rows: Sequence[InviteeRow], before: Discussion | None) -> list[InviteeRow]:
    """The rows with whom the discussion before asked suggested first, and required where they were."""
    had = {one.role: one for one in _partners(before)}
    return [_as_before(row, had[row.role.code]) if row.role.code in had else row for row in rows]


def _as_before(row: InviteeRow, invitation: Invitation) -> InviteeRow:
    """A row for an organisation that was typed keeps that one."""
    value = f"person:{invitation.person_id}" if invitation.person_id else f"desk:{invitation.desk_id}"
    same = next((one for one in row.options if one.value == value), None)
    return replace(
        row, best=row.best if row.typed or same is None else same, required=row.required or invitation.required
    )


def _partners(before: Discussion | None) -> list[Invitation]:
    """Those of the authority's partners whose invitation stood."""
    every = before.invitations if before is not None else []
    return [one for one in every if one.user_id is None and one.state is not InvitationState.WITHDRAWN]


def prompt(role: str) -> str:
    """What to ask when nobody is suggested for a role."""
    return NAMED[role][1] if role in NAMED else "Choose who is asked"


def _wanted(
    policy: Policy, circumstances: Circumstances, needs: Sequence[Need], added: Iterable[str]
) -> dict[str, tuple[str, bool]]:
    """Each role to show, why, and whether it is required."""
    wanted = {one.role: (one.why, one.required) for one in suggest(circumstances, policy)}
    for need in needs:
        if not set(need.roles) & (wanted.keys() | OWN):
            wanted[need.roles[0]] = (f"The quorum needs: {need.label}.", True)
    for role in added:
        if role in policy.roles:
            wanted.setdefault(role, ("Added by you.", False))
    return wanted


def _want_schools(wanted: dict[str, tuple[str, bool]], policy: Policy, places: Places, directory: Directory) -> None:
    """Add the role a typed school answers for; a school nobody knows is a school."""
    schools = [role for role, (kind, _) in NAMED.items() if kind == "school" and role in policy.roles]
    for typed in places.school:
        roles = [role for role in schools if directory.named(role, typed)]
        if not roles and not any(role in wanted for role in schools):
            roles = [role for role in schools if role == _SCHOOL]
        for role in roles:
            wanted.setdefault(role, ("Named for a child of this contact.", False))


def _typed(role: str, wanted: Collection[str], places: Places, directory: Directory) -> list[str | None]:
    """What was typed for each row of a role: distinct organisations; an empty word when a name is missing."""
    if role not in NAMED:
        return [None]
    kind = NAMED[role][0]
    roles = [one for one in wanted if one in NAMED and NAMED[one][0] == kind]
    found: dict[object, str | None] = {}
    for typed in getattr(places, kind):
        homes = [one for one in roles if directory.named(one, typed)] or roles
        if role in homes:
            found.setdefault(directory.named(role, typed) or same_name(typed), typed)
    return list(found.values()) or [""]


def _key(role: str, typed: str | None) -> str:
    """A row's key follows what was typed: an answer for one school is never taken for another's."""
    return f"{role}-{sha256(same_name(typed).encode()).hexdigest()[:8]}" if typed else role


def needs_of(policy: Policy, kind: DiscussionKind, concerns: Sequence[str], day: date) -> tuple[Need, ...]:
    """The quorum of that kind of discussion on that day, with what the concerns add."""
    return policy.needs_of(kind, tuple(concerns), day)
