"""Holds the shared cast: one authority with its staff and partners, and an outsider who must see nothing."""

from dataclasses import dataclass
from uuid import uuid4

from strategy.act import Act
from strategy.db import db
from strategy.models import Agency, Authority, Desk, Person, PolicyVersion, Role, User
from strategy.policy import example_text
from strategy.vocabulary import Nation, Sector, StaffRole

ALWAYS: dict[str, object] = {
    **{day: ["00:00-00:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    "bank_holidays": True,
}
OFFICE: dict[str, object] = {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")} | {
    "sat": [],
    "sun": [],
    "bank_holidays": False,
}


# One each: a phone that two people share would wait its turn between their texts.
_MOBILES = {
    "Terry Example": "+447700900900",
    "Sam Worker": "+447700900901",
    "Lee Leader": "+447700900902",
    "Ada Admin": "+447700900903",
    "Olly Outsider": "+447700900904",
}


@dataclass(frozen=True)
class Cast:
    """Everybody in the tests' stories. Addresses are made up; phones come from the ranges kept for drama."""

    authority: Authority
    policy: PolicyVersion
    social_worker: User
    chair: User
    leader: User
    admin: User
    outsider: User
    police_desk: Desk
    sergeant: Person
    inspector: Person
    chief_inspector: Person
    health_desk: Desk  # the health visitor behind it never answers
    named_nurse: Person
    school_desk: Desk
    headteacher: Person


def make_cast(act: Act) -> Cast:
    """Write the cast into the database (in the caller's transaction)."""
    roles = {role: Role(name=role.value) for role in StaffRole}
    db.session.add_all(roles.values())
    home = _authority("exampleshire", "Exampleshire Council", "Exampleshire Council", "+441632960123")
    away = _authority("elsewhere", "Elsewhere Council", "Elsewhere Council", "+441632960999")
    policy = _policy(home, act)
    _policy(away, act)
    police = Agency(authority=home, name="Exampleshire Police", sector=Sector.POLICE)
    health = Agency(authority=home, name="Exampleshire Health Trust", sector=Sector.HEALTH)
    school = Agency(authority=home, name="Sample Primary School", sector=Sector.EDUCATION)
    db.session.add_all([police, health, school])
    cast = Cast(
        authority=home,
        policy=policy,
        social_worker=_user(home, "Sam Worker", "Social worker", roles, StaffRole.SOCIAL_WORKER),
        chair=_user(home, "Terry Example", "Team manager", roles, StaffRole.CHAIR, StaffRole.SOCIAL_WORKER),
        leader=_user(home, "Lee Leader", "Head of service", roles, StaffRole.LEADER),
        admin=_user(home, "Ada Admin", "Systems officer", roles, StaffRole.ADMINISTRATOR),
        outsider=_user(away, "Olly Outsider", "Team manager", roles, StaffRole.CHAIR, StaffRole.SOCIAL_WORKER),
        police_desk=_desk(police, "MASH desk", ["police"], "mash@police.example", "+447700900001", ALWAYS),
        sergeant=_person(police, "Dee Sergeant", "Detective Sergeant", 1, "ds", "+447700900011"),
        inspector=_person(police, "Ina Inspector", "Detective Inspector", 2, "di", "+447700900012"),
        chief_inspector=_person(police, "Chris Chief", "Detective Chief Inspector", 3, "dci", "+447700900013"),
        health_desk=_desk(health, "0-19 desk", ["health-0-19"], "desk019@health.example", "+447700900002", OFFICE),
        named_nurse=_person(health, "Nat Nurse", "Named nurse", 1, "nurse", "+447700900021"),
        school_desk=_desk(school, "Safeguarding lead", ["education"], "dsl@school.example", "+441632960200", OFFICE),
        headteacher=_person(school, "Hal Head", "Headteacher", 1, "head", "+447700900031"),
    )
    db.session.flush()
    return cast


def _authority(code: str, name: str, short_name: str, phone: str) -> Authority:
    authority = Authority(code=code, name=name, short_name=short_name, nation=Nation.ENGLAND_AND_WALES, phone=phone)
    db.session.add(authority)
    return authority


def _policy(authority: Authority, act: Act) -> PolicyVersion:
    version = PolicyVersion(
        authority=authority,
        number=1,
        text=example_text(),
        author="tests",
        reason="The shipped example",
        effective_from=act.at.replace(year=2020, month=1, day=1),
        created_at=act.at,
    )
    db.session.add(version)
    return version


def _user(authority: Authority, name: str, title: str, roles: dict[StaffRole, Role], *held: StaffRole) -> User:
    address = name.lower().replace(" ", ".")
    user = User(
        authority=authority,
        email=f"{address}@{authority.code}.example",
        full_name=name,
        job_title=title,
        mobile=_MOBILES[name],
        active=True,
        fs_uniquifier=uuid4().hex,
        roles=[roles[role] for role in held],
    )
    db.session.add(user)
    return user


def _desk(agency: Agency, name: str, roles: list[str], email: str, phone: str, hours: dict[str, object]) -> Desk:
    desk = Desk(agency=agency, name=name, roles=roles, email=email, phone=phone, hours=hours)
    db.session.add(desk)
    return desk


def _person(agency: Agency, name: str, title: str, rung: int, address: str, phone: str) -> Person:
    domain = {Sector.POLICE: "police", Sector.HEALTH: "health", Sector.EDUCATION: "school"}[agency.sector]
    person = Person(
        agency=agency, name=name, job_title=title, rung=rung, email=f"{address}@{domain}.example", phone=phone
    )
    db.session.add(person)
    return person
