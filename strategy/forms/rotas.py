"""Holds the forms of a rota: a shift, its end, an override, a calendar file, and the question who will answer."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovFileInput, GovRadioInput, GovSelect, GovTextInput
from wtforms import DateField, FileField, IntegerField, RadioField, SelectField, SelectMultipleField, TimeField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from strategy.commands.rotas import MOST_WEEKS, NewOverride, NewShift
from strategy.forms.booking import DayInput
from strategy.forms.choices import offered
from strategy.forms.form import Form, LondonMoment, in_reach
from strategy.forms.meanwhile import SharedForm
from strategy.models import Desk, Person, Shift
from strategy.queries.rota_weeks import WEEKDAYS
from strategy.rota_calendar import MOST_BYTES, RotaFile, Unreadable, read
from strategy.rules.working_time import DAYS

ONCE, WEEKLY = "once", "weekly"
EVERYBODY = NOBODY = 0


class HourInput(GovTextInput):
    """A text input that browsers show as their own time picker."""

    input_type = "time"


class Day(DateField):
    """A date somebody could mean; ``missing`` is what is said when it is empty, None: it may be."""

    def __init__(self, label: str, missing: str | None = None, **extra: Any) -> None:
        needed = Optional() if missing is None else InputRequired(missing)
        super().__init__(label, validators=[needed], widget=DayInput(), **extra)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; empty is None."""
        if not valuelist or not str(valuelist[0]).strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(f"{self.label.text} must be a date, like 27/11/2026") from None
        if self.data is not None and not in_reach(self.data):
            self.data = None
            raise ValueError(f"{self.label.text} must be a date, like 27/11/2026")


class Hour(TimeField):
    """A time of day by the local clock."""

    def __init__(self, label: str, missing: str, **extra: Any) -> None:
        super().__init__(label, validators=[InputRequired(missing)], widget=HourInput(), **extra)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(f"{self.label.text} must be a time, like 14:00") from None


class Somebody(SelectField):
    """A person of the desk's agency; ``first`` is what the list begins with, as (value, words)."""

    def __init__(self, label: str, first: tuple[str, str], **extra: Any) -> None:
        super().__init__(label, coerce=int, widget=GovSelect(), choices=offered([first]), **extra)
        self.first, self.people = first, dict[int, Person]()

    def offer(self, people: Iterable[Person]) -> None:
        """Take the people to choose from."""
        self.people = {person.id: person for person in people}
        named = [(str(person.id), f"{person.name}, {person.job_title}") for person in self.people.values()]
        self.choices = offered([self.first, *named])

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the choice; what is no number is nobody on the list."""
        self.data = int(valuelist[0]) if valuelist and str(valuelist[0]).isdecimal() else -1

    def pre_validate(self, form: Any) -> None:
        """Refuse who is not on the list."""
        if str(self.data) != self.first[0] and self.data not in self.people:
            raise ValidationError("Choose somebody from the list")

    @property
    def person(self) -> Person | None:
        """Who was chosen."""
        return self.people.get(self.data or 0)


class ShiftForm(SharedForm):
    """A shift, new or changed."""

    person = Somebody("Who is on duty?", ("0", "Choose somebody"))
    opens = Hour("From", "Enter when the shift begins")
    closes = Hour("To", "Enter when the shift ends", description="At or before it begins means on the next day.")
    repeats = RadioField(
        "Does it repeat?",
        choices=offered([(WEEKLY, "Yes, on these weekdays"), (ONCE, "No, once, on the first day")]),
        validators=[InputRequired("Say whether it repeats")],
        widget=GovRadioInput(),
    )
    weekdays = SelectMultipleField("Weekdays", choices=offered(WEEKDAYS), widget=GovCheckboxesInput())
    every = IntegerField(
        "Every how many weeks?",
        validators=[Optional(), NumberRange(1, MOST_WEEKS, f"Weeks must be a number from 1 to {MOST_WEEKS}")],
        widget=GovTextInput(),
        description="1 is every week, 2 every second week, counted from the week of the first day.",
    )
    first = Day("First day", "Enter the first day")
    last_day = Day("Last day", description="Empty: until it is ended.")

    @classmethod
    def of(cls, people: Iterable[Person], shift: Shift | None, today: date) -> "ShiftForm":
        """The form for a new shift, or as a shift stands."""
        form = cls(data={"repeats": WEEKLY, "every": 1, "first": today} if shift is None else cls.kept(shift))
        form.person.offer(people)
        return form

    @staticmethod
    def kept(shift: Shift) -> dict[str, Any]:
        """The values of a shift."""
        return {
            "person": shift.person_id,
            "opens": shift.opens,
            "closes": shift.closes,
            "repeats": WEEKLY if shift.weekdays else ONCE,
            "weekdays": [day for day in DAYS if day in shift.weekdays],
            "every": shift.every_weeks,
            "first": shift.first_day,
            "last_day": shift.last_day,
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: somebody is chosen, and what repeats has weekdays."""
        super().validate(extra_validators)
        if self.person.person is None and not self.person.errors:
            self.complain("person", "Choose who is on duty")
        if self.repeats.data == WEEKLY and not self.weekdays.data and not self.weekdays.errors:
            self.complain("weekdays", "Choose at least one weekday")
        return not self.errors

    def entry(self) -> NewShift:
        """What was typed. Raises ValueError for a form that did not validate."""
        person, opens, closes, first = self.person.person, self.opens.data, self.closes.data, self.first.data
        if person is None or opens is None or closes is None or first is None:
            raise ValueError("the form did not validate")
        weekdays = self.weekdays.data or [] if self.repeats.data == WEEKLY else []
        return NewShift(person, opens, closes, first, self.last_day.data, weekdays, self.every.data or 1)


