"""Holds the wording of the mails about the worker itself: they are about nobody. All other words are compose's."""

from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from strategy import dates

# Plain text alone: nothing of a page or a letter needs escaping there.
_TEMPLATES = Environment(loader=PackageLoader("strategy", "templates/alarms"), undefined=StrictUndefined)
_TEMPLATES.filters["full"] = dates.full


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """All that such a mail may know. ``since`` None: it never ran; ``until`` (back): when it came round again."""

    address: str
    since: datetime | None
    until: datetime | None = None


def alarm(name: str, known: AlarmFacts) -> tuple[str, str]:
    """Subject and text of the mail of that name. Raises jinja2.TemplateNotFound for a name that has none."""
    parts = (_TEMPLATES.get_template(f"{name}/{part}.txt") for part in ("subject", "email"))
    subject, body = (part.render(f=known).strip() for part in parts)
    return subject, f"{body}\n"
