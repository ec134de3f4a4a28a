"""Pages for holding a discussion: the live page, attendance, the end, absences explained. Writing is record.py's."""

from datetime import datetime
from functools import partial

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from strategy.access import looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import absences, agreements, holding, outcomes
from strategy.forms.form import ButtonForm, Form
from strategy.forms.holding import AbsenceForm, AttendanceForm, EarlierForm, FinishForm, KeepForm, MarkForm, StartForm
from strategy.forms.record import ActionForm, DecisionForm, InformationForm
from strategy.forms.series import managers
from strategy.models import Discussion, Invitation, User
from strategy.policy import parsed
from strategy.queries import notes, papers
from strategy.queries import record as records
from strategy.queries.directory import staff_of
from strategy.rules.notice import held_early
from strategy.rules.occasion import LONGEST
from strategy.rules.presence import somebody
from strategy.views import pressing
from strategy.views.pressing import pressed
from strategy.views.submitting import submitted
from strategy.vocabulary import DecisionCode, DiscussionState, StaffRole

blueprint = Blueprint("holding", __name__, url_prefix="/discussions/<int:discussion_id>")

# Who holds discussions and keeps their records.
KEEPERS = (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)
_ENQUIRY = frozenset({DecisionCode.S47_SINGLE, DecisionCode.S47_JOINT})
_keepers = staff(*KEEPERS)


@blueprint.get("/hold")
@_keepers
def shown(discussion_id: int) -> ResponseReturnValue:
    """The live page: who is here, quorum, what was said, decided and is to be done."""
    looked(permitted(Discussion, discussion_id))
    return page(discussion_id)


def page(
    discussion_id: int,
    *,
    information: tuple[int, InformationForm] | None = None,
    decision: DecisionForm | None = None,
    action: ActionForm | None = None,
    button: Form | None = None,
) -> ResponseReturnValue:
    """The live page with the form that was refused in its place; the others as they were left. Over once signed."""
    permitted(Discussion, discussion_id)
    discussion = records.sheet(discussion_id)
    if discussion.state in {DiscussionState.SIGNED, DiscussionState.STOOD_DOWN}:
        return redirect(url_for("record.shown", discussion_id=discussion_id), code=303)
    asked, unsaved = holding.asked(discussion), notes.unsaved(discussion_id, me().id)
    typed = MultiDict(unsaved.typed)
    return render_template(
        "holding/hold.html",
        discussion=discussion,
        asked=asked,
        quorum=holding.quorum_of(discussion),
        lacking=agreements.missing(discussion),
        saved_at=records.last_saved(discussion_id),
        unsaved=unsaved,
        papers=papers.attached(discussion_id),
        numbers=partial(records.numbers, at=moment()),
        nobody=not somebody(one.attendance for one in asked),
        informations=_informations(asked, typed) | dict([information] if information else []),
        decision=decision or DecisionForm(formdata=typed, prefix="decision-"),
        action=action or ActionForm(formdata=typed, prefix="action-").offer(asked),
        refused_form=decision or action or button or (information[1] if information else None),
        **_buttons(discussion, asked, unsaved.typed),
    )


@blueprint.post("/hold/keep")
@_keepers
def keep(discussion_id: int) -> ResponseReturnValue:
    """Keep what is typed, and go on to another page if that was pressed."""
    form = KeepForm()
    answer = pressed(discussion_id, form, lambda _: form.where(discussion_id))
    return answer or page(discussion_id, button=form)


@blueprint.post("/hold/typed")
@_keepers
def typed(discussion_id: int) -> ResponseReturnValue:
    """Keep what is typed while it is typed, as the page sends it by itself, and say when."""
    permitted(Discussion, discussion_id)
    kept_at = pressing.typed(discussion_id)
    return render_template("holding/typed_saved.html", at=kept_at and moment(), problem="", kept_at=kept_at)


