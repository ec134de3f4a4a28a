"""Holds the form that starts a verification round."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField

from strategy.forms.choices import offered
from strategy.forms.form import Form
from strategy.models import Agency

_MONTHS = ((0, "Everybody"), (3, "Not verified for 3 months"), (6, "Not verified for 6 months"), (12, "Not for a year"))


class RoundForm(Form):
    """Whom to ask whether their entry is still right."""

    agency_id = SelectField("Which agency?", coerce=int, default=0, widget=GovSelect())
    months = RadioField(
        "Whom?",
        coerce=int,
        default=6,
        choices=offered((str(number), words) for number, words in _MONTHS),
        widget=GovRadioInput(),
    )

    @classmethod
    def of(cls, agencies: Iterable[Agency]) -> "RoundForm":
        """The form with these agencies to choose from."""
        form = cls()
        form.agency_id.choices = offered([("0", "All agencies"), *((str(one.id), one.name) for one in agencies)])
        return form
