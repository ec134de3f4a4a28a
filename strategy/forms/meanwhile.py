"""Holds the form of what two people may edit at once: it carries what it showed, and nobody silently wins."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from wtforms import BooleanField, Field, HiddenField, TimeField

from strategy.act import Refused
from strategy.forms.form import Form, iso_moment
from strategy.queries.meanwhile import Told
from strategy.rules.meanwhile import Change, Plain, Values, changes, plain

_AGAIN = "This page did not say what it showed. Nothing is saved yet: check it, then save again"


@dataclass(frozen=True, slots=True)
class Line:
    """A field somebody else changed meanwhile, in words; ``yours`` is empty where it was not touched here."""

    label: str
    was: str
    now: str
    yours: str


class SharedForm(Form):
    """A form that knows what it showed when it was opened, and asks before saving over what others did since.

    ``others`` and ``by`` are for the page, once it has refused: what became of which field, and what the trail says.
    """

    seen = HiddenField()

    others: Sequence[Line] = ()
    by: Sequence[Told] = ()

    def opened(self, kept: Mapping[str, object], now: datetime) -> Self:
        """Carry what is shown; a form that was sent back carries what it showed then."""
        if not self.is_submitted():
            self._carry(_plain(kept), now)
        return self

    @property
    def since(self) -> datetime:
        """When what it showed was read; the beginning of time for what no page of ours sent."""
        return iso_moment(str(self._sent.get("at"))) or datetime.min.replace(tzinfo=UTC)

    def still(self, kept: Mapping[str, object], by: Sequence[Told], now: datetime) -> None:
        """Refuse to save over what others changed; ``kept`` is how it stands, read under its lock.

        What was typed stays. What was not touched takes the others' value, and saving again saves what is shown then.
        Raises Refused.
        """
        shown, current = self._shown(), _plain(kept)
        found = () if shown is None else changes(shown, current, {name: plain(self[name].data) for name in current})
        if shown is not None and not found:
            return
        self.others, self.by = [self._line(one) for one in found], by if found else ()
        for one in found:
            if not one.both:
                self._take(self[one.field], kept[one.field])
        self._carry(current, now)
        who = " and ".join(dict.fromkeys(one.by for one in self.by)) or "Somebody"
        words = f"{who} changed this while you had it open. Nothing of yours is saved yet: check it, then save again"
        raise Refused(_AGAIN if shown is None else words)

    @property
    def _sent(self) -> dict[str, Any]:
        try:
            found = json.loads(self.seen.data or "")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _shown(self) -> Values | None:
        values = self._sent.get("values")
        if not isinstance(values, dict):
            return None
        return {name: plain(value) for name, value in values.items()}

    def _carry(self, values: Values, now: datetime) -> None:
        self.seen.raw_data, self.seen.data = None, json.dumps({"at": now.isoformat(), "values": values})

    def _take(self, field: Field, value: object) -> None:
        field.raw_data = None
        field.process_data(value)

    def _line(self, change: Change) -> Line:
        field = self[change.field]
        yours = _words(field, change.typed) if change.both else ""
        return Line(field.label.text, _words(field, change.was), _words(field, change.now), yours)


def _plain(kept: Mapping[str, object]) -> dict[str, Plain]:
    return {name: plain(value) for name, value in kept.items()}


def _words(field: Field, value: Plain) -> str:
    """A value as the page shows it: by its choice's words where there are choices."""
    if isinstance(field, TimeField) and isinstance(value, str):
        return value[:5]
    if isinstance(field, BooleanField):
        return "yes" if value else "no"
    named = {str(choice.value): str(choice.label) for choice in getattr(field, "choices", None) or ()}
    values = [value] if isinstance(value, str) else value
    return ", ".join(named.get(one, one) for one in values) or "nothing"
