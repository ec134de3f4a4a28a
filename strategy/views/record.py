"""Pages for writing, reading and signing the record. Attendance and the end are holding.py's."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, permitted, staff
from strategy.act import Act
from strategy.commands import holding, record
from strategy.forms.form import ButtonForm
from strategy.forms.record import ActionForm, AddForm, DecisionForm, InformationForm, SignForm
from strategy.models import Contribution, Decision, Discussion
from strategy.policy import parsed
from strategy.queries import circulation, notes
from strategy.queries import record as records
from strategy.views.holding import KEEPERS, one_of, page
from strategy.views.pressing import pressed
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("record", __name__, url_prefix="/discussions/<int:discussion_id>/record")

_keepers = staff(*KEEPERS)


@blueprint.get("")
@staff(*KEEPERS, StaffRole.LEADER)
def shown(discussion_id: int) -> ResponseReturnValue:
    """The record to read and print; signing is offered to its chair."""
    return _shown(discussion_id, SignForm())


@blueprint.post("/sign")
@staff(StaffRole.CHAIR)
def sign(discussion_id: int) -> ResponseReturnValue:
    """The chair signs."""
    form = SignForm()

    def do(act: Act) -> str:
        acting(act)
        record.sign(permitted(Discussion, discussion_id, lock=True), act, thin_is_meant=form.meant.data == "yes")
        return url_for("record.shown", discussion_id=discussion_id)

    return submitted(form, do) or _shown(discussion_id, form)


@blueprint.route("/add", methods=["GET", "POST"])
@_keepers
def add(discussion_id: int) -> ResponseReturnValue:
    """Add to a signed record; nothing in it is overwritten."""
    form = AddForm().offer(holding.asked(permitted(Discussion, discussion_id)))

    def do(act: Act) -> str:
        form.refuse_nothing()
        discussion = permitted(Discussion, discussion_id, lock=True)
        if form.text.data:
            record.share(one_of(discussion_id, form.invitation_id.data), form.text.data, act)
        if form.decision:
            record.decide(discussion, form.decision, form.rationale.data or "", act)
        return url_for("record.shown", discussion_id=discussion_id)

    answer = submitted(form, do)
    return answer or render_template("record/add.html", form=form, discussion=permitted(Discussion, discussion_id))


@blueprint.post("/information/<int:invitation_id>")
@_keepers
def share(discussion_id: int, invitation_id: int) -> ResponseReturnValue:
    """Write down what an agency shared."""
    form = InformationForm(prefix=f"information-{invitation_id}-")

    def do(act: Act) -> str:
        record.share(one_of(discussion_id, invitation_id), form.text.data or "", act)
        return url_for("holding.shown", discussion_id=discussion_id, _anchor="information")

    answer = pressed(discussion_id, form, do, spent=f"information-{invitation_id}-")
    return answer or page(discussion_id, information=(invitation_id, form))


@blueprint.route("/information/<int:contribution_id>/change", methods=["GET", "POST"])
@_keepers
def reword(discussion_id: int, contribution_id: int) -> ResponseReturnValue:
    """Put right what was written down."""
    form = InformationForm(text=_contribution(discussion_id, contribution_id).text)

    def do(act: Act) -> str:
        record.reword(_contribution(discussion_id, contribution_id, lock=True), form.text.data or "", act)
        return url_for("holding.shown", discussion_id=discussion_id, _anchor="information")

    answer = submitted(form, do)
    return answer or render_template(
        "record/reword.html", form=form, contribution=_contribution(discussion_id, contribution_id)
    )


@blueprint.post("/decisions")
@_keepers
def decide(discussion_id: int) -> ResponseReturnValue:
    """Record a decision and why."""
    form = DecisionForm(prefix="decision-")

    def do(act: Act) -> str:
        discussion = permitted(Discussion, discussion_id, lock=True)
        record.decide(discussion, form.decision, form.rationale.data or "", act)
        return url_for("holding.shown", discussion_id=discussion_id, _anchor="decisions")

    return pressed(discussion_id, form, do, spent="decision-") or page(discussion_id, decision=form)


@blueprint.post("/decisions/<int:decision_id>/withdraw")
@_keepers
def withdraw(discussion_id: int, decision_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    form = ButtonForm(prefix=f"withdraw-{decision_id}-")

    def do(act: Act) -> str:
        decision = permitted(Decision, decision_id, lock=True)
        if decision.discussion_id != discussion_id:
            abort(404)
        record.withdraw_decision(decision, act)
        return url_for("holding.shown", discussion_id=discussion_id, _anchor="decisions")

    return pressed(discussion_id, form, do) or page(discussion_id, button=form)


@blueprint.post("/actions")
@_keepers
def add_action(discussion_id: int) -> ResponseReturnValue:
    """Add a row: who does what by when."""
    asked = holding.asked(permitted(Discussion, discussion_id))
    form = ActionForm(prefix="action-").offer(asked)

    def do(act: Act) -> str:
        discussion = permitted(Discussion, discussion_id, lock=True)
        owner = one_of(discussion_id, form.invitation_id.data)
        record.add_action(discussion, owner, form.what.data or "", form.owner.data or "", form.due, act)
        return url_for("holding.shown", discussion_id=discussion_id, _anchor="action-what")

    return pressed(discussion_id, form, do, spent="action-") or page(discussion_id, action=form)


def _contribution(discussion_id: int, contribution_id: int, *, lock: bool = False) -> Contribution:
    contribution = permitted(Contribution, contribution_id, lock=lock)
    if contribution.discussion_id != discussion_id:
        abort(404)
    return contribution


def _shown(discussion_id: int, form: SignForm) -> str:
    asks = bool(form.meant.errors)
    form.meant.data = "yes" if asks else ""
    looked(permitted(Discussion, discussion_id))
    discussion = records.sheet(discussion_id)
    policy = parsed(discussion.policy.text)
    return render_template(
        "record/record.html",
        discussion=discussion,
        asked=holding.asked(discussion),
        quorum=holding.quorum_of(discussion),
        policy=policy,
        form=form,
        asks=asks,
        keeper=me().holds(*KEEPERS),
        circulated=circulation.lines(discussion),
        left_out=circulation.left_out(discussion),
        unsaved=notes.unsaved(discussion_id, me().id).words(holding.asked(discussion)),
        may_sign=discussion.chair_id == me().id,
    )
