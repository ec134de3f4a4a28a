"""Outlook's identity of a meeting (MS-OXOCAL §2.2.1.27), and the UID of others that it wraps. Reads no mail."""

import re
import struct

CLASS = bytes.fromhex("040000008200e00074c5b7101a82e008")
_FOREIGN = re.compile(rb"vCal-Uid\x01\x00\x00\x00([^\x00]{1,500})")
_HEX = re.compile(r"040000008200e00074c5b7101a82e008[0-9a-f]{24,4000}", re.IGNORECASE)
_HEAD = 40  # class, day of a repetition, time made, nothing, size of what follows


def plain(uid: str | None) -> str | None:
    """A UID as we sent it: some servers answer with their own identity in hex, ours wrapped within."""
    if uid is None or not _HEX.fullmatch(uid):
        return uid
    return foreign(bytes.fromhex(uid[: len(uid) // 2 * 2])) or uid


def foreign(identity: bytes) -> str | None:
    """The UID another program gave the meeting; None where it was made in Outlook."""
    found = _FOREIGN.search(identity)
    return (found[1].decode("utf-8", "replace").strip() or None) if found else None


def own(identity: bytes) -> str:
    """The UID that Outlook's own meetings go by: the identity in hex, whatever repetition it names."""
    return (identity[:16] + bytes(4) + identity[20:]).hex().upper()


def day(identity: bytes) -> str | None:
    """Which repetition it names, as ``20261126``."""
    if len(identity) < 20 or not any(identity[16:20]):
        return None
    return f"{identity[16] * 256 + identity[17]:04}{identity[18]:02}{identity[19]:02}"


def within(data: bytes) -> bytes:
    """The first identity standing anywhere in the bytes, cut to its size; empty if none does."""
    at = data.find(CLASS)
    if at < 0 or len(data) < at + _HEAD:
        return b""
    size = struct.unpack_from("<I", data, at + _HEAD - 4)[0]
    return data[at : at + _HEAD + min(size, 1_000)]
