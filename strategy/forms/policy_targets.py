"""Holds the boxes of a target: by when, what starts its clock, what it asks for. Follow-ons are changed as text."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovSelect
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from strategy.forms.booking import DayInput
from strategy.forms.choices import offered
from strategy.forms.form import Line
from strategy.forms.policy_areas import SPANS, NumberInput
from strategy.forms.policy_rows import RowForm, SpanLine, UsuallyField
from strategy.rules.policy_words import need_words
from strategy.vocabulary import ClockStart


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
    advice = Line("Advice beside it", most=400)
    source = Line("Source", required="Enter where this figure comes from", most=400)
    effective = DateField(
        "Agreed with effect from", validators=[InputRequired("Enter the day it is agreed from")], widget=DayInput()
    )

    def offer(self) -> None:
        """The policy's needs and circumstances."""
        self.needs.choices = offered((need.code, need_words(need)) for need in self.policy.needs.values())
        self.circumstances.choices = offered(self.policy.circumstances.items())
