"""Holds the forms for what is changed most in a policy: a target, working time, the chasing's figures.

Each gives the edits of the text that say what was typed; whether they make a policy is rules' to judge.
"""

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect, GovTextInput
from wtforms import BooleanField, DateField, IntegerField, SelectField, TimeField, ValidationError
from wtforms.validators import InputRequired

from strategy.forms.booking import DayInput
from strategy.forms.choices import offered
from strategy.forms.form import Line, Words, in_reach
from strategy.forms.policy import DraftForm
from strategy.rules.policy import ChaseFigures, Policy, Target
from strategy.rules.policy_editing import Edit
from strategy.rules.policy_source import PolicyError
from strategy.vocabulary import ClockStart, Nation

_SPAN = "Like 24 h (clock hours) or 3 wd (working days)"
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class HourInput(GovTextInput):
    """A text input that browsers show as their own time of day."""

    input_type = "time"


class NumberInput(GovTextInput):
    """A text input for a whole number."""

    input_type = "number"


class AreaForm(DraftForm):
    """A part of a policy as boxes."""

    def edits(self) -> list[Edit]:
        """What of the text is to say something else. Only for a form that validated."""
        raise NotImplementedError

    def refuse_faults(self, error: PolicyError) -> None:
        """Show what is wrong with the policy at the box it was typed in, the rest for the whole form."""
        for problem in error.problems:
            names = re.split(r"[.\[]", problem.where)
            field = next((name for name in reversed(names) if name in self._fields), None)
            if field:
                self.complain(field, f"{self[field].label.text} {problem.what}")
            else:
                self.form_errors.append(str(problem))


class TargetForm(AreaForm):
    """One target."""

    due = Line("Due", required="Enter when it is due", description=f"{_SPAN}, or: same day")
    warn = Line("Warning", description=f"{_SPAN}. Empty: no warning.")
    starts = SelectField(
        "What starts its clock?",
        choices=offered((start.value, start.words.capitalize()) for start in ClockStart),
        widget=GovSelect(),
    )
    urgent = BooleanField("Urgent: chased by the clock, nights and weekends too", widget=GovCheckboxInput())
    must_be_meeting = BooleanField("It must be a meeting, not a phone call", widget=GovCheckboxInput())
    advice = Line("Advice beside it", most=400)
    source = Line("Source", required="Enter where this figure comes from", most=400)
    effective = DateField(
        "Agreed with effect from", validators=[InputRequired("Enter the day it is agreed from")], widget=DayInput()
    )
    code: str

    @classmethod
    def of(cls, target: Target, revision: int) -> "TargetForm":
        """The form of one target of the draft."""
        form = cls(
            due=target.due.written,
            warn=target.warn.written if target.warn else "",
            starts=target.starts.value,
            urgent=target.urgent,
            must_be_meeting=target.must_be_meeting,
            advice=target.advice,
            source=target.source,
            effective=target.effective,
            revision=revision,
        )
        form.code = target.code
        return form

    def edits(self) -> list[Edit]:
        """The target's keys; what is empty or untrue is left out of the text."""
        values = {
            "due": _span(self.due.data),
            "warn": _span(self.warn.data),
            "starts": self.starts.data,
            "urgent": self.urgent.data or None,
            "must_be_meeting": self.must_be_meeting.data or None,
            "advice": self.advice.data or None,
            "source": self.source.data,
            "effective": self.effective.data,
        }
        return [Edit(("targets", self.code), key, value) for key, value in values.items()]


class HoursForm(AreaForm):
    """Nation, hours of business, closure days."""

    nation = SelectField(
        "Bank holidays of", choices=offered((nation.value, nation.words) for nation in Nation), widget=GovSelect()
    )
    open_of_business = TimeField("Opens", validators=[InputRequired("Enter when it opens")], widget=HourInput())
    close_of_business = TimeField("Closes", validators=[InputRequired("Enter when it closes")], widget=HourInput())
    closure_days = Words(
        "Closure days, one a line",
        description="Days the authority shuts besides bank holidays, like 24/12/2026. They lengthen local targets.",
    )

    @classmethod
    def of(cls, policy: Policy, revision: int) -> "HoursForm":
        """The form of a draft."""
        return cls(
            nation=policy.nation.value,
            open_of_business=policy.open_of_business,
            close_of_business=policy.close_of_business,
            closure_days="\n".join(f"{day:%d/%m/%Y}" for day in sorted(policy.closure_days)),
            revision=revision,
        )

    def validate_closure_days(self, _field: Any) -> None:
        """Refuse a line that names no day."""
        for line in self._lines():
            day = _day(line)
            if day is None or not in_reach(day):
                raise ValidationError(f"“{line}” is no date: write it like 24/12/2026")

    def edits(self) -> list[Edit]:
        """The keys of the policy's head."""
        days = sorted({day for line in self._lines() if (day := _day(line)) is not None})
        values = {
            "nation": self.nation.data,
            "open_of_business": _whole_minutes(self.open_of_business.data),
            "close_of_business": _whole_minutes(self.close_of_business.data),
            "closure_days": days,
        }
        return [Edit(("policy",), key, value) for key, value in values.items()]

    def _lines(self) -> Iterator[str]:
        return (" ".join(line.split()) for line in (self.closure_days.data or "").splitlines() if line.strip())


