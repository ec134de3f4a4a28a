"""Pages that book a discussion: children, who, when, check; then what became of each invitation."""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from strategy.access import acting, looked, me, moment, permitted, remote, staff
from strategy.act import Act
from strategy.commands import booking, drafts
from strategy.commands.booking import Plan
from strategy.db import transaction
from strategy.forms import previewing, times
from strategy.forms.booking import MOST_CHILDREN, SIBLING, CheckForm
from strategy.forms.form import Form
from strategy.forms.journey import ADDED, PAGES, Journey, kept
from strategy.models import Contact
from strategy.queries import sending
from strategy.queries.staffing import staffing
from strategy.views.submitting import submitted
from strategy.vocabulary import DiscussionState, StaffRole, Via, Waiting

blueprint = Blueprint("booking", __name__, url_prefix="/contacts/<int:contact_id>")

# A first discussion, or once one was held another in its series.
_BOOKABLE = (Waiting.DECIDED, Waiting.HELD)
_working = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)


@blueprint.get("/book")
@_working
def begin(contact_id: int) -> ResponseReturnValue:
    """Take the booking up at its first page that is not answered yet."""
    journey = _journey(contact_id)
    page = next((page for page in PAGES if journey.typed(page) is None), "check")
    return redirect(url_for(f"booking.{page}", contact_id=contact_id), code=303)


@blueprint.route("/book/children", methods=["GET", "POST"])
@_working
def children(contact_id: int) -> ResponseReturnValue:
    """Page 1: who it is about."""
    journey = _journey(contact_id)
    looked(journey.contact)
    form = journey.children(_sent())
    return _saved(journey, "children", form) or render_template(
        "booking/children.html", form=form, journey=journey, most=MOST_CHILDREN
    )


@blueprint.route("/book/who", methods=["GET", "POST"])
@_working
def who(contact_id: int) -> ResponseReturnValue:
    """Page 2: who is asked."""
    journey = _journey(contact_id)
    form = journey.who(_sent())
    return _saved(journey, "who", form) or render_template("booking/who.html", form=form, journey=journey)


@blueprint.route("/book/when", methods=["GET", "POST"])
@_working
def when(contact_id: int) -> ResponseReturnValue:
    """Page 3: when and how."""
    journey = _journey(contact_id)
    form = journey.when(_sent())
    return _saved(journey, "when", form) or render_template(
        "booking/when.html",
        form=form,
        journey=journey,
        stale=times.stale(form.question),
        fits_shorter=times.fits_shorter,
    )


@blueprint.route("/book/check", methods=["GET", "POST"])
@_working
def check(contact_id: int) -> ResponseReturnValue:
    """Page 4: check it, and the very words that go out; then send."""
    form = CheckForm()

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        journey = Journey(contact, acting(act), act.at, meta={"csrf": False})
        plan = replace(journey.plan(), alongside=form.accepted)
        discussion = booking.book(contact, plan, journey.me, act)
        drafts.discard(contact)
        return url_for("booking.done", contact_id=contact_id, discussion_id=discussion.id)

    journey = Journey(permitted(Contact, contact_id), me(), moment(), meta={"csrf": False})
    if journey.contact.state in _BOOKABLE and (unfinished := journey.unfinished()):
        return _back_to(contact_id, *unfinished)
    return submitted(form, do) or _check_page(contact_id, form)


@blueprint.get("/booked/<int:discussion_id>")
@staff()
def done(contact_id: int, discussion_id: int) -> ResponseReturnValue:
    """What became of each invitation so far."""
    contact = permitted(Contact, contact_id)
    discussion = next((one for one in contact.discussions if one.id == discussion_id), None)
    if discussion is None:
        abort(404)
    lines = sending.states(discussion)
    return render_template("booking/done.html", contact=contact, discussion=discussion, lines=lines)


def _journey(contact_id: int) -> Journey:
    """The booking being made, or 409's plain cousin: a contact that cannot be booked has no such page."""
    contact = permitted(Contact, contact_id)
    if contact.state not in _BOOKABLE:
        _say_who_was_first(contact)
        abort(redirect(url_for("contacts.shown", contact_id=contact_id), code=303))
    return Journey(contact, me(), moment())


def _say_who_was_first(contact: Contact) -> None:
    """Whoever was booking too must not take the other's booking for their own."""
    standing = [one for one in contact.discussions if one.state is DiscussionState.CONVENED]
    if standing and standing[-1].convener_id != me().id:
        first = standing[-1]
        flash(f"{first.convener.full_name} has booked {first.reference} for it. Nothing of yours was sent.", "error")


def _sent() -> "MultiDict[str, str] | None":
    return request.form if request.method == "POST" else None


def _then() -> str:
    """Which button was pressed: on, back, add, times, shorter, implicated."""
    return request.form.get("then", "on")


def _saved(journey: Journey, page: str, form: Form) -> ResponseReturnValue | None:
    """Keep what was typed and go where the button leads. Only going on wants it to be right; back loses nothing."""
    then = _then()
    if request.method != "POST" or (then == "on" and not form.validate()):
        return None
    contact_id, typed = journey.contact.id, kept(request.form)
    if then == "add":
        typed = _with_one_more(page, typed)
    if page == "when":
        typed = {"times": journey.retimed, "shorter": journey.shortened}.get(then, dict)(typed)
    with transaction(journey.me.full_name, Via.STAFF, user_id=journey.me.id, remote=remote()) as act:
        drafts.save(permitted(Contact, contact_id), me(), page, typed, act)
    return redirect(_leads_to(page, then, contact_id), code=303)


def _with_one_more(page: str, typed: dict[str, list[str]]) -> dict[str, list[str]]:
    """One more sibling to type, or one more role to ask."""
    if page == "children":
        numbers = [int(found[1]) for found in map(SIBLING.match, typed) if found]
        return typed | {f"children-{max(numbers, default=-1) + 1}-case_reference": [""]}
    added = [role for role in request.form.getlist("add_role") if role]
    return typed | {ADDED: [*dict.fromkeys([*typed.get(ADDED, []), *added])]}


def _leads_to(page: str, then: str, contact_id: int) -> str:
    if then == "implicated":
        return url_for("implicated.listed", contact_id=contact_id)
    order = [None, *PAGES, "check"]
    at = order.index(page)
    target = {"add": page, "times": page, "shorter": page, "back": order[at - 1]}.get(then, order[at + 1])
    if target is None:
        return url_for("contacts.shown", contact_id=contact_id)
    return url_for(f"booking.{target}", contact_id=contact_id)


def _back_to(contact_id: int, page: str, why: str) -> ResponseReturnValue:
    """To the page that has to be put right, saying what is wrong with it."""
    if why:
        flash(why, "error")
    return redirect(url_for(f"booking.{page}", contact_id=contact_id), code=303)


def _check_page(contact_id: int, form: CheckForm) -> ResponseReturnValue:
    journey = _journey(contact_id)
    looked(journey.contact)
    plan = journey.plan()
    form.name(journey.clashes(plan))
    return render_template(
        "booking/check.html",
        form=form,
        journey=journey,
        plan=plan,
        unsuited=journey.unsuited(journey.when()),
        staffed=_staffed(journey, plan),
        next_time=journey.next_time() if form.clashes else None,
        previews=previewing.of(journey.contact, plan, journey.me, journey.now),
    )


def _staffed(journey: Journey, plan: Plan) -> list[str]:
    """Whoever is named as implicated and reads at a desk about to be asked."""
    desks = [one.desk for one in plan.invitees if one.desk is not None]
    return [words for said in staffing(journey.contact, desks, moment(), plan.ends_at).values() for words in said]
