"""Pages of the second step behind a partner's link: ask for a code, type it, see who it is about, close it again.

The link alone shows nothing of a child. A code sent to another registered channel does, in the browser that asked,
for half an hour. A GET changes nothing but the access log; the browser's secret is a cookie of this link's path.
"""

from flask import Blueprint, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from strategy.access import by_token, came_by, looked, moment, public
from strategy.act import Act
from strategy.commands import answers
from strategy.commands import second_step as steps
from strategy.commands.answers import Reply
from strategy.forms.form import Form
from strategy.forms.second_step import AskForm, CloseForm, CodeForm, NotOursForm
from strategy.limits import ANSWER_LIMIT, CODE_LIMIT, LINK_LIMIT, limiter
from strategy.models import SecondStep
from strategy.queries import behind, codes, second_step
from strategy.rules.second_step import CODE_FOR, OPEN_FOR
from strategy.views import linked
from strategy.views.submitting import submitted
from strategy.vocabulary import InvitationState, Via
from strategy.vocabulary import Response as Said

blueprint = Blueprint("second_step", __name__, url_prefix="/a")


@blueprint.route("/<token>/who", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, methods=["POST"], key_func=linked.which_link)
@limiter.limit(CODE_LIMIT, methods=["POST"])
def ask(token: str) -> ResponseReturnValue:
    """Who asks, and where the code goes: one of the registered channels other than the link's own."""
    invitation = by_token(token)
    if invitation is None or not second_step.possible(invitation, moment()):
        return _to("partner.shown", token)
    form = AskForm.of(second_step.ways(invitation, came_by(invitation, token)))

    def do(act: Act) -> str:
        again, who = linked.again(token), (form.by_name.data or "", form.by_role.data or "")
        steps.ask(again, came_by(again, token), form.way.data, linked.browser(), who, act)
        return "asked"

    done = submitted(form, do, by=f"{form.by_name.data}, {form.by_role.data}"[:120], via=Via.LINK)
    return _to("second_step.enter", token) if done else _page("who", token, form)


@blueprint.route("/<token>/code", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, methods=["POST"], key_func=linked.which_link)
@limiter.limit(CODE_LIMIT, methods=["POST"])
def enter(token: str) -> ResponseReturnValue:
    """The code. A wrong one is told by the same words whatever is wrong, and what was typed is not shown again."""
    invitation = by_token(token)
    if invitation is None or not second_step.possible(invitation, moment()):
        return _to("partner.shown", token)
    form = CodeForm()

    def do(act: Act) -> str:
        return "opened" if steps.enter(linked.again(token), form.code.data or "", linked.browser(), act) else "wrong"

    done = submitted(form, do, by="link", via=Via.LINK)
    if done and done.location == "opened":
        return _to("second_step.about", token)
    return _page("code", token, CodeForm.after_a_wrong_one() if done else form)


@blueprint.get("/<token>/about")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def about(token: str) -> ResponseReturnValue:
    """Who it is about, as an agency needs it to search its own system. Every view is in the access log, by name."""
    invitation = by_token(token)
    step = None if invitation is None else second_step.opened(invitation, linked.browser(), moment())
    if invitation is None or step is None:
        return _to("second_step.ask", token)
    looked(invitation, who=step.who)
    return _about(token, step)


@blueprint.post("/<token>/not-ours")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, key_func=linked.which_link)
def not_ours(token: str) -> ResponseReturnValue:
    """The child is not theirs: to the convener, and to no other agency."""
    invitation = by_token(token)
    step = None if invitation is None else second_step.opened(invitation, linked.browser(), moment())
    if step is None:
        return _to("second_step.ask", token)
    form, name, role = NotOursForm(), step.by_name, step.by_role

    def do(act: Act) -> str:
        again = linked.again(token)
        seen = second_step.opened(again, linked.browser(), act.at) is not None
        answers.answer(again, Reply(Said.NOT_OURS, name, role, reason=form.reason.data, seen=seen), act)
        return "answered"

    done = submitted(form, do, by=name, via=Via.LINK)
    return linked.back(done, token) if done else _about(token, step, form)


@blueprint.post("/<token>/close")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def close(token: str) -> ResponseReturnValue:
    """Finished: this browser shows nothing any more."""

    def do(act: Act) -> str:
        steps.close(linked.again(token), linked.browser(), act)
        return "closed"

    submitted(CloseForm(), do, by="link", via=Via.LINK)
    return _to("partner.shown", token)


def _about(token: str, step: SecondStep, form: Form | None = None) -> ResponseReturnValue:
    """Who it is about. A form that was sent comes with what is wrong in it."""
    invitation, until = step.invitation, None if step.opened_at is None else step.opened_at + OPEN_FOR
    answerable = answers.why_closed(invitation, moment()) is None and invitation.state is not InvitationState.NOT_OURS
    return linked.rendered(
        "partner/about.html",
        invitation,
        token,
        form,
        contact=invitation.discussion.contact,
        step=step,
        until=until,
        there=behind.there(invitation),
        not_ours_form=(form or NotOursForm(formdata=None)) if answerable else None,
        close_form=CloseForm(formdata=None),
    )


def _page(name: str, token: str, form: Form) -> ResponseReturnValue:
    """The page as things stand now."""
    invitation = by_token(token)
    if invitation is None or not second_step.possible(invitation, moment()):
        return _to("partner.shown", token)
    waiting = second_step.waiting(invitation, linked.browser(), moment())
    valid_until = None if waiting is None else waiting.asked_at + CODE_FOR
    ways = second_step.ways(invitation, came_by(invitation, token))
    page = linked.rendered(
        f"partner/{name}.html",
        invitation,
        token,
        form,
        ways=ways,
        waiting=waiting,
        valid_until=valid_until,
        sent=None if waiting is None else codes.carrying(waiting),
        lost=waiting is not None and codes.was_lost(waiting),
    )
    return linked.remember(make_response(page), f"/a/{token}", linked.secret(), CODE_FOR + OPEN_FOR)


def _to(endpoint: str, token: str) -> ResponseReturnValue:
    return redirect(url_for(endpoint, token=token), code=303)
