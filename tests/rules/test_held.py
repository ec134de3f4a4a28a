"""Quorum over discussions held: an exception is not quorate, a series of calls is no joint discussion."""

from strategy.rules.held import HeldRow, held
from strategy.vocabulary import QuorumOutcome


def test_an_exception_is_never_quorate_and_a_series_of_calls_stands_apart() -> None:
    figures = held(
        [
            HeldRow(1, QuorumOutcome.MET, by_calls=False),
            HeldRow(2, QuorumOutcome.EXCEPTION, by_calls=False, follow_up_open=True),
            HeldRow(3, QuorumOutcome.NOT_MET, by_calls=False),
            HeldRow(4, None, by_calls=False),
            HeldRow(5, QuorumOutcome.MET, by_calls=True),
        ]
    )
    assert (figures.joint, figures.met, figures.exception) == ((1, 2, 3, 4), (1,), (2,))
    assert (figures.not_met, figures.by_calls, figures.follow_up_open) == ((3, 4), (5,), (2,))
    assert figures.quorate_percent == 25


def test_nothing_held_is_no_percentage() -> None:
    assert held([]).quorate_percent is None
