"""Holds how proposed times are said: one line each, the answer first. Which times they are is rules.slots'."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from strategy import dates
from strategy.clock import in_london
from strategy.rules.slots import Missing, Party, Question, Slot


def day_and_time(moment: datetime, now: datetime) -> str:
    """ "Today 3:30pm", "Tomorrow 9am", "Fri 27 Nov 3:30pm"."""
    if in_london(moment).date() == in_london(now).date():
        return f"Today {dates.clock(moment)}"
    words = dates.brief(moment, now)
    return words[0].upper() + words[1:]


def line(slot: Slot, question: Question) -> str:
    """ "Today 3:30pm, everyone can · 2 h 40 min notice · 1 h 10 min before the warning"."""
    parts = [
        f"{day_and_time(slot.starts_at, question.now)}, {who(slot)}",
        f"{dates.span(slot.notice)} notice{', which is short' if slot.short_notice else ''}",
        time_left(slot.starts_at, question),
    ]
    return " · ".join(part for part in parts if part)


def who(slot: Slot) -> str:
    """ "everyone can", "without GP (shut)", "no quorum: without Police (asked to another discussion)"; then who comes
    through somebody else: "Police through their out-of-hours desk".
    """
    out = f"{'no quorum: ' if slot.lacking else ''}without {without(slot.missing)}"
    parts = ["everyone can" if slot.everyone else out, through(slot)]
    return ", ".join(part for part in parts if part)


def through(slot: Slot) -> str:
    """Who comes through whoever stands in out of hours; nothing when nobody does."""
    labels = [_short(one.party) for one in slot.covered]
    return f"{_listed(labels)} through their out-of-hours desk{'s' if labels[1:] else ''}" if labels else ""


def fits_shorter(slot: Slot, now: datetime) -> str:
    """ "30 minutes would fit: Today 6:30pm, everyone can": said where the length that was asked has no time."""
    minutes = (slot.ends_at - slot.starts_at) // timedelta(minutes=1)
    return f"{minutes} minutes would fit: {day_and_time(slot.starts_at, now)}, {who(slot)}"


def without(missing: Sequence[Missing]) -> str:
    """Who is missing, those with the same reason together: "Police (shut), GP and Housing (busy in the diary)"."""
    by_reason: dict[str, list[str]] = {}
    for one in missing:
        by_reason.setdefault(one.why.words, []).append(_short(one.party))
    return ", ".join(f"{_listed(labels)} ({reason})" for reason, labels in by_reason.items())


def time_left(moment: datetime, question: Question) -> str:
    """How long before the warning a moment is, else before the target, else how long after it; nothing without one."""
    if not question.targeted:
        return ""
    for words, limit in (("warning", question.warn_at), ("target", question.due_at)):
        if limit is not None and moment <= limit:
            return f"{dates.span(limit - moment)} before the {words}"
    return f"{dates.span(moment - question.due_at)} after the target"


def plain(slot: Slot, question: Question) -> dict[str, Any]:
    """A time as JSON can hold it, for machines: moments UTC with a Z, lengths in whole minutes."""
    left = (question.due_at - slot.starts_at) // timedelta(minutes=1)
    return {
        "starts_at": iso(slot.starts_at),
        "ends_at": iso(slot.ends_at),
        "everyone": slot.everyone,
        "quorum": slot.quorate,
        "lacking": [need.label for need in slot.lacking],
        "missing": [
            {"role": one.party.role, "who": one.party.name, "required": one.party.required, "why": one.why.value}
            for one in slot.missing
        ],
        "through": [{"role": one.party.role, "who": one.cover.name} for one in slot.covered],
        "notice_minutes": slot.notice // timedelta(minutes=1),
        "short_notice": slot.short_notice,
        "minutes_before_target": left if question.targeted else None,
    }


def stale(question: Question) -> list[str]:
    """Whose diary should have been read again: a sentence each."""
    return [
        f"{one.name}: the diary was last read {dates.brief(one.stale_since, question.now)}. Ring to be sure."
        for one in question.parties
        if one.stale_since is not None
    ]


def iso(moment: datetime) -> str:
    """For machines: UTC with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _short(party: Party) -> str:
    return party.label.partition(" (")[0]


def _listed(labels: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(labels))
    return " and ".join([", ".join(distinct[:-1]), distinct[-1]] if distinct[1:] else distinct)
