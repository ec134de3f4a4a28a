"""What a text costs in fragments, and the swaps that keep it GSM-7. Holds no wording."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# 3GPP TS 23.038 §6.2.1 and §6.2.1.1: the default alphabet and its extension table. An extension
# character is an escape and a character, so it counts two.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")

# Typographic characters with an equal in GSM-7. Letters are left alone: a name keeps its accents, at the
# price fragments() tells.
_SWAPS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f", ""),
        **dict.fromkeys("\u2028\u2029\u0085\u000b\u000c", "\n"),
        "\u2026": "...",
        "\u2022": "-",
        "\u00b7": "-",
        "\u2044": "/",
    }
)


class Encoding(StrEnum):
    GSM_7 = "gsm-7"
    UCS_2 = "ucs-2"


# Units in a lone fragment, and in each of several (where six octets go to the joining header: 3GPP TS 23.040
# §9.2.3.24.1).
_LONE = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}
_JOINED = {Encoding.GSM_7: 153, Encoding.UCS_2: 67}


@dataclass(frozen=True, slots=True)
class Fragments:
    """How a text goes over the air: `units` in septets (GSM-7) or 16-bit units (UCS-2), `count` fragments."""

    encoding: Encoding
    units: int
    count: int


def normalise(text: str) -> str:
    """The same words with GSM-7 punctuation, LF line ends, no control characters, no space at the ends."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    swapped = composed.translate(_SWAPS)
    kept = (char for char in swapped if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def fragments(text: str) -> Fragments:
    """Count what the text, exactly as given, costs. An empty text is one fragment of no units."""
    gsm = all(char in BASIC or char in EXTENSION for char in text)
    encoding = Encoding.GSM_7 if gsm else Encoding.UCS_2
    sizes = [_size(char, encoding) for char in text]
    units = sum(sizes)
    count = 1 if units <= _LONE[encoding] else _packed(sizes, _JOINED[encoding])
    return Fragments(encoding, units, count)


def _size(char: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM_7:
        return 2 if char in EXTENSION else 1
    return 2 if ord(char) > 0xFFFF else 1


def _packed(sizes: Iterable[int], room: int) -> int:
    """Fragments filled in order; a two-unit character is never split, so it may leave one unit unused."""
    count, used = 1, 0
    for size in sizes:
        if used + size > room:
            count, used = count + 1, 0
        used += size
    return count
