"""Holds who works together in Exampleshire, as plain values: agencies, desks and hours. It writes nothing down.

Nobody here exists. Mail goes to names under .example, phones are from the numbers kept for drama.
"""

from dataclasses import dataclass
from typing import Any

from strategy.vocabulary import Sector

_WEEK = ("mon", "tue", "wed", "thu", "fri")
_WEEKEND = ("sat", "sun")


def _weekdays(span: str) -> dict[str, Any]:
    return {day: [span] for day in _WEEK} | {day: [] for day in _WEEKEND} | {"bank_holidays": False}


OFFICE = _weekdays("09:00-17:00")
SCHOOL = _weekdays("08:15-16:30")
SURGERY = _weekdays("08:30-18:00")
LONG_DAY = {day: ["08:00-20:00"] for day in (*_WEEK, *_WEEKEND)} | {"bank_holidays": True}
ALWAYS = {day: ["00:00-00:00"] for day in (*_WEEK, *_WEEKEND)} | {"bank_holidays": True}
NIGHTS = {day: ["17:00-09:00"] for day in _WEEK} | {day: ["00:00-00:00"] for day in _WEEKEND} | {"bank_holidays": True}


@dataclass(frozen=True, slots=True)
class DeskPlan:
    """A desk to make. ``cover`` names the desk of the same agency that answers when this one is shut; ``lines`` is in
    how many discussions it can be at once.
    """

    name: str
    roles: tuple[str, ...]
    hours: dict[str, Any]
    mailbox: str | None = "duty"
    mobile: bool = True
    cover: str | None = None
    lines: int = 1


@dataclass(frozen=True, slots=True)
class AgencyPlan:
    """An agency to make, with a whole ladder: one person on each rung, titled as the policy titles it.

    ``duty`` is the title of whoever sits at the desk (rung 0); ``names`` are for rungs 0 to 4.
    """

    name: str
    domain: str
    sector: Sector
    ladder: str
    duty: str
    names: tuple[str, str, str, str, str]
    desks: tuple[DeskPlan, ...]


