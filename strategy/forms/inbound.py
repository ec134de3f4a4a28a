"""Holds the form with which somebody who read a mail says what was done."""

from strategy.forms.form import Form, Words

_SHORT = 500


class HandledForm(Form):
    """What was done about it, if there is anything to say."""

    words = Words("What was done", most=_SHORT, description="Leave it empty where reading it was all.")
