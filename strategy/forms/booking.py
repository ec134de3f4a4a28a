"""Holds the forms of a booking's pages: children, when, check. Who is asked is in who.py."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Optional

from strategy.commands.booking import ChildEntry
from strategy.forms.alongside import AlongsideForm
from strategy.forms.choices import offered
from strategy.forms.consent import ConsentForm
from strategy.forms.contacts import CASE
from strategy.forms.form import OTHER, Form, Line, LondonMoment, Words, iso_moment
from strategy.queries.invitees import Places
from strategy.rules.occasion import JOINED_BY, place_problem, time_problem
from strategy.rules.slots import Proposals, Question, Slot
from strategy.vocabulary import DiscussionKind, Mode

LENGTHS = (15, 20, 30, 45, 60)
MODES = (Mode.VIDEO, Mode.PHONE, Mode.IN_PERSON, Mode.SERIES_OF_CALLS)
MOST_CHILDREN = 12
_YEAR_DAYS = 365.25
_A_ROW = re.compile(r"[0-9]{1,9}")
SIBLING = re.compile(r"children-([0-9]{1,2})-")  # how a child's fields are named; two digits hold more than are taken


class DayInput(GovTextInput):
    """A text input that browsers show as their own date picker."""

    input_type = "date"


class ChildForm(PlainForm):
    """One child. Nothing but the case reference is asked for."""

    today: date  # the day of this request

    id = HiddenField()
    case_reference = Line("Case reference", most=CASE)
    name = Line("Name")
    born = DateField("Date of birth, or expected date", validators=[Optional()], widget=DayInput())
    unborn = BooleanField("Not born yet", widget=GovCheckboxInput())
    school = Line("School, college or nursery")
    gp = Line("GP")

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed for a sibling that is not on the contact."""
        return not self.id.data and not any(
            field.data for field in (self.case_reference, self.name, self.born, self.unborn, self.school, self.gp)
        )

    def validate_id(self, field: HiddenField) -> None:
        """A number, or nothing."""
        if field.data and self.child_id is None:
            raise ValidationError("Open the booking again")

    @property
    def child_id(self) -> int | None:
        """The child on the contact this is about; None for another, and for what is no number of a row."""
        row = _A_ROW.fullmatch(self.id.data or "")
        return int(row[0]) if row else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: every child is found again by its case reference, and is born or expected, not both."""
        super().validate(extra_validators)
        if not self.is_blank:
            if not self.case_reference.data and not self.case_reference.errors:
                self.case_reference.errors = ["Enter the case reference"]
            if not self.born.errors and (words := self._birth_problem()):
                self.born.errors = [words]
        return not self.errors

    def _birth_problem(self) -> str | None:
        born: date | None = self.born.data
        if self.unborn.data:
            return None if born else "Enter the expected date of birth"
        if born and born > self.today:
            return "This date is still to come: tick “Not born yet”, or correct the date"
        return None

    def entry(self) -> ChildEntry:
        """The child as the command takes it."""
        return ChildEntry(
            id=self.child_id,
            case_reference=self.case_reference.data or None,
            name=self.name.data or None,
            born=self.born.data.isoformat() if self.born.data else None,
            unborn=self.unborn.data,
            school=self.school.data or None,
            gp=self.gp.data or None,
        )


class _Children(FieldList):  # type: ignore[type-arg]  # generic in the stubs only
    """A child after another. WTForms takes any digit of Unicode, and any number of them, for a child's place."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        named = [name for name in formdata if SIBLING.match(name)]
        found: Iterator[int] = super()._extract_indices(prefix, named)  # type: ignore[misc]  # the stubs leave it out
        return found


