"""Holds what every form shares: the submission key, refusals shown at their field, and the field types we reuse."""

import re
from datetime import UTC, date, datetime
from typing import Any
from unicodedata import category
from uuid import uuid4

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import DateTimeLocalField, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Optional

from strategy.act import Refused
from strategy.clock import LONDON, in_london
from strategy.rules.working_time import is_skipped

LINE = 120  # characters in a name or title
TEXT = 4000  # characters in a narrative
OTHER = "other"  # what a list of times sends for a time of one's own
_KEY = re.compile(r"[0-9A-Za-z-]{1,64}")
_JOINERS = "\u200c\u200d"
_YEARS = range(1900, 9000)  # beyond them arithmetic on a moment may fall off the calendar's ends
_AS_TYPED = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class MomentInput(GovTextInput):
    """A text input that browsers show as their own date and time picker."""

    input_type = "datetime-local"


class _Key(HiddenField):
    """What tells one sending of a form from another. What no page of ours could have sent counts as none at all."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the key that came, or the fresh one."""
        if valuelist and _KEY.fullmatch(str(valuelist[0])):
            self.data = valuelist[0]


class Form(FlaskForm):
    """A form of ours: sent twice it acts once, and a command's refusal stands at the field it belongs to."""

    submission = _Key(default=lambda: uuid4().hex)

    def complain(self, name: str, words: str) -> None:
        """Put an error at a field: for what depends on other fields, since WTForms asks nothing of an empty one."""
        self[name].errors = [*self[name].errors, words]

    def refuse(self, refused: Refused) -> None:
        """Show a command's refusal at its field, or for the whole form."""
        field = self._fields.get(refused.field) if refused.field else None
        if field is None:
            self.form_errors.append(refused.reason)
        else:
            field.errors = [*field.errors, refused.reason]


class ButtonForm(Form):
    """A deed that needs no more than saying so: start, withdraw, reopen, sign."""


class Line(StringField):
    """One line of words: spaces tidied, no control characters, at most ``most`` characters."""

    def __init__(self, label: str, *, required: str | None = None, most: int = LINE, **extra: Any) -> None:
        """``required`` is the sentence shown when it is empty; None: it may stay empty."""
        self.most = most
        super().__init__(label, validators=_presence(required), widget=extra.pop("widget", GovTextInput()), **extra)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Tidy what was typed."""
        self.data = " ".join(_seen(str(valuelist[0])).split(" ")).strip() if valuelist else None

    def pre_validate(self, form: Any) -> None:
        """Refuse line breaks, control characters, and too much."""
        text = self.data or ""
        if any(category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text):
            raise ValidationError(f"{self.label.text} must be one line of plain words")
        _within(self.label.text, text, self.most)


class Words(TextAreaField):
    """Several lines of words, at most ``most`` characters; control characters but line breaks are dropped."""

    def __init__(self, label: str, *, required: str | None = None, most: int = TEXT, **extra: Any) -> None:
        """``required`` is the sentence shown when it is empty; None: it may stay empty."""
        self.most = most
        super().__init__(label, validators=_presence(required), widget=extra.pop("widget", GovTextArea()), **extra)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Tidy what was typed."""
        text = str(valuelist[0]).replace("\r\n", "\n").replace("\r", "\n") if valuelist else ""
        self.data = "".join(c for c in _seen(text) if c in "\n\t" or category(c) not in ("Cc", "Cs")).strip()

    def pre_validate(self, form: Any) -> None:
        """Refuse too much."""
        _within(self.label.text, self.data or "", self.most)


class LondonMoment(DateTimeLocalField):
    """A date and time as the local clock shows it; ``moment`` is the same as aware UTC."""

    def __init__(self, label: str, *, required: str | None = None, **extra: Any) -> None:
        """``required`` is the sentence shown when it is empty; None: it may stay empty."""
        widget = extra.pop("widget", MomentInput())
        super().__init__(label, format=_AS_TYPED, validators=_presence(required), widget=widget, **extra)

    def process_data(self, value: datetime | None) -> None:
        """Show an aware moment as local time."""
        self.data = None if value is None else in_london(value).replace(tzinfo=None) if value.tzinfo else value

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; empty is None."""
        if not valuelist or not str(valuelist[0]).strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self._words) from None
        if self.data is not None and not in_reach(self.data):
            self.data = None
            raise ValueError(self._words)
        if self.data is not None and is_skipped(self.data):
            raise ValueError(f"{self.label.text}: the clocks go forward then, and there is no such time that day")

    @property
    def _words(self) -> str:
        return f"{self.label.text} must be a date and time, like 27/11/2026 15:30"

    @property
    def moment(self) -> datetime | None:
        """What was typed, as aware UTC. An hour that happens twice in autumn is read as its first."""
        return None if self.data is None else self.data.replace(tzinfo=LONDON).astimezone(UTC)


def iso_moment(text: str) -> datetime | None:
    """The moment a list of times sent, as aware UTC; None for what is none."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo and in_reach(found) else None
    except (ValueError, OverflowError):
        return None


def in_reach(day: date) -> bool:
    """Whether a date, or a moment, lies in a year anything here could be about."""
    return day.year in _YEARS


def _seen(text: str) -> str:
    """Text without what nobody sees: marks that turn words round, and names that look like none.

    The two joiners stay, which some scripts are written with, where they join something.
    """
    kept = "".join(c for c in text if category(c) != "Cf" or c in _JOINERS)
    return kept if kept.strip(_JOINERS + " ") else ""


def _presence(required: str | None) -> list[Any]:
    return [Optional()] if required is None else [InputRequired(required)]


def _within(label: str, text: str, most: int) -> None:
    if len(text) > most:
        raise ValidationError(f"{label} must be {most:,} characters or fewer; this is {len(text):,}")
