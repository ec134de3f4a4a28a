"""The page of an agency's own actions in full, behind its link and the second step.

Whose they are and by when, which the link alone shows, is afterwards.py's.
"""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import by_token, looked, moment, public
from strategy.act import Act, Refused
from strategy.commands import progress, record
from strategy.forms.agency_actions import AgencyActionForm
from strategy.forms.second_step import CloseForm
from strategy.limits import ANSWER_LIMIT, LINK_LIMIT, limiter
from strategy.models import SecondStep
from strategy.queries import behind, owed, second_step
from strategy.views import linked
from strategy.views.submitting import submitted
from strategy.vocabulary import ActionState, Via

blueprint = Blueprint("agency_actions", __name__, url_prefix="/a")

_OVER = "Your half hour is over. Ask for a new code in another tab, then press the button here again"


@blueprint.route("/<token>/actions", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, methods=["POST"], key_func=linked.which_link)
def listed(token: str) -> ResponseReturnValue:
    """What each is, overdue first; how far it is, or that it is done. Each view is in the access log, by name."""
    step = _step(token)
    if step is None:
        return redirect(url_for("second_step.ask", token=token), code=303)
    looked(step.invitation, who=step.who)
    form, name = AgencyActionForm.of(owed.owed(step.invitation), moment()), step.who
    done = submitted(form, lambda act: _said(token, form, act), by=name, via=Via.LINK)
    return redirect(url_for("agency_actions.listed", token=token), code=303) if done else _page(token, form)


def _step(token: str) -> SecondStep | None:
    invitation = by_token(token)
    return None if invitation is None else second_step.opened(invitation, linked.browser(), moment())


def _said(token: str, form: AgencyActionForm, act: Act) -> str:
    invitation = linked.again(token)
    if second_step.opened(invitation, linked.browser(), act.at) is None:
        raise Refused(_OVER)
    action = next((one for one in owed.owed(invitation) if one.id == form.action.data), None) or abort(404)
    deed = record.complete if request.form.get("go") == "done" else progress.tell
    deed(action, form.said.data or "", act)
    return "said"


def _page(token: str, form: AgencyActionForm) -> ResponseReturnValue:
    step = _step(token)
    if step is None:
        return redirect(url_for("second_step.ask", token=token), code=303)
    invitation = step.invitation
    actions = owed.owed(invitation)
    late = [one for one in actions if one.state is ActionState.OPEN and one.due_at < moment()]
    to_come = [one for one in actions if one.state is ActionState.OPEN and one not in late]
    return linked.rendered(
        "partner/actions.html",
        invitation,
        token,
        form,
        step=step,
        parts=(("Overdue", late), ("Due", to_come), ("Done", [one for one in actions if one not in (*late, *to_come)])),
        progress=owed.progress([one.id for one in actions]),
        there=behind.there(invitation),
        close_form=CloseForm(formdata=None),
    )
