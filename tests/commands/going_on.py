"""Holds a discussion going on, for the tests of holding it and of what follows for whoever was not there."""

from datetime import timedelta

from strategy.commands import holding
from strategy.commands.holding import Ending
from strategy.models import Discussion
from strategy.vocabulary import Attendance
from tests.booked import STARTS, asked, at
from tests.cast import Cast

END = STARTS + timedelta(minutes=40)
ENDING = Ending(started_at=STARTS, ended_at=END)
HERE = ("chair", "social-worker", "police", "health-0-19")


def present(discussion: Discussion, cast: Cast, *roles: str) -> None:
    """Mark those roles as there."""
    for role in roles:
        holding.mark(asked(discussion, role), Attendance.ATTENDED, at(STARTS + timedelta(minutes=1), cast))
