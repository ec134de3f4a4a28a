"""Holds the bank holidays of each nation, from the list GOV.UK publishes, as packaged: nothing here opens a socket."""

from datetime import date
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]  # it ships no types

from strategy.vocabulary import Nation


@cache
def of(nation: Nation) -> frozenset[date]:
    """Every bank holiday known for that nation."""
    # without use_cached_holidays it would fetch the list from the network at once
    events = BankHolidays(use_cached_holidays=True).get_holidays(division=nation.value)
    return frozenset(event["date"] for event in events)


def horizon(nation: Nation) -> date:
    """The last bank holiday known: after that year working days are counted too short."""
    return max(of(nation))
