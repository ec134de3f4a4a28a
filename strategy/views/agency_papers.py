"""Pages of the papers an agency is shown, behind its link and the second step, and of attaching one of its own."""

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from strategy.access import by_token, looked, moment, public
from strategy.act import Act
from strategy.commands import papers
from strategy.forms.form import Form
from strategy.forms.papers import AgencyPaperForm
from strategy.forms.second_step import CloseForm
from strategy.limits import LINK_LIMIT, WRITE_LIMIT, limiter
from strategy.models import SecondStep
from strategy.queries import behind, contributing, second_step
from strategy.queries import papers as attached
from strategy.views import linked, paper_files
from strategy.views.submitting import submitted
from strategy.vocabulary import Via

blueprint = Blueprint("agency_papers", __name__, url_prefix="/a")
paper_files.takes_files(blueprint)


@blueprint.route("/<token>/papers", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(WRITE_LIMIT, methods=["POST"], key_func=linked.which_link)
def listed(token: str) -> ResponseReturnValue:
    """The papers this agency is shown; it attaches its own in its name. Nothing is read before the step is taken."""
    step = _step(token)
    if step is None:
        return redirect(url_for("second_step.ask", token=token), code=303)
    looked(step.invitation, who=step.who)
    form, name = AgencyPaperForm(), step.who
    done = submitted(form, lambda act: _attached(token, form, act), by=name, via=Via.LINK)
    return redirect(url_for("agency_papers.listed", token=token), code=303) if done else _page(token, form)


@blueprint.get("/<token>/papers/<int:paper_id>/file")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def opened(token: str, paper_id: int) -> ResponseReturnValue:
    """One paper as a file to keep. Each opening is in the access log by name."""
    step = _step(token)
    if step is None:
        return redirect(url_for("second_step.ask", token=token), code=303)
    paper = attached.one_shown_to(step.invitation, paper_id) or abort(404)
    looked(paper, who=f"{step.invitation.role_words}: {step.who}"[:120])
    return paper_files.sent(paper)


def _step(token: str) -> SecondStep | None:
    invitation = by_token(token)
    return None if invitation is None else second_step.opened(invitation, linked.browser(), moment())


def _attached(token: str, form: AgencyPaperForm, act: Act) -> str:
    invitation = linked.again(token)
    papers.attach_for(invitation, second_step.opened(invitation, linked.browser(), act.at), form.paper(), act)
    return "attached"


def _page(token: str, form: Form) -> ResponseReturnValue:
    step = _step(token)
    if step is None:
        return redirect(url_for("second_step.ask", token=token), code=303)
    invitation = step.invitation
    return linked.rendered(
        "partner/papers.html",
        invitation,
        token,
        form,
        step=step,
        papers=attached.shown_to(invitation),
        writable=contributing.possible(invitation),
        there=behind.there(invitation),
        close_form=CloseForm(formdata=None),
    )
