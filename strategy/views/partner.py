"""Pages a partner opens by link, without an account: answer, say why nobody came, take the diary entry along.

The token in the address is the authority. A GET changes nothing but the access log: mail scanners and previews open
every link. The form names nobody and chooses nothing beforehand, and nothing is ever sent by itself.
"""

from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy import ics
from strategy.access import by_token, looked, moment, public
from strategy.act import Act
from strategy.commands import answers, offering
from strategy.forms.answer import AnswerForm
from strategy.forms.form import Form
from strategy.forms.other_times import OfferForm
from strategy.limits import ANSWER_LIMIT, LINK_LIMIT, limiter
from strategy.models import Invitation
from strategy.queries import calendars, circulation, ladders, offered
from strategy.rules.answering import Closed
from strategy.views import afterwards, linked
from strategy.views.submitting import submitted
from strategy.vocabulary import DiscussionState, Share, Via

blueprint = Blueprint("partner", __name__, url_prefix="/a")

_GONE = {Closed.WITHDRAWN: "partner/withdrawn.html", Closed.STOOD_DOWN: "partner/stood_down.html"}


@blueprint.route("/<token>", methods=["GET", "POST"], strict_slashes=False)
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, methods=["POST"], key_func=linked.which_link)
def shown(token: str) -> ResponseReturnValue:
    """What is asked, and the answer; after the discussion, this agency's actions and why nobody came."""
    invitation = by_token(token)
    if invitation is None:
        return _unknown()
    looked(invitation, who="link")
    if afterwards.concerns(invitation):
        return afterwards.absence(token, invitation)
    return _answer(token, invitation)


@blueprint.route("/<token>/times", methods=["GET", "POST"], strict_slashes=False)
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, methods=["POST"], key_func=linked.which_link)
def times(token: str) -> ResponseReturnValue:
    """Other times at which they could, until the start; after it, what the link says otherwise."""
    invitation = by_token(token)
    if invitation is None:
        return _unknown()
    if answers.why_closed(invitation, moment()) is not None:
        return redirect(url_for("partner.shown", token=token), code=303)
    looked(invitation, who="link")
    form = OfferForm.of(invitation, offered.by(invitation, moment()), moment())

    def do(act: Act) -> str:
        offering.offer(linked.again(token), form.windows, form.who, act)
        return "offered"

    done = submitted(form, do, by=form.by_name.data or "link", via=Via.LINK)
    return linked.back(done, token) if done else _times(token, form)


@blueprint.get("/<token>/diary.ics")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def diary(token: str) -> ResponseReturnValue:
    """The same diary entry the mail carried: loaded twice it is still one."""
    invitation = by_token(token)
    if invitation is None or answers.why_closed(invitation, moment()) in {*_GONE, Closed.OVER}:
        abort(404)
    looked(invitation, who="link")
    name = f"attachment; filename={invitation.discussion.reference}.ics"
    return Response(_calendar(invitation, token), mimetype="text/calendar", headers={"Content-Disposition": name})


def _answer(token: str, invitation: Invitation) -> ResponseReturnValue:
    form = AnswerForm.of(invitation, moment())

    def do(act: Act) -> str:
        answers.answer(linked.again(token), form.reply(), act)
        return "answered"

    done = submitted(form, do, by=form.by_name.data or "link", via=Via.LINK)
    return linked.back(done, token) if done else _page(invitation.id, token, form)


def _page(invitation_id: int, token: str, form: Form) -> ResponseReturnValue:
    """The page as the database has it now, which may not be what it was when the form was sent."""
    invitation = by_token(token)
    if invitation is None:
        return _unknown()
    why = answers.why_closed(invitation, moment())
    if why in _GONE:
        return linked.rendered(_GONE[why], invitation, token), 410
    if why is Closed.OVER:
        unheld = invitation.discussion.state is DiscussionState.CONVENED  # it may be moved: the link lives on
        share = circulation.share(invitation)
        page = linked.rendered("partner/over.html", invitation, token, unheld=unheld, share=share)
        return page, 200 if unheld or share is not Share.NOTHING else 410
    if why is Closed.STARTED:
        return linked.rendered("partner/started.html", invitation, token, form)
    return linked.rendered(
        "partner/answer.html",
        invitation,
        token,
        form,
        answer_by=ladders.answer_by(invitation, moment()),
        windows=offered.by(invitation, moment()),
        suits=offered.suits(invitation),
    )


def _times(token: str, form: OfferForm) -> ResponseReturnValue:
    invitation = by_token(token)
    if invitation is None:
        return _unknown()
    windows, suits = offered.by(invitation, moment()), offered.suits(invitation)
    return linked.rendered("partner/times.html", invitation, token, form, windows=windows, suits=suits)


def _unknown() -> ResponseReturnValue:
    return render_template("partner/unknown.html"), 404


def _calendar(invitation: Invitation, token: str) -> bytes:
    settings = current_app.config
    organiser = ics.Organiser(settings["ORGANISER"], settings["ORGANISER_NAME"], settings["RSVP"])
    entry = ics.entry(invitation, invitation.email or organiser.email)
    link = settings["BASE_URL"].rstrip("/") + url_for("partner.shown", token=token)
    return ics.rendered(entry, ics.REQUEST, calendars.version(invitation), link, organiser, moment())
