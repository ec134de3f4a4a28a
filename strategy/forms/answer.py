"""Holds the forms of a partner's page and of staff writing an answer down. What an answer needs is answers' to say."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired

from strategy import dates
from strategy.commands.answers import Reply
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line, Words
from strategy.models import Action, Answer, Invitation, Person
from strategy.policy import parsed
from strategy.queries import conflicts, covering
from strategy.rules.conflicts import Conflicts
from strategy.rules.notice import OURS_TO_SAY
from strategy.rules.policy import Policy
from strategy.vocabulary import Response

_REASON = 1000
_CONTACT = 254
# Reasons that can be known only once nobody has come.
_AFTERWARDS = frozenset({"undelivered", "not-read", "sent-report", "technical-failure"})
_NOT_OF_A_FAMILY = "Your agency’s reason only. Nothing about a child or a family."


class _Choice(RadioField):
    """Radio buttons with nothing chosen beforehand: the choice must be a person's (in-the-wild 1)."""

    def __init__(self, label: str, missing: str, choices: Iterable[tuple[str, str]] = (), **extra: Any) -> None:
        super().__init__(
            label, validators=[InputRequired(missing)], widget=GovRadioInput(), choices=offered(choices), **extra
        )


def reasons_beforehand(policy: Policy) -> list[tuple[str, str]]:
    """The policy's reasons for not attending that an agency can know before a discussion: code and words."""
    reasons = policy.absence_reasons.items()
    return [(code, words) for code, words in reasons if code not in _AFTERWARDS | OURS_TO_SAY]


class _Answer(Form):
    """What both ways of answering ask for."""

    attendee_name = Line("Name of who will attend")
    attendee_role = Line("Their role")
    attendee_contact = Line("Their email address or phone number", most=_CONTACT)
    reason_code = RadioField("Why can nobody attend?", choices=[], validate_choice=False, widget=GovRadioInput())
    reason = Words("More about it, if it helps", most=_REASON, description=_NOT_OF_A_FAMILY)

    def offer(self, policy: Policy) -> None:
        """Take the policy's coded reasons for not attending, those that can be known before the discussion."""
        self.reason_code.choices = offered(reasons_beforehand(policy))

    def reply(self) -> Reply:
        """The answer as the command takes it. Only for a form that validated."""
        return Reply(
            response=Response(self["response"].data),
            by_name=self["by_name"].data or None,
            by_role=self["by_role"].data or None,
            attendee_name=self.attendee_name.data or None,
            attendee_role=self.attendee_role.data or None,
            attendee_contact=self.attendee_contact.data or None,
            reason=self.reason.data or None,
            reason_code=self.reason_code.data or None,
        )


class AnswerForm(_Answer):
    """A partner's own answer by link. The link's token is the authority: no session, no cookie."""

    class Meta:
        csrf = False

    by_name = Line("Your name", required="Enter your name")
    by_role = Line("Your role", required="Enter your role, like detective constable or health visitor")
    response = _Choice(
        "Who will attend?",
        "Choose who will attend",
        choices=[
            (Response.ATTEND.value, Response.ATTEND.words),
            (Response.DEPUTY.value, Response.DEPUTY.words),
            (Response.CANNOT_ATTEND.value, Response.CANNOT_ATTEND.words),
            (Response.REPORT_ONLY.value, Response.REPORT_ONLY.words),
        ],
    )

    standing: str | None = None  # the standing deputy filled in, for the page to say so

    @classmethod
    def of(cls, invitation: Invitation, now: datetime) -> "AnswerForm":
        """The form with name and role where one person was asked (and not a desk that many share), or as last answered.

        Who covers for them ``now`` answers under their own name. The standing deputy is filled in, not chosen. What
        was said in words stays inside; a doubtful answer, or one for another time, is nobody's to repeat.
        """
        form, person = cls(), invitation.person
        form.offer(parsed(invitation.discussion.policy.text))
        if form.is_submitted():
            return form
        if person is not None:
            form.prefill(person, now, conflicts.of(invitation.discussion.contact))
        if invitation.answers and invitation.answered_at is not None and not invitation.unverified:
            form.recall(invitation.answers[-1])
        return form

    def prefill(self, person: Person, now: datetime, barred: Conflicts) -> None:
        """Who answers, and who could come instead."""
        cover = covering.stand_in(person, now, barred=barred)
        here = cover.person if cover else person
        self.by_name.data = cover.name if cover else person.name
        self.by_role.data = here.job_title if here else None
        deputy = here.deputy if here else None
        if deputy is None or barred.person(deputy.id, *covering.reached_at(deputy)):
            return
        if deputy.active and covering.away(deputy, now) is None:
            self.standing = deputy.name
            self.attendee_name.data, self.attendee_role.data = deputy.name, deputy.job_title
            self.attendee_contact.data = deputy.email or deputy.phone

    def recall(self, given: Answer) -> None:
        """Show an answer again, to be changed."""
        self.by_name.data, self.by_role.data = given.by_name, given.by_role
        if given.response not in (Response.DESK_ACCEPTED, Response.NOT_OURS):
            self.response.data = given.response.value
        if given.response is Response.DEPUTY:
            self.attendee_name.data, self.attendee_role.data = given.attendee_name, given.attendee_role
            self.attendee_contact.data = given.attendee_contact
        self.reason_code.data = given.reason_code

    def reply(self) -> Reply:
        """Fields of a choice that was not made (a browser without scripts shows them all) say nothing."""
        given = super().reply()
        if given.response is Response.DEPUTY:
            return Reply(
                given.response,
                given.by_name,
                given.by_role,
                given.attendee_name,
                given.attendee_role,
                given.attendee_contact,
            )
        if given.response is not Response.CANNOT_ATTEND:
            return Reply(given.response, given.by_name, given.by_role)
        return Reply(given.response, given.by_name, given.by_role, reason=given.reason, reason_code=given.reason_code)


