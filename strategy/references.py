"""Holds the making of the random references that may stand in messages. Whether one is taken is the caller's to say."""

import secrets
from collections.abc import Callable
from typing import Final

# Nothing that is misread or misheard for something else (0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V), and no vowel: no words.
ALPHABET: Final = "34679CDFGHJKMNPQRTWXY"
_LENGTH: Final = 4
_TRIES: Final = 50


def fresh(taken: Callable[[str], bool]) -> str:
    """A reference of four characters that is not ``taken``. Raises RuntimeError when none is found in fifty tries."""
    for _ in range(_TRIES):
        reference = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
        if not taken(reference):
            return reference
    raise RuntimeError("no free reference was found: purge what has been kept long enough")
