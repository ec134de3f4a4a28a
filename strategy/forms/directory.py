"""Holds the forms of the directory: an agency, a desk, a person, a term. What an entry needs, commands say."""

from collections.abc import Iterable, Mapping
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextInput,
)
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from notifications.addresses import display_phone
from strategy.commands.directory import AgencyEntry
from strategy.commands.directory_desks import DeskEntry
from strategy.commands.directory_people import HIGHEST, PersonEntry
from strategy.commands.directory_terms import TermEntry
from strategy.forms.booking import DayInput
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line
from strategy.forms.meanwhile import SharedForm
from strategy.models import Agency, Authority, Desk, Person
from strategy.queries.directory import Directory, Option
from strategy.queries.invitees import OWN
from strategy.rules.opening_words import DAY_NAMES, say_day
from strategy.rules.policy import Policy
from strategy.rules.working_time import DAYS, OpeningHours
from strategy.vocabulary import Gap, Sector

NOBODY = ("0", "Nobody")
_ADDRESS = 254
_HOURS = 120
_OFFICE = {day: ["09:00-17:00"] for day in DAYS[:5]}


class SearchForm(Form):
    """What the list is searched for; read by GET, and changes nothing."""

    class Meta:
        csrf = False

    words = Line("Agency, desk or person", name="q")
    sector = SelectField("Sector", choices=offered([("", "Every sector"), *((one.value, one.words) for one in Sector)]))
    gap = SelectField("What is missing", choices=offered([("", "Anything"), *((one.value, one.words) for one in Gap)]))
    retired = BooleanField("Out of use")


class AgencyForm(SharedForm):
    """An agency: its name, its sector, whom it serves besides us."""

    name = Line("Name", required="Enter the agency's name")
    sector = RadioField(
        "Sector",
        choices=offered((one.value, one.words) for one in Sector),
        validators=[InputRequired("Choose the sector")],
        widget=GovRadioInput(),
    )
    serves = SelectMultipleField("It serves these authorities too", coerce=int, widget=GovCheckboxesInput())

    @classmethod
    def of(cls, authorities: Iterable[Authority], agency: Agency | None = None) -> "AgencyForm":
        """The form, as the agency stands."""
        form = cls(data={} if agency is None else cls.kept(agency))
        form.serves.choices = offered((str(one.id), one.name) for one in authorities)
        return form

    @staticmethod
    def kept(agency: Agency) -> dict[str, Any]:
        """The values of an agency."""
        served = [one.authority_id for one in agency.served]
        return {"name": agency.name, "sector": agency.sector.value, "serves": served}

    def entry(self) -> AgencyEntry:
        """What was typed. Only for a form that validated."""
        return AgencyEntry(self.name.data or "", Sector(self.sector.data), tuple(self.serves.data or ()))


class DeskForm(SharedForm):
    """A desk, its week in plain words. The days' names are those of rules.working_time."""

    name = Line("Name of the desk", required="Enter the desk's name", description="Like MASH desk, or duty nurse.")
    email = Line("Shared inbox", most=_ADDRESS, description="An inbox somebody watches, not one person's.")
    phone = Line("Phone", most=32, description="A mobile number gets texts as well.")
    roles = SelectMultipleField("It answers for", widget=GovCheckboxesInput())
    mon = Line(DAY_NAMES[0], most=_HOURS)
    tue = Line(DAY_NAMES[1], most=_HOURS)
    wed = Line(DAY_NAMES[2], most=_HOURS)
    thu = Line(DAY_NAMES[3], most=_HOURS)
    fri = Line(DAY_NAMES[4], most=_HOURS)
    sat = Line(DAY_NAMES[5], most=_HOURS)
    sun = Line(DAY_NAMES[6], most=_HOURS)
    bank_holidays = BooleanField("Open on bank holidays too", widget=GovCheckboxInput())
    out_of_hours_id = SelectField(
        "Out of hours",
        coerce=int,
        widget=GovSelect(),
        description="The desk that is told when it is urgent and this one is shut: of this agency, or of another.",
    )

    lines = IntegerField(
        "In how many discussions can it be at once?",
        default=1,
        validators=[Optional()],
        widget=GovTextInput(),
    )

    bundle_minutes = IntegerField(
        "Bundle notices that are not urgent: at most one mail in so many minutes",
        validators=[Optional()],
        widget=GovTextInput(),
        description="For a busy desk that asks for it: confirmations and its actions come together. Leave it empty and "
        "each comes at once, as invitations, reminders, changes and everything urgent always do.",
    )

    @classmethod
    def of(cls, agency: Agency, directory: Directory, policy: Policy, desk: Desk | None = None) -> "DeskForm":
        """The form, as the desk stands; a new one is open in office hours. ``directory`` has the desks to choose."""
        form = cls(data=_week(_OFFICE) | {"out_of_hours_id": 0} if desk is None else cls.kept(desk))
        form.roles.choices = offered((role.code, role.label) for role in policy.roles.values() if role.code not in OWN)
        own = [(str(one.id), one.name) for one in agency.desks if one.active and one is not desk]
        others = [(str(one.id), Option(one).words) for one in directory.desks if one.agency_id != agency.id]
        form.out_of_hours_id.choices = offered([("0", "No desk"), *own, *others])
        return form

    @staticmethod
    def kept(desk: Desk) -> dict[str, Any]:
        """The values of a desk."""
        reached = {"name": desk.name, "email": desk.email, "phone": as_dialled(desk.phone), "roles": desk.roles}
        return reached | _week(desk.hours) | {"out_of_hours_id": desk.out_of_hours_id or 0, **_numbers(desk)}

    @property
    def days(self) -> list[Line]:
        """The fields of the week."""
        return [self[day] for day in DAYS]

    def entry(self) -> DeskEntry:
        """What was typed. Only for a form that validated."""
        return DeskEntry(
            name=self.name.data or "",
            roles=tuple(self.roles.data or ()),
            email=self.email.data,
            phone=self.phone.data,
            hours={day: self[day].data or "" for day in DAYS},
            bank_holidays=bool(self.bank_holidays.data),
            out_of_hours_id=self.out_of_hours_id.data or None,
            lines=self.lines.data,
            bundle_minutes=self.bundle_minutes.data or 0,
        )


