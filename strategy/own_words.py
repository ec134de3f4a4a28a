"""Holds how an authority's own wording of a message becomes its words, and our wording in the form it is edited in.

The places are filled from the same facts our templates have; what stands in each is written in templates/own. The foot
of a mail, with the call-back number and the warnings, is always ours.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Template
from markupsafe import Markup, escape

from notifications.gsm import BASIC, EXTENSION, fragments, normalise
from strategy import compose
from strategy.compose import EntryFacts, InvitationFacts, Words
from strategy.own_lines import between
from strategy.rules.wording import LINK, Values, Wording, filled
from strategy.rules.wording_checks import LONGEST_LINK, Cost, usable
from strategy.rules.wording_standards import STANDARDS

Facts = InvitationFacts | EntryFacts
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


@cache
def ours(name: str) -> Wording:
    """Our own wording of a message, with places: what an authority's begins from. Raises KeyError for one it cannot."""
    STANDARDS[name]
    read = _read(name)
    return Wording(read["subject"], read["mail"].strip(), read["text"].strip())


def left_to_us(name: str, known: Facts) -> bool:
    """Whether this case of a message keeps our words: an authority's have no place for what it must say."""
    if not isinstance(known, InvitationFacts):
        return False
    to_our_own = name in ("action", "action-due") and known.staff_role is not None
    return known.at_once or known.still_asked or to_our_own


def values(name: str, known: Facts) -> Values:
    """What stands in each place of a message, by those facts. Raises KeyError for a message nobody else words."""
    found = {place: template.render(f=known).strip() for place, template in _places(name).items()}
    return {**found, LINK: compose.LINK} if STANDARDS[name].link else found


def worded(name: str, known: Facts, wording: Wording) -> Words:
    """The words of a message as that wording has them. Raises rules.wording.Unfit where it cannot be said."""
    known_values = values(name, known)
    said = usable(STANDARDS[name], wording, known_values)
    around = {"f": known, "staff": STANDARDS[name].staff, **_around(name)}
    templates = compose.environment("messages")
    text = templates.get_template("own.txt").render(**around, body=said.mail).strip()
    paragraphs = _paragraphs(wording.mail, known, known_values)
    html = templates.get_template("own.html").render(**around, paragraphs=paragraphs).strip()
    return Words(said.subject, between(known.head, text, known.foot), html + "\n", normalise(said.text))


def cost(text: str) -> Cost:
    """What a text costs as it goes out: with the longest link there is, its punctuation made plain."""
    plain = normalise(text).replace(compose.LINK, LONGEST_LINK)
    odd = "".join(dict.fromkeys(char for char in plain if char not in BASIC and char not in EXTENSION))
    return Cost(fragments(plain).units, odd)


def _around(name: str) -> dict[str, str]:
    """The frame and the foot of a mail."""
    if name == "verification":
        return {"frame": "frame_entry.html", "foot": "foot_entry.txt"}
    return {"frame": "frame.html", "foot": "foot_staff.txt" if STANDARDS[name].staff else "foot.txt"}


def _paragraphs(source: str, known: Facts, found: Values) -> list[Markup]:
    """A mail's paragraphs as HTML: everything escaped, what the authority wrote and what stands in its places."""
    every = []
    for paragraph in _PARAGRAPHS.split(source.strip()):
        if paragraph.strip() == "{when}":
            every.append(Markup(compose.environment("messages").get_template("when.html").render(f=known)))
            continue
        html = filled(str(escape(paragraph)), found, _treated)
        lines = [line.strip() for line in html.split("\n")]
        if any(lines):
            every.append(Markup("<p>{}</p>").format(Markup("<br>").join(Markup(line) for line in lines)))
    return every


def _treated(name: str, value: str) -> str:
    if name == LINK:
        return f'<a href="{compose.LINK}">{compose.LINK}</a>'
    return str(escape(value))


@cache
def _places(name: str) -> Mapping[str, Template]:
    """What is written for each place of a message: its own, else what every message has there."""
    written = _read("every") | _read(name).get("says", {})
    templates = compose.environment("messages")
    return {place: templates.from_string(written[place]) for place in STANDARDS[name].places if place != LINK}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("strategy") / "templates" / "own" / f"{name}.toml").read_text(encoding="utf-8"))
