"""Holds the forms about a whole policy: its text, bringing one along, publishing it, comparing two."""

from datetime import UTC, date, datetime, time
from typing import Any

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput, GovTextArea
from wtforms import DateField, FileField, HiddenField, IntegerField, RadioField, ValidationError
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from strategy.clock import LONDON
from strategy.commands.policies import LONGEST_REASON, Publication
from strategy.forms.booking import DayInput
from strategy.forms.choices import offered
from strategy.forms.form import Form, Words, in_reach

LONGEST = 200_000  # characters in a policy's text; the shipped example has about 20,000
NOW, DAY = "now", "other"  # the stylesheet shows what belongs to the choice called "other"


class DraftForm(Form):
    """What every change of a draft carries: the revision it was shown at."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired("Open the draft again")])

    def show_at(self, revision: int) -> None:
        """Carry the draft's present revision: whoever has been told of a change may now save over it."""
        self.revision.raw_data, self.revision.data = None, revision


class TextForm(DraftForm):
    """The whole text."""

    text = Words("The whole policy as text (TOML)", most=LONGEST, widget=GovTextArea())


class ImportForm(Form):
    """A text brought along: a file, or pasted."""

    file = FileField("A file", widget=GovFileInput(), description="As a version is exported: its name ends in .toml.")
    text = Words("Or paste the text", most=LONGEST, widget=GovTextArea())

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: one of the two is there, and the file is text."""
        super().validate(extra_validators)
        if not self.brought and not self.errors:
            self.complain("file", "Choose a file, or paste the text")
        return not self.errors

    def validate_file(self, _field: Any) -> None:
        """Read the file once; what is no text in UTF-8 is refused."""
        sent = request.files.get("file")
        raw = sent.read(LONGEST * 4 + 1) if sent else b""
        self._from_file = ""
        try:
            self._from_file = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            words = "That file is no text in UTF-8: export a policy to see what one looks like"
            raise ValidationError(words) from None
        if len(self._from_file) > LONGEST:
            raise ValidationError(f"A policy must have {LONGEST:,} characters or fewer")

    @property
    def brought(self) -> str:
        """The file's text, else what was pasted."""
        read: str = getattr(self, "_from_file", "")
        return (read or self.text.data or "").replace("\r\n", "\n")


class PublishForm(DraftForm):
    """When it takes effect, and why."""

    when = RadioField(
        "When does it take effect?",
        choices=offered([(NOW, "Now"), (DAY, "At the beginning of a day to come")]),
        validators=[InputRequired("Say when it takes effect")],
        widget=GovRadioInput(),
    )
    day = DateField("The day", validators=[Optional()], widget=DayInput())
    reason = Words(
        "Why does the policy change?",
        required="Say why the policy changes",
        most=LONGEST_REASON,
        description="Who agreed it, and when. Everybody who may read the policy reads this too.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a day to come names its day."""
        super().validate(extra_validators)
        if self.when.data == DAY and self.day.data is None and not self.day.errors:
            self.complain("day", "Enter the day it takes effect")
        if self.day.data is not None and not in_reach(self.day.data):
            self.complain("day", "Enter a date like 27/11/2026")
        return not self.errors

    def publication(self, text: str, newest: int) -> Publication:
        """What was asked for. Only for a form that validated."""
        begins = _beginning(self.day.data) if self.when.data == DAY and self.day.data else None
        return Publication(text, self.reason.data or "", newest, begins)


class EmptyForm(Form):
    """A button, and nothing else."""

    pressed = HiddenField(default="yes")


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
