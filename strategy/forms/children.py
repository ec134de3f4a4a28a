"""Holds the form of who a child is. Everything may be unknown; what the case system knows need not be typed twice."""

from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from wtforms import BooleanField, DateField
from wtforms.validators import Optional

from strategy.commands.children import Identity
from strategy.forms.booking import DayInput
from strategy.forms.form import Line, Words
from strategy.forms.meanwhile import SharedForm
from strategy.models import Child

_NAMES = ("name", "aliases", "unborn", "nhs_number", "addresses")
_NUMBER = 20  # ten digits as people space them
_LINES = 1000


class IdentityForm(SharedForm):
    """Who a child is."""

    name = Line("Name")
    aliases = Line("Also known as", description="Earlier surnames, other spellings, nicknames")
    born = DateField("Date of birth, or expected date", validators=[Optional()], widget=DayInput())
    unborn = BooleanField("Not born yet", widget=GovCheckboxInput())
    nhs_number = Line("NHS number", most=_NUMBER)
    addresses = Words("Addresses", most=_LINES, description="One a line: where the child lives, and has lived lately")
    household = Words(
        "Others in the household",
        most=_LINES,
        description="One a line: name, date of birth, what they are to the child",
    )

    @staticmethod
    def kept(child: Child) -> dict[str, Any]:
        """What is written."""
        values = {name: getattr(child, name) for name in _NAMES}
        born = date.fromisoformat(child.born) if child.born else None
        return values | {"born": born, "household": child.contact.household}

    def identity(self) -> Identity:
        """What was typed, as the command takes it."""
        return Identity(
            name=self.name.data or None,
            aliases=self.aliases.data or None,
            born=self.born.data.isoformat() if self.born.data else None,
            unborn=self.unborn.data,
            nhs_number=self.nhs_number.data or None,
            addresses=self.addresses.data or None,
            household=self.household.data or None,
        )