@blueprint.post("/hold/start")
@_keepers
def start(discussion_id: int) -> ResponseReturnValue:
    """Begin it now."""
    form = StartForm()

    def do(act: Act) -> str:
        discussion = permitted(Discussion, discussion_id, lock=True)
        holding.start(discussion, act, early=form.early.data == "yes")
        return url_for("holding.shown", discussion_id=discussion_id)

    answer = submitted(form, do)
    return answer or (_early_page(discussion_id) if form.early.errors else page(discussion_id, button=form))


@blueprint.route("/hold/earlier", methods=["GET", "POST"])
@_keepers
def earlier(discussion_id: int) -> ResponseReturnValue:
    """It was held and nobody pressed Start: written down afterwards, from when it truly began."""
    form = EarlierForm(started_at=permitted(Discussion, discussion_id).starts_at)

    def do(act: Act) -> str:
        holding.start(permitted(Discussion, discussion_id, lock=True), act, began=form.started_at.moment)
        return url_for("holding.shown", discussion_id=discussion_id)

    answer = submitted(form, do)
    return answer or render_template("holding/earlier.html", form=form, discussion=permitted(Discussion, discussion_id))


@blueprint.post("/hold/attendance/<int:invitation_id>")
@_keepers
def mark(discussion_id: int, invitation_id: int) -> ResponseReturnValue:
    """One tap: who is here."""
    form = MarkForm(prefix=MarkForm.prefix_of(invitation_id))

    def do(act: Act) -> str:
        invitation = one_of(discussion_id, invitation_id)
        form.refuse_overtaken(invitation)
        if form.mark is None:
            holding.clear(invitation, act)
        else:
            holding.mark(invitation, form.mark, act, by_phone=form.by_phone, came=form.came())
        return _row(invitation)

    return pressed(discussion_id, form, do, spent=form.prefix_of(invitation_id)) or page(discussion_id, button=form)


@blueprint.route("/hold/attendance/<int:invitation_id>/details", methods=["GET", "POST"])
@_keepers
def details(discussion_id: int, invitation_id: int) -> ResponseReturnValue:
    """True times, by phone, the reason and a note; after the end, why it went ahead if the quorum is lost by it."""
    form = _attendance_form(one_of(discussion_id, invitation_id, lock=False))

    def do(act: Act) -> str:
        fresh = one_of(discussion_id, invitation_id)
        why = form.going_ahead(_managers(fresh.discussion))
        holding.mark(fresh, form.mark, act, why=why, **form.details())
        return _row(fresh)

    return submitted(form, do) or _attendance_page(form, _read(Invitation, invitation_id))


@blueprint.route("/hold/finish", methods=["GET", "POST"])
@_keepers
def finish(discussion_id: int) -> ResponseReturnValue:
    """End it: true times, quorum, lateness, the enquiry."""
    form = _finish_form(permitted(Discussion, discussion_id), moment())

    def do(act: Act) -> str:
        discussion = permitted(Discussion, discussion_id, lock=True)
        holding.finish(discussion, form.ending(_managers(discussion)), act)
        return url_for("record.shown", discussion_id=discussion_id)

    answer = submitted(form, do)
    return answer or _finish_page(discussion_id, form)


@blueprint.route("/absences/<int:invitation_id>", methods=["GET", "POST"])
@_keepers
def absence(discussion_id: int, invitation_id: int) -> ResponseReturnValue:
    """Why a role that should have come did not."""
    invitation = one_of(discussion_id, invitation_id, lock=False)
    form = AbsenceForm.of(invitation, parsed(invitation.discussion.policy.text).absence_reasons)

    def do(act: Act) -> str:
        fresh = one_of(discussion_id, invitation_id)
        absences.explain(fresh, form.reason.data, form.note.data or None, act)
        return url_for("record.shown", discussion_id=discussion_id)

    answer = submitted(form, do)
    return answer or render_template("holding/absence.html", form=form, invitation=_read(Invitation, invitation_id))


def one_of(discussion_id: int, invitation_id: int, *, lock: bool = True) -> Invitation:
    """That invitation of that discussion, or 404."""
    invitation = permitted(Invitation, invitation_id, lock=lock)
    if invitation.discussion_id != discussion_id:
        abort(404)
    return invitation


