"""The page on which an agency writes what it knows, behind its link and the second step."""

from datetime import datetime
from itertools import chain

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import by_token, looked, moment, public, remote
from strategy.act import Act, Refused
from strategy.commands import contributing as contributions
from strategy.db import transaction
from strategy.forms.contributing import ContributionForm
from strategy.limits import DRAFT_LIMIT, LINK_LIMIT, WRITE_LIMIT, limiter
from strategy.queries import contributing, second_step
from strategy.views import linked
from strategy.views.submitting import submitted
from strategy.vocabulary import Via

blueprint = Blueprint("contributing", __name__, url_prefix="/a")


@blueprint.route("/<token>/information", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(WRITE_LIMIT, methods=["POST"], key_func=linked.which_link)
def write(token: str) -> ResponseReturnValue:
    """Write, save and come back, or send. What was typed when the half hour ended stays on the page."""
    invitation = by_token(token)
    if invitation is None or not second_step.possible(invitation, moment()):
        return redirect(url_for("partner.shown", token=token), code=303)
    step = second_step.opened(invitation, linked.browser(), moment())
    if step is None and request.method != "POST":
        return redirect(url_for("second_step.ask", token=token), code=303)
    looked(invitation, who=step.who if step else None)
    form = ContributionForm.of(contributing.draft(invitation) if step else None)
    done = submitted(form, lambda act: _written(token, form, act), by=step.who if step else "link", via=Via.LINK)
    return redirect(url_for("contributing.write", token=token), code=303) if done else _page(token, form)


@blueprint.post("/<token>/information/draft")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(DRAFT_LIMIT, key_func=linked.which_link)
def draft(token: str) -> ResponseReturnValue:
    """The draft while it is typed, as the page sends it by itself: when it was saved, or why not, in words."""
    form = ContributionForm()
    if not form.validate():
        problem = "; ".join(str(words) for words in chain(*form.errors.values()))
        return render_template("partner/draft_saved.html", at=None, problem=problem)
    try:
        at = _kept(token, form)
    except Refused as refused:
        return render_template("partner/draft_saved.html", at=None, problem=refused.reason)
    return render_template("partner/draft_saved.html", at=at, problem="")


def _kept(token: str, form: ContributionForm) -> datetime:
    """When it was saved. Raises Refused. No submission: the same page sends ever more of the same draft."""
    with transaction("link", Via.LINK, remote=remote()) as act:
        invitation = linked.again(token)
        step = second_step.opened(invitation, linked.browser(), act.at)
        return contributions.keep(invitation, step, form.information(), act).changed_at


def _written(token: str, form: ContributionForm, act: Act) -> str:
    invitation = linked.again(token)
    step = second_step.opened(invitation, linked.browser(), act.at)
    deed = contributions.send if request.form.get("go") == "send" else contributions.keep
    deed(invitation, step, form.information(), act)
    return "written"


def _page(token: str, form: ContributionForm) -> ResponseReturnValue:
    """The page as the database has it; drafts and what was sent only while the step is open."""
    invitation = by_token(token)
    if invitation is None:
        return redirect(url_for("partner.shown", token=token), code=303)
    step = second_step.opened(invitation, linked.browser(), moment())
    return linked.rendered(
        "partner/information.html",
        invitation,
        token,
        form,
        step=step,
        draft=contributing.draft(invitation) if step else None,
        sent=contributing.sent(invitation) if step else [],
        writable=contributing.possible(invitation),
    )
