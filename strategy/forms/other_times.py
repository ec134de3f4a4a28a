"""Holds the forms of other times: a partner offers them by link, staff move the discussion to one of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from wtforms import Form as PlainForm
from wtforms import FormField, HiddenField, IntegerField, TimeField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from strategy.act import Refused
from strategy.clock import in_london
from strategy.commands.changes import Occasion
from strategy.commands.offering import Offerer
from strategy.forms.form import Form, Line, iso_moment
from strategy.forms.rotas import Day, HourInput
from strategy.models import Discussion, Invitation, ProposedWindow
from strategy.rules.slots import Span
from strategy.rules.windows import problem
from strategy.rules.working_time import at_local

ROWS = ("first", "second", "third", "fourth", "fifth")


class _Hour(TimeField):
    """A time of day by the local clock, which may stay empty."""

    def __init__(self, label: str, **extra: Any) -> None:
        super().__init__(label, validators=[Optional()], widget=HourInput(), **extra)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; empty is None."""
        self.data = None
        if not valuelist or not str(valuelist[0]).strip():
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(f"{self.label.text} must be a time, like 14:00") from None


class WindowForm(PlainForm):
    """One window: a day, and from when until when on it."""

    day = Day("Date")
    begins = _Hour("From")
    until = _Hour("Until")

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not any((field.raw_data or [""])[0] or field.data for field in self)

    @property
    def span(self) -> Span | None:
        """The window in UTC; None while a part of it is missing or unreadable."""
        day, begins, until = self.day.data, self.begins.data, self.until.data
        if not isinstance(day, date) or not isinstance(begins, clock_time) or not isinstance(until, clock_time):
            return None
        return at_local(day, begins), at_local(day, until)

    def complain(self, name: str, words: str) -> None:
        """Put an error at a field."""
        self[name].errors = [*self[name].errors, words]

    def ask_for_the_rest(self, number: int) -> None:
        """Name what is missing of a row that was begun."""
        for name, words in (("day", "Enter the date"), ("begins", "Enter from when"), ("until", "Enter until when")):
            if self[name].data is None:
                self.complain(name, f"{words}, for time {number}")


class OfferForm(Form):
    """Other times, by link. The link's token is the authority: no session, no cookie. Nothing is offered beforehand."""

    class Meta:
        csrf = False

    now: datetime
    starts_at: datetime
    length: timedelta
    offered: bool  # whether there is something to take back

    by_name = Line("Your name", required="Enter your name")
    by_role = Line("Your role", required="Enter your role, like detective constable or health visitor")
    first = FormField(WindowForm)
    second = FormField(WindowForm)
    third = FormField(WindowForm)
    fourth = FormField(WindowForm)
    fifth = FormField(WindowForm)

    @classmethod
    def of(cls, invitation: Invitation, offered: Sequence[ProposedWindow], now: datetime) -> "OfferForm":
        """The form with what is offered now, to be changed; name and role where one person was asked."""
        form, (begins, until) = cls(), invitation.needed
        form.offered = bool(offered)
        form.now, form.starts_at, form.length = now, begins, until - begins
        if form.is_submitted():
            return form
        if invitation.person is not None:
            form.by_name.data, form.by_role.data = invitation.person.name, invitation.person.job_title
        for row, window in zip(form.rows, offered, strict=False):
            begins, until = in_london(window.starts_at), in_london(window.ends_at)
            row["day"].data, row["begins"].data, row["until"].data = begins.date(), begins.time(), until.time()
        return form

    @property
    def rows(self) -> list[WindowForm]:
        """The five rows."""
        return [self[name].form for name in ROWS]

    @property
    def shown(self) -> int:
        """How many rows stand open: two, or as many as are in use."""
        used = [number for number, row in enumerate(self.rows, start=1) if not row.is_blank]
        return max([2, *used])

    @property
    def windows(self) -> list[Span]:
        """The windows given. Only for a form that validated."""
        return [row.span for row in self.rows if row.span is not None]

    @property
    def who(self) -> Offerer:
        """Who offers them. Only for a form that validated."""
        return Offerer(self.by_name.data or "", self.by_role.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Each row by itself: whole, in the future, soon enough and long enough."""
        valid = bool(super().validate(extra_validators))
        for number, row in enumerate(self.rows, start=1):
            if row.is_blank or row.errors:
                continue
            span = row.span
            found = problem(span, self.now, self.starts_at, self.length) if span else None
            if span is None:
                row.ask_for_the_rest(number)
            elif found is not None:
                row.complain(found.field, found.reason)
        if not self.offered and all(row.is_blank for row in self.rows):
            self.rows[0].complain("day", "Give at least one other time")
        return valid and not any(row.errors for row in self.rows)


class MoveToForm(Form):
    """One press moves the discussion to a time that was offered.

    ``revision`` is the one the editor saw, ``seen`` the references of other discussions that were named beside it.
    """

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired("Open the discussion again")])
    starts_at = HiddenField(validators=[InputRequired("Choose one of the times")])
    seen = HiddenField()

    @property
    def beside(self) -> frozenset[str]:
        """The discussions beside which they go ahead."""
        return frozenset((self.seen.data or "").split())

    def occasion(self, discussion: Discussion) -> Occasion:
        """The discussion as it is, at the time chosen. Raises Refused for what is no time."""
        start = iso_moment(self.starts_at.data or "")
        if start is None:
            raise Refused("Choose one of the times")
        return Occasion(
            starts_at=start,
            ends_at=start + (discussion.ends_at - discussion.starts_at),
            mode=discussion.mode,
            join_url=discussion.join_url,
            dial_in=discussion.dial_in,
            place=discussion.place,
        )
