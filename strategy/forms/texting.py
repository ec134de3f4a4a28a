"""Holds the form with which somebody playing a partner answers a text as that phone."""

from wtforms import HiddenField
from wtforms.validators import InputRequired

from strategy.forms.form import Form, Line

_LONGEST = 300


class ReplyAsForm(Form):
    """A text from a phone."""

    phone = HiddenField(validators=[InputRequired()])
    reference = HiddenField()
    words = Line("Reply", required="Write what this phone replies", most=_LONGEST)
