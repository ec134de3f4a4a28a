"""Holds the form of the page that says who is asked: a row a role, and the authority's own staff."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField

from strategy.commands.inviting import Invitee
from strategy.forms.choices import OPEN, GroupedSelect, offered, to_ask
from strategy.forms.form import Form, Line
from strategy.models import Discussion, User
from strategy.queries.directory import Option
from strategy.queries.invitees import InviteeRow
from strategy.queries.previews import Asked
from strategy.vocabulary import StaffRole

_SAME_PERSON = "The chair and the social worker are two people: choose somebody else"


class WhoForm(Form):
    """Page 2. The rows' fields are added by ``who_form``: who_<key>, required_<key> and why_<key>."""

    rows: Sequence[InviteeRow] = ()
    people: Mapping[int, User] = {}
    added: Sequence[str] = ()

    chair = SelectField("Chair", coerce=int, widget=GovSelect())
    social_worker = SelectField("Social worker", coerce=int, widget=GovSelect())
    minute_taker = SelectField("Minute-taker", coerce=int, widget=GovSelect())
    add_role = SelectField("Another role", validate_choice=False, widget=GovSelect())

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: each part has its own person, and leaving out somebody required says why."""
        super().validate(extra_validators)
        choose_parts(self)
        if self.minute_taker.data and self.minute_taker.data == self.chair.data:
            self.complain("minute_taker", "The chair cannot take the minutes too: choose somebody else")
        for row in self.rows:
            self._judge(row)
        for again in self._asked_twice():
            self.complain(f"who_{again.key}", f"{again.role.label}: this desk is chosen above already")
        return not self.errors

    def _judge(self, row: InviteeRow) -> None:
        # a school somebody typed for a child must not be left out without anybody meaning it
        asks = row.required or self[f"required_{row.key}"].data or row.typed
        if self.chosen(row.key) == OPEN and asks:
            whose = f" (typed: {row.typed})" if row.typed else ""
            self.complain(f"who_{row.key}", f"{row.prompt} for {row.role.label}{whose}, or “Do not invite”")
        if self.chosen(row.key) == "" and row.required and not self[f"why_{row.key}"].data:
            self.complain(f"why_{row.key}", f"Say why {row.role.label} is not invited")

    def _asked_twice(self) -> list[InviteeRow]:
        seen, again = set(), []
        for row in self.rows:
            asked = (row.role.code, self.chosen(row.key))
            if self.option(row) and asked in seen:
                again.append(row)
            seen.add(asked)
        return again

    def chosen(self, key: str) -> str:
        """Who was chosen in a row: an option's value, OPEN while nobody has chosen, or nothing."""
        return str(self[f"who_{key}"].data or "")

    def option(self, row: InviteeRow) -> Option | None:
        """The desk or person chosen in a row."""
        return next((one for one in row.options if one.value == self.chosen(row.key)), None)

    def asked(self) -> list[Asked]:
        """Everybody chosen, with their role."""
        chosen = [(row, self.option(row)) for row in self.rows]
        return [Asked(row.role, bool(self[f"required_{row.key}"].data), option) for row, option in chosen if option]

    def invitees(self) -> list[Invitee]:
        """Everybody chosen, as the command takes them."""
        return [
            Invitee(one.role.code, one.required, desk=one.option.only_desk, person=one.option.person)
            for one in self.asked()
        ]

    def person(self, part: str) -> User | None:
        """Who was chosen as "chair", "social_worker" or "minute_taker"."""
        return self.people.get(self[part].data or 0)

    def left_out(self) -> dict[str, str]:
        """By need: why a role that would meet it is not asked."""
        reasons: dict[str, list[str]] = {}
        for row in self.rows:
            if self.chosen(row.key) == "" and self[f"why_{row.key}"].data:
                for need in row.needs:
                    reasons.setdefault(need.code, []).append(f"{row.role.label}: {self[f'why_{row.key}'].data}")
        return {need: "; ".join(words) for need, words in reasons.items()}


