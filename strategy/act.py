"""Holds Act (who does something, when, by which route) and Refused (why it may not be done)."""

from dataclasses import dataclass
from datetime import datetime

from strategy.vocabulary import Via


@dataclass(frozen=True, slots=True)
class Act:
    """One deed's who, when and how.

    ``by`` names a person or desk as the timeline shows it (never a child); ``user_id`` is set when that person
    signed in; ``at`` is aware UTC and is the only way the present moment enters a command.
    """

    by: str
    at: datetime
    via: Via
    user_id: int | None = None
    remote: str | None = None


class Refused(Exception):
    """A command may not be done. ``reason`` is a sentence for whoever asked, ``field`` the form field.

    The sentence never carries a child's data: it may reach a log.
    """

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
