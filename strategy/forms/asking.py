"""Holds the forms of a partner who asks for somebody, and of staff who answer; a request's needs are the command's."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from strategy.commands.partner_requests import Asked
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line, Words
from strategy.vocabulary import AskFor, AskSoon, RequestOutcome

_SHORT = 1_000  # characters: enough to know whom to ring about what kind of thing, no room for a report
_ADDRESS = 254
_NUMBER = 40


class AskForm(Form):
    """What a partner asks for. There is no account, no session and no cookie."""

    class Meta:
        csrf = False

    asks_for = RadioField(
        "What do you need?",
        choices=offered((one.value, one.words) for one in AskFor),
        validators=[InputRequired("Choose what you need")],
        widget=GovRadioInput(),
    )
    soon = RadioField(
        "When do you need us to ring you?",
        choices=offered((one.value, one.words) for one in AskSoon),
        validators=[InputRequired("Choose when we should ring you")],
        widget=GovRadioInput(),
    )
    name = Line("Your name", required="Enter your name")
    role = Line("Your role", required="Enter your role, like health visitor or teacher")
    agency = Line("Your agency", required="Enter the agency or school you work for")
    phone = Line("Phone number to ring you on", most=_NUMBER)
    email = Line("Email address, if we cannot reach you by phone", most=_ADDRESS)
    text = Words(
        "What is it about, in a sentence or two?",
        most=_SHORT,
        description="Only what we need to ring the right person back. No names, dates of birth or addresses.",
    )
    # Seen by no person and filled in by programs: whoever is caught is told so, for nobody may be lost without a word.
    leave_empty = StringField("Leave this empty", widget=GovTextInput())

    def validate(self, extra_validators: object = None) -> bool:
        """Also: what no person sees is empty."""
        good: bool = super().validate(extra_validators)
        if self.leave_empty.data:
            self.complain("leave_empty", "Leave the last box empty, and send it again")
        return good and not self.leave_empty.data

    def asked(self) -> Asked:
        """What was typed, as the command takes it. Only for a form that validated."""
        return Asked(
            asks_for=AskFor(self.asks_for.data),
            soon=AskSoon(self.soon.data),
            name=self.name.data or "",
            role=self.role.data or "",
            agency=self.agency.data or "",
            phone=self.phone.data or None,
            email=self.email.data or None,
            text=self.text.data or None,
        )


class OutcomeForm(Form):
    """What came of a request."""

    outcome = RadioField(
        "What came of it?",
        choices=offered((one.value, one.words) for one in RequestOutcome if one is not RequestOutcome.CONTACT_STARTED),
        validators=[InputRequired("Choose what came of it")],
        widget=GovRadioInput(),
    )
    words = Words("What was said or done", most=_SHORT, description="Needed when nothing is done: say why.")


class DutyForm(Form):
    """The mailbox that is told."""

    duty_email = Line(
        "Duty team’s email address",
        most=_ADDRESS,
        description="Leave it empty, and every chair and manager is told.",
    )
