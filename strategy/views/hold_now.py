"""Pages that hold a discussion by phone this minute: from nothing, or for a contact there is."""

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import booking, contacts, drafts, holding, series
from strategy.forms.hold_now import HoldNowForm, HoldNowUnsaidForm, HoldNowWithoutContactForm, partners_form
from strategy.forms.journey import Journey
from strategy.models import Contact, PolicyVersion, User
from strategy.policy import parsed
from strategy.queries import clocks, invitees, policies
from strategy.queries.bookings import last_booked_by
from strategy.queries.directory import directory, staff_of
from strategy.queries.invitees import Ground, InviteeRow
from strategy.rules.invitees import Circumstances
from strategy.rules.working_time import local_day
from strategy.views.submitting import submitted
from strategy.vocabulary import DiscussionKind, StaffRole, Waiting

blueprint = Blueprint("hold_now", __name__)

_working = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)


@blueprint.route("/hold-now", methods=["GET", "POST"])
@_working
def begin() -> ResponseReturnValue:
    """Start the clock, ask everybody and hold it, all at once."""
    form = _form(HoldNowWithoutContactForm, policies.in_force(me().authority_id, moment()))

    def do(act: Act) -> str:
        starter = acting(act)
        policy = policies.in_force(starter.authority_id, act.at)
        contact = contacts.start_clock(form.entry(act.at, act.by), starter.authority, policy, starter, act)
        return _hold(contact, form, act)

    return submitted(form, do) or render_template(
        "booking/hold_now.html", form=form, contact=None, late=False, must_meet=()
    )


@blueprint.route("/contacts/<int:contact_id>/hold-now", methods=["GET", "POST"])
@_working
def for_contact(contact_id: int) -> ResponseReturnValue:
    """Hold it now for a contact that waits; undecided, it is decided by whoever holds it."""
    known = permitted(Contact, contact_id)
    form = _form(HoldNowForm if known.concerns else HoldNowUnsaidForm, known.policy, contact_id)

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        if isinstance(form, HoldNowUnsaidForm) and not contact.concerns:
            contacts.reclassify(contact, form.concerns.data or [], act, form.identified_at)
        if contact.state is Waiting.RECEIVED:
            contacts.decide(contact, act.at, act.by, act)
        return _hold(contact, form, act)

    return submitted(form, do) or _page(form, permitted(Contact, contact_id))


def _page(form: HoldNowForm, contact: Contact) -> str:
    looked(contact)
    return render_template(
        "booking/hold_now.html",
        form=form,
        contact=contact,
        late=_is_late(contact),
        must_meet=parsed(contact.policy.text).must_meet(contact.concerns),
    )


def _is_late(contact: Contact) -> bool:
    """Whether to hold it now is past its target already: also one that began before anybody decided."""
    if contact.state in (Waiting.DECIDED, Waiting.HELD):
        clock = series.clock_of(contact, moment(), moment())
        return clock.targeted and moment() > clock.due_at
    began = clocks.before_decision(contact)
    return began is not None and began.is_past(moment())


def kind_of(contact: Contact) -> DiscussionKind:
    """What is held now: the first discussion, or another in its series."""
    return DiscussionKind.FOLLOW_UP if contact.state is Waiting.HELD else DiscussionKind.INITIAL


def _form(kind: type[HoldNowForm], version: PolicyVersion, contact_id: int | None = None) -> HoldNowForm:
    """The form with the roles that must be there."""
    user, contact = me(), permitted(Contact, contact_id) if contact_id is not None else None
    rows = invitees.least(rows_now(version, contact, user))
    usual, policy = (user, last_booked_by(user)), parsed(version.text)
    return partners_form(kind, rows, staff_of(user.authority_id, about=contact), usual, policy)


def rows_now(version: PolicyVersion, contact: Contact | None, user: User) -> list[InviteeRow]:
    """Whom a booking for today would ask: of schools in holidays those who answer for them.

    Where nobody has said the concerns they are on the page itself, and what they ask for joins it when it is sent.
    """
    known, day = directory(user.authority_id, contact), local_day(moment())
    concerns = contact.concerns if contact and contact.concerns else request.form.getlist("concerns")
    if contact is None:
        asked = Circumstances(DiscussionKind.INITIAL, frozenset(concerns))
        return invitees.rows(Ground(version, concerns), asked, known, moment(), day=day)
    journey = Journey(contact, user, moment())
    asked = replace(journey.circumstances, kind=kind_of(contact), concerns=frozenset(concerns))
    ground, places = Ground(version, concerns), journey.children().places
    return invitees.rows(ground, asked, known, moment(), places=places, day=day)


def _hold(contact: Contact, form: HoldNowForm, act: Act) -> str:
    """Book it for this minute; the people asked are read again, in this transaction."""
    convener = acting(act)
    kind = kind_of(contact)
    needs = parsed(contact.policy.text).needs_of(kind, tuple(contact.concerns), local_day(act.at))
    discussion = booking.book(contact, form.plan(act.at, staff_of(convener.authority_id), needs, kind), convener, act)
    drafts.discard(contact)
    holding.start(discussion, act)
    return url_for("holding.shown", discussion_id=discussion.id)
