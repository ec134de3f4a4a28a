"""Holds whether what somebody typed names an organisation. Which organisations there are is the directory's to say.

It is cautious on purpose: a likeness that is none would tell an unrelated school that a child is being discussed.
"""

import re
from collections.abc import Iterable

# What people put around a name: "Sample Surgery (Dr Example)", "Sample Primary School, Year 3".
_PARTS = re.compile(r"[,;:()/\n–—]| - ")
_WORD = re.compile(r"[^\W_]+")
_SILENT = str.maketrans("", "", "'’.")  # "St. Mary’s" is "St Marys"
_SAME = {"saint": "st", "saints": "st"}
# Words people leave out. Never one that tells two organisations apart ("academy", "primary", "infant").
_LEFT_OUT = frozenset({"the", "of", "school", "surgery", "practice"})


def named(typed: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of ``names`` that were typed, whatever the case and punctuation.

    The same words in the same order name it; failing that, the same words without those people leave out ("Sample
    Primary"). More than one answer means that nobody can tell which was meant.
    """
    known = list(names)
    parts = [words for words in map(_words, [typed, *_PARTS.split(typed)]) if words]
    whole = tuple(name for name in known if _words(name) in parts)
    if whole:
        return whole
    short = [words for words in map(_shortened, parts) if words]
    return tuple(name for name in known if _shortened(_words(name)) in short)


def same_name(text: str) -> str:
    """Equal for two ways of typing one name."""
    return " ".join(_words(text))


def _words(text: str) -> tuple[str, ...]:
    found = _WORD.findall(text.casefold().replace("&", " and ").translate(_SILENT))
    return tuple(_SAME.get(word, word) for word in found)


def _shortened(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _LEFT_OUT)
