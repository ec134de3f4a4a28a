"""Holds the forms of a desk board: a row for each meeting, sent all at once; and the link's, for administrators."""

from collections.abc import Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import HiddenField, SelectField

from strategy.act import Refused
from strategy.commands.answers import Reply
from strategy.commands.board_answers import Given, RowsRefused
from strategy.forms.answer import reasons_beforehand
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line
from strategy.models import Invitation, Person
from strategy.policy import parsed
from strategy.queries.board_rows import Row
from strategy.rules.board import same_name
from strategy.vocabulary import Response

_CONTACT = 254
_LONG = 12  # digits: more than any id has
_SAID = ("choice", "name", "role", "contact", "reason_code", "reason", "authorised_by", "authorised_role")
_COMING = (Response.ATTEND.value, Response.DEPUTY.value)
_CHOICES = (
    ("", "Choose, or only name somebody"),
    (Response.ATTEND.value, "The person named will attend"),
    (Response.DEPUTY.value, "A deputy will attend (gets a link of their own)"),
    (Response.CANNOT_ATTEND.value, "Nobody can attend"),
    (Response.NO_OFFICER.value, "No officer available, and that is authorised"),
    (Response.REPORT_ONLY.value, "We can only send information"),
)
# Where a command's refusal of an answer stands in a row.
_FIELDS = {"attendee_name": "name", "attendee_contact": "contact", "by_name": "choice"}


class RowForm(Form):
    """One meeting's row: nothing is filled in beforehand, and what is left empty changes nothing.

    A name alone says that they will attend. ``after`` is the answer that stood when the page was read.
    """

    class Meta:
        csrf = False

    name = Line("Who is going")
    choice = SelectField("Answer", choices=offered(_CHOICES), default="", widget=GovSelect())
    role = Line("Their role")
    contact = Line("A deputy’s email address or phone number", most=_CONTACT)
    reason_code = SelectField("Why nobody can attend", default="", widget=GovSelect())
    reason = Line("The reason in other words", description="Your agency’s reason only. Nothing about a child.")
    authorised_by = Line("No officer available: who authorised it")
    authorised_role = Line("Their rank or role")
    after = HiddenField()

    @classmethod
    def of(cls, row: Row, *, blank: bool = False) -> "RowForm":
        """The row's fields, as they were sent; ``blank``: whatever was sent."""
        prefix = cls.prefix_of(row.invitation.id)
        form = cls(formdata=None, prefix=prefix) if blank else cls(prefix=prefix)
        policy = parsed(row.invitation.discussion.policy.text)
        form.reason_code.choices = offered([("", "Choose"), *reasons_beforehand(policy)])
        return form

    @staticmethod
    def prefix_of(invitation_id: int) -> str:
        """What the names of a row's fields begin with."""
        return f"m{invitation_id}-"

    @property
    def stood(self) -> int:
        """The answer that stood when the page was read; 0 for none, and for what no page of ours sends."""
        sent = self.after.data or ""
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < _LONG else 0

    @property
    def changed(self) -> bool:
        """Whether anything is filled in."""
        return any(self[name].data for name in _SAID)

    @property
    def response(self) -> Response:
        """What it says. A name alone: they will attend."""
        return Response(self.choice.data or Response.ATTEND.value)

    def check(self) -> bool:
        """Whether the row makes sense by itself; what an answer needs besides is answers' to say."""
        if not super().validate():
            return False
        named, choice = bool(self.name.data), self.choice.data or ""
        if choice and choice not in _COMING and named:
            self.complain("name", "You chose that nobody attends: take the name out, or choose who attends")
        elif not choice and not named:
            self.complain("choice", "Choose the answer")
        elif not named and (choice in _COMING):
            self.complain("name", "Enter who will attend")
        return not self.errors

    def reply(self, people: Sequence[Person]) -> Reply:
        """The answer as the command takes it; of somebody in the directory what stands there, where it is left out."""
        known = next((one for one in people if same_name(one.name, self.name.data or "")), None)
        found = (known.job_title, known.email or known.phone) if known is not None else (None, None)
        match self.response:
            case Response.ATTEND | Response.DEPUTY as coming:
                name, role = known.name if known is not None else self.name.data, self.role.data or found[0]
                contact = (self.contact.data or found[1]) if coming is Response.DEPUTY else None
                return Reply(coming, attendee_name=name, attendee_role=role, attendee_contact=contact)
            case Response.CANNOT_ATTEND as nobody:
                return Reply(nobody, reason=self.reason.data or None, reason_code=self.reason_code.data or None)
            case Response.NO_OFFICER as unstaffed:
                by, role = self.authorised_by.data or None, self.authorised_role.data or None
                return Reply(unstaffed, authorised_by=by, authorised_role=role)
            case other:
                return Reply(other)


class BoardForm(Form):
    """All rows of a board, sent at once: those filled in count, and all of them or none."""

    class Meta:
        csrf = False

    rows: Mapping[int, RowForm] = {}

    @classmethod
    def of(cls, found: Sequence[Row], *, blank: bool = False) -> "BoardForm":
        """The form with a row for every meeting that takes an answer. ``blank``: whatever was sent."""
        form = cls(formdata=None) if blank else cls()
        open_rows = [row for row in found if row.why_closed is None]
        form.rows = {row.invitation.id: RowForm.of(row, blank=blank) for row in open_rows}
        return form.renew(found) if blank else form

    def renew(self, found: Sequence[Row]) -> "BoardForm":
        """The same, what is typed kept, on the board as it stands now: what was answered meanwhile is seen."""
        for row in found:
            form = self.rows.get(row.invitation.id)
            if form is not None:
                form.after.data = str(row.last.id) if row.last is not None else "0"
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Every row that is filled in, so that all errors show at once."""
        rows = [row.check() for row in self.rows.values() if row.changed]
        return bool(super().validate(extra_validators)) and all(rows)

    def refuse(self, refused: Refused) -> None:
        """Show what a command refused at its row, or for the whole board."""
        super().refuse(Refused(refused.reason))
        for invitation_id, why in refused.each if isinstance(refused, RowsRefused) else ():
            row = self.rows.get(invitation_id)
            if row is not None:
                row.complain(_FIELDS.get(why.field or "", why.field or "choice"), why.reason)

    @property
    def errors(self) -> dict[str | None, Any]:
        """Its own and those of its rows, by field."""
        return {**super().errors, **{name: [words] for name, words in self.wrong}}

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Every error of every row: the id of its field, and the words."""
        return [
            (field.id, words) for row in self.rows.values() for field in row for words in field.errors if row.changed
        ]

    def given(self, people: Sequence[Person]) -> list[Given]:
        """The rows that are filled in, as the command takes them."""
        return [
            Given(invitation_id, row.reply(people), row.stood)
            for invitation_id, row in self.rows.items()
            if row.changed
        ]

    def at(self, invitation: Invitation) -> RowForm | None:
        """That meeting's row; None where it takes no answer."""
        return self.rows.get(invitation.id)
