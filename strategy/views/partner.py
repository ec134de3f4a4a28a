"""Pages a partner opens by link, without an account: answer, say why nobody came, take the diary entry along.

The token in the address is the authority. A GET changes nothing but the access log: mail scanners and previews open
every link. The form names nobody and chooses nothing beforehand, and nothing is ever sent by itself.
"""

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from notifications.addresses import display_phone
from strategy import ics
from strategy.access import by_token, looked, moment, public, token_digest
from strategy.act import Act, Refused
from strategy.commands import absences, answers
from strategy.forms.answer import AbsenceReplyForm, AnswerForm
from strategy.forms.form import Form
from strategy.limits import ANSWER_LIMIT, LINK_LIMIT, limiter
from strategy.models import Invitation
from strategy.policy import parsed
from strategy.rules.answering import Closed
from strategy.views.submitting import submitted
from strategy.vocabulary import PRESENT, DiscussionState, Via

blueprint = Blueprint("partner", __name__, url_prefix="/a")

_GONE = {Closed.WITHDRAWN: "partner/withdrawn.html", Closed.STOOD_DOWN: "partner/stood_down.html"}
_WAS_HELD = frozenset({DiscussionState.HELD, DiscussionState.SIGNED})


def _which_link() -> str:
    """Which invitation answers are counted for, wherever they come from and however its link is written."""
    return token_digest((request.view_args or {}).get("token", ""))


@blueprint.route("/<token>", methods=["GET", "POST"], strict_slashes=False)
@public
@limiter.limit(LINK_LIMIT)
@limiter.limit(ANSWER_LIMIT, methods=["POST"], key_func=_which_link)
def shown(token: str) -> ResponseReturnValue:
    """What is asked, and the answer; after the discussion, why nobody came."""
    invitation = by_token(token)
    if invitation is None:
        return _unknown()
    looked(invitation, who="link")
    if _absence_is_asked(invitation):
        return _absence(token, invitation)
    return _answer(token, invitation)


@blueprint.get("/<token>/diary.ics")
@public
@limiter.limit(LINK_LIMIT)
def diary(token: str) -> ResponseReturnValue:
    """The same diary entry the mail carried: loaded twice it is still one."""
    invitation = by_token(token)
    if invitation is None or answers.why_closed(invitation, moment()) in {*_GONE, Closed.OVER}:
        abort(404)
    looked(invitation, who="link")
    name = f"attachment; filename={invitation.discussion.reference}.ics"
    return Response(_calendar(invitation, token), mimetype="text/calendar", headers={"Content-Disposition": name})


def _answer(token: str, invitation: Invitation) -> ResponseReturnValue:
    form = AnswerForm.of(invitation)

    def do(act: Act) -> str:
        answers.answer(_again(token), form.reply(), act)
        return "answered"

    done = submitted(form, do, by=form.by_name.data or "link", via=Via.LINK)
    return _back(done, token) if done else _page(invitation.id, token, form)


def _absence(token: str, invitation: Invitation) -> ResponseReturnValue:
    policy = parsed(invitation.discussion.policy.text)
    form = AbsenceReplyForm.of(policy)

    def do(act: Act) -> str:
        absences.explain(_again(token), form.reason.data, form.note.data or None, act)
        return "explained"

    by = f"{form.by_name.data}, {form.by_role.data}"[:120]
    done = submitted(form, do, by=by, via=Via.LINK)
    if done:
        return _back(done, token)
    explained = policy.absence_reasons.get(invitation.absence_reason or "", "")
    return _rendered("partner/absence.html", invitation, token, form, explained=explained)


def _page(invitation_id: int, token: str, form: Form) -> ResponseReturnValue:
    """The page as the database has it now, which may not be what it was when the form was sent."""
    invitation = by_token(token)
    if invitation is None:
        return _unknown()
    why = answers.why_closed(invitation, moment())
    if why in _GONE:
        return _rendered(_GONE[why], invitation, token), 410
    if why is Closed.OVER:
        return _rendered("partner/over.html", invitation, token), 410
    if why is Closed.STARTED:
        return _rendered("partner/started.html", invitation, token, form)
    return _rendered("partner/answer.html", invitation, token, form)


def _rendered(
    template: str, invitation: Invitation, token: str, form: Form | None = None, *, explained: str = ""
) -> str:
    return render_template(
        template,
        explained=explained,
        invitation=invitation,
        discussion=invitation.discussion,
        authority_name=invitation.discussion.authority.name,
        ring=display_phone(invitation.discussion.authority.phone),
        token=token,
        form=form,
    )


def _unknown() -> ResponseReturnValue:
    return render_template("partner/unknown.html"), 404


def _again(token: str) -> Invitation:
    """The invitation, fresh and locked, inside the writing transaction."""
    found = by_token(token, lock=True)
    if found is None:
        raise Refused("This link was replaced by a newer one. Use the newest message you have")
    return found


def _back(done: Redirect, token: str) -> Redirect:
    """Back to the page, which reads what was stored. The address is put in here, since it holds the live token and
    what a submission leads to is kept in the database."""
    done.location = url_for("partner.shown", token=token)
    return done


def _absence_is_asked(invitation: Invitation) -> bool:
    """Whether somebody invited, not withdrawn, was marked as not there."""
    if answers.why_closed(invitation, moment()) is not Closed.OVER:
        return False
    marked = invitation.attendance is not None and invitation.attendance not in PRESENT
    return marked and invitation.discussion.state in _WAS_HELD


def _calendar(invitation: Invitation, token: str) -> bytes:
    settings = current_app.config
    organiser = ics.Organiser(settings["ORGANISER"], settings["ORGANISER_NAME"], settings["RSVP"])
    entry = ics.entry(invitation, invitation.email or organiser.email)
    link = settings["BASE_URL"].rstrip("/") + url_for("partner.shown", token=token)
    return ics.rendered(entry, ics.REQUEST, invitation.discussion.sequence, link, organiser, moment())
