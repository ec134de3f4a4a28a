"""Holds the forms for what a policy has once: working time, the chasing's figures, when it must be a meeting.

Each gives the edits of the text that say what was typed; whether they make a policy is rules' to judge.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect, GovTextInput
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, TimeField, ValidationError
from wtforms.validators import InputRequired, Optional

from strategy.forms.booking import DayInput
from strategy.forms.choices import offered
from strategy.forms.form import Line, Words, in_reach
from strategy.forms.policy import DraftForm
from strategy.rules.policy import ChaseFigures, Policy
from strategy.rules.policy_editing import Edit
from strategy.rules.policy_source import PolicyError
from strategy.vocabulary import Nation

SPANS = "Like 24 h (clock hours) or 3 wd (working days)"
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


class FiguresForm(AreaForm):
    """An area that is whole numbers, all of which must be there."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: every figure is there."""
        super().validate(extra_validators)
        for field in self:
            if isinstance(field, IntegerField) and field.data is None:
                field.errors = [f"{field.label.text}: enter a whole number"]
        return not self.errors

    def whole(self) -> dict[str, int | None]:
        """Its numbers by name."""
        found = (field for field in self if isinstance(field, IntegerField) and field.name != "revision")
        return {field.name: field.data for field in found}


def parts(typed: str | None) -> list[float] | None:
    """Parts of a whole as they were typed, "25, 50%": 0.25, 0.5; None where one is no number."""
    try:
        return [_part(float(one.strip().rstrip("%"))) for one in (typed or "").split(",")]
    except ValueError:
        return None


class ChasingForm(FiguresForm):
    """The figures of the chasing."""

    shares = Line("Rungs, as parts of the time to the start", required="Enter the parts, like 25, 50, 75, 90")
    desk_accepted_skips = IntegerField("The part that accepting without a name skips", widget=NumberInput())
    first_within_minutes = IntegerField("The first rung within", widget=NumberInput())
    minimum_gap_minutes = IntegerField("Never closer together than", widget=NumberInput())
    chair_call_every_minutes = IntegerField("The chair's calls before the discussion, every", widget=NumberInput())
    chair_call_after = Line("The chair's calls afterwards, every", required="Enter how long", description=SPANS)
    short_notice_minutes = IntegerField("Notice is short under", widget=NumberInput())
    least_notice_minutes = IntegerField(
        "Nobody could come on notice under",
        widget=NumberInput(),
        description="Who was told less than this before the start, or asked for a time later than it began by more,"
        " is not to blame for missing it.",
    )
    immediate_risk_rung = IntegerField(
        "Immediate risk begins at rung",
        widget=NumberInput(),
        description="Rung 0 is the desk itself. From rung 1 on, that rung is told at once, and rung as well.",
    )
    nobody_told_minutes = IntegerField("The convener is told that nobody has been told after", widget=NumberInput())
    source = Line("Source", required="Enter where these figures come from", most=400)
    effective = DateField("Agreed with effect from", validators=[Optional()], widget=DayInput())

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
            immediate_risk_rung=figures.immediate_risk_rung,
            nobody_told_minutes=figures.nobody_told_minutes,
            source=figures.source,
            effective=figures.effective,
            revision=revision,
        )

    def validate_shares(self, _field: Any) -> None:
        """Refuse what are no numbers."""
        if self._shares() is None:
            raise ValidationError("Write the parts as numbers with commas between, like 25, 50, 75, 90")

    def edits(self) -> list[Edit]:
        """The keys of the chasing."""
        values: dict[str, object] = {
            "shares": self._shares(),
            **self.whole(),
            "desk_accepted_skips": _part(self.desk_accepted_skips.data or 0),
            "chair_call_after": written_span(self.chair_call_after.data),
            "source": self.source.data,
            "effective": self.effective.data,
        }
        return [Edit(("chase",), key, value) for key, value in values.items()]

    def _shares(self) -> list[float] | None:
        return parts(self.shares.data)


class MeetingsForm(AreaForm):
    """When it must be a meeting and no phone call: which concerns and circumstances ask for one."""

    concerns = SelectMultipleField("A concern that asks for a meeting", widget=GovCheckboxesInput())
    circumstances = SelectMultipleField(
        "A circumstance that asks for one, whatever the concern", widget=GovCheckboxesInput()
    )
    source = Line("Source of the circumstances", most=400)
    effective = DateField("Agreed with effect from", validators=[Optional()], widget=DayInput())
    policy: Policy

    @classmethod
    def of(cls, policy: Policy, revision: int) -> "MeetingsForm":
        """The form of a draft."""
        form = cls(
            concerns=[code for code, target in policy.targets.items() if target.must_be_meeting],
            circumstances=list(policy.meeting_circumstances),
            source=policy.meeting_source,
            effective=policy.meeting_effective,
            revision=revision,
        )
        offering = (one for one in policy.targets.values() if one.selectable or one.must_be_meeting)
        form.concerns.choices = offered((one.code, one.label) for one in offering)
        form.circumstances.choices = offered(policy.circumstances.items())
        form.policy = policy
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: circumstances have their source."""
        super().validate(extra_validators)
        if self.circumstances.data and not self.source.data and not self.source.errors:
            self.complain("source", "Enter where this is agreed")
        return not self.errors

    def edits(self) -> list[Edit]:
        """The flag of each concern that changes, and the table of circumstances, which is there only with some."""
        before, now = set(self.concerns.object_data), set(self.concerns.data or ())
        flags = [Edit(("targets", code), "must_be_meeting", code in now or None) for code in sorted(before ^ now)]
        return [*flags, *self._circumstances()]

    def _circumstances(self) -> list[Edit]:
        chosen, there = in_order(self.policy.meeting_circumstances, self.circumstances.data or ()), ("meetings",)
        if not chosen:
            return [Edit((), "meetings", None)]
        values = {"circumstances": chosen, "source": self.source.data, "effective": self.effective.data}
        if self.policy.meeting_circumstances:
            return [Edit(there, key, value) for key, value in values.items()]
        return [Edit((), "meetings", {key: value for key, value in values.items() if value is not None})]


def in_order(before: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """What was chosen: what stays where it stood, what is new behind it."""
    return [*(one for one in before if one in chosen), *dict.fromkeys(one for one in chosen if one not in before)]


def _part(percent: float) -> float:
    return round(percent / 100, 6)


def written_span(text: str | None) -> str | None:
    """A span as policy writes it, however it was spaced: "3wd" is "3 wd"."""
    bare = " ".join((text or "").lower().split())
    parts = re.fullmatch(r"(\d+) ?(h|wd|d)", bare)
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