AGENCIES: tuple[AgencyPlan, ...] = (
    AgencyPlan(
        "Exampleshire Police",
        "police",
        Sector.POLICE,
        "police",
        "MASH officer",
        ("Pat Constable", "Dee Sergeant", "Ina Inspector", "Chris Chief", "Avery Assistant"),
        (
            DeskPlan("MASH desk", ("police",), LONG_DAY, "mash", cover="Out-of-hours desk", lines=2),
            DeskPlan("Out-of-hours desk", ("police",), ALWAYS, "night"),
        ),
    ),
    AgencyPlan(
        "Exampleshire Community Health",
        "community-health",
        Sector.HEALTH,
        "health",
        "Duty nurse",
        ("Nat Nurse", "Nomi Named", "Des Designated", "Dale Director", "Del Delegate"),
        (
            DeskPlan("0–19 duty desk", ("health-0-19", "health-visitor"), OFFICE, "desk019", cover="Nurse on call"),
            DeskPlan("Nurse on call", ("health-0-19", "health-visitor"), ALWAYS, "oncall"),
        ),
    ),
    AgencyPlan(
        "Sample Hospital Trust",
        "hospital",
        Sector.HEALTH,
        "health",
        "Safeguarding nurse",
        ("Hollis Specimen", "Harper Specimen", "Hayden Specimen", "Hope Specimen", "Hart Specimen"),
        (
            DeskPlan("Paediatric safeguarding desk", ("health-paediatrician", "health-acute"), ALWAYS, "paediatrics"),
            DeskPlan("Children's ward", ("health-ward",), ALWAYS, "ward", mobile=False),
            DeskPlan("Midwifery safeguarding desk", ("midwifery",), OFFICE, "midwifery"),
            DeskPlan("Sexual assault referral centre", ("sarc",), ALWAYS, "sarc"),
        ),
    ),
    AgencyPlan(
        "Sample Surgery",
        "surgery",
        Sector.HEALTH,
        "health",
        "Practice safeguarding lead",
        ("Gene Practice", "Gray Practice", "Gale Practice", "Glenn Practice", "Greer Practice"),
        (DeskPlan("Duty doctor", ("health-gp",), SURGERY),),
    ),
    AgencyPlan(
        "Exampleshire CAMHS",
        "camhs",
        Sector.HEALTH,
        "health",
        "Duty clinician",
        ("Mel Mindful", "Max Mindful", "Mika Mindful", "Mo Mindful", "Merle Mindful"),
        (DeskPlan("Duty clinician", ("camhs",), OFFICE),),
    ),
    AgencyPlan(
        "Sample Primary School",
        "sample-primary",
        Sector.EDUCATION,
        "education",
        "Safeguarding lead",
        ("Lesley Lead", "Hal Head", "Eddie Education", "Tracy Trust", "Rae Represent"),
        (DeskPlan("Safeguarding lead", ("education",), SCHOOL, "dsl"),),
    ),
    AgencyPlan(
        "Sample Academy",
        "sample-academy",
        Sector.EDUCATION,
        "education",
        "Safeguarding lead",
        ("Aubrey Academy", "Ariel Academy", "Ash Academy", "Alex Academy", "Andy Academy"),
        (DeskPlan("Safeguarding lead", ("education",), SCHOOL, "dsl"),),
    ),
    AgencyPlan(
        "Example Village School",
        "village-school",
        Sector.EDUCATION,
        "education",
        "Safeguarding lead",
        ("Vic Village", "Val Village", "Vance Village", "Vera Village", "Vin Village"),
        # neither mail nor text reaches it: somebody has to ring
        (DeskPlan("School office", ("education",), SCHOOL, mailbox=None, mobile=False),),
    ),
    AgencyPlan(
        "Little Samples Nursery",
        "little-samples",
        Sector.EDUCATION,
        "education",
        "Nursery safeguarding lead",
        ("Nell Nursery", "Noel Nursery", "Nico Nursery", "Nova Nursery", "Nye Nursery"),
        (DeskPlan("Manager", ("nursery",), SCHOOL, "manager"),),
    ),
    AgencyPlan(
        "Exampleshire Education Service",
        "education-service",
        Sector.EDUCATION,
        "education",
        "Education safeguarding officer",
        ("Ola Officer", "Orla Officer", "Oscar Officer", "Otis Officer", "Owen Officer"),
        (DeskPlan("Holiday cover", ("education-holiday",), OFFICE, "holidays"),),
    ),
    AgencyPlan(
        "Exampleshire Homes",
        "homes",
        Sector.HOUSING,
        "partner",
        "Housing officer",
        ("Robin Roof", "Remy Roof", "River Roof", "Rory Roof", "Ruby Roof"),
        (DeskPlan("Housing options desk", ("housing",), OFFICE),),
    ),
    AgencyPlan(
        "Exampleshire Designated Officers",
        "lado",
        Sector.SOCIAL_CARE,
        "social-care",
        "Designated officer",
        ("Lane Lado", "Lark Lado", "Leigh Lado", "Loren Lado", "Lynn Lado"),
        (DeskPlan("LADO desk", ("lado",), OFFICE),),
    ),
    AgencyPlan(
        "Exampleshire Family Services",
        "family-services",
        Sector.SOCIAL_CARE,
        "social-care",
        "Duty worker",
        ("Finn Family", "Fern Family", "Fay Family", "Frankie Family", "Flynn Family"),
        (
            DeskPlan("Early help desk", ("early-help",), OFFICE, "early-help"),
            DeskPlan("Fostering duty", ("fostering", "placing-authority"), OFFICE, "fostering"),
            DeskPlan("Emergency duty team", ("edt",), NIGHTS, "edt"),
        ),
    ),
    AgencyPlan(
        "Sample House Children's Home",
        "sample-house",
        Sector.SOCIAL_CARE,
        "partner",
        "Shift leader",
        ("Shay Shift", "Skye Shift", "Sandy Shift", "Shaun Shift", "Sol Shift"),
        (DeskPlan("Shift leader", ("residential",), ALWAYS),),
    ),
    AgencyPlan(
        "Sample Leisure Trust",
        "leisure",
        Sector.VOLUNTARY,
        "partner",
        "Personnel officer",
        ("Perry Personnel", "Paige Personnel", "Parker Personnel", "Penny Personnel", "Pip Personnel"),
        (DeskPlan("Personnel", ("employer", "hr"), OFFICE),),
    ),
    AgencyPlan(
        "Exampleshire Domestic Abuse Service",
        "daservice",
        Sector.VOLUNTARY,
        "partner",
        "Adviser on duty",
        ("Dana Adviser", "Daryl Adviser", "Devon Adviser", "Drew Adviser", "Dylan Adviser"),
        (DeskPlan("Advice line", ("domestic-abuse", "referrer"), LONG_DAY),),
    ),
    AgencyPlan(
        "Exampleshire Legal Services",
        "legal",
        Sector.LEGAL,
        "partner",
        "Duty solicitor",
        ("Lou Lawyer", "Laurie Lawyer", "Luca Lawyer", "Lex Lawyer", "Lacey Lawyer"),
        (DeskPlan("Childcare lawyers", ("legal", "regulator"), OFFICE),),
    ),
    AgencyPlan(
        "Exampleshire Justice Services",
        "justice",
        Sector.JUSTICE,
        "partner",
        "Duty officer",
        ("Jules Justice", "Jamie Justice", "Jordan Justice", "Jess Justice", "Jan Justice"),
        (
            DeskPlan("Probation desk", ("probation",), OFFICE, "probation"),
            DeskPlan("Youth justice desk", ("youth-justice",), OFFICE, "youth"),
        ),
    ),
)
