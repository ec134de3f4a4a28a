"""Pages of a series of discussions: exception, agreement, delay, follow-ups owed, which one initiated section 47."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import looked, me, permitted, staff
from strategy.act import Act, Refused
from strategy.commands import agreements, delays, enquiries, exceptions, holding, series
from strategy.forms.form import ButtonForm
from strategy.forms.series import (
    AgreementForm,
    EnquiryForm,
    ExceptionForm,
    LateReasonForm,
    NoFollowUpForm,
    managers,
)
from strategy.models import Contact, Discussion, FollowUp, User
from strategy.policy import parsed
from strategy.queries import story
from strategy.queries.directory import staff_of
from strategy.queries.enquiries import choices as held_ones
from strategy.queries.follow_ups import asked_after
from strategy.views.submitting import Said, submitted
from strategy.vocabulary import EventVerb, StaffRole

blueprint = Blueprint("series", __name__)

_keepers = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)
_chairs = staff(StaffRole.CHAIR)


@blueprint.route("/discussions/<int:discussion_id>/exception", methods=["GET", "POST"])
@_chairs
def exception(discussion_id: int) -> ResponseReturnValue:
    """Go ahead without the quorum, on a manager's authority."""
    discussion = permitted(Discussion, discussion_id)
    form = ExceptionForm().offer(_managers(discussion))

    def do(act: Act) -> str:
        found = permitted(Discussion, discussion_id, lock=True)
        exceptions.grant(found, _person(form.authoriser.data), form.reason.data or "", act)
        return _back(discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.EXCEPTION_RECORDED))
    return done or _page("exception", discussion_id, form)


@blueprint.post("/discussions/<int:discussion_id>/exception/take-back")
@_chairs
def take_back(discussion_id: int) -> ResponseReturnValue:
    """Undo it: those missing were found."""
    permitted(Discussion, discussion_id)
    form = ButtonForm()

    def do(act: Act) -> str:
        exceptions.take_back(permitted(Discussion, discussion_id, lock=True), act)
        return _back(discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.EXCEPTION_RECORDED))
    return done or redirect(_back(discussion_id), code=303)


@blueprint.route("/discussions/<int:discussion_id>/agreement", methods=["GET", "POST"])
@_keepers
def agreement(discussion_id: int) -> ResponseReturnValue:
    """Who agreed that there is no meeting, once it is known."""
    permitted(Discussion, discussion_id)
    form = AgreementForm()

    def do(act: Act) -> str:
        agreements.add(permitted(Discussion, discussion_id, lock=True), form.consent(), act)
        return _back(discussion_id)

    return submitted(form, do) or _page("agreement", discussion_id, form)


@blueprint.route("/discussions/<int:discussion_id>/late-reason", methods=["GET", "POST"])
@_keepers
def late_reason(discussion_id: int) -> ResponseReturnValue:
    """Why it was held late, changeable until it is signed."""
    discussion = permitted(Discussion, discussion_id)
    form = LateReasonForm(reason=discussion.late_reason).offer(parsed(discussion.policy.text).delay_reasons)

    def do(act: Act) -> str:
        delays.explain(permitted(Discussion, discussion_id, lock=True), form.reason.data, act)
        return url_for("record.shown", discussion_id=discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.DELAY_EXPLAINED))
    return done or _page("late_reason", discussion_id, form)


@blueprint.route("/follow-ups/<int:follow_up_id>/not-needed", methods=["GET", "POST"])
@_chairs
def not_needed(follow_up_id: int) -> ResponseReturnValue:
    """No follow-up is needed any more, and why."""
    discussion_id = permitted(FollowUp, follow_up_id).after_id
    form = NoFollowUpForm()

    def do(act: Act) -> str:
        series.not_needed(_owed(follow_up_id), form.reason.data or "", act)
        return _back(discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.FOLLOW_UP_CHANGED))
    return done or _page("no_follow_up", discussion_id, form)


@blueprint.route("/discussions/<int:discussion_id>/no-follow-up", methods=["GET", "POST"])
@_chairs
def none_after(discussion_id: int) -> ResponseReturnValue:
    """What policy asks for next is not needed, and why."""
    permitted(Discussion, discussion_id)
    form = NoFollowUpForm()

    def do(act: Act) -> str:
        series.none_after(permitted(Discussion, discussion_id, lock=True), form.reason.data or "", act)
        return _back(discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.FOLLOW_UP_CHANGED))
    return done or _page("no_follow_up", discussion_id, form)


@blueprint.post("/follow-ups/<int:follow_up_id>/reopen")
@_chairs
def reopen(follow_up_id: int) -> ResponseReturnValue:
    """Undo that."""
    discussion_id = permitted(FollowUp, follow_up_id).after_id
    form = ButtonForm()

    def do(act: Act) -> str:
        series.reopen(_owed(follow_up_id), act)
        return _back(discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.FOLLOW_UP_CHANGED))
    return done or redirect(_back(discussion_id), code=303)


@blueprint.route("/contacts/<int:contact_id>/enquiry", methods=["GET", "POST"])
@_chairs
def enquiry(contact_id: int) -> ResponseReturnValue:
    """Put right which discussion initiated section 47: the conference is counted from it."""
    form = _enquiry_form(permitted(Contact, contact_id))

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        to = permitted(Discussion, form.discussion.data)
        enquiries.change(contact, to, form.reason.data or "", form.revision.data or 0, act)
        return url_for("contacts.shown", contact_id=contact_id)

    return submitted(form, do) or _enquiry_page(contact_id, form)


def _enquiry_form(contact: Contact) -> EnquiryForm:
    found = contact.enquiry
    form = EnquiryForm(revision=found.revision if found else 0, discussion=found.discussion_id if found else None)
    form.discussion.choices = held_ones(contact)
    return form


def _enquiry_page(contact_id: int, form: EnquiryForm) -> str:
    contact = permitted(Contact, contact_id)
    looked(contact)
    return render_template("series/enquiry.html", form=form, contact=contact)


def _page(name: str, discussion_id: int, form: object) -> str:
    """The small page; the discussion is read again, since a refused deed leaves stale rows."""
    discussion = permitted(Discussion, discussion_id)
    looked(discussion)
    return render_template(
        f"series/{name}.html",
        form=form,
        discussion=discussion,
        quorum=holding.quorum_of(discussion),
        undo=ButtonForm(formdata=None),
        policy=parsed(discussion.policy.text),
        asked=asked_after(discussion),
    )


def _managers(discussion: Discussion) -> list[User]:
    return managers(discussion, staff_of(discussion.authority_id, about=discussion.contact), me())


def _person(user_id: int) -> User:
    """One of our own people. Raises Refused where nobody was chosen."""
    if not user_id:
        raise Refused("Choose the manager who authorises it", "authoriser")
    return permitted(User, user_id)


def _owed(follow_up_id: int) -> FollowUp:
    """The follow-up, its discussion locked."""
    found = permitted(FollowUp, follow_up_id)
    permitted(Discussion, found.after_id, lock=True)
    return found


def _said(discussion_id: int, verb: EventVerb) -> Said:
    return lambda: story.latest(discussion_id, verb)


def _back(discussion_id: int) -> str:
    return url_for("discussions.shown", discussion_id=discussion_id)
