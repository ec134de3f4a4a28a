"""Holds the one page that holds a discussion by phone this minute, and what it adds up to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect
from wtforms import BooleanField, SelectField

from strategy.act import Refused
from strategy.commands.booking import Plan
from strategy.commands.contacts import NewContact
from strategy.commands.inviting import Invitee
from strategy.forms.choices import OPEN, GroupedSelect, offered, to_ask
from strategy.forms.contacts import CASE, AsksConcerns
from strategy.forms.form import Form, Line
from strategy.forms.who import choose_parts, offer_parts, usual_parts
from strategy.models import Discussion, User
from strategy.queries.directory import Directory, Option
from strategy.queries.invitees import prompt
from strategy.rules.policy import Need, Policy, Role
from strategy.rules.working_time import Calendar
from strategy.vocabulary import DiscussionKind, Mode

LENGTH = timedelta(minutes=30)


class HoldNowForm(Form):
    """The fewest questions. ``partners_form`` adds a list for each role that must be there: who_<role>."""

    roles: Sequence[tuple[Role, Sequence[Option]]] = ()

    chair = SelectField("Chair", coerce=int, widget=GovSelect())
    social_worker = SelectField("Social worker", coerce=int, widget=GovSelect())
    dial_in = Line("Number to dial", description="Leave empty if you ring everybody yourself.")
    left_out = Line("If somebody required is not invited: why?", most=300)
    late_reason = SelectField("Reason for the delay", choices=[], validate_choice=False, widget=GovSelect())

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: chair and social worker are two people, and nobody is left unchosen."""
        super().validate(extra_validators)
        choose_parts(self)
        for role, _ in self.roles:
            field = self[f"who_{role.code}"]
            if field.data == OPEN:
                self.complain(field.name, f"{prompt(role.code)} for {role.label}, or “Do not invite”")
            elif not field.raw_data:
                self.complain(field.name, f"This concern asks for {role.label}: check who is asked, or “Do not invite”")
        return not self.errors

    def invitees(self) -> list[Invitee]:
        """Everybody chosen."""
        found = []
        for role, options in self.roles:
            value = self[f"who_{role.code}"].data
            option = next((one for one in options if one.value == value), None)
            if option:
                found.append(Invitee(role.code, True, desk=option.only_desk, person=option.person))
        return found

    def plan(self, now: datetime, staff: Sequence[User], needs: Sequence[Need], kind: DiscussionKind) -> Plan:
        """A discussion by phone from this minute. Raises Refused when chair or social worker is none of the staff."""
        people = {user.id: user for user in staff}
        chair, social_worker = people.get(self.chair.data), people.get(self.social_worker.data)
        if chair is None or social_worker is None:
            raise Refused("Choose somebody from the list", "chair" if chair is None else "social_worker")
        invitees = self.invitees()
        asked = {invitee.role for invitee in invitees} | {"chair", "social-worker"}
        uncovered = [need for need in needs if not asked & set(need.roles)]
        if uncovered and not self.left_out.data:
            words = ", ".join(need.label for need in uncovered)
            raise Refused(f"Say why nobody is invited for: {words}", "left_out")
        return Plan(
            kind=kind,
            mode=Mode.PHONE,
            starts_at=now,
            ends_at=now + LENGTH,
            chair=chair,
            social_worker=social_worker,
            invitees=invitees,
            left_out={need.code: self.left_out.data or "" for need in uncovered},
            dial_in=self.dial_in.data or None,
            late_reason=self.late_reason.data or None,
            now=True,
        )


class HoldNowUnsaidForm(AsksConcerns, HoldNowForm):
    """The same for a contact nobody has said the concerns of: they are asked here."""


class HoldNowWithoutContactForm(AsksConcerns, HoldNowForm):
    """The same from nothing: the clock starts with it."""

    case_reference = Line(
        "Case reference", required="Enter the case reference", most=CASE, description="From the case system. No names."
    )
    another = BooleanField("This is another contact on the same case", widget=GovCheckboxInput())

    def entry(self, now: datetime, me: str) -> NewContact:
        """A contact that came in and was decided this minute."""
        return NewContact(
            case_reference=self.case_reference.data or "",
            received_at=now,
            concerns=self.concerns.data or [],
            decided_at=now,
            decided_by=me,
            concern_identified_at=self.identified_at,
            another=self.another.data,
        )


def partners_form(
    kind: type[HoldNowForm],
    roles: Sequence[tuple[Role, Option | None]],
    directory: Directory,
    staff: Sequence[User],
    usual: tuple[User, Discussion | None],
    policy: Policy,
    open_at: tuple[datetime, Calendar],
) -> HoldNowForm:
    """The form with a list for each role that must be there, the best desk chosen already.

    ``usual`` is who holds it and what they booked last; ``open_at`` the moment and calendar that desks' hours are for.
    """
    fields: dict[str, Any] = {"roles": tuple((role, directory.options(role.code)) for role, _ in roles)}
    for role, best in roles:
        fields[f"who_{role.code}"] = _asking(role, best, directory, open_at)
    form: HoldNowForm = type("HoldNowFormOfRoles", (kind,), fields)(data=usual_parts(staff, *usual))
    offer_parts(form, staff)
    form.late_reason.choices = offered([("", "Choose a reason"), *policy.delay_reasons.items()])
    if isinstance(form, AsksConcerns):
        form.offer(policy)
    return form


def _asking(role: Role, best: Option | None, directory: Directory, open_at: tuple[datetime, Calendar]) -> SelectField:
    options, on_duty = directory.options(role.code), directory.on_duty(open_at[0])
    words = {one.value: one.described(*open_at, on_duty) for one in options}
    answering = to_ask(options, words, None if best else prompt(role.code))
    first = best.value if best else OPEN if options else ""
    return SelectField(role.label, choices=answering, default=first, widget=GroupedSelect())
