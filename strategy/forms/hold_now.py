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
from strategy.queries.invitees import InviteeRow
from strategy.rules.policy import Need, Policy
from strategy.vocabulary import DiscussionKind, Mode

LENGTH = timedelta(minutes=30)


class HoldNowForm(Form):
    """The fewest questions. ``partners_form`` adds a list for each row that must be there: who_<key>."""

    rows: Sequence[InviteeRow] = ()

    chair = SelectField("Chair", coerce=int, widget=GovSelect())
    social_worker = SelectField("Social worker", coerce=int, widget=GovSelect())
    dial_in = Line("Number to dial", description="Leave empty if you ring everybody yourself.")
    left_out = Line("If somebody required is not invited: why?", most=300)
    late_reason = SelectField("Reason for the delay", choices=[], validate_choice=False, widget=GovSelect())

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: chair and social worker are two people, and nobody is left unchosen."""
        super().validate(extra_validators)
        choose_parts(self)
        for row in self.rows:
            field, label = self[f"who_{row.key}"], row.role.label
            if field.data == OPEN:
                self.complain(field.name, f"{row.prompt} for {label}, or “Do not invite”")
            elif not field.raw_data:
                self.complain(field.name, f"This concern asks for {label}: check who is asked, or “Do not invite”")
        return not self.errors

    def invitees(self) -> list[Invitee]:
        """Everybody chosen."""
        chosen = [(row, self[f"who_{row.key}"].data) for row in self.rows]
        found = [(row, one) for row, value in chosen for one in row.options if one.value == value]
        asked = {(row.role.code, one.value): one for row, one in found}  # two schools may have one holiday cover
        return [Invitee(role, True, desk=one.only_desk, person=one.person) for (role, _), one in asked.items()]

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
    rows: Sequence[InviteeRow],
    staff: Sequence[User],
    usual: tuple[User, Discussion | None],
    policy: Policy,
) -> HoldNowForm:
    """The form with a list for each row that must be there, the best desk chosen already.

    ``usual`` is who holds it and what they booked last.
    """
    fields: dict[str, Any] = {"rows": tuple(rows)} | {f"who_{row.key}": _asking(row) for row in rows}
    form: HoldNowForm = type("HoldNowFormOfRoles", (kind,), fields)(data=usual_parts(staff, *usual))
    offer_parts(form, staff)
    form.late_reason.choices = offered([("", "Choose a reason"), *policy.delay_reasons.items()])
    if isinstance(form, AsksConcerns):
        form.offer(policy)
    return form


def _asking(row: InviteeRow) -> SelectField:
    best = row.best
    answering = to_ask(row.options, row.words, None if best else row.prompt)
    first = best.value if best else OPEN if row.options else ""
    label = f"{row.role.label}: {row.typed}" if row.typed else row.role.label
    why = row.why if row.typed else ""
    return SelectField(label, choices=answering, default=first, description=why, widget=GroupedSelect())
