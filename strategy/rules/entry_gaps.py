"""Holds what a directory entry lacks. Where its facts come from is queries.agencies'."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from strategy.vocabulary import Gap, Sector

STALE_AFTER = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """What matters of a desk in use. ``covered``: open day and night, with an out-of-hours desk, or itself one."""

    email: bool
    mobile: bool
    covered: bool


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """What matters of an agency. ``climbed`` are the rungs of the ladders its desks' roles have.

    ``verified_at`` holds, for each desk and person, when it was last confirmed.

    ``school`` is None for what is none, else whether terms ahead are known and whether holiday cover is named.
    """

    sector: Sector
    desks: Sequence[DeskFacts]
    rungs: frozenset[int]
    climbed: frozenset[int]
    verified_at: Sequence[datetime | None]
    school: tuple[bool, bool] | None = None


def gaps(agency: AgencyFacts, now: datetime) -> tuple[Gap, ...]:
    """What is missing, in the order in which it hurts.

    A school has no desk that answers at night: its holiday cover is asked for instead.
    """
    found = {
        Gap.NO_DESK: not agency.desks,
        Gap.NO_EMAIL: any(not desk.email for desk in agency.desks),
        Gap.NO_MOBILE: any(not desk.mobile for desk in agency.desks),
        Gap.NO_OUT_OF_HOURS: agency.sector is not Sector.EDUCATION and any(not desk.covered for desk in agency.desks),
        Gap.NO_RUNG_1: 1 not in agency.rungs,
        Gap.NO_HIGHER_RUNG: any(rung > 1 for rung in agency.climbed - agency.rungs),
        Gap.UNVERIFIED: any(stale(at, now) for at in agency.verified_at),
        Gap.NO_TERMS: agency.school is not None and not agency.school[0],
        Gap.NO_HOLIDAY_COVER: agency.school is not None and not agency.school[1],
    }
    return tuple(gap for gap, missing in found.items() if missing)


def stale(verified_at: datetime | None, now: datetime) -> bool:
    """Whether nobody has confirmed it for half a year."""
    return verified_at is None or verified_at < now - STALE_AFTER
