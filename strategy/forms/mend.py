"""Holds the forms by which staff mend a discussion: invitations, calls, time and place. They decide nothing."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from strategy.commands.changes import Occasion
from strategy.forms import times
from strategy.forms.alongside import AlongsideForm
from strategy.forms.booking import LENGTHS
from strategy.forms.choices import offered
from strategy.forms.consent import ConsentForm
from strategy.forms.form import OTHER, Form, Line, LondonMoment, Words, iso_moment
from strategy.models import Discussion, Invitation, User
from strategy.queries.directory import Directory
from strategy.rules.policy import Policy
from strategy.rules.slots import Proposals, Question, Slot, propose, shorter
from strategy.vocabulary import CallOutcome, Mode, WithdrawReason

USUAL, FURTHER_UP = "usual", "further-up"
_LINK = 500
_NOTE = 1000
_PLACE = 200


class Choice(RadioField):
    """Radio buttons, one of which must be chosen; ``missing`` is what is said otherwise."""

    def __init__(self, label: str, missing: str, choices: Iterable[tuple[str, str]] = (), **extra: Any) -> None:
        super().__init__(
            label, validators=[InputRequired(missing)], widget=GovRadioInput(), choices=offered(choices), **extra
        )


class CorrectForm(Form):
    """Where one invitation goes from now on."""

    email = Line("Email address", most=254, description="Shared inboxes are read even when somebody is away.")
    phone = Line("Phone number", most=32, description="A mobile number gets a text as well.")


class WithdrawForm(Form):
    """Take an invitation back."""

    reason = Choice(
        "Why is it withdrawn?",
        "Choose why it is withdrawn",
        choices=[(one.value, one.words) for one in WithdrawReason if one is not WithdrawReason.REPLACED],
    )

    @property
    def chosen(self) -> WithdrawReason:
        """The reason. Only for a form that validated."""
        return WithdrawReason(self.reason.data)


class ReplaceForm(AlongsideForm):
    """Ask another desk or person of the same role."""

    invitee = Choice("Who is asked instead?", "Choose who is asked instead")

    @classmethod
    def ours(cls, invitation: Invitation, staff: Iterable[User]) -> "ReplaceForm":
        """The form with the authority's own people, but for who is invited now."""
        form = cls()
        others = (user for user in staff if user.id != invitation.user_id)
        form.invitee.choices = offered((str(user.id), f"{user.full_name}, {user.job_title}") for user in others)
        return form

    @classmethod
    def of(cls, invitation: Invitation, directory: Directory) -> "ReplaceForm":
        """The form with the directory's desks and people for this role, but for who is invited now."""
        form = cls()
        now = (invitation.desk_id if invitation.person_id is None else None, invitation.person_id)
        form.invitee.choices = offered(
            (option.value, option.words)
            for option in directory.options(invitation.role)
            if (option.desk.id if option.desk and not option.person else None, option.person and option.person.id)
            != now
        )
        return form


class AddForm(AlongsideForm):
    """Ask one more desk or person, in one role: the choice holds both ("police/desk:3")."""

    invitee = SelectField("Who else is asked, and as what?", widget=GovSelect())
    required = BooleanField("They are required: chase them up their ladder", widget=GovCheckboxInput())

    @classmethod
    def of(cls, policy: Policy, directory: Directory) -> "AddForm":
        """The form with every desk and person of the directory under each role they can be asked in."""
        form = cls()
        choices = [("", "Choose a desk or a person")]
        for role in policy.roles.values():
            for option in directory.options(role.code):
                choices.append((f"{role.code}/{option.value}", f"{role.label}: {option.words}"))
        form.invitee.choices = offered(choices)
        return form

    @property
    def chosen(self) -> tuple[str, str]:
        """Role code and directory value; two empty words when nothing was chosen."""
        role, _, value = str(self.invitee.data or "").partition("/")
        return role, value


class WaiveForm(Form):
    """Go ahead without a required agency."""

    reason = Words("Why can the discussion go ahead without them?", required="Say why it can go ahead without them")


class RingForm(Form):
    """What came of a call."""

    outcome = Choice(
        "What came of the call?",
        "Choose what came of the call",
        choices=[(one.value, one.words) for one in CallOutcome],
    )
    whom = RadioField("Whom did you ring?", choices=[], validate_choice=False, widget=GovRadioInput())
    note = Words("What was said, if it helps", most=_NOTE, description="Kept encrypted, shown to staff only.")

    @classmethod
    def of(cls, usual: str, further_up: str | None) -> "RingForm":
        """The form; whom it was is asked only where somebody ``further_up`` was told too."""
        form = cls(whom=USUAL)
        if further_up is not None:
            form.whom.choices = offered([(USUAL, usual), (FURTHER_UP, further_up)])
        return form

    @property
    def chosen(self) -> CallOutcome:
        """The outcome. Only for a form that validated."""
        return CallOutcome(self.outcome.data)


class StandDownForm(Form):
    """Call it off. ``revision`` is the one the editor saw."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired("Open the discussion again")])
    reason = Words("Why is it stood down?", required="Say why the discussion is stood down")


class MoveForm(AlongsideForm, ConsentForm):
    """Another time, or another way to join. ``revision`` is the one the editor saw."""

    times: Proposals  # what is offered, for the discussion's present length
    question: Question
    shorter: Slot | None = None  # where nothing fits: the best time of a shorter length that would

    slot = RadioField("When?", choices=[], default=OTHER, validate_choice=False, widget=GovRadioInput())
    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired("Open the discussion again")])
    starts_at = LondonMoment("Starts", required="Enter when it starts")
    ends_at = LondonMoment("Ends", required="Enter when it ends")
    mode = Choice(
        "How is it held?",
        "Choose how it is held",
        choices=[(one.value, one.words) for one in Mode],
    )
    join_url = Line("Join link", most=_LINK)
    dial_in = Line("Dial-in number and code")
    place = Line("Place", most=_PLACE)
    reason = Choice("Why is it changed?", "Choose why it is changed")

    @classmethod
    def of(cls, discussion: Discussion, policy: Policy) -> "MoveForm":
        """The form as the discussion stands, with the policy's reasons for delay."""
        form = cls(
            revision=discussion.revision,
            starts_at=discussion.starts_at,
            ends_at=discussion.ends_at,
            mode=discussion.mode.value,
            join_url=discussion.join_url,
            dial_in=discussion.dial_in,
            place=discussion.place,
        )
        form.reason.choices = offered(policy.delay_reasons.items())
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a manager who agrees to it has a name and a title."""
        super().validate(extra_validators)
        self.check_consent(needed=False)  # whether it is, the command knows
        return not self.errors

    def offer(self, question: Question) -> None:
        """Take the times to choose from."""
        self.times, self.question = propose(question), question
        self.shorter = None if self.times.fits else shorter(question, [timedelta(minutes=one) for one in LENGTHS])
        slots = [(slot.starts_at.isoformat(), times.line(slot, question)) for slot in self.times.slots]
        self.slot.choices = offered([*slots, (OTHER, "As now, or a time of your own")])

    def occasion(self) -> Occasion:
        """What was chosen or typed. Only for a form that validated."""
        chosen = iso_moment(self.slot.data or "")
        starts_at, ends_at = self.starts_at.moment, self.ends_at.moment
        if chosen is not None:
            starts_at, ends_at = chosen, chosen + self.question.length
        if starts_at is None or ends_at is None:
            raise ValueError("the form did not validate")
        return Occasion(
            starts_at,
            ends_at,
            Mode(self.mode.data),
            self.join_url.data or None,
            self.dial_in.data or None,
            self.place.data or None,
        )
