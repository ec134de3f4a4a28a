"""Holds what a booking's page on when and how begins with: length, mode and how to join, as booked before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from strategy.forms.booking import LENGTHS
from strategy.models import Discussion, User
from strategy.queries import bookings
from strategy.rules.occasion import MEETINGS
from strategy.vocabulary import Mode

USUAL_LENGTH = 45  # minutes


@dataclass(frozen=True, slots=True)
class Remembered:
    """Values by field; ``why`` is the sentence that says so where the mode is not the one booked last, else empty."""

    fields: Mapping[str, Any]
    why: str


def remembered(me: User, before: Discussion | None, must_meet: bool) -> Remembered:
    """As the discussion before in the series, else as I booked last; where policy asks for one, a meeting."""
    last = before or bookings.last_booked_by(me)
    minutes = (last.ends_at - last.starts_at) // timedelta(minutes=1) if last else USUAL_LENGTH
    usual = bookings.usual(me, before)
    modes = [*usual.modes, Mode.VIDEO]
    mode = next(one for one in modes if one in MEETINGS) if must_meet else modes[0]
    why = f"{mode.words}, not {modes[0].words.lower()} as last time: policy asks for a meeting here."
    length = minutes if minutes in LENGTHS else USUAL_LENGTH
    return Remembered({"minutes": length, "mode": mode.value, **usual.joined_by}, "" if mode is modes[0] else why)
