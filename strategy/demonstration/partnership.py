"""Writes the partnership itself: two authorities, their policy and staff, and the agencies of agencies.py.

What happened between them is history.py's and running.py's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flask_security import hash_password
from sqlalchemy import select

from strategy.act import Act
from strategy.clock import in_london
from strategy.commands import policies, users
from strategy.commands.users import NewUser
from strategy.db import db
from strategy.demonstration import furnishing
from strategy.demonstration.agencies import AGENCIES, AgencyPlan
from strategy.models import Agency, Authority, Desk, Person, PolicyVersion, User
from strategy.policy import calendar_of, example_text, parsed
from strategy.queries.directory import Directory, directory
from strategy.queries.policies import in_force
from strategy.rules.policy import Policy
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.working_time import Calendar
from strategy.vocabulary import Nation, StaffRole

PASSWORD = "exampleshire-demonstration"

HOME = "exampleshire"
_AWAY = "otherton"

SOCIAL_WORKER = "jo.sample@exampleshire.example"
CHAIR = "terry.example@exampleshire.example"
_SECOND_WORKER = "sam.worker@exampleshire.example"
_SECOND_CHAIR = "casey.chair@exampleshire.example"
_MINUTES = "min.taker@exampleshire.example"
EDT = "nell.night@exampleshire.example"


@dataclass(frozen=True, slots=True)
class _Member:
    """Somebody who signs in to look around."""

    email: str
    name: str
    title: str
    roles: tuple[StaffRole, ...]


_STAFF = (
    _Member(CHAIR, "Terry Example", "Team manager", (StaffRole.CHAIR, StaffRole.SOCIAL_WORKER)),
    _Member(SOCIAL_WORKER, "Jo Sample", "Social worker", (StaffRole.SOCIAL_WORKER,)),
    _Member("lee.leader@exampleshire.example", "Lee Leader", "Head of service", (StaffRole.LEADER,)),
    _Member("ada.admin@exampleshire.example", "Ada Admin", "Systems officer", (StaffRole.ADMINISTRATOR,)),
    _Member(_SECOND_CHAIR, "Casey Chair", "Team manager", (StaffRole.CHAIR, StaffRole.SOCIAL_WORKER)),
    _Member(_SECOND_WORKER, "Sam Worker", "Social worker", (StaffRole.SOCIAL_WORKER,)),
    _Member(_MINUTES, "Min Taker", "Business support", ()),
)
# Whoever answers at night; they come after everybody else, so that nobody's number changes.
_NIGHT = (
    _Member(EDT, "Nell Night", "Emergency duty social worker", (StaffRole.EDT, StaffRole.SOCIAL_WORKER)),
    _Member(
        "max.midnight@exampleshire.example",
        "Max Midnight",
        "Emergency duty manager",
        (StaffRole.EDT, StaffRole.CHAIR, StaffRole.SOCIAL_WORKER),
    ),
)
_OUTSIDER = _Member(
    "olly.outsider@otherton.example",
    "Olly Outsider",
    "Team manager",
    (StaffRole.CHAIR, StaffRole.SOCIAL_WORKER, StaffRole.LEADER),
)

PEOPLE: tuple[tuple[str, str], ...] = (
    (CHAIR, "chair and manager"),
    (_SECOND_CHAIR, "another chair"),
    (SOCIAL_WORKER, "social worker"),
    (EDT, "emergency duty team, at night"),
    ("lee.leader@exampleshire.example", "leader"),
    ("ada.admin@exampleshire.example", "administrator"),
    (_OUTSIDER.email, "chair at another authority, who sees nothing of this one"),
)


@dataclass(frozen=True, slots=True)
class Partnership:
    """Exampleshire, ready to be worked with."""

    authority: Authority
    version: PolicyVersion
    policy: Policy
    calendar: Calendar
    chairs: tuple[User, ...]
    social_workers: tuple[User, ...]
    minute_taker: User
    edt: User
    directory: Directory


def exists() -> bool:
    """Whether this database holds the demonstration partnership."""
    return db.session.scalar(select(Authority.id).where(Authority.code == HOME)) is not None


def is_somebody_elses() -> bool:
    """Whether this database holds authorities, and not ours among them: then nothing is put into it."""
    return not exists() and db.session.scalar(select(Authority.id).limit(1)) is not None


def found(act: Act) -> None:
    """Write authorities, policy, staff and directory (in the caller's transaction)."""
    numbers = _numbers()
    password = hash_password(PASSWORD)
    home = _authority(HOME, "Exampleshire Council", "+441632960123", act)
    away = _authority(_AWAY, "Otherton Council", "+441632960199", act)
    for member in _STAFF:
        _user(member, home, password, next(numbers), act)
    _user(_OUTSIDER, away, password, next(numbers), act)
    for plan in AGENCIES:
        _agency(home, plan, numbers)
    for member in _NIGHT:
        _user(member, home, password, next(numbers), act)
    db.session.flush()
    _agree_more(home, act)
    furnishing.furnish(home, away, act)


def load(at: datetime) -> Partnership:
    """The partnership as stored, under the policy in force then. Raises NoResultFound where it was never founded."""
    authority = db.session.scalars(select(Authority).where(Authority.code == HOME)).one()
    version = in_force(authority.id, at)
    staff = db.session.scalars(select(User).where(User.authority_id == authority.id))
    by_mail = {user.email: user for user in staff}
    return Partnership(
        authority=authority,
        version=version,
        policy=parsed(version.text),
        calendar=calendar_of(version.text),
        chairs=(by_mail[CHAIR], by_mail[_SECOND_CHAIR]),
        social_workers=(by_mail[SOCIAL_WORKER], by_mail[_SECOND_WORKER]),
        minute_taker=by_mail[_MINUTES],
        edt=by_mail[EDT],
        directory=directory(authority.id),
    )


def _numbers() -> Iterator[int]:
    """Last three digits of phone numbers, each used once in each of Ofcom's two ranges for drama."""
    # 900002 and 900003 mean "fails" to a provider's test service
    yield from range(201, 1000)


def _mobile(number: int) -> str:
    return f"+447700900{number:03d}"


def _landline(number: int) -> str:
    return f"+441632960{number:03d}"


def _authority(code: str, name: str, phone: str, act: Act) -> Authority:
    authority = Authority(code=code, name=name, short_name=name, nation=Nation.ENGLAND_AND_WALES, phone=phone)
    policy = PolicyVersion(
        authority=authority,
        number=1,
        text=example_text(),
        author="The demonstration",
        reason="The shipped example",
        # the history that is told begins months ago, under the same policy
        effective_from=act.at - timedelta(days=365),
        created_at=act.at - timedelta(days=365),
    )
    db.session.add_all([authority, policy])
    return authority


def _agree_more(authority: Authority, act: Act) -> None:
    """A version that takes effect in two months, for the pages that compare and rehearse."""
    begins = in_london(act.at + timedelta(days=60)).replace(hour=0, minute=0, second=0, microsecond=0)
    edits = [
        Edit(("targets", "standard"), "due", "2 wd"),
        Edit(("targets", "standard"), "source", "Exampleshire partnership, its own figure"),
        Edit(("targets", "hospital"), "needs", ["acute"]),
        Edit(("ladders", "education"), "effective", begins.date()),
        Edit(("delay_reasons",), "no-interpreter", "No interpreter"),
        Edit(("policy",), "closure_days", [begins.date() + timedelta(days=30)]),
        Edit(("chase",), "first_within_minutes", 45),
    ]
    reason = "Agreed by the partnership: two working days, the hospital for itself, one closure day, one reason more"
    new = policies.Publication(edited(example_text(), edits), reason, newest=1, effective_from=begins.astimezone(UTC))
    policies.publish(authority, new, replace(act, by="Ada Admin"))


def _user(member: _Member, authority: Authority, password: str, number: int, act: Act) -> None:
    entry = NewUser(
        email=member.email,
        full_name=member.name,
        job_title=member.title,
        password=password,
        mobile=_mobile(number),
    )
    users.create(entry, authority, list(member.roles), act)


def _agency(authority: Authority, plan: AgencyPlan, numbers: Iterator[int]) -> None:
    agency = Agency(authority=authority, name=plan.name, sector=plan.sector, active=True)
    db.session.add(agency)
    desks: dict[str, Desk] = {}
    for desk in plan.desks:
        number = next(numbers)
        desks[desk.name] = Desk(
            agency=agency,
            name=desk.name,
            roles=list(desk.roles),
            email=None if desk.mailbox is None else f"{desk.mailbox}@{plan.domain}.example",
            phone=_mobile(number) if desk.mobile else _landline(number),
            hours=desk.hours,
            lines=desk.lines,
            active=True,
        )
    db.session.add_all(desks.values())
    for desk in plan.desks:
        desks[desk.name].out_of_hours = desks[desk.cover] if desk.cover else None
    _ladder(agency, plan, numbers)


def _ladder(agency: Agency, plan: AgencyPlan, numbers: Iterator[int]) -> None:
    """Nobody's rung is empty: an escalation always finds somebody to tell."""
    titles = [plan.duty, *(rung.title for rung in parsed(example_text()).ladders[plan.ladder].rungs[1:])]
    for rung, (name, title) in enumerate(zip(plan.names, titles, strict=True)):
        mailbox = name.lower().replace(" ", ".")
        person = Person(
            agency=agency,
            name=name,
            job_title=title,
            rung=rung,
            email=f"{mailbox}@{plan.domain}.example",
            phone=_mobile(next(numbers)),
            active=True,
        )
        db.session.add(person)
