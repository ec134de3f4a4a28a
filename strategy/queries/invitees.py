"""Answers whom a booking should ask: what the rules suggest, joined with who in the directory answers for each role."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from strategy.models import Contact, Discussion, Invitation, PolicyVersion
from strategy.policy import calendar_of, parsed
from strategy.queries import rotas
from strategy.queries.directory import Directory, Option
from strategy.queries.duty import Duty
from strategy.queries.school_days import HOLIDAY, SchoolDays, Shut, school_days
from strategy.queries.school_days import SCHOOL as _SCHOOL
from strategy.rules.invitees import Circumstances, suggest, with_terms
from strategy.rules.naming import same_name
from strategy.rules.policy import Need, Policy, Role
from strategy.rules.working_time import Calendar, local_day
from strategy.vocabulary import DiscussionKind, InvitationState

# Asked among the authority's own staff, on their own questions.
OWN = frozenset({"chair", "social-worker", "minute-taker"})


# Roles that many organisations hold, of which what was typed for a child names the one: what is typed, what to ask.
NAMED = {
    "education": ("school", "Choose a school"),
    "nursery": ("school", "Choose a nursery"),
    "health-gp": ("gp", "Choose a GP"),
}

# Roles whose organisation each case names anew: that the directory has but one for it makes it no guess.
OF_THE_CASE = frozenset({"referrer", "placing-authority", "employer", "hr"})


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
    who is on duty now at the desk of ``best``, and is empty when nobody is. ``unlisted`` are the agencies
    among them where somebody implicated works who is not in the directory.
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
    unlisted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """What is asked about, where there is no contact yet, or where it is more urgent than its target: held now."""

    policy: PolicyVersion
    concerns: Sequence[str]
    urgent: bool = True


def rows(
    contact: Contact | Ground,
    circumstances: Circumstances,
    directory: Directory,
    now: datetime,
    added: Iterable[str] = (),
    places: Places = NOWHERE,
    day: date | None = None,
) -> list[InviteeRow]:
    """A row for each role suggested, each need nothing suggested meets, and each role somebody added.

    ``day`` is the discussion's, when it is known, else ``now``'s: needs may begin or end on a date, and a school in
    holidays then is not asked, but whoever answers for it.
    """
    policy, day = parsed(contact.policy.text), day or local_day(now)
    days = school_days(places.school, directory, day)
    circumstances = replace(circumstances, flags=with_terms(circumstances.flags, days.in_term.values()))
    needs = needs_of(policy, circumstances.kind, contact.concerns, day)
    wanted = _wanted(policy, circumstances, needs, added)
    _want_schools(wanted, policy, places, directory)
    calendar = calendar_of(contact.policy.text)
    making = _Making(policy, directory, needs, now, calendar, directory.on_duty(now))
    shut = days.answering(making.best(HOLIDAY)) if HOLIDAY in policy.roles else []
    found = []
    for role, (why, required) in wanted.items():
        if role in OWN or (role == HOLIDAY and shut):
            continue
        found += [making.row(role, why, required, one) for one in _open(role, wanted, places, directory, days, shut)]
    required = wanted.get(_SCHOOL, ("", False))[1]
    return found + [making.row(HOLIDAY, one.why, required, " and ".join(one.typed), one) for one in shut]


def least(rows: Sequence[InviteeRow]) -> list[InviteeRow]:
    """Those that must be there: the required, and whoever meets a need of the quorum that none of them does."""
    met = {need.code for row in rows for need in row.needs if row.required or OWN & set(need.roles)}
    return [row for row in rows if row.required or any(need.code not in met for need in row.needs)]


@dataclass(frozen=True, slots=True)
class _Making:
    """What every row is made from."""

    policy: Policy
    directory: Directory
    needs: Sequence[Need]
    now: datetime
    calendar: Calendar
    on_duty: Mapping[int, Sequence[Duty]]

    def best(self, role: str, typed: str | None = None) -> Option | None:
        """Whom the directory suggests: the desk itself, whatever the hour; nobody where the case alone knows.

        Who stands in for it at the time chosen is worked out with the time.
        """
        if role in OF_THE_CASE:
            return None
        return self.directory.best(role, self.now, self.calendar, typed=typed)

    def described(self, option: Option) -> str:
        """One choice in words."""
        return option.described(self.now, self.calendar, self.on_duty, self.directory.barred)

    def row(self, role: str, why: str, required: bool, typed: str | None, shut: Shut | None = None) -> InviteeRow:
        """One row; ``shut`` says who answers for schools in holidays, whatever role they answer for otherwise."""
        options, best = self.directory.options(role), shut.best if shut else self.best(role, typed)
        if best is not None and best.value not in {one.value for one in options}:
            options = (best, *options)
        return InviteeRow(
            key=_key(role, typed),
            role=self.policy.roles[role],
            why=why,
            required=required,
            needs=tuple(need for need in self.needs if role in need.roles),
            options=options,
            best=best,
            prompt=prompt(role),
            typed=typed or None,
            words={one.value: self.described(one) for one in options},
            on_duty=rotas.said_of(self.on_duty, self.now, desk_id=best.desk.id) if best and best.desk else "",
            unlisted=self.directory.unlisted(options),
        )


def _open(
    role: str,
    wanted: Collection[str],
    places: Places,
    directory: Directory,
    days: SchoolDays,
    shut: Collection[Shut],
) -> list[str | None]:
    """What was typed for each row of a role, but for the schools somebody else answers for."""
    typed = _typed(role, wanted, places, directory)
    return [one for one in typed if one not in days.shut] if role == _SCHOOL and shut else typed


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
    if role in NAMED:
        return NAMED[role][1]
    return "Choose who" if role in OF_THE_CASE else "Choose who is asked"


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
