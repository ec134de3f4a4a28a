"""Forms for holding a discussion: attendance, its details, the end, an absence explained. They decide nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovSubmitInput
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, SubmitField

from strategy.act import Refused
from strategy.commands.holding import Came, Ending, GoingAhead
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line, LondonMoment, Words
from strategy.forms.series import as_choices
from strategy.models import Discussion, Invitation, User
from strategy.queries.notes import shown_name
from strategy.vocabulary import Attendance

CLEAR = "clear"
BY_PHONE = "by-phone"
_MARKS = [(one.value, one.words) for one in Attendance]
_NOT_KNOWN = ("", "Not known yet")
_CHOOSE = ("", "Choose a reason")
_NO_EXCEPTION = ("0", "No: I give the reason and a date")
_NO_ONE = ("0", "No: I give the reason")


class MarkForm(Form):
    """One tap: whether an invited role is there. Each button is one value."""

    attendance = SelectField(
        "Attendance",
        choices=offered([*_MARKS, (BY_PHONE, "Here by phone"), (CLEAR, "Take back")]),
    )

    name = Line("Name")
    role = Line("Job or rank")
    was = HiddenField()

    @classmethod
    def of(cls, invitation: Invitation, typed: Mapping[str, str]) -> "MarkForm":
        """The buttons and boxes of one row: as they were typed, or with the name known."""
        name, role = shown_name(invitation)
        prefix = cls.prefix_of(invitation.id)
        form = cls(formdata=None, prefix=prefix, was=invitation.attendance.value if invitation.attendance else "")
        form.name.data, form.role.data = typed.get(f"{prefix}name", name), typed.get(f"{prefix}role", role)
        return form

    @staticmethod
    def prefix_of(invitation_id: int) -> str:
        """What the names of a row's fields begin with."""
        return f"mark-{invitation_id}-"

    def came(self) -> Came | None:
        """Who was there, as typed; None where the page did not ask."""
        return None if self.name.data is None else Came(self.name.data or None, self.role.data or None)

    def refuse_overtaken(self, invitation: Invitation) -> None:
        """Raise Refused where somebody else has marked the row since this page was read."""
        now = invitation.attendance.value if invitation.attendance else ""
        if self.was.data is not None and self.was.data != now:
            words = invitation.attendance.words.lower() if invitation.attendance else "not marked"
            raise Refused(f"{invitation.role_words} was changed meanwhile: {words}. Look again before you change it.")

    @property
    def by_phone(self) -> bool:
        """Whether they are on the phone. Only for a form that validated."""
        return bool(self.attendance.data == BY_PHONE)

    @property
    def mark(self) -> Attendance | None:
        """What was tapped; None takes the mark back. Only for a form that validated."""
        if self.attendance.data == CLEAR:
            return None
        return Attendance.ATTENDED if self.by_phone else _attendance(self.attendance.data)


class StartForm(Form):
    """Begin it now; ``early`` confirms that it is long before the planned time."""

    early = HiddenField()


class EarlierForm(Form):
    """It was held, and is written down afterwards: when it began."""

    started_at = LondonMoment("When did it start?", required="Enter when it started")
    save = SubmitField("Go on: who was there", widget=GovSubmitInput())


class KeepForm(Form):
    """Keep what is typed; ``go`` is the page to go to then, as the buttons name it."""

    go = StringField()

    def where(self, discussion_id: int) -> str:
        """The address to go to: none but ours, whatever was sent."""
        kind, _, number = (self.go.data or "").partition("-")
        if kind == "finish":
            return url_for("holding.finish", discussion_id=discussion_id)
        if kind == "record":
            return url_for("record.shown", discussion_id=discussion_id)
        if kind == "invite":
            return url_for("discussions.invite", discussion_id=discussion_id, holding=1)
        if kind == "details" and number.isascii() and number.isdigit():
            return url_for("holding.details", discussion_id=discussion_id, invitation_id=int(number[:9]))
        if kind == "change" and number.isascii() and number.isdigit():
            return url_for("record.reword", discussion_id=discussion_id, contribution_id=int(number[:9]))
        return url_for("holding.shown", discussion_id=discussion_id)


class AsksGoingAhead(Form):
    """A form that asks why a discussion went ahead without its quorum, and what follows."""

    authoriser = SelectField(
        "Did a manager authorise an emergency exception?", coerce=int, default=0, widget=GovSelect()
    )
    without_quorum_reason = Words("Why it went ahead without them", most=1000)
    follow_up_at = LondonMoment("When it is followed up with those who were missing")

    def offer(self, managers: Sequence[User], *, dated: bool) -> None:
        """Take who can authorise it. ``dated``: policy says when an emergency is followed up."""
        self.authoriser.choices = offered([_NO_EXCEPTION if dated else _NO_ONE, *as_choices(managers)])
        self.authoriser.description = "Neither its chair nor its social worker."
        if dated:
            self.authoriser.description += " The follow-up is then due by policy, by itself."
            self.follow_up_at.description = "Only without an emergency exception: that sets its own date."

    def going_ahead(self, managers: Sequence[User]) -> GoingAhead:
        """What the command takes. Only for a form that validated."""
        return GoingAhead(
            reason=self.without_quorum_reason.data or None,
            follow_up_at=self.follow_up_at.moment,
            authoriser=next((one for one in managers if one.id == self.authoriser.data), None),
        )