class PersonForm(SharedForm):
    """A person: role, rung, how to reach them, desk and standing deputy."""

    name = Line("Name", required="Enter their name")
    job_title = Line("Role or job title", required="Enter their role or job title")
    rung = SelectField("Rung of the ladder", widget=GovSelect())
    rung_order = IntegerField(
        "Order on that rung",
        default=0,
        validators=[Optional()],
        widget=GovTextInput(),
        description="Of several on a rung the lowest number is told first.",
    )
    email = Line("Email", most=_ADDRESS)
    phone = Line("Mobile", most=32, description="Texts go to a mobile. Another number is only rung.")
    desk_id = SelectField("Desk", coerce=int, widget=GovSelect())
    deputy_id = SelectField(
        "Standing deputy", coerce=int, widget=GovSelect(), description="Stands in whenever they are away."
    )

    @classmethod
    def of(cls, agency: Agency, titles: Iterable[tuple[int, str]], person: Person | None = None) -> "PersonForm":
        """The form, as the person stands; ``titles`` are the rungs of the agency's ladder."""
        form = cls(data={"rung": "", "desk_id": 0, "deputy_id": 0} if person is None else cls.kept(person))
        said = dict(titles)
        rungs = ((str(number), f"{number}: {said.get(number, 'rung ' + str(number))}") for number in range(HIGHEST + 1))
        form.rung.choices = offered([("", "On no rung"), *rungs])
        form.desk_id.choices = offered(
            [("0", "No desk"), *((str(one.id), one.name) for one in agency.desks if one.active)]
        )
        form.deputy_id.choices = offered([NOBODY, *others_of(agency, person)])
        return form

    @staticmethod
    def kept(person: Person) -> dict[str, Any]:
        """The values of a person."""
        data = {name: getattr(person, name) for name in ("name", "job_title", "rung_order", "email")}
        data |= {"phone": as_dialled(person.phone), "rung": "" if person.rung is None else str(person.rung)}
        return data | {"desk_id": person.desk_id or 0, "deputy_id": person.deputy_id or 0}

    def entry(self) -> PersonEntry:
        """What was typed. Only for a form that validated."""
        return PersonEntry(
            name=self.name.data or "",
            job_title=self.job_title.data or "",
            rung=int(self.rung.data) if self.rung.data else None,
            rung_order=self.rung_order.data or 0,
            email=self.email.data,
            phone=self.phone.data,
            desk_id=self.desk_id.data or None,
            deputy_id=self.deputy_id.data or None,
        )


class TermForm(Form):
    """A term of a school."""

    name = Line("Name of the term", required="Enter the term's name", most=60, description="Like autumn 1.")
    starts_on = DateField("First day", validators=[InputRequired("Enter the first day")], widget=DayInput())
    ends_on = DateField("Last day", validators=[InputRequired("Enter the last day")], widget=DayInput())

    def entry(self) -> TermEntry:
        """What was typed. Only for a form that validated."""
        if self.starts_on.data is None or self.ends_on.data is None:
            raise ValueError("the form did not validate")
        return TermEntry(self.name.data or "", self.starts_on.data, self.ends_on.data)


class CoverForm(SharedForm):
    """Who answers for a school out of term: any desk or person of the directory."""

    cover = SelectField("Who answers in the holidays?", widget=GovSelect())

    @classmethod
    def of(cls, directory: Directory, chosen: str) -> "CoverForm":
        """The form, ``chosen`` being the value of who answers now; nothing: whoever answers for schools in holidays."""
        form = cls(data={"cover": chosen})
        options = [Option(desk) for desk in directory.desks] + [Option(one.desk, one) for one in directory.people]
        named = ((option.value, option.words) for option in sorted(options, key=lambda option: option.words))
        form.cover.choices = offered([("", "The area education officer's desk"), *named])
        return form


def _week(hours: Mapping[str, Any]) -> dict[str, Any]:
    """Opening hours as the form's days in plain words."""
    read = OpeningHours.from_plain(hours)
    week = {day: say_day(read.week[number]) for number, day in enumerate(DAYS)}
    return week | {"bank_holidays": read.open_on_bank_holidays}


def _numbers(desk: Desk) -> dict[str, int | None]:
    return {"lines": desk.lines, "bundle_minutes": desk.bundle_minutes}


def as_dialled(number: str | None) -> str | None:
    """A stored number as people type it."""
    return display_phone(number) if number else None


def others_of(agency: Agency, person: Person | None) -> list[tuple[str, str]]:
    """The agency's other people in use, as choices."""
    people = (one for one in agency.people if one.active and one is not person)
    return [(str(one.id), f"{one.name}, {one.job_title}") for one in people]
