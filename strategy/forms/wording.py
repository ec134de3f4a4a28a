"""Holds the forms of how messages name an authority, of an authority's own words of a message, and of using them."""

from datetime import datetime
from typing import Any, Self

from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from notifications.gsm import normalise
from strategy.commands.authorities import SHORT_NAME, Naming
from strategy.commands.wordings import LONGEST_REASON
from strategy.forms.form import Form, Line, Words
from strategy.forms.meanwhile import SharedForm
from strategy.models import Authority
from strategy.queries import wordings
from strategy.rules.wording import Part, Wording, mark
from strategy.rules.wording_checks import MOST


class NamingForm(Form):
    """The council's names, and its own lines in mails."""

    name = Line("Name of the council", required="Enter the council’s name", description="In mails and on every page.")
    short_name = Line(
        "Short name, for texts",
        required="Enter the short name",
        most=SHORT_NAME,
        description=f"{SHORT_NAME} characters at most: with it every text stays one text.",
    )
    head = Line("First line of every mail", description="In place of a logo, which many mail programs do not show.")
    foot = Line("Last line of every mail", most=300, description="Such as your website. Nothing about any child.")

    def naming(self) -> Naming:
        """What was typed, as the command takes it. Only for a form that validated."""
        return Naming(self.name.data or "", self.short_name.data or "", self.head.data or None, self.foot.data or None)


class WordingForm(SharedForm):
    """A message's own words; what keeps them from being used stands at the part it is in."""

    subject = Line("Subject of the mail", required="Enter the subject", most=MOST[Part.SUBJECT])
    mail = Words("Mail", required="Enter what the mail says", most=MOST[Part.MAIL])
    text = Words("Text message", required="Enter what the text says", most=MOST[Part.TEXT])

    authority: Authority
    name: str

    @classmethod
    def of(cls, authority: Authority, name: str, shown: Wording, now: datetime) -> Self:
        """The form of that message, as it stands."""
        form = cls(**kept(shown))
        form.authority, form.name = authority, name
        return form.opened(kept(shown), now)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: the words pass the checks ours pass, in every case."""
        super().validate(extra_validators)
        if not self.errors:
            faults = wordings.amiss(self.authority, self.name, self.wording())
            for part in dict.fromkeys(fault.part for fault in faults):
                self.complain(part.value, ". ".join(fault.words for fault in faults if fault.part is part))
        return not self.errors

    def wording(self) -> Wording:
        """What was typed, its text in the letters texts are written in."""
        return Wording(self.subject.data or "", self.mail.data or "", normalise(self.text.data or ""))


class UseForm(Form):
    """Why the words change, and which were looked at."""

    reason = Words("Why do the words change?", required="Say why the words change", most=LONGEST_REASON)
    looked = HiddenField()

    def look_at(self, wording: Wording) -> Self:
        """Carry what the page shows now: whoever was told that it changed may use it after looking again."""
        self.looked.raw_data, self.looked.data = None, mark(wording)
        return self


class BackForm(Form):
    """Why the words go back, and the newest version there was then."""

    reason = Words("Why do the words go back?", required="Say why the words go back", most=LONGEST_REASON)
    newest = IntegerField(widget=HiddenInput(), validators=[InputRequired("Open the page again")])


def kept(wording: Wording) -> dict[str, str]:
    """A wording as its form has it."""
    return {part.value: wording.part(part) for part in Part}
