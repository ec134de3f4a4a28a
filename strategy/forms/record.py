"""Forms for writing the record: information, decisions, actions, the signature. They decide nothing."""

from collections.abc import Iterable
from datetime import datetime

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput
from wtforms import HiddenField, IntegerField, SelectField, SubmitField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import HiddenInput

from strategy.act import Refused
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line, LondonMoment, Words
from strategy.models import Invitation
from strategy.queries import conflicts
from strategy.vocabulary import DecisionCode


class SignForm(Form):
    """The signature; ``meant`` confirms a record with neither information nor action in it."""

    meant = HiddenField()


class AddForm(Form):
    """What is added to a signed record: what an agency shared, or a decision, or both."""

    invitation_id = SelectField("Agency", coerce=int, widget=GovSelect())
    text = Words("Information shared", most=10_000)
    code = SelectField(
        "Decision",
        choices=offered([("", "No decision"), *((one.value, one.words) for one in DecisionCode)]),
        widget=GovSelect(),
    )
    rationale = Words("Why it was decided")
    save = SubmitField("Add to the record", widget=GovSubmitInput())

    def offer(self, invitations: Iterable[Invitation]) -> "AddForm":
        """Let the information be any invited role's."""
        self.invitation_id.choices = offered((str(one.id), f"{one.role_words}: {one.invitee}") for one in invitations)
        return self

    @property
    def decision(self) -> DecisionCode | None:
        """The decision chosen, if any."""
        return next((one for one in DecisionCode if one.value == self.code.data), None)

    def refuse_nothing(self) -> None:
        """Raise Refused where there is nothing to add, or a rationale without its decision."""
        if self.decision is None and (self.rationale.data or not self.text.data):
            field = "code" if self.rationale.data else "text"
            raise Refused("Write what is to be added, or choose a decision", field)


class InformationForm(Form):
    """What one agency shared."""

    text = Words("Information shared", required="Write what they shared", most=10_000)
    save = SubmitField("Save information", widget=GovSubmitInput())


class DecisionForm(Form):
    """One decision and why."""

    code = SelectField(
        "Decision",
        choices=offered([("", "Choose a decision"), *((one.value, one.words) for one in DecisionCode)]),
        validators=[InputRequired("Choose the decision")],
        widget=GovSelect(),
    )
    rationale = Words("Why", required="Say why: every decision needs its rationale")
    save = SubmitField("Add decision", widget=GovSubmitInput())

    @property
    def decision(self) -> DecisionCode:
        """The decision chosen. Only for a form that validated."""
        return next(one for one in DecisionCode if one.value == self.code.data)


class ActionForm(Form):
    """Who does what by when: one row, filled by keyboard."""

    what = Line("What is to be done", required="Say what is to be done", most=400)
    invitation_id = SelectField(
        "Agency", coerce=int, widget=GovSelect(), validators=[DataRequired("Choose the agency that does it")]
    )
    owner = Line("Who does it")
    due_at = LondonMoment("Due", required="Enter a date and time it is due, never “as soon as possible”")
    save = SubmitField("Add action", widget=GovSubmitInput())

    def offer(self, invitations: Iterable[Invitation]) -> "ActionForm":
        """Let the owner be at any of the invited roles, but for whom a conflict of interest bars.

        Where one of those has it now, somebody else has to be chosen, and nobody is beforehand.
        """
        free = [one for one in invitations if not conflicts.closed(one)]
        choices = [(str(one.id), f"{one.role_words}: {one.invitee}") for one in free]
        has_it = self.invitation_id.data
        if has_it and has_it not in {one.id for one in free}:
            choices, self.invitation_id.data = [("0", "Choose another agency"), *choices], 0
        self.invitation_id.choices = offered(choices)
        return self

    @property
    def due(self) -> datetime:
        """When it is due, aware. Only for a form that validated."""
        if self.due_at.moment is None:
            raise ValueError("the form did not validate")
        return self.due_at.moment


class AmendedActionForm(ActionForm):
    """An action changed. ``revision`` is the one the editor saw."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired("Open the action again")])


class EvidenceForm(Form):
    """How one can see that an action is done, or why it is not needed any more."""

    evidence = Words("How one can see that it is done", required="Say how one can see that it is done", most=2000)
    done = SubmitField("Mark as done", widget=GovSubmitInput())
    not_needed = SubmitField("No longer needed", widget=GovSubmitInput())
