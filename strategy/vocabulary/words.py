"""Holds what every word is made of, and whether one state may follow another; the words themselves are beside it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self, TypeVar


class Word(StrEnum):
    """A stored value with the words a screen shows for it."""

    words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member


State = TypeVar("State", bound=Word)
Moves = Mapping[State, frozenset[State]]


def may_move(moves: Moves[State], now: State, then: State) -> bool:
    """Whether ``then`` may follow ``now``. Staying put is not a move."""
    return then in moves[now]
