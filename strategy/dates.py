"""Holds how moments and spans are said to people: London time, GOV.UK's style. It counts nothing by policy."""

from datetime import date, datetime, timedelta

from strategy.clock import in_london


def clock(moment: datetime) -> str:
    """The time of day: "2:30pm", "5pm"; 12:00pm and 12:00am are misread, so "midday" and "midnight"."""
    local = in_london(moment)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    return f"{hour}:{local.minute:02d}{half}" if local.minute else f"{hour}{half}"


def day(moment: datetime) -> str:
    """The date in full: "Thursday 26 November 2026"."""
    local = in_london(moment)
    return f"{local:%A} {local.day} {local:%B %Y}"


def on(when: date) -> str:
    """A date that has no time of day: "Thursday 26 November 2026"."""
    return f"{when:%A} {when.day} {when:%B %Y}"


def date_words(day: date) -> str:
    """A date without its weekday: "26 November 2026"; of a moment, its local date."""
    local = in_london(day).date() if isinstance(day, datetime) else day
    return f"{local.day} {local:%B %Y}"


def birthday(iso: str) -> str:
    """A date of birth as it is kept, an ISO date: "26 November 2019"."""
    return date_words(date.fromisoformat(iso))


def date_of(which: date) -> str:
    """A date that is no moment, as lists show it: "Tue 1 Sep 2026"."""
    return f"{which:%a} {which.day} {which:%b %Y}"


def full(moment: datetime) -> str:
    """Date and time in full: "Thursday 26 November 2026, 2:30pm", "… 2026, midnight (the end of Wednesday)"."""
    return f"{day(moment)}, {clock(moment)}{_which_end(moment) if _is_midnight(moment) else ''}"


def short(moment: datetime) -> str:
    """As texts say it: "Fri 27 Nov 3:30pm". Midday and midnight keep their figures, which cannot be misread there."""
    local = in_london(moment)
    half = "am" if local.hour < 12 else "pm"
    hour = local.hour % 12 or 12
    time = f"{hour}:{local.minute:02d}{half}" if local.minute or local.hour in (0, 12) else f"{hour}{half}"
    return f"{local:%a} {local.day} {local:%b} {time}"


def brief(moment: datetime, now: datetime) -> str:
    """A moment beside others on one day: "3:30pm" today, "tomorrow 3:30pm", otherwise "Fri 27 Nov 3:30pm".

    ``now`` is this very moment, since "tomorrow" is said from it; from when to when is ``until``'s.
    """
    days = (in_london(moment).date() - in_london(now).date()).days
    if _is_midnight(moment):
        return {0: "midnight last night", 1: "midnight tonight"}.get(days) or _midnight(moment)
    if days == 0:
        return clock(moment)
    return f"tomorrow {clock(moment)}" if days == 1 else short(moment)


def texted(moment: datetime, now: datetime) -> str:
    """As ``brief``, where every character counts: which end of a day midnight is, its figures say well enough."""
    return short(moment) if _is_midnight(moment) else brief(moment, now)


def until(moment: datetime, begins: datetime) -> str:
    """The end of what begins at a moment that need not be now: "5pm" on the same day, "midnight (the end of Friday)",
    otherwise "Fri 27 Nov 3:30pm".
    """
    if in_london(moment).date() == in_london(begins).date():
        return clock(moment)
    if not _is_midnight(moment):
        return short(moment)
    same_night = in_london(moment).date() - timedelta(days=1) == in_london(begins).date()
    return f"midnight{_which_end(moment)}" if same_night else _midnight(moment)


def _midnight(moment: datetime) -> str:
    local = in_london(moment)
    return f"{local:%a} {local.day} {local:%b}, midnight{_which_end(moment)}"


def _is_midnight(moment: datetime) -> bool:
    local = in_london(moment)
    return local.hour == local.minute == 0


def _which_end(moment: datetime) -> str:
    """Which of the two days that meet at midnight it ends: people take it for either."""
    return f" (the end of {in_london(moment).date() - timedelta(days=1):%A})"


def span(length: timedelta) -> str:
    """Elapsed hours and minutes as waits are shown: "22 h 10 min", "45 min"; days never hide hours."""
    minutes = int(abs(length).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def spoken(length: timedelta) -> str:
    """A length in words: "1 hour 20 minutes", "40 minutes", "2 days", "less than a minute"."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    if minutes >= 2 * 24 * 60:
        return _count(minutes // (24 * 60), "day")
    hours, rest = divmod(minutes, 60)
    parts = [_count(hours, "hour")] if hours else []
    if rest:
        parts.append(_count(rest, "minute"))
    return " ".join(parts)


def near(moment: datetime, now: datetime) -> str:
    """How far off a moment is: "in 40 minutes", "2 hours ago", "now"."""
    away = moment - now
    if abs(away) < timedelta(minutes=1):
        return "now"
    return f"in {spoken(away)}" if away > timedelta(0) else f"{spoken(away)} ago"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
