"""Holds the forms of handing a contact over: to whom, and why not."""

from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField
from wtforms.validators import InputRequired

from strategy.forms.choices import offered
from strategy.forms.contacts import ContactForm
from strategy.forms.form import Form, Words
from strategy.models import User


class GiveForm(ContactForm):
    """Who receives it."""

    receiver = SelectField(
        "Receiving worker",
        choices=[],
        validators=[InputRequired("Choose who receives it")],
        widget=GovSelect(),
        description="They are told by email and text, and accept or decline. Until then it stays with its holder.",
    )

    def offer(self, people: Iterable[User]) -> None:
        """Let it be any of these."""
        named: list[Any] = [(str(one.id), f"{one.full_name}, {one.job_title}") for one in people]
        self.receiver.choices = offered([("", "Choose"), *named])


class DeclineForm(Form):
    """Why it cannot be taken."""

    reason = Words(
        "Why can you not take it?",
        required="Say why you cannot take it",
        description="Whoever gave it to you reads this.",
    )