def _read(model: type[Invitation], row_id: int) -> Invitation:
    """The row again: a refused command rolled back what was read before."""
    return permitted(model, row_id)


def _row(invitation: Invitation) -> str:
    """Where its row on the live page is."""
    return url_for("holding.shown", discussion_id=invitation.discussion_id, _anchor=f"invitation-{invitation.id}")


def _attendance_form(invitation: Invitation) -> AttendanceForm:
    discussion = invitation.discussion
    reasons = parsed(discussion.policy.text).absence_reasons
    form = AttendanceForm.of(invitation, reasons)
    form.offer(_managers(discussion), dated=not outcomes.asks_date(discussion, excepted=True))
    return form


def _attendance_page(form: AttendanceForm, invitation: Invitation) -> str:
    lost = holding.quorum_of(invitation.discussion, without=invitation)
    asked = holding.asks_why(invitation)
    return render_template("holding/attendance.html", form=form, invitation=invitation, lost=lost if asked else None)


def _early_page(discussion_id: int) -> str:
    """Asks whether it is meant, and shows whom to ring."""
    permitted(Discussion, discussion_id)
    discussion = records.sheet(discussion_id)
    others = [one for one in holding.asked(discussion) if one.user_id != me().id]
    form = StartForm(formdata=None, early="yes")
    return render_template(
        "holding/early.html",
        form=form,
        discussion=discussion,
        others=others,
        numbers=partial(records.numbers, at=moment()),
    )


def _informations(asked: list[Invitation], typed: MultiDict[str, str]) -> dict[int, InformationForm]:
    return {one.id: InformationForm(formdata=typed, prefix=f"information-{one.id}-") for one in asked}


def _buttons(discussion: Discussion, asked: list[Invitation], typed: dict[str, str]) -> dict[str, object]:
    """Each button has a submission key of its own, though all stand in one form: pressing one spends no other's."""
    return {
        "begin": ButtonForm(formdata=None),
        "marks": {one.id: MarkForm.of(one, typed) for one in asked},
        "withdrawals": {
            one.id: ButtonForm(formdata=None, prefix=f"withdraw-{one.id}-") for one in discussion.decisions
        },
    }


def _finish_form(discussion: Discussion, now: datetime) -> FinishForm:
    codes = {one.code for one in discussion.decisions if one.withdrawn_at is None}
    decided = "yes" if codes & _ENQUIRY else "no" if DecisionCode.NO_S47 in codes else None
    form = FinishForm.of(
        discussion,
        parsed(discussion.policy.text).delay_reasons,
        started_at=discussion.started_at or discussion.starts_at,
        ended_at=now if now - (discussion.started_at or now) <= LONGEST else None,
        initiated_s47=decided,
    )
    form.offer(_managers(discussion), dated=not outcomes.asks_date(discussion, excepted=True))
    return form


def _managers(discussion: Discussion) -> list[User]:
    """Who can authorise that it went ahead without its quorum."""
    return managers(discussion, staff_of(discussion.authority_id, about=discussion.contact), me())


def _finish_page(discussion_id: int, form: FinishForm) -> str:
    permitted(Discussion, discussion_id)
    discussion = records.sheet(discussion_id)
    unmarked = [(one, absences.unseen(one)) for one in holding.asked(discussion) if one.attendance is None]
    began = form.started_at.moment or discussion.started_at or discussion.starts_at
    return render_template(
        "holding/finish.html",
        form=form,
        discussion=discussion,
        quorum=holding.quorum_of(discussion),
        dated=not outcomes.asks_date(discussion, excepted=True),
        not_held=holding.not_held(discussion),
        nobody=not somebody(one.attendance for one in discussion.invitations),
        unmarked=unmarked,
        unsaved=notes.unsaved(discussion_id, me().id).words(holding.asked(discussion)),
        late=discussion.is_late(began),
        lacking=agreements.missing(discussion),
        early=held_early(discussion.starts_at, began, parsed(discussion.policy.text).chase.least_notice),
    )
