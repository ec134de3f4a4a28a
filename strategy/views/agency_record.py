"""The page of the signed record for an agency, behind its link and the second step. What staff read is record.py's."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from strategy.access import by_token, looked, moment, public
from strategy.act import Act
from strategy.commands import circulating, holding
from strategy.forms.form import Form
from strategy.forms.second_step import CloseForm
from strategy.limits import ANSWER_LIMIT, LINK_LIMIT, limiter
from strategy.models import Invitation, SecondStep
from strategy.policy import parsed
from strategy.queries import behind, circulation, second_step
from strategy.queries import record as records
from strategy.views import linked
from strategy.views.submitting import submitted
from strategy.vocabulary import Share, Via

blueprint = Blueprint("agency_record", __name__, url_prefix="/a")


@blueprint.get("/<token>/record")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def shown(token: str) -> ResponseReturnValue:
    """The record as it was signed and what was added since, or its outcome. Each opening is logged by name."""
    opened = _opened(token)
    if opened is None:
        return redirect(url_for("second_step.ask", token=token), code=303)
    if circulation.share(opened.invitation) is Share.NOTHING:
        return redirect(url_for("second_step.about", token=token), code=303)
    looked(opened.invitation, who=opened.who)
    return _page(token, opened, CloseForm(formdata=None))


@blueprint.post("/<token>/record/read")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, key_func=linked.which_link)
def read(token: str) -> ResponseReturnValue:
    """ "I have read it", in the name of whoever took the step."""
    opened, form = _opened(token), CloseForm()
    if opened is None:
        return redirect(url_for("second_step.ask", token=token), code=303)

    def do(act: Act) -> str:
        again = linked.again(token)
        circulating.read(again, second_step.opened(again, linked.browser(), act.at), act)
        return "read"

    if submitted(form, do, by=opened.who, via=Via.LINK):
        return redirect(url_for("agency_record.shown", token=token), code=303)
    return _page(token, opened, form)


def _opened(token: str) -> SecondStep | None:
    invitation = by_token(token)
    return None if invitation is None else second_step.opened(invitation, linked.browser(), moment())


def _page(token: str, step: SecondStep, form: Form) -> ResponseReturnValue:
    invitation: Invitation = step.invitation
    share, said = circulation.share(invitation), circulation.readings(invitation)
    discussion = records.sheet(invitation.discussion_id)
    changed = circulation.changed_at(discussion)
    return linked.rendered(
        "partner/record.html" if share is Share.RECORD else "partner/outcome.html",
        invitation,
        token,
        form,
        step=step,
        there=behind.there(invitation),
        close_form=CloseForm(formdata=None),
        asked=holding.asked(discussion),
        policy=parsed(discussion.policy.text),
        quorum=holding.quorum_of(discussion),
        information=circulation.information(discussion, invitation),
        readings=said,
        since=bool(said and changed and said[-1].at < changed),
    )
