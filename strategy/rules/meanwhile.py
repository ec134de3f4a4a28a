"""Decides what happened to a form's values between opening and saving it. Who did it, the trail says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

Plain = str | tuple[str, ...]
Values = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is another now than when the form was opened; ``typed`` is what the form was sent with."""

    field: str
    was: Plain
    now: Plain
    typed: Plain

    @property
    def both(self) -> bool:
        """Whether whoever sent the form changed it as well."""
        return self.typed != self.was


def changes(shown: Values, now: Values, typed: Values) -> tuple[Change, ...]:
    """What saving the form would take back, in the order of ``now``. Both having made the same of it is no change."""
    return tuple(
        Change(name, shown.get(name, ""), value, typed[name])
        for name, value in now.items()
        if name in typed and shown.get(name, "") != value != typed[name]
    )


def plain(value: object) -> Plain:
    """A value so that it can be carried in a page and compared: nothing, no and empty are the same."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return tuple(sorted(str(one) for one in value))
    return str(value)