class TakenAnswerForm(_Answer):
    """An answer staff were given by phone, and write down."""

    reason = Words("More about it, if it helps", most=_REASON, description="Their agency’s reason only.")
    attendee_name = Line("Name of who will attend", description="Leave it empty if it is whoever told you.")
    by_name = Line("Who told you?", required="Enter the name of whoever answered")
    by_role = Line("Their role")
    response = _Choice(
        "What did they say?",
        "Choose what they said",
        choices=[
            (Response.ATTEND.value, "Somebody will attend"),
            (Response.DEPUTY.value, "A deputy will attend"),
            (Response.DESK_ACCEPTED.value, "Somebody will attend, but nobody is named yet"),
            (Response.CANNOT_ATTEND.value, "Nobody can attend"),
            (Response.REPORT_ONLY.value, "They can only send information"),
        ],
    )

    @classmethod
    def of(cls, invitation: Invitation) -> "TakenAnswerForm":
        """The form with the policy's reasons."""
        form = cls()
        form.offer(parsed(invitation.discussion.policy.text))
        return form


class AbsenceReplyForm(Form):
    """Why nobody came, told by the agency itself through its link."""

    class Meta:
        csrf = False

    by_name = Line("Your name", required="Enter your name")
    by_role = Line("Your role", required="Enter your role, like detective constable or health visitor")
    reason = _Choice("Why did nobody join?", "Choose the reason")
    note = Words(
        "What will your agency do now?", most=_REASON, description="Nothing about a child or a family.", required=None
    )

    @classmethod
    def of(cls, policy: Policy, *, blank: bool = False) -> "AbsenceReplyForm":
        """The form with the policy's coded reasons; what only we can know is not theirs to say.

        ``blank`` when another form of the page was sent.
        """
        form = cls(formdata=None) if blank else cls()
        reasons = policy.absence_reasons.items()
        form.reason.choices = offered((code, words) for code, words in reasons if code not in OURS_TO_SAY)
        return form


class ActionDoneForm(Form):
    """One of the agency's actions is done, told through its link."""

    class Meta:
        csrf = False

    action = _Choice("Which action is done?", "Choose the action that is done", coerce=int)
    by_name = Line("Your name", required="Enter your name")
    by_role = Line("Your role", required="Enter your role, like detective constable or health visitor")
    evidence = Words(
        "How can one see that it is done?",
        most=_REASON,
        required="Say how one can see that it is done",
        description="Where it is written down, or who can confirm it. Do not name a child or a family.",
    )

    @classmethod
    def of(cls, actions: Iterable[Action], now: datetime, *, blank: bool = False) -> "ActionDoneForm":
        """The form with these actions to choose from, none chosen. ``blank`` when another form of the page was sent."""
        form = cls(formdata=None, prefix="done-") if blank else cls(prefix="done-")
        form.action.choices = offered((str(one.id), _owed(one, now)) for one in actions)
        return form


def _owed(action: Action, now: datetime) -> str:
    """An action by whose it is and when it is due: what it is about does not stand behind a link."""
    return f"{action.owner or 'Your agency'}, due {dates.full(action.due_at)} ({dates.near(action.due_at, now)})"
