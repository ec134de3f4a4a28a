"""Pages for actions: those I own, everybody's, done with evidence, changed, undone."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import holding, record
from strategy.forms.form import ButtonForm
from strategy.forms.record import AmendedActionForm, EvidenceForm
from strategy.models import Action
from strategy.queries import owed
from strategy.queries import record as records
from strategy.views.holding import KEEPERS, one_of
from strategy.views.submitting import submitted
from strategy.vocabulary import ActionState, StaffRole

blueprint = Blueprint("actions", __name__, url_prefix="/actions")

_readers = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.LEADER)
_keepers = staff(*KEEPERS)


@blueprint.get("")
@_readers
def listed() -> ResponseReturnValue:
    """Overdue first, then open, then lately done; mine, or everybody's."""
    everybody = request.args.get("whose") == "all"
    rows = records.actions(me().authority_id, moment(), None if everybody else me())
    late = [row for row in rows if row.state is ActionState.OPEN and row.due_at < moment()]
    to_come = [row for row in rows if row.state is ActionState.OPEN and row.due_at >= moment()]
    ended = [row for row in rows if row.state is not ActionState.OPEN]
    return render_template("record/actions.html", everybody=everybody, overdue=late, open=to_come, ended=ended)


@blueprint.get("/<int:action_id>")
@_readers
def shown(action_id: int) -> ResponseReturnValue:
    """One action; who may end it finds the form under it."""
    looked(permitted(Action, action_id))
    return _page(action_id, EvidenceForm())


@blueprint.post("/<int:action_id>")
@_keepers
def end(action_id: int) -> ResponseReturnValue:
    """Done and how one can see it, or no longer needed and why."""
    form = EvidenceForm()

    def do(act: Act) -> str:
        finish = record.cancel if form.not_needed.data else record.complete
        finish(permitted(Action, action_id, lock=True), form.evidence.data or "", act)
        return url_for("actions.shown", action_id=action_id)

    return submitted(form, do) or _page(action_id, form)


@blueprint.post("/<int:action_id>/reopen")
@_keepers
def reopen(action_id: int) -> ResponseReturnValue:
    """Undo."""
    form = ButtonForm()

    def do(act: Act) -> str:
        record.reopen(permitted(Action, action_id, lock=True), act)
        return url_for("actions.shown", action_id=action_id)

    return submitted(form, do) or redirect(url_for("actions.shown", action_id=action_id), code=303)


@blueprint.route("/<int:action_id>/change", methods=["GET", "POST"])
@_keepers
def amend(action_id: int) -> ResponseReturnValue:
    """Its owner, its words, its time."""
    action = permitted(Action, action_id)
    form = AmendedActionForm(obj=action).offer(holding.asked(action.discussion))

    def do(act: Act) -> str:
        fresh = permitted(Action, action_id, lock=True)
        owner = one_of(fresh.discussion_id, form.invitation_id.data)
        what, who = form.what.data or "", form.owner.data or ""
        record.amend_action(fresh, owner, what, who, form.due, form.revision.data or 0, act)
        return url_for("actions.shown", action_id=action_id)

    answer = submitted(form, do)
    return answer or render_template("record/amend_action.html", form=form, action=permitted(Action, action_id))


def _page(action_id: int, form: EvidenceForm) -> str:
    action = permitted(Action, action_id)
    undo, keeper = ButtonForm(formdata=None), me().holds(*KEEPERS)
    said = owed.progress([action_id])[action_id]
    return render_template("record/action.html", action=action, form=form, undo=undo, keeper=keeper, progress=said)
