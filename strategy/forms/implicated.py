"""Forms about who is implicated in a contact: naming somebody, and taking it back. They decide nothing."""

from collections.abc import Mapping, Sequence

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect
from wtforms import BooleanField, SelectField

from strategy.act import Refused
from strategy.commands.implicated import Whom
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line, Words
from strategy.models import Agency, Desk, Person, User
from strategy.queries.directory import Directory
from strategy.rules.conflicts import name

_MOST = 5  # how many of those meant are named when a word fits several


class NameForm(Form):
    """Who is implicated: typed, or a desk they read."""

    # by the words and ids they were read with: what a refused deed leaves behind is read again one by one
    everybody: Mapping[str, Person | User] = {}
    desks: Mapping[int, Desk] = {}
    agencies: Mapping[int, Agency] = {}

    who = Line(
        "Who?",
        most=400,
        description="Type a name. Choose from what is suggested, where they are in the directory or on your staff.",
    )
    unlisted = BooleanField("They are in neither the directory nor your staff", widget=GovCheckboxInput())
    agency = SelectField("If they are in neither: which agency do they work for?", coerce=int, widget=GovSelect())
    as_manager = BooleanField("They are the line manager of somebody implicated", widget=GovCheckboxInput())
    managers_too = BooleanField(
        "Their line manager is on the next rung above them in the directory: name them too", widget=GovCheckboxInput()
    )
    desk = SelectField(
        "Or a shared inbox that somebody implicated reads",
        coerce=int,
        widget=GovSelect(),
        description="Nothing is sent to it: its out-of-hours desk, or another one, is asked instead.",
    )
    reason = Words(
        "Why?",
        most=1000,
        required="Say why they are named",
        description="Read only by those who work on this contact.",
    )

    def offer(self, directory: Directory, staff: Sequence[User]) -> "NameForm":
        """Take everybody there is to choose from."""
        people: list[Person | User] = [*directory.people, *staff]
        self.everybody = {said(one): one for one in people}
        self.desks = {one.id: one for one in directory.desks}
        known = {one.agency_id: one.agency for one in directory.desks}
        known |= {one.agency_id: one.agency for one in directory.people}
        self.agencies = known
        named = sorted(((str(number), one.name) for number, one in known.items()), key=lambda pair: pair[1])
        self.agency.choices = offered([("0", "Choose the agency"), *named])
        shared = ((str(one.id), f"{one.agency.name}: {one.name}") for one in directory.desks)
        self.desk.choices = offered([("0", "No desk"), *shared])
        return self

    @property
    def suggestions(self) -> list[str]:
        """Everybody in words, for the browser to complete what is typed."""
        return list(self.everybody)

    def whom(self) -> Whom:
        """Who was meant. Raises Refused when it could be nobody, or several."""
        if self.desk.data and not self.who.data:
            return Whom(desk=self.desks[self.desk.data])
        if self.desk.data:
            raise Refused("Name a person, or a shared inbox: one after the other", "desk")
        if not self.who.data:
            raise Refused("Type who is implicated", "who")
        manager = bool(self.as_manager.data)
        if self.unlisted.data:
            agency = self.agencies.get(self.agency.data)
            return Whom(name=self.who.data, agency=agency, as_manager=manager)
        found = self._meant(name(self.who.data))
        if isinstance(found, Person):
            return Whom(person=found, as_manager=manager, managers_too=bool(self.managers_too.data))
        return Whom(user=found, as_manager=manager)

    def _meant(self, typed: str) -> Person | User:
        whole = [words for words in self.everybody if name(words) == typed]
        found = whole or [words for words in self.everybody if typed in name(words)]
        if len(found) == 1:
            return self.everybody[found[0]]
        if not found:
            raise Refused("Nobody there has that name. If they are in neither, tick it and choose their agency", "who")
        some = "; ".join(found[:_MOST])
        raise Refused(f"Several fit: {some}{' and others' if len(found) > _MOST else ''}. Type one of them", "who")


class TakeBackForm(Form):
    """Take a name back."""

    reason = Words("Why is it taken back?", most=1000, required="Say why it is taken back")


def said(one: Person | User) -> str:
    """Somebody as the list of suggestions says them."""
    if isinstance(one, Person):
        return f"{one.agency.name}: {one.name}, {one.job_title}"
    return f"{one.full_name}, {one.job_title}"
