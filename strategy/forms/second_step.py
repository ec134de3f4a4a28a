"""Holds the forms of the second step: who asks and where the code goes, and the code itself."""

from collections.abc import Sequence

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from strategy.forms.choices import offered
from strategy.forms.form import Form, Line, Words
from strategy.queries.second_step import Way

_REASON = 1000
_CODE = 20  # digits as people space them
_LOST = " (the last code did not arrive there)"


class _ByLink(Form):
    """A form behind a partner's link. The token is the authority, and the cookie of the step is SameSite=Strict."""

    class Meta:
        csrf = False


class AskForm(_ByLink):
    """Who wants to see it, and to which registered channel the code goes. No address is ever typed."""

    by_name = Line("Your name", required="Enter your name")
    by_role = Line("Your role", required="Enter your role, like detective constable or health visitor")
    way = RadioField(
        "Where should the code go?",
        validators=[InputRequired("Choose where the code should go")],
        widget=GovRadioInput(),
    )

    @classmethod
    def of(cls, ways: Sequence[Way]) -> "AskForm":
        """The form with the channels there are, masked; nothing is chosen beforehand."""
        form = cls()
        form.way.choices = offered((way.key, f"{way.words}{_LOST if way.lost else ''}") for way in ways)
        return form


class CodeForm(_ByLink):
    """The six digits."""

    code = Line("Code", required="Enter the 6 digits of the code", most=_CODE)

    @classmethod
    def after_a_wrong_one(cls) -> "CodeForm":
        """A fresh form after a try: it is another sending, and does not show what was typed."""
        form = cls(formdata=None)
        form.complain("code", "That code is not right, or not valid any more. Check it, or ask for a new one")
        return form


class NotOursForm(_ByLink):
    """The child is not this agency's; offered only to who has seen who the child is."""

    reason = Words(
        "How do you know?",
        required="Say how you know",
        most=_REASON,
        description="For example: not on our roll, moved to another area, not known under any of these names",
    )


class CloseForm(_ByLink):
    """A button."""