class AttendanceForm(AsksGoingAhead):
    """The same with its true times, its reason and its note; and, where the quorum is lost by it, why it went ahead."""

    attendance = RadioField("Were they there?", choices=offered(_MARKS), widget=GovRadioInput())
    by_phone = BooleanField("By phone", widget=GovCheckboxInput())
    name = Line("Who was there", description="Leave empty if no name was taken.")
    role = Line("Their job or rank")
    arrived_at = LondonMoment("When they joined")
    left_at = LondonMoment("When they left, if before the end")
    reason = SelectField("Why they were not there", widget=GovSelect())
    note = Words("Note", most=1000)
    save = SubmitField("Save attendance", widget=GovSubmitInput())

    @classmethod
    def of(cls, invitation: Invitation, reasons: Mapping[str, str]) -> "AttendanceForm":
        """The form as the invitation stands, with the policy's reasons to choose from."""
        form = cls(
            attendance=invitation.attendance.value if invitation.attendance else None,
            by_phone=invitation.by_phone,
            name=shown_name(invitation)[0],
            role=shown_name(invitation)[1],
            arrived_at=invitation.arrived_at,
            left_at=invitation.left_at,
            reason=invitation.absence_reason or "",
            note=invitation.absence_note,
        )
        form.reason.choices = offered([_NOT_KNOWN, *reasons.items()])
        return form

    @property
    def mark(self) -> Attendance:
        """What was chosen. Only for a form that validated."""
        return _attendance(self.attendance.data)

    def details(self) -> dict[str, Any]:
        """What holding.mark takes beside the attendance itself."""
        return {
            "arrived_at": self.arrived_at.moment,
            "left_at": self.left_at.moment,
            "by_phone": bool(self.by_phone.data),
            "came": Came(self.name.data or None, self.role.data or None),
            "reason": self.reason.data or None,
            "note": self.note.data or None,
        }


class AbsenceForm(Form):
    """Why a role that should have come did not."""

    reason = SelectField("Why they were not there", widget=GovSelect())
    note = Words("What happens next (their next step, and by when)", most=1000)
    save = SubmitField("Save the reason", widget=GovSubmitInput())

    @classmethod
    def of(cls, invitation: Invitation, reasons: Mapping[str, str]) -> "AbsenceForm":
        """The form as the invitation stands."""
        form = cls(reason=invitation.absence_reason or "", note=invitation.absence_note)
        form.reason.choices = offered([_CHOOSE, *reasons.items()])
        return form


class FinishForm(AsksGoingAhead):
    """How it went: true times, and what is owed when it was late or somebody required was missing."""

    started_at = LondonMoment("When it started", required="Enter when it started")
    ended_at = LondonMoment("When it ended", required="Enter when it ended")
    rest_did_not_attend = BooleanField("None of them was there", widget=GovCheckboxInput())
    without_agreement_reason = Words("Why it went ahead this way without both managers’ agreement", most=1000)
    late_reason = SelectField("Why it started past its target", widget=GovSelect())
    initiated_s47 = RadioField(
        "Did this discussion start a section 47 enquiry?",
        choices=offered([("yes", "Yes"), ("no", "No")]),
        validators=[],
        validate_choice=False,
        widget=GovRadioInput(),
    )
    save = SubmitField("Finish the discussion", widget=GovSubmitInput())

    @classmethod
    def of(cls, discussion: Discussion, reasons: Mapping[str, str], **known: Any) -> "FinishForm":
        """The form with what is known already, and the policy's reasons for our own delay."""
        form = cls(
            late_reason=discussion.late_reason or "",
            without_agreement_reason=discussion.without_agreement_reason,
            **known,
        )
        form.late_reason.choices = offered([_CHOOSE, *reasons.items()])
        return form

    def ending(self, managers: Sequence[User]) -> Ending:
        """What the command takes. Only for a form that validated."""
        started, ended = self.started_at.moment, self.ended_at.moment
        if started is None or ended is None:
            raise ValueError("the form did not validate")
        why = self.going_ahead(managers)
        return Ending(
            started_at=started,
            ended_at=ended,
            without_quorum_reason=why.reason,
            follow_up_at=why.follow_up_at,
            late_reason=self.late_reason.data or None,
            initiated_s47={"yes": True, "no": False}.get(self.initiated_s47.data or ""),
            rest_did_not_attend=bool(self.rest_did_not_attend.data),
            authoriser=why.authoriser,
            without_agreement_reason=self.without_agreement_reason.data or None,
        )


def _attendance(value: str) -> Attendance:
    return next(one for one in Attendance if one.value == value)