def who_form(
    rows: Sequence[InviteeRow],
    staff: Sequence[User],
    me: User,
    last: Discussion | None,
    typed: "MultiDict[str, str] | None",
    roles: Iterable[tuple[str, str]] = (),
    added: Sequence[str] = (),
    **options: Any,
) -> WhoForm:
    """The form for these rows, as typed so far; a row nobody has seen yet comes with what is suggested."""
    people = {user.id: user for user in staff}
    fields: dict[str, Any] = {"rows": tuple(rows), "people": people, "added": tuple(added), **_fields(rows)}
    form_class = type("WhoFormOfRows", (WhoForm,), fields)
    usual = {**_suggested(rows), **usual_parts(staff, me, last), "minute_taker": 0}
    form: WhoForm = form_class(_completed(rows, typed), data=usual, **options)
    offer_parts(form, staff)
    form.minute_taker.choices = offered([("0", "Nobody yet"), *((str(user.id), _named(user)) for user in staff)])
    asked = {row.role.code for row in rows}
    form.add_role.choices = offered([("", "Choose a role"), *(role for role in roles if role[0] not in asked)])
    return form


# A manager is a social worker too; an administrator or a leader would meet no need of the quorum.
SOCIAL_WORKERS = (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)


def usual_parts(staff: Sequence[User], me: User, last: Discussion | None) -> dict[str, int]:
    """Chair and social worker to begin with; 0: ask.

    The chair I booked with last, else I when I may chair. I am the social worker unless I chair: then the last one.
    """
    chairs = [user.id for user in staff if user.holds(StaffRole.CHAIR)]
    chair = next((one for one in (last.chair_id if last else 0, me.id) if one in chairs), 0)
    workers = [me.id, last.social_worker_id if last else 0]
    known = {user.id for user in staff if user.holds(*SOCIAL_WORKERS)}
    return {"chair": chair, "social_worker": next((one for one in workers if one != chair and one in known), 0)}


def offer_parts(form: Form, staff: Sequence[User]) -> None:
    """Let a form's chair be whoever may chair, and its social worker whoever does social work."""
    chairs = [user for user in staff if user.holds(StaffRole.CHAIR)]
    form["chair"].choices = offered([("0", "Choose the chair"), *((str(user.id), _named(user)) for user in chairs)])
    people = ((str(user.id), _named(user)) for user in staff if user.holds(*SOCIAL_WORKERS))
    form["social_worker"].choices = offered([("0", "Choose the social worker"), *people])


def choose_parts(form: Form) -> None:
    """Complain where chair or social worker is not chosen, or both are one person (domain section 4)."""
    for part, words in (("chair", "Choose the chair"), ("social_worker", "Choose the social worker")):
        if not form[part].data and not form[part].errors:
            form.complain(part, words)
    if form["chair"].data and form["chair"].data == form["social_worker"].data:
        form.complain("social_worker", _SAME_PERSON)


def _fields(rows: Sequence[InviteeRow]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        key, label = row.key, row.role.label
        answering = to_ask(row.options, row.words, None if row.best else row.prompt)
        found[f"who_{key}"] = SelectField(label, choices=answering, widget=GroupedSelect())
        found[f"required_{key}"] = BooleanField("Required", widget=GovCheckboxInput())
        found[f"why_{key}"] = Line(f"Why is {label} not invited?", most=300)
    return found


def _suggested(rows: Sequence[InviteeRow]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found[f"who_{row.key}"] = _first(row)
        found[f"required_{row.key}"] = row.required
    return found


def _first(row: InviteeRow) -> str:
    """What a row shows before anybody chose."""
    return row.best.value if row.best else OPEN if row.options else ""


def _completed(rows: Sequence[InviteeRow], typed: "MultiDict[str, str] | None") -> "MultiDict[str, str] | None":
    """What was typed, and what is suggested for rows not on the page then (an absent box reads as unticked)."""
    if typed is None:
        return None
    whole = MultiDict(typed)
    for row in rows:
        if f"who_{row.key}" not in whole:
            whole[f"who_{row.key}"] = _first(row)
            if row.required:
                whole[f"required_{row.key}"] = "y"
    return whole


def _named(user: User) -> str:
    return f"{user.full_name}, {user.job_title}"