class ChildrenForm(Form):
    """Page 1: the children, what kind of discussion it is, and what decides who is asked."""

    kinds: Sequence[DiscussionKind] = tuple(DiscussionKind)

    children = _Children(FormField(ChildForm), max_entries=MOST_CHILDREN)
    kind = SelectField("Kind of discussion", choices=offered((kind.value, kind.words) for kind in DiscussionKind))
    flags = SelectMultipleField("Is any of this so?", choices=[], widget=GovCheckboxesInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As any form; the kind's list looks like the rest of the page."""
        super().__init__(*args, **kwargs)
        self.kind.widget = GovSelect()

    @property
    def entries(self) -> list[ChildEntry]:
        """The children typed, blank siblings left out."""
        return [child.form.entry() for child in self.children if not child.form.is_blank]

    @property
    def chosen_kind(self) -> DiscussionKind:
        """The kind chosen; the first for what is none, since a page left by its back button is kept unchecked."""
        return next((kind for kind in DiscussionKind if kind.value == self.kind.data), self.kinds[0])

    def offer_kinds(self, kinds: Sequence[DiscussionKind]) -> None:
        """Take the kinds that can come at this place of the series."""
        self.kinds = kinds
        self.kind.choices = offered((kind.value, kind.words) for kind in kinds)

    def set_today(self, today: date) -> None:
        """Say which day it is: a child is born by then, or expected."""
        for child in self.children:
            child.form.today = today

    @property
    def places(self) -> Places:
        """The schools and GPs typed for the children."""
        found = self.entries
        schools = tuple(entry.school for entry in found if entry.school)
        return Places(school=schools, gp=tuple(entry.gp for entry in found if entry.gp))

    def circumstances(self, today: date) -> frozenset[str]:
        """What was ticked, and what follows from the children: their ages, a school, a GP."""
        return frozenset(self.flags.data or []).union(*(_follows(entry, today) for entry in self.entries))


def _follows(child: ChildEntry, today: date) -> set[str]:
    found = set()
    if child.born and not child.unborn:
        years = (today - date.fromisoformat(child.born)).days / _YEAR_DAYS
        if years < 5:
            found.add("under-five")
        elif years < 18:
            found.add("school-age")
    if child.gp:
        found.add("gp-involved")
    return found


class WhenForm(ConsentForm):
    """Page 3: time, length, how to join, the manager's direction; past the target, why; no meeting, who agrees."""

    due_at: datetime | None = None  # the target: later than this asks for a reason
    now: datetime  # the moment of this request
    must_meet: bool = False  # whether policy asks for a meeting
    times: Proposals  # what is offered
    question: Question  # and for what
    shorter: Slot | None = None  # where nothing fits: the best time of a shorter length that would

    slot = RadioField(
        "When?",
        choices=[],
        validate_choice=False,
        validators=[InputRequired("Choose a time")],
        widget=GovRadioInput(),
    )
    starts_at = LondonMoment("Date and time")
    minutes = RadioField(
        "How long?",
        choices=offered((str(length), f"{length} minutes") for length in LENGTHS),
        coerce=int,
        widget=GovRadioInput(),
    )
    mode = RadioField("How?", choices=offered((mode.value, mode.words) for mode in MODES), widget=GovRadioInput())
    join_url = Line("Join link", most=500, description="For video only.")
    dial_in = Line("Number to dial", description="Beside a video link or a place too: somebody will be in a car.")
    place = Line("Place", most=200, description="In person only.")
    late_reason = SelectField("Reason for the delay", choices=[], default="", widget=GovSelect())
    direction = Words("The manager's direction", most=2000, description="What must happen, and by when. Can be empty.")
    direction_due_at = LondonMoment("The direction's date and time")

    def offer(self, slots: Sequence[tuple[str, str]], reasons: Sequence[tuple[str, str]]) -> None:
        """Take the times to choose from, and the policy's reasons for a delay; a time gone by moves to "another"."""
        self.slot.choices = offered([*slots, (OTHER, "Another time")])
        self.late_reason.choices = offered([("", "Choose a reason"), *reasons])
        chosen = iso_moment(self.slot.data or "")
        if chosen is not None and self.slot.data not in {value for value, _ in slots}:
            self.starts_at.raw_data = None
            self.starts_at.process_data(chosen)
            self.slot.data = OTHER

    @property
    def begins(self) -> datetime | None:
        """The chosen moment."""
        return self.starts_at.moment if self.slot.data == OTHER else iso_moment(self.slot.data or "")

    @property
    def ends(self) -> datetime | None:
        """The end of it."""
        begins, minutes = self.begins, self.length
        return begins + timedelta(minutes=minutes) if begins and minutes else None

    @property
    def length(self) -> int | None:
        """The minutes chosen; None for what is no choice, since a page left by its back button is kept unchecked."""
        return self.minutes.data if self.minutes.data in LENGTHS else None

    def joined_by(self) -> dict[str, Any]:
        """How the chosen way is joined: a link remembered for video is none of a phone call. Once it validated."""
        used = JOINED_BY[Mode(self.mode.data)]
        return {way: self[way].data or None if way in used else None for way in ("join_url", "dial_in", "place")}

    @property
    def is_late(self) -> bool:
        """Whether the chosen time is past the target."""
        return self.due_at is not None and self.begins is not None and self.begins > self.due_at

    def validate(self, extra_validators: Any = None) -> bool:
        """Also what one answer asks of another: a time of its own, a way to join, a reason past the target."""
        super().validate(extra_validators)
        if self.begins is None:
            field = "starts_at" if self.slot.data == OTHER else "slot"
            if not self[field].errors:
                self.complain(field, "Enter the date and time" if field == "starts_at" else "Choose a time")
        if not self.errors:
            self._ask_the_rules()
        if not self.errors and self.is_late and not self.late_reason.data:
            self.complain("late_reason", "This is after the target: choose the reason for the delay")
        self._ask_for_both_of_a_direction()
        self.check_consent(self.needs_consent)
        return not self.errors

    @property
    def needs_consent(self) -> bool:
        """Whether both managers must agree to the way chosen, as rules.occasion has it."""
        by_calls, by_phone = self.mode.data == Mode.SERIES_OF_CALLS.value, self.mode.data == Mode.PHONE.value
        return by_calls or (by_phone and self.must_meet)

    def _ask_the_rules(self) -> None:
        """What would be refused when the invitations are sent is said here, where it was typed."""
        found = place_problem(Mode(self.mode.data), self.join_url.data or None, self.place.data or None)
        if self.begins is not None and self.ends is not None:
            found = time_problem(self.begins, self.ends, self.now) or found
        if found is not None:
            field = {"ends_at": "minutes", "starts_at": "starts_at" if self.slot.data == OTHER else "slot"}
            self.complain(field.get(found.field, found.field), found.reason)

    def _ask_for_both_of_a_direction(self) -> None:
        due = self.direction_due_at.moment
        if self.direction.data and due is None:
            self.complain("direction_due_at", "Give the direction a date and time")
        if due is not None and not self.direction.data:
            self.complain("direction", "Write the direction this date is for")
        if due is not None and due <= self.now:
            self.complain("direction_due_at", "The direction's date must be still to come")


class CheckForm(AlongsideForm):
    """Page 4: the button, and a box where a desk is asked to another discussion at that time."""
