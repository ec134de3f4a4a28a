"""The form of the leaders' pages: which period, grouped how. It is read by GET and changes nothing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from wtforms import DateField, Form, SelectField, ValidationError
from wtforms.validators import Optional

from strategy.clock import LONDON, in_london
from strategy.forms.choices import offered
from strategy.forms.form import in_reach

LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of one local day to the end of another."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The first moment of it, UTC."""
        return datetime.combine(self.first, time(), LONDON).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it, UTC."""
        return datetime.combine(self.last + timedelta(days=1), time(), LONDON).astimezone(UTC)


def usual(now: datetime) -> Period:
    """The last three months up to today: the same day three months back, or the last day that month has."""
    today = in_london(now).date()
    year, month = (today.year, today.month - 3) if today.month > 3 else (today.year - 1, today.month + 9)
    day = today.day
    while True:
        try:
            return Period(date(year, month, day), today)
        except ValueError:  # 31 November
            day -= 1


class PeriodForm(Form):
    """From, to, by agency or sector. Empty means the last three months by agency."""

    today: date  # the day of this request

    first = DateField("From", name="from", validators=[Optional()])
    last = DateField("To", name="to", validators=[Optional()])
    by = SelectField("By", choices=offered([("agency", "Agency"), ("sector", "Sector")]), default="agency")

    def validate_first(self, field: Any) -> None:
        """Refuse a year nothing happened in."""
        if field.data is not None and not in_reach(field.data):
            raise ValidationError("Enter a date like 27/11/2026")

    def validate_last(self, field: Any) -> None:
        """Refuse a year nothing happened in."""
        self.validate_first(field)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also what the two ends ask of each other; an end left empty is today (WTForms asks nothing of it then)."""
        super().validate(extra_validators)
        if not self.errors and self.first.data is not None:
            length = (self.last.data or self.today) - self.first.data
            field = self.last if self.last.data else self.first
            if length < timedelta():
                field.errors = ["The period must end on or after the day it begins"]
            elif length > LONGEST:
                field.errors = ["Choose a period of at most three years"]
        return not self.errors

    def period(self, now: datetime) -> Period:
        """The period asked for; the usual one where nothing, or nothing sensible, was asked."""
        default = usual(now)
        if self.errors:
            return default
        last = self.last.data or default.last
        first = self.first.data or min(default.first, last)
        return Period(first, last)
