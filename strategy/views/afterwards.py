"""The page behind a partner's link once the discussion was held: its agency's actions, and why nobody came.

The token alone is the authority here: it says who owes what by when, never what it is about. That stands behind the
second step (agency_actions.py).
"""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from strategy.access import by_token, moment, public
from strategy.act import Act
from strategy.commands import absences, answers, record
from strategy.forms.answer import AbsenceReplyForm, ActionDoneForm
from strategy.forms.form import Form
from strategy.limits import ANSWER_LIMIT, LINK_LIMIT, limiter
from strategy.models import Action, Invitation
from strategy.policy import parsed
from strategy.queries import absences as reasons
from strategy.queries import circulation, conflicts, owed
from strategy.queries.absences import others_came
from strategy.rules.answering import Closed
from strategy.views import linked
from strategy.views.submitting import submitted
from strategy.vocabulary import PRESENT, ActionState, DiscussionState, Via

blueprint = Blueprint("afterwards", __name__, url_prefix="/a")

_WAS_HELD = frozenset({DiscussionState.HELD, DiscussionState.SIGNED})


def concerns(invitation: Invitation) -> bool:
    """Whether this page has anything for them: an action of theirs, or an absence to explain. Nobody implicated has."""
    return not conflicts.closed(invitation) and (bool(_actions(invitation)) or _absent(invitation))


def absence(token: str, invitation: Invitation) -> ResponseReturnValue:
    """The page; what is sent to it says why nobody came, unless that is no longer theirs to say."""
    if not _absent(invitation):
        return page(token)
    form = AbsenceReplyForm.of(parsed(invitation.discussion.policy.text))

    def do(act: Act) -> str:
        absences.explain(linked.again(token), form.reason.data, form.note.data or None, act)
        return "explained"

    done = submitted(form, do, by=_by(form), via=Via.LINK)
    return linked.back(done, token) if done else page(token, absence_form=form)


@blueprint.post("/<token>/done", strict_slashes=False)
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, key_func=linked.which_link)
def done(token: str) -> ResponseReturnValue:
    """One action of this agency's is done, says who, and how one can see it."""
    invitation = by_token(token)
    if invitation is None or not concerns(invitation):
        abort(404)
    form = ActionDoneForm.of(_open(invitation), moment())

    def do(act: Act) -> str:
        record.complete(_own(linked.again(token), form.action.data), form.evidence.data or "", act)
        return "done"

    sent = submitted(form, do, by=_by(form), via=Via.LINK)
    return linked.back(sent, token) if sent else page(token, action_form=form)


def page(token: str, *, absence_form: Form | None = None, action_form: Form | None = None) -> str:
    """The page as the database has it now. A form that was sent comes with what is wrong in it."""
    invitation = by_token(token) or abort(404)
    policy = parsed(invitation.discussion.policy.text)
    if _absent(invitation) and absence_form is None:
        absence_form = AbsenceReplyForm.of(policy, blank=action_form is not None)
    if _open(invitation) and action_form is None:
        action_form = ActionDoneForm.of(_open(invitation), moment(), blank=True)
    return linked.rendered(
        "partner/afterwards.html",
        invitation,
        token,
        next((form for form in (absence_form, action_form) if form and form.errors), None),
        absence_form=absence_form,
        open_to_link=reasons.open_to_link(invitation),
        others_came=others_came(invitation),
        share=circulation.share(invitation),
        action_form=action_form,
        actions=_actions(invitation),
        explained=policy.absence_reasons.get(invitation.absence_reason or "", ""),
    )


def _absent(invitation: Invitation) -> bool:
    """Whether somebody invited, not withdrawn, was marked as not there."""
    return _over(invitation) and invitation.attendance is not None and invitation.attendance not in PRESENT


def _actions(invitation: Invitation) -> list[Action]:
    """This invitation's own, once its time is over."""
    return owed.owed(invitation) if _over(invitation) else []


def _open(invitation: Invitation) -> list[Action]:
    return [one for one in _actions(invitation) if one.state is ActionState.OPEN]


def _own(invitation: Invitation, action_id: int) -> Action:
    """That action. 404 for one of somebody else's, or of an invitation withdrawn meanwhile."""
    found = next((one for one in _actions(invitation) if one.id == action_id), None)
    return found or abort(404)


def _over(invitation: Invitation) -> bool:
    closed = answers.why_closed(invitation, moment())
    return closed is Closed.OVER and invitation.discussion.state in _WAS_HELD


def _by(form: Form) -> str:
    return f"{form['by_name'].data}, {form['by_role'].data}"[:120]
