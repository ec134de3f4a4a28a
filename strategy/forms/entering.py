"""Holds the one page on which a discussion that was held already is written down, with its true times."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovSelect
from wtforms import BooleanField, SelectField, SelectMultipleField

from strategy.act import Refused
from strategy.commands.booking import Plan
from strategy.commands.contacts import NewContact
from strategy.commands.holding import Came, Ending
from strategy.commands.inviting import Invitee
from strategy.forms.choices import GroupedSelect, offered, to_ask
from strategy.forms.contacts import CASE, AsksConcerns
from strategy.forms.form import Form, Line, LondonMoment, Words
from strategy.forms.series import as_choices
from strategy.forms.who import choose_parts, offer_parts
from strategy.models import User
from strategy.queries.invitees import InviteeRow
from strategy.rules.policy import Need, Policy
from strategy.vocabulary import DecisionCode, DiscussionKind, Mode

_MODES = ((Mode.PHONE, "By phone"), (Mode.VIDEO, "By video"), (Mode.IN_PERSON, "In person"))
_LEAST = timedelta(minutes=1)


class EnterForm(Form):
    """When it was, who was there, what was decided. ``entering_form`` adds who_<key> and name_<key> for each role."""

    rows: Sequence[InviteeRow] = ()

    started_at = LondonMoment("When did the discussion start?", required="Enter when it started")
    ended_at = LondonMoment("When did it end?", required="Enter when it ended")
    mode = SelectField("How was it held?", choices=offered(_MODES), widget=GovSelect())
    chair = SelectField("Chair", coerce=int, widget=GovSelect())
    social_worker = SelectField("Social worker", coerce=int, widget=GovSelect())
    without_quorum_reason = Words("If somebody required was not there: why did it go ahead?", most=1000)
    authoriser = SelectField(
        "Did a manager authorise an emergency exception?",
        coerce=int,
        default=0,
        widget=GovSelect(),
        description="Neither its chair nor its social worker.",
    )
    follow_up_at = LondonMoment(
        "When is it followed up with those who were missing?",
        description="Leave it empty after an emergency: policy says when, and the target is set by itself.",
    )
    late_reason = SelectField("If it was past its target: why?", choices=[], validate_choice=False, widget=GovSelect())
    without_agreement_reason = Words("If policy asks for a meeting: why was it none?", most=1000)
    decisions = SelectMultipleField(
        "What was decided?",
        choices=offered((one.value, one.words) for one in DecisionCode),
        widget=GovCheckboxesInput(),
    )
    rationale = Words("Why? The reason for each of these decisions", most=2000)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: chair and social worker are two people, and what was decided says why."""
        super().validate(extra_validators)
        choose_parts(self)
        if self.decisions.data and not self.rationale.data:
            self.complain("rationale", "Say why: every decision needs its reason")
        return not self.errors

    def came(self) -> Iterator[tuple[Invitee, Came]]:
        """Everybody of the partners who was there, and as whom."""
        for row in self.rows:
            one = next((one for one in row.options if one.value == self[f"who_{row.key}"].data), None)
            if one is not None:
                asked = Invitee(row.role.code, True, desk=one.only_desk, person=one.person)
                name = self[f"name_{row.key}"].data or (one.person.name if one.person else None)
                yield asked, Came(name, one.person.job_title if one.person else None)

    def plan(self, staff: Sequence[User], needs: Sequence[Need], kind: DiscussionKind) -> Plan:
        """What was held. Raises Refused when chair or social worker is none of the staff, or the times are turned."""
        people = {user.id: user for user in staff}
        chair, social_worker = people.get(self.chair.data), people.get(self.social_worker.data)
        if chair is None or social_worker is None:
            raise Refused("Choose somebody from the list", "chair" if chair is None else "social_worker")
        invitees = [invitee for invitee, _ in self.came()]
        there = {invitee.role for invitee in invitees} | {"chair", "social-worker"}
        missing = [need for need in needs if not there & set(need.roles)]
        why = self.without_quorum_reason.data or ""
        if missing and not why:
            words = ", ".join(need.label for need in missing)
            raise Refused(f"Say why it was held without: {words}", "without_quorum_reason")
        began, ended = self._times()
        return Plan(
            kind=kind,
            mode=Mode(self.mode.data),
            starts_at=began,
            ends_at=max(ended, began + _LEAST),
            chair=chair,
            social_worker=social_worker,
            invitees=invitees,
            left_out={need.code: why for need in missing},
            late_reason=self.late_reason.data or None,
            entered=True,
        )

    def ending(self, managers: Sequence[User]) -> Ending:
        """How it ended. Only for a form that validated."""
        began, ended = self._times()
        return Ending(
            started_at=began,
            ended_at=ended,
            without_quorum_reason=self.without_quorum_reason.data or None,
            follow_up_at=self.follow_up_at.moment,
            late_reason=self.late_reason.data or None,
            authoriser=next((one for one in managers if one.id == self.authoriser.data), None),
            without_agreement_reason=self.without_agreement_reason.data or None,
        )

    def codes(self) -> list[DecisionCode]:
        """What was decided."""
        return [DecisionCode(code) for code in self.decisions.data or ()]

    def _times(self) -> tuple[datetime, datetime]:
        began, ended = self.started_at.moment, self.ended_at.moment
        if began is None or ended is None:
            raise ValueError("the form did not validate")
        if ended < began:
            raise Refused("The time it ended cannot be before the time it started", "ended_at")
        return began, ended


