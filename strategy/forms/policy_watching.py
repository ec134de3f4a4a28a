"""Holds the form for the figures of watching, when people are told unasked. Other areas: policy_areas.py."""

from typing import Any

from wtforms import DateField, IntegerField, ValidationError
from wtforms.validators import Optional

from strategy.forms.booking import DayInput
from strategy.forms.form import Line
from strategy.forms.policy_areas import FiguresForm, NumberInput, parts
from strategy.rules.policy_editing import Edit
from strategy.rules.watch_figures import WatchFigures

_PARTS = ("reminder_share", "decision_warns")


def _number(label: str, description: str = "") -> IntegerField:
    return IntegerField(label, widget=NumberInput(), description=description)


class WatchingForm(FiguresForm):
    """The figures of watching."""

    not_joined_minutes = _number("An agency that is not there is told after the start by")
    reminder_share = _number("Whoever comes is reminded with this part of the time left")
    reminder_most_minutes = _number("But no earlier before the start than")
    reminder_least_minutes = _number("And no later than", "Whoever answers too late for that is not reminded.")
    action_before_hours = _number("Owners of actions are reminded before they are due by")
    action_after_hours = _number("And after they were due by")
    near_start_minutes = _number(
        "A quorum at risk is told to the convener from this long before the start",
        "Half the time from booking to start, where that is less.",
    )
    settle_minutes = _number("A change of the quorum is news when it has lasted")
    target_shares = Line(
        "Children who wait: worker, their managers, the leaders",
        required="Enter three parts, like 0, 50, 100",
        description="Parts of the way from the target’s warning to the target.",
    )
    target_again_hours = _number("Past the target, again every")
    decision_warns = _number("A decision is near after this part of its time")
    source = Line("Source", required="Enter where these figures come from", most=400)
    effective = DateField("Agreed with effect from", validators=[Optional()], widget=DayInput())

    @classmethod
    def of(cls, figures: WatchFigures, revision: int) -> "WatchingForm":
        """The form of a draft."""
        said: dict[str, Any] = {name: getattr(figures, name) for name in figures.__dataclass_fields__}
        said |= {name: round(said[name] * 100) for name in _PARTS}
        said["target_shares"] = ", ".join(f"{share * 100:g}" for share in figures.target_shares)
        return cls(**said, revision=revision)

    def validate_target_shares(self, _field: Any) -> None:
        """Refuse what are no numbers."""
        if self._shares() is None:
            raise ValidationError("Write the parts as numbers with commas between, like 0, 50, 100")

    def edits(self) -> list[Edit]:
        """The keys of the watching."""
        values: dict[str, object] = {
            **self.whole(),
            **{name: (self[name].data or 0) / 100 for name in _PARTS},
            "target_shares": self._shares(),
            "source": self.source.data,
            "effective": self.effective.data,
        }
        return [Edit(("watch",), key, value) for key, value in values.items()]

    def _shares(self) -> list[float] | None:
        return parts(self.target_shares.data)