class ChasingForm(AreaForm):
    """The figures of the chasing."""

    shares = Line("Rungs, as parts of the time to the start", required="Enter the parts, like 25, 50, 75, 90")
    desk_accepted_skips = IntegerField("The part that accepting without a name skips", widget=NumberInput())
    first_within_minutes = IntegerField("The first rung within", widget=NumberInput())
    minimum_gap_minutes = IntegerField("Never closer together than", widget=NumberInput())
    chair_call_every_minutes = IntegerField("The chair's calls before the discussion, every", widget=NumberInput())
    chair_call_after = Line("The chair's calls afterwards, every", required="Enter how long", description=_SPAN)
    short_notice_minutes = IntegerField("Notice is short under", widget=NumberInput())
    least_notice_minutes = IntegerField(
        "Nobody could come on notice under",
        widget=NumberInput(),
        description="Who was told less than this before the start, or asked for a time later than it began by more,"
        " is not to blame for missing it.",
    )
    nobody_told_minutes = IntegerField("The convener is told that nobody has been told after", widget=NumberInput())
    source = Line("Source", required="Enter where these figures come from", most=400)

    @classmethod
    def of(cls, figures: ChaseFigures, revision: int) -> "ChasingForm":
        """The form of a draft."""
        return cls(
            shares=", ".join(f"{share * 100:g}" for share in figures.shares),
            desk_accepted_skips=round(figures.desk_accepted_skips * 100),
            first_within_minutes=figures.first_within_minutes,
            minimum_gap_minutes=figures.minimum_gap_minutes,
            chair_call_every_minutes=figures.chair_call_every_minutes,
            chair_call_after=figures.chair_call_after.written,
            short_notice_minutes=figures.short_notice_minutes,
            least_notice_minutes=figures.least_notice_minutes,
            nobody_told_minutes=figures.nobody_told_minutes,
            source=figures.source,
            revision=revision,
        )

    def validate_shares(self, _field: Any) -> None:
        """Refuse what are no numbers."""
        if self._shares() is None:
            raise ValidationError("Write the parts as numbers with commas between, like 25, 50, 75, 90")

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: every figure is there."""
        super().validate(extra_validators)
        for field in self:
            if isinstance(field, IntegerField) and field.data is None:
                field.errors = [f"{field.label.text}: enter a whole number"]
        return not self.errors

    def edits(self) -> list[Edit]:
        """The keys of the chasing."""
        whole = [field.name for field in self if field.name.endswith("_minutes")]
        values: dict[str, object] = {
            "shares": self._shares(),
            **{name: self[name].data for name in whole},
            "desk_accepted_skips": _part(self.desk_accepted_skips.data or 0),
            "chair_call_after": _span(self.chair_call_after.data),
            "source": self.source.data,
        }
        return [Edit(("chase",), key, value) for key, value in values.items()]

    def _shares(self) -> list[float] | None:
        try:
            return [_part(float(one.strip().rstrip("%"))) for one in (self.shares.data or "").split(",")]
        except ValueError:
            return None


def _part(percent: float) -> float:
    return round(percent / 100, 6)


def _span(text: str | None) -> str | None:
    """A span as policy writes it, however it was spaced: "3wd" is "3 wd"."""
    bare = " ".join((text or "").lower().split())
    parts = re.fullmatch(r"(\d+) ?(h|wd)", bare)
    return f"{parts[1]} {parts[2]}" if parts else bare or None


def _day(line: str) -> date | None:
    """A date as people write it, or as ISO 8601 does; None for anything else."""
    parts = _DAY.fullmatch(line)
    try:
        return date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(line)
    except ValueError:
        return None


def _whole_minutes(hour: time | None) -> time | None:
    return None if hour is None else hour.replace(second=0, microsecond=0)
