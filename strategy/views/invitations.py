"""Pages that mend one invitation: an answer taken by phone, sent again, corrected, replaced, withdrawn, rung."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import answers, calls, invitations, waiving
from strategy.commands.inviting import Invitee
from strategy.forms.answer import TakenAnswerForm
from strategy.forms.form import ButtonForm, Form
from strategy.forms.mend import FURTHER_UP, CorrectForm, ReplaceForm, RingForm, WaiveForm, WithdrawForm
from strategy.models import CallTask, Invitation, User
from strategy.queries import conflicts, refusals, rungs, story
from strategy.queries.directory import directory, staff_of
from strategy.queries.discussions import notes_of, open_call
from strategy.queries.rotas import Answering, answering
from strategy.queries.rungs import Holder
from strategy.views.discussions import WORKERS, in_the_way, invitee_of
from strategy.views.submitting import Deed, submitted
from strategy.vocabulary import CallOutcome, EventVerb, StaffRole, Via

_AFTER_RINGING = {CallOutcome.REACHED: "invitations.answer", CallOutcome.WRONG_NUMBER: "invitations.correct"}

# The deed each page leaves on the trail, read back when it is done.
_DEEDS = {
    "answer": EventVerb.ANSWERED,
    "resend": EventVerb.INVITATION_CHANGED,
    "correct": EventVerb.INVITATION_CHANGED,
    "replace": EventVerb.INVITED,
    "withdraw": EventVerb.WITHDRAWN,
    "release": EventVerb.WAIVED,
    "ring": EventVerb.CALL_MADE,
}

blueprint = Blueprint("invitations", __name__, url_prefix="/invitations/<int:invitation_id>")


@blueprint.route("/answer", methods=["GET", "POST"])
@staff(*WORKERS)
def answer(invitation_id: int) -> ResponseReturnValue:
    """Write down an answer given by phone."""
    invitation = permitted(Invitation, invitation_id)
    form = TakenAnswerForm.of(invitation)

    def do(act: Act) -> str:
        return _back(answers.answer(_locked(invitation_id), form.reply(), act).invitation)

    return _page("answer", invitation_id, form, do, via=Via.PHONE)


@blueprint.route("/resend", methods=["GET", "POST"])
@staff(*WORKERS)
def resend(invitation_id: int) -> ResponseReturnValue:
    """Send it again to where it goes."""
    permitted(Invitation, invitation_id)

    def do(act: Act) -> str:
        invitation = _locked(invitation_id)
        invitations.resend(invitation, act)
        return _back(invitation)

    return _page("resend", invitation_id, ButtonForm(), do)


@blueprint.route("/correct", methods=["GET", "POST"])
@staff(*WORKERS)
def correct(invitation_id: int) -> ResponseReturnValue:
    """Another address or number."""
    shown = permitted(Invitation, invitation_id)
    form = CorrectForm(email=shown.email, phone=shown.phone)

    def do(act: Act) -> str:
        invitation = _locked(invitation_id)
        invitations.correct(invitation, form.email.data, form.phone.data, act)
        return _back(invitation)

    return _page("correct", invitation_id, form, do)


@blueprint.route("/replace", methods=["GET", "POST"])
@staff(*WORKERS)
def replace(invitation_id: int) -> ResponseReturnValue:
    """Somebody else in the same role."""
    shown = permitted(Invitation, invitation_id)
    form = _replacing(shown)

    def do(act: Act) -> str:
        old = _locked(invitation_id)
        return _back(invitations.replace(old, _chosen(old, form), act, form.accepted))

    done = _done("replace", shown.discussion_id, form, do)
    if done is None and form.alongside.errors:
        form.name(in_the_way(_chosen(shown, form), permitted(Invitation, invitation_id).discussion))
    return done or _shown("replace", invitation_id, form)


@blueprint.route("/release", methods=["GET", "POST"])
@staff(*WORKERS)
def release(invitation_id: int) -> ResponseReturnValue:
    """The chair goes ahead without somebody required beyond the quorum."""
    permitted(Invitation, invitation_id)
    form = WaiveForm()

    def do(act: Act) -> str:
        invitation = _locked(invitation_id)
        waiving.release(invitation, form.reason.data or "", act)
        return _back(invitation)

    return _page("release", invitation_id, form, do)


@blueprint.route("/withdraw", methods=["GET", "POST"])
@staff(*WORKERS)
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """Take it back."""
    permitted(Invitation, invitation_id)
    form = WithdrawForm()

    def do(act: Act) -> str:
        invitation = _locked(invitation_id)
        invitations.withdraw(invitation, form.chosen, act)
        return _back(invitation)

    return _page("withdraw", invitation_id, form, do)


@blueprint.route("/ring", methods=["GET", "POST"])
@staff(*WORKERS)
def ring(invitation_id: int) -> ResponseReturnValue:
    """Ring them, and say what came of it; reached leads on to writing their answer down."""
    shown = permitted(Invitation, invitation_id)
    above = rungs.told_last(shown, moment())
    call = open_call(shown)
    form = RingForm.of(call.whom if call else rungs.asked(shown, moment()).words, above.words if above else None)

    def do(act: Act) -> str:
        invitation = _locked(invitation_id)
        further_up = rungs.told_last(invitation, act.at) if form.whom.data == FURTHER_UP else None
        task = _rung(invitation, further_up, act)
        calls.close(task, form.chosen, act, form.note.data or None)
        step = _AFTER_RINGING.get(form.chosen)
        takes_answers = answers.why_closed(invitation, act.at) is None
        return url_for(step, invitation_id=invitation_id) if step and takes_answers else _back(invitation)

    return _page("ring", invitation_id, form, do)


def _page(name: str, invitation_id: int, form: Form, do: Deed, *, via: Via = Via.STAFF) -> ResponseReturnValue:
    """Do what was sent, or show the page; the invitation is read again, since a refused deed leaves stale rows."""
    discussion_id = permitted(Invitation, invitation_id).discussion_id
    return _done(name, discussion_id, form, do, via=via) or _shown(name, invitation_id, form)


def _done(name: str, discussion_id: int, form: Form, do: Deed, *, via: Via = Via.STAFF) -> ResponseReturnValue | None:
    return submitted(form, do, via=via, said=lambda: story.latest(discussion_id, _DEEDS[name]))


def _shown(name: str, invitation_id: int, form: Form) -> str:
    invitation = permitted(Invitation, invitation_id)
    call = open_call(invitation) if name == "ring" else None
    return render_template(
        f"invitations/{name}.html",
        form=form,
        invitation=invitation,
        discussion=invitation.discussion,
        call=call,
        refusal=refusals.of(invitation),
        notes=notes_of(invitation),
        asked=rungs.asked(invitation, moment()),
        above=rungs.told_last(invitation, moment()) if name == "ring" else None,
        answers=_answers(invitation) if name == "ring" else None,
    )


def _answers(invitation: Invitation) -> Answering | None:
    """Who would answer now at the desk that was invited; None where no desk was."""
    if invitation.desk is None:
        return None
    about = invitation.discussion
    return answering(invitation.desk, moment(), about.authority_id, conflicts.of(about.contact))


def _chosen(old: Invitation, form: ReplaceForm) -> Invitee:
    """Who is asked instead: a partner from the directory, or one of our own."""
    if old.user_id is None:
        return invitee_of(old.discussion, old.role, form.invitee.data, old.required)
    return Invitee(old.role, old.required, user=permitted(User, int(form.invitee.data)))


def _replacing(shown: Invitation) -> ReplaceForm:
    """Who could be asked instead: partners for partners, and our own people for ours."""
    contact = shown.discussion.contact
    if shown.user_id is None:
        return ReplaceForm.of(shown, directory(me().authority_id, contact))
    roles = (StaffRole.CHAIR,) if shown.role == "chair" else ()
    return ReplaceForm.ours(shown, staff_of(me().authority_id, *roles, about=contact))


def _rung(invitation: Invitation, further_up: Holder | None, act: Act) -> CallTask:
    """The call that was asked for; where nobody was asked to ring them and somebody did, one put down now."""
    task = open_call(invitation) if further_up is None else None
    if task is not None:
        return task
    holder = further_up or rungs.asked(invitation, act.at)
    key = f"staff:{act.at.isoformat()}"
    return calls.ask(invitation, holder.words, holder.phone, "rung without being asked", act, key=key, unasked=True)


def _locked(invitation_id: int) -> Invitation:
    return permitted(Invitation, invitation_id, lock=True)


def _back(invitation: Invitation) -> str:
    return url_for("discussions.shown", discussion_id=invitation.discussion_id)
