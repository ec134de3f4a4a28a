"""winmail.dat (MS-OXTNEF): the answer Outlook hides in it. tnefparse decodes its properties; what bounds it is here.

tnefparse believes every count it reads, of thousands of millions too, and copies the rest of the file for every object.
Therefore the file is cut into its few objects here, small ones alone are kept, and what is handed over refuses to be
read past its end.
"""

import logging
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import SupportsIndex
from uuid import UUID

from tnefparse.mapi import TNEFMAPI_Attribute, decode_mapi

from notifications.inbound_mail import identities
from notifications.inbound_mail.letter import Letter
from notifications.inbound_mail.parts import Part
from notifications.readings import Kind, Reading

# It would log what it cannot decode, which is somebody's mail.
logging.getLogger("tnefparse").addHandler(logging.NullHandler())
logging.getLogger("tnefparse").propagate = False

_SIGNATURE = b"\x78\x9f\x3e\x22"
_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MESSAGE_CLASS, _CODE_PAGE, _PROPERTIES, _ATTACHED = 0x8008, 0x9007, 0x9003, 0x800F
_MESSAGE, _ATTACHMENT = 1, 2  # an object's level
_MAX_OBJECT, _MAX_OBJECTS, _MAX_PROPERTIES = 400_000, 300, 4_000
_CLASS_PROPERTY = 0x001A
# By message class: of MAPI, and of Microsoft Mail, which the envelope uses (MS-OXTNEF §2.1.3.3.1). Lower-case.
_ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "ipm.schedule.meeting.resp.pos": "ACCEPTED",
        "ipm.schedule.meeting.resp.neg": "DECLINED",
        "ipm.schedule.meeting.resp.tent": "TENTATIVE",
        "ipm.microsoft schedule.mtgrespp": "ACCEPTED",
        "ipm.microsoft schedule.mtgrespn": "DECLINED",
        "ipm.microsoft schedule.mtgrespa": "TENTATIVE",
    }
)
_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "ipm.schedule.meeting.request": Kind.REQUEST,
        "ipm.microsoft schedule.mtgreq": Kind.REQUEST,
        "ipm.schedule.meeting.canceled": Kind.CANCEL,
        "ipm.microsoft schedule.mtgcncl": Kind.CANCEL,
        "report.ipm.note.ipnrn": Kind.RECEIPT,
        "report.ipm.note.ipnnrn": Kind.RECEIPT,
        "report.ipm.note.dr": Kind.RECEIPT,
        "report.ipm.note.ndr": Kind.BOUNCE,
        "ipm.microsoft mail.read receipt": Kind.RECEIPT,
        "ipm.microsoft mail.non-delivery": Kind.BOUNCE,
        "ipm.note.rules.ooftemplate.microsoft": Kind.AUTO_REPLY,
        "ipm.note.rules.replytemplate.microsoft": Kind.AUTO_REPLY,
        **dict.fromkeys(_ANSWERS, Kind.REPLY),
    }
)
# Named properties: set and number (MS-OXPROPS; PSETID_Meeting and PSETID_Appointment).
_MEETING = UUID("6ed8da90-450b-101b-98da-00aa003f1305")
_APPOINTMENT = UUID("00062002-0000-0000-c000-000000000046")
_GLOBAL_ID, _CLEAN_ID = (_MEETING, 0x03), (_MEETING, 0x23)
_SEQUENCE, _COUNTER = (_APPOINTMENT, 0x8201), (_APPOINTMENT, 0x8257)
_PROPOSED_START, _PROPOSED_END = (_APPOINTMENT, 0x8250), (_APPOINTMENT, 0x8251)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


