"""Holds the form by which an agency says how far an action of its own is, or that it is done."""

from collections.abc import Sequence
from datetime import datetime

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from strategy import dates
from strategy.forms.choices import offered
from strategy.forms.form import Form, Words
from strategy.models import Action
from strategy.vocabulary import ActionState

_LABEL = 120  # characters of an action that tell it from the others


class AgencyActionForm(Form):
    """Which action, and what is to be said of it. The token and the second step are the authority."""

    class Meta:
        csrf = False

    action = RadioField(
        "Which action?", coerce=int, validators=[InputRequired("Choose the action")], widget=GovRadioInput()
    )
    said = Words(
        "How far is it, or how can one see that it is done?",
        most=2000,
        required="Say how far it is, or how one can see that it is done",
    )

    @classmethod
    def of(cls, actions: Sequence[Action], now: datetime) -> "AgencyActionForm":
        """The form with those still open to choose from; the only one is chosen."""
        form, still = cls(), [one for one in actions if one.state is ActionState.OPEN]
        form.action.choices = offered((str(one.id), _words(one, now)) for one in still)
        if len(still) == 1 and not form.is_submitted():
            form.action.data = still[0].id
        return form


def _words(action: Action, now: datetime) -> str:
    what = action.what if len(action.what) <= _LABEL else f"{action.what[: _LABEL - 1]}…"
    return f"{what} (due {dates.brief(action.due_at, now)})"
