"""Bodies as their transfer encodings say, broken ones as far as can be; mail inside what is signed as a whole."""

import binascii
import quopri
import re

MAX_DECODED = 2_000_000  # of one part: calendars, reports and words are far smaller
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64 + b"="))
_MAX_RUNS = 50_000
_INNER = re.compile(rb"(?:content-type|mime-version):", re.IGNORECASE)
_OCTETS = re.compile(rb"\x04(?:\x82[\x00-\xff]{2}|\x81[\x80-\xff])")


def decoded(raw: bytes, encoding: str) -> bytes:
    """A body as its transfer encoding says. Broken base64 gives what can be saved of it; never raises."""
    name = encoding.strip(" \t\"'").lower().partition(";")[0].strip()
    if name == "base64":
        return base64(raw)
    if name in ("quoted-printable", "quoted_printable", "quotedprintable"):
        return quopri.decodestring(raw[: 4 * MAX_DECODED])
    return _uudecoded(raw) if name in ("x-uuencode", "uuencode", "x-uue") else raw


def _uudecoded(raw: bytes) -> bytes:
    found = bytearray()
    for line in raw[: 2 * MAX_DECODED].partition(b"begin ")[2].split(b"\n")[1:]:
        if line.strip() in (b"end", b"`"):
            break
        try:
            found += binascii.a2b_uu(line.rstrip(b"\r\n"))
        except binascii.Error:
            continue
    return bytes(found)


def base64(raw: bytes) -> bytes:
    """What the letters stand for, whatever else stands between them, in as many runs as end in a padding."""
    runs = raw[: 2 * MAX_DECODED].translate(None, _NOT_BASE64).split(b"=")
    return b"".join(_run(letters) for letters in runs[:_MAX_RUNS] if letters)


def _run(letters: bytes) -> bytes:
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def unsealed(body: bytes) -> bytes:
    """The mail inside one signed as a whole (S/MIME opaque signing, RFC 8551 §3.5.2), its signature unjudged.

    Signed content stands in it as it is, cut into octet strings whose heads no text holds. Encrypted content does not.
    """
    found = _INNER.search(body)
    return _OCTETS.sub(b"", body[found.start() :]) if found else b""
