"""Holds the boxes of an agency's ladder: its rungs, lowest first, each with its wait once a discussion is over."""

from collections.abc import Callable, Iterator
from typing import Any

from wtforms import DateField, Field
from wtforms.validators import Optional

from strategy.forms.booking import DayInput
from strategy.forms.form import Line
from strategy.forms.policy_areas import SPANS
from strategy.forms.policy_rows import RowForm, SpanLine

MOST_RUNGS = 8  # boxes there can be; what a text has beyond them stays as it is
_WAIT = f"Once a discussion is over, from the rung below. {SPANS}."
_USUAL = 5  # rungs the directory's people stand on


class LadderForm(RowForm):
    """A ladder: ``title_0`` and on are its rungs, ``after_1`` and on their waits. An empty rung is none."""

    label = Line("Name", required="Enter what the ladder is called")

    @classmethod
    def usual(cls, row: dict[str, Any]) -> dict[str, Any]:
        """The rungs box by box."""
        rungs = {
            f"{name}_{number}": rung.get(name)
            for number, rung in enumerate(row.get("rungs", []))
            for name in ("title", "after")
        }
        return {**super().usual(row), **rungs}

    def offer(self) -> None:
        """Room for one rung more than there are."""
        for number in range(max(_USUAL, len(self.row.get("rungs", [])) + 1), MOST_RUNGS):
            for name in (f"title_{number}", f"after_{number}"):
                if name in self._fields:  # rung 0 has no wait
                    del self[name]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a rung with a wait has its title, one above the first its wait, and none is left out between."""
        super().validate(extra_validators)
        numbers = [number for number in range(MOST_RUNGS) if f"title_{number}" in self._fields]
        titled = [number for number in numbers if self[f"title_{number}"].data]
        for number in numbers:
            waits = number and self[f"after_{number}"].data
            if number in titled and number and not waits:
                self.complain(f"after_{number}", f"Enter the wait before rung {number}")
            if number not in titled and (waits or number < max(titled, default=1)):
                self.complain(f"title_{number}", f"Enter who is told at rung {number}")
        return not self.errors

    def said(self, read: Callable[[Field], Any]) -> dict[str, object | None]:
        """The boxes as one list of rungs."""
        said = super().said(read)
        rungs = []
        for number in range(MOST_RUNGS):
            title, after = said.pop(f"title_{number}", None), said.pop(f"after_{number}", None)
            if title:
                rungs.append({"title": title, **({"after": after} if after else {})})
        return {**said, "rungs": [*rungs, *self.row.get("rungs", [])[MOST_RUNGS:]]}

    def box_of(self, key: str) -> str:
        """A rung's own box; what is wrong with them all, at the first."""
        place, _, name = key.removeprefix("rungs").partition(".")
        if place == key:
            return super().box_of(key)
        return f"{name}_{place.strip('[]')}" if name else "title_0"


def _boxes() -> Iterator[tuple[str, object]]:
    """The boxes after the name, in their order."""
    for number in range(MOST_RUNGS):
        yield (
            f"title_{number}",
            Line(
                f"Rung {number}: who is told",
                description="" if number else "The desk itself. Empty boxes at the end are no rungs.",
            ),
        )
        if number:
            yield f"after_{number}", SpanLine(f"Wait before rung {number}", description=_WAIT if number == 1 else "")
    yield "source", Line("Source", required="Enter where this ladder is agreed", most=400)
    yield "effective", DateField("Agreed with effect from", validators=[Optional()], widget=DayInput())


for _name, _box in _boxes():
    setattr(LadderForm, _name, _box)