class EndForm(Form):
    """Let a shift end."""

    last_day = Day("Last day", "Enter the last day it happens on")

    @property
    def last(self) -> date:
        """What was typed. Raises ValueError for a form that did not validate."""
        if self.last_day.data is None:
            raise ValueError("the form did not validate")
        return self.last_day.data


class OverrideForm(Form):
    """What is different for a span."""

    starts_at = LondonMoment("From", required="Enter when it begins")
    ends_at = LondonMoment("To", required="Enter when it ends")
    instead_of = Somebody(
        "Whose turns are different?",
        (str(EVERYBODY), "Everybody’s"),
        description="Everybody’s: whoever is there instead is on duty all that time, day and night. "
        "One person’s: they are on duty when that person would have been.",
    )
    person = Somebody("Who is there instead?", (str(NOBODY), "Nobody"))

    @classmethod
    def of(cls, people: Sequence[Person], now: datetime) -> "OverrideForm":
        """The form, beginning now."""
        form = cls(data={"starts_at": now, "instead_of": EVERYBODY, "person": NOBODY})
        form.instead_of.offer(people)
        form.person.offer(people)
        return form

    def entry(self) -> NewOverride:
        """What was typed. Raises ValueError for a form that did not validate."""
        starts_at, ends_at = self.starts_at.moment, self.ends_at.moment
        if starts_at is None or ends_at is None:
            raise ValueError("the form did not validate")
        return NewOverride(starts_at, ends_at, self.person.person, self.instead_of.person)


class ImportForm(Form):
    """A calendar file. Validating reads it: ``rota`` is what it says."""

    now: datetime  # of this request
    rota: RotaFile

    file = FileField(
        "Calendar file",
        widget=GovFileInput(),
        description="An iCalendar file (.ics) of at most 1 MB, as Outlook and rota programs export it.",
    )
    scope = RadioField(
        "What is in this file?",
        choices=offered(
            [
                ("some", "Some of the rota: only the same events are replaced"),
                ("whole", "The whole rota: everything imported before is replaced from now on"),
            ]
        ),
        default="some",
        widget=GovRadioInput(),
    )

    @property
    def file_name(self) -> str:
        """As the file is called where it came from."""
        return str(self.file.data.filename or "")

    def validate_file(self, field: Any) -> None:
        """Read it; what makes it no rota is said at the field."""
        if not hasattr(field.data, "read") or not field.data.filename:
            raise ValidationError("Choose a calendar file")
        try:
            self.rota = read(field.data.read(MOST_BYTES + 1), self.now)
        except Unreadable as unreadable:
            raise ValidationError(unreadable.reason) from None
        finally:
            field.data.close()  # a large one lies in a file of its own


class WhoAnswersForm(PlainForm):
    """Which desk, at which moment: read by GET, changes nothing. Empty means now."""

    desk = SelectField("Desk", coerce=int, default=0, widget=GovSelect())
    at = LondonMoment("When")

    def offer(self, desks: Iterable[Desk]) -> None:
        """Take the desks to choose from."""
        named = [(str(desk.id), f"{desk.agency.name}: {desk.name}") for desk in desks]
        self.desk.choices = offered([("0", "Choose a desk"), *named])
