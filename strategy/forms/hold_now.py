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
from strategy.forms.choices import offered
from strategy.forms.contacts import CASE, Concerns
from strategy.forms.form import Form, Line
from strategy.models import User
from strategy.queries.directory import Directory, Option
from strategy.rules.policy import Need, Policy, Role
from strategy.vocabulary import DiscussionKind, Mode

LENGTH = timedelta(minutes=30)
NOBODY = ("", "Do not invite")


class HoldNowForm(Form):
    """The fewest questions. ``partners_form`` adds a list for each role that must be there: who_<role>."""

    roles: Sequence[tuple[Role, Sequence[Option]]] = ()

    chair = SelectField("Chair", coerce=int, widget=GovSelect())
    dial_in = Line("Number to dial", description="Leave empty if you ring everybody yourself.")
    left_out = Line("If somebody required is not invited: why?", most=300)
    late_reason = SelectField("Reason for the delay", choices=[], validate_choice=False, widget=GovSelect())

    def invitees(self) -> list[Invitee]:
        """Everybody chosen."""
        found = []
        for role, options in self.roles:
            value = self[f"who_{role.code}"].data
            option = next((one for one in options if one.value == value), None)
            if option:
                found.append(Invitee(role.code, True, desk=option.only_desk, person=option.person))
        return found

    def plan(self, now: datetime, me: User, chairs: Sequence[User], needs: Sequence[Need]) -> Plan:
        """A discussion by phone from this minute. Raises Refused when the chair is not one."""
        chair = next((user for user in chairs if user.id == self.chair.data), None)
        if chair is None:
            raise Refused("Choose a chair from the list", "chair")
        invitees = self.invitees()
        asked = {invitee.role for invitee in invitees} | {"chair", "social-worker"}
        uncovered = [need for need in needs if not asked & set(need.roles)]
        if uncovered and not self.left_out.data:
            words = ", ".join(need.label for need in uncovered)
            raise Refused(f"Say why nobody is invited for: {words}", "left_out")
        return Plan(
            kind=DiscussionKind.INITIAL,
            mode=Mode.PHONE,
            starts_at=now,
            ends_at=now + LENGTH,
            chair=chair,
            social_worker=me,
            invitees=invitees,
            left_out={need.code: self.left_out.data or "" for need in uncovered},
            dial_in=self.dial_in.data or None,
            late_reason=self.late_reason.data or None,
            now=True,
        )


class HoldNowWithoutContactForm(HoldNowForm):
    """The same from nothing: the clock starts with it."""

    case_reference = Line(
        "Case reference", required="Enter the case reference", most=CASE, description="From the case system. No names."
    )
    concerns = Concerns()
    another = BooleanField("This is another contact on the same case", widget=GovCheckboxInput())

    def entry(self, now: datetime, me: str) -> NewContact:
        """A contact that came in and was decided this minute."""
        return NewContact(
            case_reference=self.case_reference.data or "",
            received_at=now,
            concerns=self.concerns.data or [],
            decided_at=now,
            decided_by=me,
            another=self.another.data,
        )


def partners_form(
    kind: type[HoldNowForm],
    roles: Sequence[tuple[Role, Option | None]],
    directory: Directory,
    chairs: Sequence[User],
    me: User,
    policy: Policy,
) -> HoldNowForm:
    """The form with a list for each role that must be there, the best desk chosen already."""
    fields: dict[str, Any] = {"roles": tuple((role, directory.options(role.code)) for role, _ in roles)}
    for role, best in roles:
        answering = offered([NOBODY, *((option.value, option.words) for option in directory.options(role.code))])
        fields[f"who_{role.code}"] = SelectField(
            role.label, choices=answering, default=best.value if best else "", widget=GovSelect()
        )
    mine = me.id if any(user.id == me.id for user in chairs) else chairs[0].id if chairs else 0
    form: HoldNowForm = type("HoldNowFormOfRoles", (kind,), fields)(data={"chair": mine})
    form.chair.choices = offered((str(user.id), f"{user.full_name}, {user.job_title}") for user in chairs)
    form.late_reason.choices = offered([("", "Choose a reason"), *policy.delay_reasons.items()])
    if isinstance(form, HoldNowWithoutContactForm):
        form.concerns.offer(policy)
    return form
