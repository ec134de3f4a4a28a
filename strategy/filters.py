"""Holds the template filters: how pages show moments and spans. The words themselves are dates.py's."""

from datetime import datetime

from flask import Flask
from markupsafe import Markup, escape

from notifications.addresses import display_phone
from strategy import dates, holidays
from strategy.clock import in_london


def time_element(moment: datetime, words: str | None = None) -> Markup:
    """A <time> element: machine-readable moment, full date as its words unless others are given."""
    return Markup('<time datetime="{}">{}</time>').format(
        in_london(moment).isoformat(timespec="minutes"), escape(words or dates.full(moment))
    )


def install(app: Flask) -> None:
    """Give templates the filters by which moments, lengths and numbers are said: |full, |brief and those below."""
    app.jinja_env.filters.update(
        full=dates.full,
        on=dates.on,
        local_day=lambda moment: in_london(moment).date(),
        short=dates.short,
        clock=dates.clock,
        day=dates.day,
        date=dates.date_words,
        date_of=dates.date_of,
        birthday=dates.birthday,
        brief=dates.brief,
        until=dates.until,
        near=dates.near,
        span=dates.span,
        spoken=dates.spoken,
        phone=display_phone,
        time_element=time_element,
        uncounted=holidays.uncounted,
    )
