"""Pages on which a discussion that was held already is written down: from nothing, or for a contact there is."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, moment, permitted
from strategy.act import Act
from strategy.commands import booking, contacts, drafts, holding, record
from strategy.forms.entering import (
    EnterForm,
    EnterUndecidedForm,
    EnterUnsaidForm,
    EnterWithoutContactForm,
    entering_form,
)
from strategy.models import Contact, Discussion, PolicyVersion, User
from strategy.policy import parsed
from strategy.queries import invitees, policies
from strategy.queries.directory import staff_of
from strategy.rules.working_time import local_day
from strategy.views.contacts import working
from strategy.views.hold_now import kind_of, rows_now
from strategy.views.submitting import submitted
from strategy.vocabulary import Attendance, Mode, StaffRole, Waiting

blueprint = Blueprint("entering", __name__)

_MANAGERS = (StaffRole.CHAIR, StaffRole.LEADER)


@blueprint.route("/entered", methods=["GET", "POST"])
@working
def begin() -> ResponseReturnValue:
    """From nothing: the contact, its decision and the discussion, as they truly were."""
    form = _form(EnterWithoutContactForm, policies.in_force(me().authority_id, moment()))
    assert isinstance(form, EnterWithoutContactForm)

    def do(act: Act) -> str:
        form.refuse_late_decision()
        who = acting(act)
        policy = policies.in_force(who.authority_id, act.at)
        contact = contacts.start_clock(form.entry(act.at), who.authority, policy, who, act)
        return _enter(contact, form, act)

    return submitted(form, do) or render_template("booking/entered.html", form=form, contact=None)


@blueprint.route("/contacts/<int:contact_id>/entered", methods=["GET", "POST"])
@working
def for_contact(contact_id: int) -> ResponseReturnValue:
    """For a contact that waits, or whose next discussion was held."""
    known = permitted(Contact, contact_id)
    form = _form(_asking(known), known.policy, contact_id)

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        if isinstance(form, EnterUnsaidForm) and not contact.concerns:
            contacts.reclassify(contact, form.concerns.data or [], act, form.identified_at)
        if isinstance(form, EnterUndecidedForm) and contact.state is Waiting.RECEIVED:
            form.refuse_late_decision()
            contacts.decide(contact, form.decided_at.moment or act.at, form.decided_by.data or "", act)
        return _enter(contact, form, act)

    return submitted(form, do) or _page(contact_id, form)


def _page(contact_id: int, form: EnterForm) -> str:
    contact = permitted(Contact, contact_id)
    looked(contact)
    return render_template("booking/entered.html", form=form, contact=contact)


def _asking(contact: Contact) -> type[EnterForm]:
    if not contact.concerns:
        return EnterUnsaidForm
    return EnterUndecidedForm if contact.state is Waiting.RECEIVED else EnterForm


def _form(kind: type[EnterForm], version: PolicyVersion, contact_id: int | None = None) -> EnterForm:
    user, contact = me(), permitted(Contact, contact_id) if contact_id is not None else None
    rows = invitees.least(rows_now(version, contact, user))
    staff, policy = staff_of(user.authority_id, about=contact), parsed(version.text)
    usual: dict[str, Any] = {"social_worker": 0 if user.holds(StaffRole.CHAIR) else user.id}
    usual |= {"chair": user.id if user.holds(StaffRole.CHAIR) else 0}
    return entering_form(kind, rows, staff, _managers(staff, user), policy, **usual)


def _enter(contact: Contact, form: EnterForm, act: Act) -> str:
    """Write it down as one deed: held, with who was there, and what was decided. Nobody is told of it."""
    who, kind = acting(act), kind_of(contact)
    staff = staff_of(who.authority_id, about=contact)
    day = local_day(form.started_at.moment or act.at)
    needs = parsed(contact.policy.text).needs_of(kind, tuple(contact.concerns), day)
    plan = form.plan(staff, needs, kind)
    discussion = booking.book(contact, plan, who, act)
    drafts.discard(contact)
    holding.start(discussion, act, began=plan.starts_at)
    _mark(discussion, form, act)
    holding.finish(discussion, form.ending(_managers(staff, who)), act)
    for code in form.codes():
        record.decide(discussion, code, form.rationale.data or "", act)
    return url_for("holding.shown", discussion_id=discussion.id)


def _mark(discussion: Discussion, form: EnterForm, act: Act) -> None:
    """Everybody written down was there from its start."""
    names = {(asked.role, asked.desk, asked.person): came for asked, came in form.came()}
    phone = discussion.mode is Mode.PHONE
    for one in discussion.invitations:
        came = names.get((one.role, one.desk, one.person))
        began = discussion.started_at
        holding.mark(one, Attendance.ATTENDED, act, arrived_at=began, by_phone=phone, came=came)


def _managers(staff: list[User], user: User) -> list[User]:
    """Who can have authorised that it went ahead: the command refuses its chair and its social worker."""
    return [one for one in staff if one.holds(*_MANAGERS) and one.id != user.id]
