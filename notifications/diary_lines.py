"""Cuts iCalendar text into components and keeps of each only what tells when. Titles, names and notes end here.

It works on lines, before any calendar library: what is not kept is parsed by nothing, and one broken entry spoils no
other. What the kept lines mean is busy_times'.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^":;])*)*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^":;])*)')
_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_KEPT: Mapping[str, frozenset[str]] = {
    "VEVENT": _TIMES | {"UID", "SEQUENCE", "STATUS", "TRANSP"},
    "VFREEBUSY": frozenset({"FREEBUSY"}),
    "VTIMEZONE": frozenset({"TZID", "X-LIC-LOCATION", "DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"}),
}
_PARTS = frozenset({"STANDARD", "DAYLIGHT"})
_PARAMETERS = frozenset({"TZID", "VALUE", "RANGE", "FBTYPE"})
# More than this is no appointment, and unfolding it from the year it began in would never end.
_OFTEN = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_TIMES_A_DAY = 24
_HORIZON, _TIMES_AND_YEARS = 2100, 4000  # of birthdays, some programs do not know the year and say 1604


@dataclass(frozen=True, slots=True)
class Property:
    """One line: its name, the parameters kept, its value."""

    name: str
    parameters: Mapping[str, str]
    value: str

    def text(self) -> str:
        """The line as iCalendar, unfolded."""
        return f"{self.name}{''.join(f';{name}={value}' for name, value in self.parameters.items())}:{self.value}"


@dataclass(slots=True)
class Component:
    """One entry with the lines kept of it; ``parts`` are a time zone's standard and daylight halves."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """The first value of that name."""
        return next((one.value for one in self.properties if one.name == name), None)

    def text(self) -> str:
        """The component as iCalendar."""
        inner = [one.text() for one in self.properties] + [part.text() for part in self.parts]
        return "\r\n".join([f"BEGIN:{self.name}", *inner, f"END:{self.name}"])


def components(text: str) -> Iterator[Component]:
    """Every entry and time zone of a calendar file, several calendars one after another included."""
    stack: list[Component | None] = []  # None: something of which nothing is kept
    for line in re.split(r"\r?\n|\r", _FOLD.sub("", text)):
        name, _, rest = line.partition(":")
        word = rest.strip().upper()
        if name.upper() == "BEGIN" and word != "VCALENDAR":
            stack.append(_begun(word, stack))
        elif name.upper() == "END" and stack:
            ended = stack.pop()
            if ended is not None and not stack:
                yield ended
        elif stack and stack[-1] is not None:
            _keep(line, stack[-1], stack[0])


def _begun(name: str, stack: list[Component | None]) -> Component | None:
    if not stack:
        return Component(name) if name in _KEPT else None
    above = stack[-1]
    if above is None or above.name != "VTIMEZONE" or name not in _PARTS:
        return None  # an alarm within an entry
    part = Component(name)
    above.parts.append(part)
    return part


def _keep(line: str, into: Component, outermost: Component | None) -> None:
    found = _LINE.fullmatch(line)
    if found is None or outermost is None:
        return
    name = found[1].upper()
    if name not in _KEPT[outermost.name]:
        return
    given = {key.upper(): value.strip('"') for key, value in _PARAMETER.findall(found[2])}
    into.properties.append(Property(name, {k: v for k, v in given.items() if k in _PARAMETERS}, found[3].strip()))


def bearable(component: Component) -> bool:
    """Whether its repetitions can be unfolded in reasonable time: at most hourly, by whole steps, begun not too early.

    They are unfolded from their first, whatever the window: hourly since the year 1 takes minutes.
    """
    began = (component.get("DTSTART") or "")[:4]
    years = _HORIZON - int(began) if began.isascii() and began.isdecimal() else 0
    return all(_bearable_rule(one.value, years) for one in component.properties if one.name == "RRULE")


def _bearable_rule(rule: str, years: int) -> bool:
    facts = dict(part.upper().split("=", 1) for part in rule.split(";") if "=" in part)
    interval = facts.get("INTERVAL", "1")
    a_day = len(facts.get("BYHOUR", "0").split(",")) * len(facts.get("BYMINUTE", "0").split(","))
    whole = interval.isascii() and interval.isdecimal() and int(interval) > 0
    few = a_day <= _TIMES_A_DAY and "," not in facts.get("BYSECOND", "") and a_day * years <= _TIMES_AND_YEARS
    return facts.get("FREQ") in _OFTEN and whole and few


class Zones:
    """Which time zone a file's own name for one means. Names nobody knows are read as local time."""

    def __init__(self) -> None:
        self._meant: dict[str, str | None] = {}
        self._defined: dict[str, Component] = {}

    def define(self, zone: Component) -> None:
        """Remember a file's own definition; used where its name is none the world knows."""
        name = zone.get("TZID")
        yearly = all(
            one.value.upper().startswith("FREQ=YEARLY")
            for part in zone.parts
            for one in part.properties
            if one.name == "RRULE"
        )
        if name is None or not zone.parts or not yearly:
            return
        location = _known(zone.get("X-LIC-LOCATION") or "")
        # Calendars disagree about what "Customized Time Zone" is, so that a definition goes by its own content.
        own = f"own-{hashlib.sha256(zone.text().encode()).hexdigest()[:16]}"
        self._meant[name] = _known(name) or location or own
        if self._meant[name] == own:
            named = [Property("TZID", {}, own)]
            self._defined[own] = Component("VTIMEZONE", named, [_bare(part) for part in zone.parts])

    def resolved(self, component: Component) -> tuple[Component, list[Component]]:
        """The component with zones by names that are understood, and the definitions it then needs."""
        needed: dict[str, Component] = {}
        lines = []
        for line in component.properties:
            parameters = dict(line.parameters)
            if "TZID" in parameters:
                meant = self._meaning(parameters.pop("TZID"))
                if meant is not None:
                    parameters["TZID"] = meant
                if meant in self._defined:
                    needed[meant] = self._defined[meant]
            lines.append(Property(line.name, parameters, line.value))
        return Component(component.name, lines), list(needed.values())

    def _meaning(self, name: str) -> str | None:
        if name not in self._meant:
            self._meant[name] = _known(name)
        return self._meant[name]


def _bare(part: Component) -> Component:
    return Component(part.name, [one for one in part.properties if one.name != "X-LIC-LOCATION"])


def _known(name: str) -> str | None:
    """The world's name for a zone: its own, Windows', or the end of a program's ("/some.program/Europe/London")."""
    pieces = name.strip("/ ").split("/")
    endings = ("/".join(pieces[start:]) for start in range(len(pieces)))
    return next((one for one in (WINDOWS_TO_OLSON.get(name), *endings) if one in _zones()), None)


@cache
def _zones() -> set[str]:
    return available_timezones()
