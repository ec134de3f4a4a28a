"""Holds how the command line reads a moment and writes one."""

from datetime import UTC, date, datetime

import click


class Moment(click.ParamType[datetime]):
    """An ISO 8601 date and time with its offset, read as aware UTC."""

    name = "ISO time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, or fail in words."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an ISO date and time, like 2026-12-23T16:30:00+00:00", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no offset: end it with Z or +01:00, so that it names one moment", param, ctx)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            self.fail(f"{value!r} is too far away to count from", param, ctx)


MOMENT = Moment()


def iso(moment: datetime | date) -> str:
    """UTC with a Z; a date stays a plain date."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
