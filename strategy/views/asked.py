"""Pages on which staff answer what partners ask for: who asks, dealing with it, what came of it; the duty mailbox."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import partner_requests
from strategy.forms.asking import DutyForm, OutcomeForm
from strategy.forms.form import ButtonForm
from strategy.models import PartnerRequest
from strategy.queries import partner_requests as asking
from strategy.views.submitting import pressed_at, submitted
from strategy.vocabulary import RequestOutcome, StaffRole

blueprint = Blueprint("asked", __name__, url_prefix="/asked")

_readers = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.LEADER)
_working = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)


@blueprint.get("")
@_readers
def listed() -> ResponseReturnValue:
    """What waits for an answer, and what was answered lately."""
    user = me()
    return render_template(
        "asked/listed.html",
        requests=asking.unanswered(user.authority_id),
        answered=asking.answered(user.authority_id, moment()),
        may_work=user.holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR),
    )


@blueprint.get("/<int:request_id>")
@_readers
def shown(request_id: int) -> ResponseReturnValue:
    """Who asks, for what, how to ring them, and what has happened."""
    looked(permitted(PartnerRequest, request_id))
    return _page(request_id, OutcomeForm(formdata=None))


@blueprint.post("/<int:request_id>")
@_working
def close(request_id: int) -> ResponseReturnValue:
    """What came of it."""
    form = OutcomeForm()

    def do(act: Act) -> str:
        found = permitted(PartnerRequest, request_id, lock=True)
        partner_requests.close(found, RequestOutcome(form.outcome.data), form.words.data, acting(act), act)
        return url_for("asked.listed")

    return submitted(form, do) or _page(request_id, form)


@blueprint.post("/<int:request_id>/claim")
@_working
def claim(request_id: int) -> ResponseReturnValue:
    """I am dealing with it."""

    def do(act: Act) -> str:
        partner_requests.claim(permitted(PartnerRequest, request_id, lock=True), acting(act), act)
        return url_for("asked.shown", request_id=request_id)

    return pressed_at(url_for("asked.shown", request_id=request_id), do)


@blueprint.post("/<int:request_id>/release")
@_working
def release(request_id: int) -> ResponseReturnValue:
    """I am not, after all."""

    def do(act: Act) -> str:
        partner_requests.release(permitted(PartnerRequest, request_id, lock=True), act)
        return url_for("asked.shown", request_id=request_id)

    return pressed_at(url_for("asked.shown", request_id=request_id), do)


@blueprint.route("/duty", methods=["GET", "POST"])
@staff(StaffRole.CHAIR, StaffRole.ADMINISTRATOR)
def duty() -> ResponseReturnValue:
    """Which mailbox is told."""
    form = DutyForm(duty_email=me().authority.duty_email)

    def do(act: Act) -> str:
        partner_requests.set_duty_address(acting(act).authority, form.duty_email.data, act)
        return url_for("asked.duty")

    done = submitted(form, do, said=lambda: "Saved.")
    return done or render_template("asked/duty.html", form=form, code=me().authority.code)


def _page(request_id: int, form: OutcomeForm) -> str:
    found = permitted(PartnerRequest, request_id)
    return render_template(
        "asked/shown.html",
        form=form,
        asked=found,
        events=asking.events_of(found),
        button=ButtonForm(formdata=None),
        mine=found.claimed_by_id == me().id,
        may_work=me().holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR),
    )
