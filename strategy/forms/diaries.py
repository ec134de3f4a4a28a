"""Holds the forms for linking a diary. Whether an address can be read is found out later, by the worker."""

from collections.abc import Collection, Iterable

from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovRadioInput, GovSubmitInput
from wtforms import PasswordField, RadioField, SelectField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published type stubs
from wtforms.validators import InputRequired, Length

from strategy.commands.diaries import LONGEST_ADDRESS, Link
from strategy.forms.choices import GroupedSelect, offered
from strategy.forms.form import Form, Line
from strategy.models import Desk, Person, User
from strategy.queries.directory import Directory
from strategy.vocabulary import DiaryKind

_NAME = 200


class DiaryForm(Form):
    """How a diary is shared, where it lies, and how to get in."""

    kind = RadioField(
        "How is the diary shared?",
        choices=offered((one.value, one.words) for one in DiaryKind),
        default=DiaryKind.ICAL.value,
        validators=[InputRequired("Say how the diary is shared")],
        widget=GovRadioInput(),
    )
    address = Line(
        "Address",
        required="Enter the address",
        most=LONGEST_ADDRESS,
        description="Begins with https:// or webcal://. Anybody who knows a published address can read the diary, "
        "so the address is kept encrypted and not shown again.",
    )
    username = Line("User name", most=_NAME, description="Always for CalDAV; for a published address if it asks.")
    password = PasswordField(
        "Password",
        validators=[Length(max=_NAME, message=f"The password must be {_NAME} characters or fewer")],
        description="Best one made for this alone (an “app password”).",
        widget=GovPasswordInput(),
    )
    save = SubmitField("Save and read it now", widget=GovSubmitInput())

    def entry(self) -> Link:
        """What was typed, as the command takes it. Only for a form that validated."""
        return Link(
            DiaryKind(self.kind.data), self.address.data or "", self.username.data or "", self.password.data or ""
        )


class NewDiaryForm(DiaryForm):
    """A diary to link to a desk, a person, or one of our own people. ``linked`` have one, as the list's values."""

    linked: Collection[str] = ()

    owner = SelectField(
        "Whose diary is it?", validators=[InputRequired("Choose whose diary it is")], widget=GroupedSelect()
    )

    def offer(self, me: User, directory: Directory, colleagues: Iterable[User]) -> "NewDiaryForm":
        """Let it be mine, or any desk's and anybody's whose entry in the directory our authority keeps."""

        def ours(one: Desk | Person) -> bool:
            return one.agency.authority_id == me.authority_id

        mine = self._mine(me)
        desks = [(f"desk:{one.id}", f"{one.agency.name}: {one.name}", "Desks") for one in directory.desks if ours(one)]
        people = [
            (f"person:{one.id}", f"{one.agency.name}: {one.name}", "People") for one in directory.people if ours(one)
        ]
        staff = [(f"user:{one.id}", one.full_name, "Our own staff") for one in colleagues if one.id != me.id]
        others = [
            SelectChoice(value, self._said(value, words), optgroup=group)
            for value, words, group in (*desks, *people, *staff)
        ]
        self.owner.choices = [mine, *others]
        return self

    def remark(self) -> str:
        """What is said once it is linked."""
        if self.owner.data in self.linked:
            return "Linked. They had a diary already: both are read, and busy in either is busy."
        return "Linked. It is read within a minute."

    def _said(self, value: str, words: str) -> str:
        return f"{words} (has a diary already)" if value in self.linked else words

    def offer_own(self, me: User) -> "NewDiaryForm":
        """Let it be mine and nobody else's."""
        self.owner.choices = [self._mine(me)]
        self.owner.default = f"user:{me.id}"
        return self

    def _mine(self, me: User) -> SelectChoice:
        return SelectChoice(f"user:{me.id}", self._said(f"user:{me.id}", me.full_name), optgroup="Yourself")
