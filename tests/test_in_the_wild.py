"""What mail, calendars, phones and schedulers do to systems like this: each failure by number, and its test by name.

The tests themselves stand with the part they try and begin with ``test_wild_`` and the number.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FAILURES = {
    1: "mail scanners open links, run scripts and post forms",
    2: "previews fetch links",
    3: "links are mangled on the way",
    4: "a forwarded invitation answers as somebody else",
    5: "success is shown for what failed, or a browser's rule shuts everybody out",
    6: "the mail is gone once it was accepted, and the link with it",
    7: "calendars answer to the organiser's mailbox",
    8: "a cancellation sent as a request stays in the diary",
    9: "a moved meeting is there twice",
    10: "the shape of a calendar mail decides whether it has buttons",
    11: "an organiser who is not the sender",
    12: "time zones in the object move the hour",
    13: "the way to join is missing",
    14: "answers come in every dress, and what is no answer looks like one",
    15: "reminders at fixed distances come never, or all at once",
    16: "reminders for what was cancelled or moved",
    17: "a scheduler in each web process fires many times, or never",
    18: "clock changes and Christmas",
    19: "the watchdog was off, and nobody knew",
    20: "two book the same at once",
    21: "packaged bank holidays end",
    22: "words that belong to the carriers",
    23: "a text to a landline is read aloud by a machine",
    24: "senders that cannot be answered, and texts that are filtered",
    25: "one curly quote makes one text three",
    26: "receipts come early, late, twice and out of order",
}


def _named() -> Iterator[int]:
    for path in TESTS.rglob("test_*.py"):
        for numbers in re.findall(r"def test_wild_((?:\d+_(?:and_)?)+)", path.read_text()):
            yield from map(int, re.findall(r"\d+", numbers))


@pytest.mark.parametrize("number", FAILURES, ids=lambda number: f"{number}: {FAILURES[number]}")
def test_a_test_names_it(number: int) -> None:
    assert number in set(_named())


def test_no_test_names_a_failure_nobody_listed() -> None:
    assert set(_named()) <= set(FAILURES)
