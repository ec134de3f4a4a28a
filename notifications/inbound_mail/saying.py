"""A reading as the facts of the command line's JSON. Nobody's words are among them: they may be about a child."""

from datetime import date, datetime

from notifications.readings import Reading


def as_json(reading: Reading) -> dict[str, object]:
    """Absent facts None, times ``YYYY-MM-DDTHH:MM:SSZ``, whole days ``YYYY-MM-DD``."""
    return {
        "kind": reading.kind.value,
        "attendee": reading.attendee,
        "partstat": reading.partstat,
        "uid": reading.uid,
        "sequence": reading.sequence,
        "recurrence_id": reading.recurrence_id,
        "proposed_start": _time(reading.proposed_start),
        "proposed_end": _time(reading.proposed_end),
        "bounced": [{"address": one.address, "permanent": one.permanent} for one in reading.bounced],
    }


def _time(value: datetime | date | None) -> str | None:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if value else None
