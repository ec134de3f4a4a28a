"""Speaks the little CalDAV that reading a diary takes (RFC 4791): one question, and its answer read safely.

Written out rather than taken from a library: see decision 0015.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

from notifications.destinations import Unacceptable

METHOD = "REPORT"
HEADERS = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1", "Accept": "application/xml, text/xml"}

_CALDAV = "{urn:ietf:params:xml:ns:caldav}"
_DAV = "{DAV:}"
# Only what tells when is asked for: a server that honours this sends no title and no name at all (section 9.6.4).
_WANTED = (
    "UID",
    "SEQUENCE",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "STATUS",
    "TRANSP",
)
_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
  <D:prop><C:calendar-data>
    <C:comp name="VCALENDAR"><C:prop name="VERSION"/>
      <C:comp name="VEVENT">{wanted}</C:comp>
      <C:comp name="VTIMEZONE"><C:allprop/><C:allcomp/></C:comp>
    </C:comp>
  </C:calendar-data></D:prop>
  <C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
    <C:time-range start="{start}" end="{end}"/>
  </C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>
"""


def query(start: datetime, end: datetime) -> bytes:
    """The body that asks a collection for the entries that touch the time between two aware moments."""
    wanted = "".join(f'<C:prop name="{name}"/>' for name in _WANTED)
    return _QUERY.format(wanted=wanted, start=_stamp(start), end=_stamp(end)).encode()


def calendars(body: bytes) -> Iterator[str]:
    """The iCalendar texts of a multistatus answer. Raises Unacceptable for anything else, or when some are missing."""
    root = _parsed(body)
    if root.tag != f"{_DAV}multistatus":
        raise Unacceptable("The server answered with something that is no CalDAV.")
    for response in root.iter(f"{_DAV}response"):
        if " 507 " in f"{response.findtext(f'{_DAV}status') or ''} ":
            raise Unacceptable("The server sends only a part of so full a diary.")
        for data in response.iter(f"{_CALDAV}calendar-data"):
            yield data.text or ""


class _Plain(ElementTree.TreeBuilder):
    """A document without a document type: entities, and what they can be made to do, begin there."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Unacceptable("The server answered with something that is no CalDAV.")


def _parsed(body: bytes) -> ElementTree.Element:
    parser = ElementTree.XMLParser(target=_Plain())
    try:
        parser.feed(body)
        return parser.close()
    except (ElementTree.ParseError, ValueError, LookupError):
        raise Unacceptable("The server answered with something that is no CalDAV.") from None


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
