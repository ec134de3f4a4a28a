"""Holds the form with which somebody playing a partner answers a text as that phone."""

from typing import Any

from wtforms import HiddenField, ValidationError
from wtforms.validators import InputRequired

from strategy.forms.form import Form, Line

_LONGEST = 300
_EMPTY = "Write what this phone replies"


class ReplyAsForm(Form):
    """A text from a phone."""

    phone = HiddenField(validators=[InputRequired()])
    reference = HiddenField()
    words = Line("Reply", required=_EMPTY, most=_LONGEST)

    def validate_words(self, field: Any) -> None:
        """Spaces alone are no text."""
        if not field.data:
            raise ValidationError(_EMPTY)
