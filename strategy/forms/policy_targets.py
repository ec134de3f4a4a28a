"""Holds the boxes of a target: by when, what starts its clock, what it asks for, and the discussion that follows."""

from collections.abc import Callable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovSelect
from wtforms import BooleanField, DateField, Field, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from strategy.forms.booking import DayInput
from strategy.forms.choices import offered
from strategy.forms.form import Line
from strategy.forms.policy_areas import SPANS, NumberInput
from strategy.forms.policy_rows import RowForm, SpanLine, UsuallyField
from strategy.rules.policy_words import need_words
from strategy.vocabulary import ClockStart, FollowOnStart

_FOLLOW_ON = ("label", "after", "warn", "from", "meeting", "repeats")


class TargetForm(RowForm):
    """One target."""

    label = Line("Name", required="Enter what it is called")
    short = Line("Short name, for narrow columns", description="Empty: its code.")
    due = SpanLine("Due", required="Enter when it is due", description=f"{SPANS}, or: same day")
    warn = SpanLine("Warning", description=f"{SPANS}. Empty: no warning.")
    starts = SelectField(
        "What starts its clock?",
        choices=offered((start.value, start.words.capitalize()) for start in ClockStart),
        default=ClockStart.DECISION.value,
        widget=GovSelect(),
    )
    order = IntegerField(
        "Place in the list of concerns",
        validators=[Optional()],
        widget=NumberInput(),
        description="Empty: it cannot be chosen as a concern.",
    )
    urgent = BooleanField("Urgent: chased by the clock, nights and weekends too", widget=GovCheckboxInput())
    local = UsuallyField("Closure days lengthen it, as a local target", widget=GovCheckboxInput(), default=True)
    must_be_meeting = BooleanField("It must be a meeting, not a phone call", widget=GovCheckboxInput())
    needs = SelectMultipleField("Who has to be there besides the quorum?", widget=GovCheckboxesInput())
    circumstances = SelectMultipleField("Which circumstances are so with this concern?", widget=GovCheckboxesInput())
    then_label = Line("A second discussion: what it is called", description="Empty: none follows.")
    then_after = SpanLine("Within", description=f"{SPANS}, or 28 d (days)")
    then_warn = SpanLine("Warning after", description="Empty: no warning.")
    then_from = SelectField(
        "Counted from",
        choices=offered((start.value, start.words.capitalize()) for start in FollowOnStart),
        default=FollowOnStart.CLOCK.value,
        widget=GovSelect(),
    )
    then_meeting = BooleanField("The second must be a meeting, not a phone call", widget=GovCheckboxInput())
    then_repeats = BooleanField("Again and again, as long after each, until a final one", widget=GovCheckboxInput())
    advice = Line("Advice beside it", most=400)
    source = Line("Source", required="Enter where this figure comes from", most=400)
    effective = DateField(
        "Agreed with effect from", validators=[InputRequired("Enter the day it is agreed from")], widget=DayInput()
    )

    @classmethod
    def usual(cls, row: dict[str, Any]) -> dict[str, Any]:
        """The first follow-on in its boxes; a text may have more, which stay as they are."""
        first: dict[str, Any] = next(iter(row.get("follow_on", [])), {})
        return {**super().usual(row), **{f"then_{key}": value for key, value in first.items()}}

    def offer(self) -> None:
        """The policy's needs and circumstances."""
        self.needs.choices = offered((need.code, need_words(need)) for need in self.policy.needs.values())
        self.circumstances.choices = offered(self.policy.circumstances.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a second discussion has its name and its time."""
        super().validate(extra_validators)
        if self.then_after.data and not self.then_label.data:
            self.complain("then_label", "Enter what the second discussion is called")
        if self.then_label.data and not self.then_after.data:
            self.complain("then_after", "Enter within what time the second discussion is due")
        return not self.errors

    def said(self, read: Callable[[Field], Any]) -> dict[str, object | None]:
        """The boxes of the second discussion as the first of its list."""
        said = super().said(read)
        first = {key: value for key in _FOLLOW_ON if (value := said.pop(f"then_{key}")) is not None}
        follow_ons = [*([first] if "label" in first else []), *self.row.get("follow_on", [])[1:]]
        return {**said, "follow_on": follow_ons or None}

    def box_of(self, key: str) -> str:
        """A second discussion's own box."""
        return f"then_{key.removeprefix('follow_on[0].')}" if key.startswith("follow_on[0].") else super().box_of(key)
