"""Holds how a name that somebody typed is made fit for one line of a message. It words nothing."""

import re
from unicodedata import normalize

from notifications.gsm import BASIC

# A slot or a brace typed into a name must not become a link, nor cost a text two characters each.
_BRACES = str.maketrans({"{": "(", "}": ")"})

# Whoever holds a link types names that our own mails and texts then carry to others. Mail programs and phones make a
# link of anything with a dot, a colon or an at sign between letters: with a space after it they do not.
_JOINTS = re.compile(r"(?<=\w)([.@:]+)(?=[\w/])")


def plain(text: str) -> str:
    """A name fit for one line of a message: no line ends, no control characters, no slot, nothing to press on."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(_JOINTS.sub(r"\1 ", printable.translate(_BRACES)).split())


def said_name(name: str | None, most: int = 30) -> str | None:
    """A name as a text says it back: short, in letters every phone has, nothing to press on; None for none left."""
    letters = "".join(_letter(one) for one in plain(name or ""))
    short = " ".join(letters.split())
    return (short if len(short) <= most else f"{short[: most - 3].rstrip()}...") or None


def _letter(one: str) -> str:
    """The character, or its bare letter, where GSM-7 has it; else nothing."""
    return one if one in BASIC else "".join(part for part in normalize("NFKD", one) if part in BASIC)
