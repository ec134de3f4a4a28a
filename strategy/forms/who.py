"""Holds the form of the page that says who is asked: a row a role, and the authority's own staff."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField

from strategy.commands.inviting import Invitee
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line
from strategy.models import User
from strategy.queries.directory import Option
from strategy.queries.invitees import InviteeRow
from strategy.queries.previews import Asked

NOBODY = ("", "Do not invite")


class WhoForm(Form):
    """Page 2. The rows' fields are added by ``who_form``: who_<role>, required_<role> and why_<role>."""

    rows: Sequence[InviteeRow] = ()
    people: Mapping[int, User] = {}
    added: Sequence[str] = ()

    chair = SelectField("Chair", coerce=int, widget=GovSelect())
    social_worker = SelectField("Social worker", coerce=int, widget=GovSelect())
    minute_taker = SelectField("Minute-taker", coerce=int, widget=GovSelect())
    add_role = SelectField("Another role", validate_choice=False, widget=GovSelect())

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: the chair does not take the minutes, and leaving out somebody required says why."""
        super().validate(extra_validators)
        if self.minute_taker.data and self.minute_taker.data == self.chair.data:
            self.complain("minute_taker", "The chair cannot take the minutes too: choose somebody else")
        for row in self.rows:
            code = row.role.code
            if self.chosen(code) == "" and row.required and not self[f"why_{code}"].data:
                self.complain(f"why_{code}", f"Say why {row.role.label} is not invited")
        return not self.errors

    def chosen(self, role: str) -> str:
        """Who was chosen for a role: an option's value, or nothing."""
        return str(self[f"who_{role}"].data or "")

    def option(self, row: InviteeRow) -> Option | None:
        """The desk or person chosen in a row."""
        return next((one for one in row.options if one.value == self.chosen(row.role.code)), None)

    def asked(self) -> list[Asked]:
        """Everybody chosen, with their role."""
        chosen = [(row.role, self.option(row)) for row in self.rows]
        return [Asked(role, bool(self[f"required_{role.code}"].data), option) for role, option in chosen if option]

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
            code = row.role.code
            if self.chosen(code) == "" and self[f"why_{code}"].data:
                for need in row.needs:
                    reasons.setdefault(need.code, []).append(f"{row.role.label}: {self[f'why_{code}'].data}")
        return {need: "; ".join(words) for need, words in reasons.items()}


def who_form(
    rows: Sequence[InviteeRow],
    staff: Sequence[User],
    chairs: Sequence[User],
    me: User,
    typed: "MultiDict[str, str] | None",
    roles: Iterable[tuple[str, str]] = (),
    added: Sequence[str] = (),
    **options: Any,
) -> WhoForm:
    """The form for these rows, as typed so far; a row nobody has seen yet comes with what is suggested."""
    people = {user.id: user for user in staff}
    fields: dict[str, Any] = {"rows": tuple(rows), "people": people, "added": tuple(added), **_fields(rows)}
    form_class = type("WhoFormOfRows", (WhoForm,), fields)
    form: WhoForm = form_class(_completed(rows, typed), data=_suggested(rows) | _defaults(chairs, me), **options)
    form.chair.choices = offered((str(user.id), _named(user)) for user in chairs)
    form.social_worker.choices = offered((str(user.id), _named(user)) for user in staff)
    form.minute_taker.choices = offered([("0", "Nobody yet"), *((str(user.id), _named(user)) for user in staff)])
    asked = {row.role.code for row in rows}
    form.add_role.choices = offered([("", "Choose a role"), *(role for role in roles if role[0] not in asked)])
    return form


def _fields(rows: Sequence[InviteeRow]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        code = row.role.code
        answering = offered([NOBODY, *((option.value, option.words) for option in row.options)])
        found[f"who_{code}"] = SelectField(row.role.label, choices=answering, widget=GovSelect())
        found[f"required_{code}"] = BooleanField("Required", widget=GovCheckboxInput())
        found[f"why_{code}"] = Line(f"Why is {row.role.label} not invited?", most=300)
    return found


def _suggested(rows: Sequence[InviteeRow]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found[f"who_{row.role.code}"] = row.best.value if row.best else ""
        found[f"required_{row.role.code}"] = row.required
    return found


def _defaults(chairs: Sequence[User], me: User) -> dict[str, int]:
    """I am the social worker; the chair is somebody else who may chair, or me when there is nobody else."""
    others = [user for user in chairs if user.id != me.id]
    chair = next(iter([*others, *chairs]), None)
    return {"social_worker": me.id, "chair": chair.id if chair else 0, "minute_taker": 0}


def _completed(rows: Sequence[InviteeRow], typed: "MultiDict[str, str] | None") -> "MultiDict[str, str] | None":
    """What was typed, and what is suggested for rows not on the page then (an absent box reads as unticked)."""
    if typed is None:
        return None
    whole = MultiDict(typed)
    for row in rows:
        code = row.role.code
        if f"who_{code}" not in whole:
            whole[f"who_{code}"] = row.best.value if row.best else ""
            if row.required:
                whole[f"required_{code}"] = "y"
    return whole


def _named(user: User) -> str:
    return f"{user.full_name}, {user.job_title}"
