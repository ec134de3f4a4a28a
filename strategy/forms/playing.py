"""Holds the form with which somebody trying the product answers a kept mail as its receiver would."""

from datetime import datetime
from typing import Any

from wtforms import StringField

from strategy.forms.form import Form, Line, LondonMoment, Words

ACCEPTED, TENTATIVE, DECLINED = "ACCEPTED", "TENTATIVE", "DECLINED"
PROPOSE, WRITE = "propose", "write"
CALENDAR = (ACCEPTED, TENTATIVE, DECLINED, PROPOSE)


class PlayForm(Form):
    """Who answers, and what: each button sends one thing. There is no account behind it, so no session."""

    class Meta:
        csrf = False

    press = StringField()
    name = Line("Your name, as their mail program gives it", required="Enter a name")
    starts_at = LondonMoment("Another start")
    words = Words("What they write back", most=2_000)

    has_calendar: bool = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: what the pressed button sends is there."""
        good = bool(super().validate(extra_validators))
        if self.press.data not in (CALENDAR if self.has_calendar else ()) and self.press.data != WRITE:
            self.form_errors.append("Press one of the buttons")
            return False
        if self.press.data == PROPOSE and self.starts_at.moment is None and not self.starts_at.errors:
            self.complain("starts_at", "Enter the date and time you propose")
            return False
        if self.press.data == WRITE and not self.words.data:
            self.complain("words", "Enter what they write")
            return False
        return good

    @property
    def proposed(self) -> datetime:
        """The start proposed. Only for a form that validated with that button."""
        found = self.starts_at.moment
        if found is None:
            raise ValueError("no start was proposed")
        return found
