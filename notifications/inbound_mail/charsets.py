"""Bytes as text where the charset named is wrong, unknown or missing. Knows nothing of mail."""

import codecs
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ISO_2022 = re.compile(rb"\x1b[$(]")
# Names as mail programs write them, and the wider set a name's text really comes from (WHATWG Encoding, §4.2).
_MEANT: Mapping[str, str] = MappingProxyType(
    {
        "us-ascii": "cp1252",
        "ascii": "cp1252",
        "ansi_x3.4-1968": "cp1252",
        "iso-8859-1": "cp1252",
        "iso8859-1": "cp1252",
        "latin1": "cp1252",
        "iso-8859-9": "cp1254",
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "x-gbk": "gb18030",
        "gb_2312-80": "gb18030",
        "ks_c_5601-1987": "cp949",
        "euc-kr": "cp949",
        "shift_jis": "cp932",
        "x-sjis": "cp932",
        "iso-8859-8-i": "iso-8859-8",
        "unicode-1-1-utf-7": "utf-7",
        "utf8": "utf-8",
        "unicode": "utf-16",
    }
)


def text(data: bytes, named: str | None) -> str:
    """The text. A byte order mark comes first, then what the bytes prove, then the name, then Western European."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return data.decode(charset, "replace")
    for charset in _likely(data, (named or "").strip(" \"'").lower()):
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def _likely(data: bytes, named: str) -> Iterator[str]:
    """Charsets in the order to try. Whatever is valid UTF-8 with more than ASCII in it is hardly ever anything else."""
    if _ISO_2022.search(data):
        yield named if named.startswith("iso-2022") else "iso2022_jp_2"
        yield "iso2022_jp_ext"
    if data[:400].count(0) * 3 > len(data[:400]):
        yield "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    if not named.startswith(("utf-16", "utf-7", "unicode")):
        yield "utf-8"
    meant = _MEANT.get(named, named)
    if meant and _is_text(meant):
        yield meant
    yield "cp1252"


def _is_text(charset: str) -> bool:
    """Python also lists codecs that unpack archives or are no charset: "zip" would make a bomb of a body."""
    try:
        return bool(codecs.lookup(charset)._is_text_encoding)
    except (LookupError, ValueError):
        return False
