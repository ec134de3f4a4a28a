"""Holds when, where and how a discussion can be, or can have been. It finds no slot (rules.slots)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from strategy.rules.policy import Policy
from strategy.vocabulary import Mode

FURTHEST = timedelta(days=90)
LONGEST = timedelta(hours=4)


# By mode, which particulars say how it is joined; what is typed beside them is not of this discussion.
JOINED_BY: Mapping[Mode, frozenset[str]] = {
    Mode.VIDEO: frozenset({"join_url", "dial_in"}),
    Mode.PHONE: frozenset({"dial_in"}),
    Mode.SERIES_OF_CALLS: frozenset({"dial_in"}),
    Mode.IN_PERSON: frozenset({"place", "dial_in"}),
}
MEETINGS = frozenset({Mode.VIDEO, Mode.IN_PERSON})  # what policy means where it asks for a meeting (domain section 3)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an occasion, as a sentence, and the form field it belongs to."""

    reason: str
    field: str


def time_problem(starts_at: datetime, ends_at: datetime, now: datetime) -> Problem | None:
    """Why a discussion cannot be at that time; None when it can."""
    if starts_at <= now:
        return Problem("Choose a time that is still to come", "starts_at")
    if starts_at > now + FURTHEST:
        return Problem("Check the date: that is more than 90 days ahead", "starts_at")
    if ends_at <= starts_at:
        return Problem("The discussion must end after it starts", "ends_at")
    if ends_at - starts_at > LONGEST:
        return Problem("A discussion lasts 4 hours at most", "ends_at")
    return None


def held_problem(began: datetime, ended: datetime, received: datetime, now: datetime) -> Problem | None:
    """Why a discussion cannot have been held from then to then; None when it can.

    ``received`` is when the contact it is about came in. Pages count in minutes, so one that began and ended within
    the same minute has the same time twice.
    """
    if began > now:
        return Problem("The time it started must be in the past", "started_at")
    if began < minute(received):
        return Problem("It cannot have started before the contact came in: check the date and time", "started_at")
    if ended > now:
        return Problem("The time it ended must be in the past", "ended_at")
    if ended < began:
        return Problem("The time it ended cannot be before the time it started", "ended_at")
    if ended - began > LONGEST:
        return Problem("A discussion lasts 4 hours at most: check when it started and ended", "ended_at")
    return None


def time_passed(ends_at: datetime, started_at: datetime | None, now: datetime) -> bool:
    """Whether one nobody has ended is past its time: never begun by its end, or begun longer ago than any lasts."""
    return now >= (ends_at if started_at is None else max(ends_at, started_at + LONGEST))


def minute(moment: datetime) -> datetime:
    """That moment as a page shows it."""
    return moment.replace(second=0, microsecond=0)


def place_problem(mode: Mode, join_url: str | None, place: str | None) -> Problem | None:
    """Why nobody could join it; None when they can."""
    if join_url:
        parts = urlsplit(join_url)
        if parts.scheme != "https" or not parts.hostname:
            return Problem("Enter the whole join link, beginning with https://", "join_url")
    if mode is Mode.VIDEO and not join_url:
        return Problem("Enter the join link: nobody can join a video meeting without it", "join_url")
    if mode is Mode.IN_PERSON and not place:
        return Problem("Enter where to meet", "place")
    return None


def needs_agreement(mode: Mode, policy: Policy, concerns: Sequence[str]) -> bool:
    """Whether both managers must agree to hold it in that mode.

    A series of one-to-one calls always needs it: nobody hears what the others know (domain section 2). A phone call
    does where policy asks for a meeting.
    """
    if mode is not Mode.PHONE:
        return mode is Mode.SERIES_OF_CALLS
    return bool(policy.must_meet(code for code in concerns if code in policy.targets))


def crowded_by(span: tuple[datetime, datetime], others: Sequence[tuple[datetime, datetime]], lines: int) -> list[int]:
    """Which of the others (by their place in the list) are in the way of a span.

    They are where, at some moment of it, as many of them go on at once as there are lines. Touching is not overlapping.
    """
    start, end = span
    overlapping = [number for number, (begins, until) in enumerate(others) if begins < end and start < until]
    found: set[int] = set()
    for moment in (max(start, others[number][0]) for number in overlapping):
        at_once = [number for number in overlapping if others[number][0] <= moment < others[number][1]]
        if len(at_once) >= lines:
            found.update(at_once)
    return sorted(found)