class EnterUndecidedForm(EnterForm):
    """The same for a contact nobody has decided in here: that was decided before it was held."""

    decided_at = LondonMoment("When was it decided that a discussion is needed?", required="Enter when it was decided")
    decided_by = Line("Who decided?", required="Enter who decided")

    def refuse_late_decision(self) -> None:
        """Raise Refused where it was decided after the discussion had begun."""
        decided, began = self.decided_at.moment, self.started_at.moment
        if decided is not None and began is not None and decided > began:
            raise Refused("It was decided before the discussion started: check both times", "decided_at")


class EnterUnsaidForm(AsksConcerns, EnterUndecidedForm):
    """The same for a contact nobody has said the concerns of: they are asked here."""


class EnterWithoutContactForm(AsksConcerns, EnterUndecidedForm):
    """The same from nothing."""

    case_reference = Line(
        "Case reference", required="Enter the case reference", most=CASE, description="From the case system. No names."
    )
    received_at = LondonMoment("When did the contact come in?", required="Enter when the contact came in")
    another = BooleanField("This is another contact on the same case", widget=GovCheckboxInput())

    def entry(self, now: datetime) -> NewContact:
        """The contact as it truly came in and was decided."""
        return NewContact(
            case_reference=self.case_reference.data or "",
            received_at=self.received_at.moment or now,
            concerns=self.concerns.data or [],
            decided_at=self.decided_at.moment,
            decided_by=self.decided_by.data,
            concern_identified_at=self.identified_at,
            another=self.another.data,
        )


def entering_form(
    kind: type[EnterForm],
    rows: Sequence[InviteeRow],
    staff: Sequence[User],
    managers: Sequence[User],
    policy: Policy,
    **known: Any,
) -> EnterForm:
    """The form with two fields for each role that must be there: nobody was, until somebody says so.

    ``managers`` are who can have authorised that it went ahead.
    """
    fields: dict[str, Any] = {"rows": tuple(rows)} | dict(_there(rows))
    form: EnterForm = type("EnterFormOfRoles", (kind,), fields)(data=known)
    offer_parts(form, staff)
    form.late_reason.choices = offered([("", "It was not, or choose a reason"), *policy.delay_reasons.items()])
    form.authoriser.choices = offered([("0", "No"), *as_choices(managers)])
    if isinstance(form, AsksConcerns):
        form.offer(policy)
    return form


def _there(rows: Sequence[InviteeRow]) -> Iterator[tuple[str, Any]]:
    for row in rows:
        choices = to_ask(row.options, _plain(row.words), None)
        choices[0] = offered([("", "Was not there")])[0]
        yield f"who_{row.key}", SelectField(row.role.label, choices=choices, default="", widget=GroupedSelect())
        yield f"name_{row.key}", Line(f"{row.role.label}: who was on the line?", most=120)


def _plain(words: Mapping[str, str]) -> Mapping[str, str]:
    """A choice as a desk or person alone: whether it is open now says nothing of then."""
    return {value: said.partition(" · ")[0] for value, said in words.items()}