class _Bounded(bytes):
    """Bytes that end: a slice beginning past them is an error, where plain bytes go on giving nothing for ever."""

    def __getitem__(self, where: SupportsIndex | slice) -> bytes:  # type: ignore[override]  # only slices are asked for
        if isinstance(where, slice) and int(where.start or 0) >= len(self):
            raise IndexError("past the end")
        found = super().__getitem__(where)
        return found if isinstance(found, bytes) else bytes([found])


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a winmail.dat says of itself: its class, its properties by tag or by set and number, and its bytes."""

    kind: str
    properties: Mapping[object, TNEFMAPI_Attribute]
    data: bytes


def read(letter: Letter, wanted: tuple[Kind, ...]) -> Reading | None:
    """The mail as what its winmail.dat says it is, if that is one of the kinds wanted. Whoever sent it answers."""
    for part in letter.own_parts():
        if _may_be(part):
            meeting = _opened(part.body())
            kind = _kind(meeting) if meeting else None
            if meeting and kind in wanted:
                return _facts(meeting, kind, letter)
    return None


def attached(part: Part) -> Iterator[bytes]:
    """What is attached within a part that is a winmail.dat; nothing for any other part."""
    if _may_be(part):
        yield from (body for name, body in _objects(part.body(), _ATTACHMENT) if name == _ATTACHED)


def _may_be(part: Part) -> bool:
    named = part.kind in _TYPES or part.filename in ("winmail.dat", "win.dat")
    return not part.children and (named or part.kind == "application/octet-stream") and part.body()[:4] == _SIGNATURE


def _opened(data: bytes) -> Meeting | None:
    kind, properties, seen = "", {}, []
    codepage = "cp1252"
    for name, body in _objects(data, _MESSAGE):
        seen.append(body)
        if name == _MESSAGE_CLASS:
            kind = body.rstrip(b"\x00").decode("latin-1")
        elif name == _CODE_PAGE and len(body) >= 4:
            codepage = _codec(struct.unpack_from("<I", body)[0])
        elif name == _PROPERTIES:
            properties.update(_decoded(body, codepage))
    stated = properties.get(_CLASS_PROPERTY)
    own = _string(stated) if stated else None
    best = next((one for one in (own, kind) if one and one.lower() in _KINDS), own or kind)
    return Meeting(best.lower(), properties, b"".join(seen)) if best else None


def _objects(data: bytes, wanted: int) -> Iterator[tuple[int, bytes]]:
    """(attribute, body) of the objects of that level; what is too big is passed over."""
    at, count = 6, 0
    while at + 11 <= len(data) and count < _MAX_OBJECTS:
        level, name, _, size = struct.unpack_from("<BHHI", data, at)
        count += 1
        if level == wanted and size <= _MAX_OBJECT:
            yield name, data[at + 9 : at + 9 + size]
        at += size + 11


def _codec(page: int) -> str:
    name = {65001: "utf-8", 20127: "ascii", 20866: "koi8-r", 28591: "latin-1"}.get(page, f"cp{page}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


def _decoded(body: bytes, codepage: str) -> dict[object, TNEFMAPI_Attribute]:
    if len(body) < 4 or struct.unpack_from("<I", body)[0] > _MAX_PROPERTIES:
        return {}
    found: dict[object, TNEFMAPI_Attribute] = {}
    for one in decode_mapi(_Bounded(body), codepage):
        found.setdefault((one.guid, one.guid_prop) if one.guid else one.name, one)
    return found


def _raw(found: TNEFMAPI_Attribute | None) -> bytes:
    """The value as bytes, not trimmed: an identity may end in noughts."""
    value = found.raw_data if found else b""
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, bytes) else b""


def _string(found: TNEFMAPI_Attribute) -> str | None:
    value = found.raw_data[0] if isinstance(found.raw_data, list) and found.raw_data else None
    return value.rstrip("\x00").strip() if isinstance(value, str) else None


def _kind(meeting: Meeting) -> Kind | None:
    kind = _KINDS.get(meeting.kind)
    if kind is Kind.REPLY and any(_raw(meeting.properties.get(_COUNTER))[:2]):
        return Kind.COUNTER
    return kind


def _facts(meeting: Meeting, kind: Kind, letter: Letter) -> Reading:
    identity = _identity(meeting)
    uid = identities.foreign(identity) or identities.foreign(meeting.data)
    answers = meeting.kind in _ANSWERS
    found = replace(
        letter.said,
        kind=kind,
        attendee=letter.said.sender if answers else None,
        partstat=_ANSWERS.get(meeting.kind),
        uid=uid or (identities.own(identity) if identity else None),
        sequence=_number(_raw(meeting.properties.get(_SEQUENCE))),
        recurrence_id=identities.day(identity),
    )
    if kind is not Kind.COUNTER:
        return found
    start, end = (_time(_raw(meeting.properties.get(one))) for one in (_PROPOSED_START, _PROPOSED_END))
    return replace(found, proposed_start=start, proposed_end=end)


def _identity(meeting: Meeting) -> bytes:
    """The meeting's identity, searched for where the properties could not be decoded up to it."""
    given = (identities.within(_raw(meeting.properties.get(one))) for one in (_GLOBAL_ID, _CLEAN_ID))
    return next((one for one in given if one), b"") or identities.within(meeting.data)


def _number(raw: bytes) -> int | None:
    return int(struct.unpack_from("<I", raw)[0]) if len(raw) >= 4 else None


def _time(raw: bytes) -> datetime | None:
    """Hundreds of nanoseconds since 1601, UTC (MS-DTYP §2.3.3)."""
    if len(raw) < 8:
        return None
    try:
        found = _EPOCH + timedelta(microseconds=struct.unpack_from("<Q", raw)[0] // 10)
    except OverflowError:
        return None
    return found if 1970 <= found.year < 2200 else None
