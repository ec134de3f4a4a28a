"""Holds the forms of papers: attaching one, by staff or by an agency, and withdrawing it. They keep nothing."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovFileInput, GovRadioInput
from wtforms import RadioField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput

from strategy.commands.papers import NewPaper
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line, Words
from strategy.models import Invitation
from strategy.rules.papers import KINDS_IN_WORDS, MOST_BYTES, NoPaper, format_of
from strategy.vocabulary import PaperKind

_ALL, _CHOSEN = "all", "chosen"


class PaperForm(Form):
    """A file and what it is. It is read and judged before any transaction."""

    content: bytes = b""

    file = FileField(
        "File",
        validators=[FileRequired("Choose a file")],
        widget=GovFileInput(),
        description=f"{KINDS_IN_WORDS}. Its name is not kept, and it is held encrypted.",
    )
    title = Line("What is it?", required="Say what it is", description="As the others find it in the list.")
    kind = RadioField(
        "Kind",
        choices=offered((one.value, one.words) for one in PaperKind),
        validators=[InputRequired("Choose what kind of paper it is")],
        widget=GovRadioInput(),
    )

    def validate_file(self, field: Any) -> None:
        """Read it; what makes it no paper is said at the field."""
        sent = field.data
        try:
            self.content = sent.read(MOST_BYTES + 1)
            format_of(self.content)
        except NoPaper as error:
            raise ValidationError(error.reason) from None
        finally:
            sent.close()  # a large one lies in a file of its own

    def paper(self) -> NewPaper:
        """What was sent. Only for a form that validated."""
        return NewPaper(self.title.data or "", PaperKind(self.kind.data), self.content)


class StaffPaperForm(PaperForm):
    """The same by our own staff, who say which agencies see it."""

    seen_by = RadioField(
        "Who sees it?",
        choices=offered([(_ALL, "Every agency that is invited, now or later"), (_CHOSEN, "Only those I choose")]),
        default=_ALL,
        validators=[InputRequired("Choose who sees it")],
        widget=GovRadioInput(),
        description="Behind the second step only, each opening by name. Never who is implicated or withdrawn.",
    )
    readers = SelectMultipleField(
        "Which agencies?", coerce=int, widget=GovCheckboxesInput(), option_widget=CheckboxInput()
    )

    def offer(self, agencies: Sequence[Invitation]) -> "StaffPaperForm":
        """Take the agencies to choose from."""
        self.readers.choices = [(one.id, f"{one.role_words}: {one.invitee}") for one in agencies]
        return self

    def paper(self) -> NewPaper:
        """What was sent, and for whom."""
        restricted = self.seen_by.data == _CHOSEN
        readers = frozenset(self.readers.data or ()) if restricted else frozenset()
        new = super().paper()
        return NewPaper(new.title, new.kind, new.content, restricted, readers)


class AgencyPaperForm(PaperForm):
    """The same by an agency behind its link: the token and the second step are the authority."""

    class Meta:
        csrf = False

    seen_by = RadioField(
        "Who sees it?",
        choices=offered([(_CHOSEN, "The council alone: ask us before others see it"), (_ALL, "Every agency invited")]),
        validators=[InputRequired("Choose who sees it")],
        widget=GovRadioInput(),
    )

    def paper(self) -> NewPaper:
        """What was sent; with nobody else chosen, a restricted one is seen by its own agency and by us."""
        new = super().paper()
        return NewPaper(new.title, new.kind, new.content, self.seen_by.data == _CHOSEN)


class WithdrawPaperForm(Form):
    """Why a paper is withdrawn."""

    reason = Words("Why is it withdrawn?", required="Say why it is withdrawn", most=1000)
