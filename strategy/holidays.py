"""Holds the bank holidays of each nation, from the list GOV.UK publishes, as packaged: nothing here opens a socket."""

from datetime import date, datetime, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]  # it ships no types

from strategy.dates import date_words
from strategy.rules.working_time import local_day
from strategy.vocabulary import Nation

_SIX_MONTHS = timedelta(days=183)


@cache
def of(nation: Nation) -> frozenset[date]:
    """Every bank holiday known for that nation."""
    # without use_cached_holidays it would fetch the list from the network at once
    events = BankHolidays(use_cached_holidays=True).get_holidays(division=nation.value)
    return frozenset(event["date"] for event in events)


def runs_out(nation: Nation, today: date) -> date | None:
    """The last bank holiday known, when it is less than six months off (or past): a newer list is due. Else None."""
    last = horizon(nation)
    return last if last - today <= _SIX_MONTHS else None


def horizon(nation: Nation) -> date:
    """The last bank holiday known: after that year working days are counted too short."""
    return max(of(nation))


def uncounted(due: date, rule: str, nation: Nation) -> str:
    """What to say of a target counted in working days past the last bank holiday known; empty for every other.

    ``due`` is a date or an aware moment, ``rule`` in words such as "3 working days".
    """
    day = local_day(due) if isinstance(due, datetime) else due
    if "working day" not in rule or day <= horizon(nation):
        return ""
    return f"Bank holidays are known until {date_words(horizon(nation))}; later ones are not counted."
