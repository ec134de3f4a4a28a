"""Reads policy texts: the shipped example and the stored versions. Their shape is rules.policy."""

from functools import lru_cache
from importlib.resources import files

from strategy import holidays
from strategy.rules.policy import Policy
from strategy.rules.policy_reading import parse
from strategy.rules.working_time import Calendar

# More than the versions of all authorities of one installation that are read at a time; drafts come and go.
_KEPT = 128


def example_text() -> str:
    """The shipped example policy as TOML text: every figure with its source."""
    return files(__name__).joinpath("example.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=_KEPT)
def parsed(text: str) -> Policy:
    """The policy a text says, read once per text. Raises PolicyError, naming the line, for a text that says none."""
    return parse(text)


@lru_cache(maxsize=_KEPT)
def calendar_of(text: str) -> Calendar:
    """Working time under that policy: its nation's bank holidays, its closure days, its close of business."""
    policy = parsed(text)
    return policy.calendar(holidays.of(policy.nation))
