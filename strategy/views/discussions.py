"""Pages of one discussion: how it stands, and moving it, standing it down, inviting, going ahead without."""

from datetime import timedelta

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import looked, me, moment, permitted, staff
from strategy.act import Act, Refused
from strategy.commands import agreements, changes, invitations, inviting, offering, waiving
from strategy.commands.inviting import Invitee
from strategy.forms import times
from strategy.forms.booking import LENGTHS
from strategy.forms.form import ButtonForm, Form
from strategy.forms.mend import AddForm, MoveForm, StandDownForm, WaiveForm
from strategy.forms.other_times import MoveToForm
from strategy.models import Discussion, Need
from strategy.policy import calendar_of, parsed
from strategy.queries import (
    clashes,
    clocks,
    conflicts,
    discussions,
    follow_ups,
    offered,
    papers,
    proposals,
    restricted,
    second_step,
    story,
)
from strategy.queries.clashes import Clash
from strategy.queries.directory import directory
from strategy.queries.proposals import Shape
from strategy.queries.staffing import staffed
from strategy.views.origins import back_in
from strategy.views.submitting import Said, submitted
from strategy.vocabulary import EventVerb, StaffRole

blueprint = Blueprint("discussions", __name__, url_prefix="/discussions")

WORKERS = (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)


@blueprint.get("/<int:discussion_id>")
@staff()
def shown(discussion_id: int) -> ResponseReturnValue:
    """How it stands: who was told, who answered, what comes next. Children are named to those who work on it."""
    looked(permitted(Discussion, discussion_id))
    return _page(discussion_id)


@blueprint.route("/<int:discussion_id>/move", methods=["GET", "POST"])
@staff(*WORKERS)
def move(discussion_id: int) -> ResponseReturnValue:
    """Another time, or another way to join."""
    discussion = permitted(Discussion, discussion_id)
    form = _move_form(discussion)

    def do(act: Act) -> str:
        found = permitted(Discussion, discussion_id, lock=True)
        changes.move(
            found, form.occasion(), form.reason.data, form.revision.data or 0, act, form.accepted, form.consent()
        )
        return _back(discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.MOVED))
    return done or _move_page(discussion_id, form)


@blueprint.post("/<int:discussion_id>/move-to")
@staff(*WORKERS)
def move_to(discussion_id: int) -> ResponseReturnValue:
    """A time partners offered, in one step: as it is held now, because a partner was waited for."""
    permitted(Discussion, discussion_id)
    form = MoveToForm()

    def do(act: Act) -> str:
        found = permitted(Discussion, discussion_id, lock=True)
        to = form.occasion(found)
        offering.refuse_unoffered(found, to.starts_at, to.ends_at)
        changes.move(found, to, offering.WHY_MOVED, form.revision.data or 0, act, form.beside)
        return _back(discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.MOVED))
    return done or _page(discussion_id, form)


@blueprint.route("/<int:discussion_id>/stand-down", methods=["GET", "POST"])
@staff(*WORKERS)
def stand_down(discussion_id: int) -> ResponseReturnValue:
    """Call it off."""
    form = StandDownForm(revision=permitted(Discussion, discussion_id).revision)

    def do(act: Act) -> str:
        found = permitted(Discussion, discussion_id, lock=True)
        changes.stand_down(found, form.reason.data or "", form.revision.data or 0, act)
        return _back(discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.STOOD_DOWN))
    return done or render_template("discussions/stand_down.html", form=form, discussion=_read(discussion_id))


@blueprint.route("/<int:discussion_id>/invite", methods=["GET", "POST"])
@staff(*WORKERS)
def invite(discussion_id: int) -> ResponseReturnValue:
    """One more desk or person."""
    discussion = permitted(Discussion, discussion_id)
    form = AddForm.of(parsed(discussion.policy.text), directory(discussion.authority_id, discussion.contact))

    def do(act: Act) -> str:
        found = permitted(Discussion, discussion_id, lock=True)
        invitations.add(found, _chosen(found, form), act, form.accepted)
        return back_in(found).address

    done = submitted(form, do, said=_said(discussion_id, EventVerb.INVITED))
    return done or _invite_page(discussion_id, form)


@blueprint.route("/<int:discussion_id>/needs/<int:need_id>/waive", methods=["GET", "POST"])
@staff(*WORKERS)
def waive(discussion_id: int, need_id: int) -> ResponseReturnValue:
    """The chair goes ahead without a required agency."""
    _need(discussion_id, need_id)
    form = WaiveForm()

    def do(act: Act) -> str:
        permitted(Discussion, discussion_id, lock=True)
        waiving.waive(_need(discussion_id, need_id), form.reason.data or "", act)
        return _back(discussion_id)

    done = submitted(form, do, said=_said(discussion_id, EventVerb.WAIVED))
    discussion, need = _read(discussion_id), _need(discussion_id, need_id)
    return done or render_template("discussions/waive.html", form=form, discussion=discussion, need=need)


def invitee_of(discussion: Discussion, role: str, value: str, required: bool) -> Invitee:
    """The desk or person a form sent. Raises Refused when the directory no longer has them for that role."""
    option = directory(discussion.authority_id, discussion.contact).find(role, value)
    if option is None:
        raise Refused("Choose a desk or a person from the list", "invitee")
    desk = None if option.person else option.desk
    return Invitee(role=role, required=required, desk=desk, person=option.person)


def in_the_way(invitee: Invitee, discussion: Discussion) -> list[Clash]:
    """The other discussions that have the time of somebody to be asked."""
    claims = inviting.claims([invitee], discussion.starts_at, discussion.ends_at)
    return clashes.of(claims, discussion.authority_id, discussion.id)


def _page(discussion_id: int, form: Form | None = None) -> str:
    """The page as it is now; ``form`` is one that was refused."""
    sheet = discussions.sheet(discussion_id, moment())
    policy = parsed(sheet.discussion.policy.text)
    return render_template(
        "discussions/shown.html",
        sheet=sheet,
        discussion=sheet.discussion,
        policy=policy,
        lacking=agreements.missing(sheet.discussion),
        linked=restricted.linked(sheet.discussion.contact),
        implicated=len(conflicts.standing(sheet.discussion.contact)),
        staffed=staffed(sheet.discussion.contact, moment()),
        undo=ButtonForm(formdata=None),
        then=clocks.follow_ons_of(sheet.discussion.contact),
        asked=follow_ups.asked_after(sheet.discussion),
        works=me().holds(*WORKERS),
        papers=papers.standing(discussion_id),
        chairs=me().holds(StaffRole.CHAIR) or me().id == sheet.discussion.chair_id,
        picture=offered.picture(sheet.discussion, moment()),
        offering=offered.standing(sheet.discussion, moment()),
        move_to=MoveToForm() if offering.WHY_MOVED in policy.delay_reasons else None,
        without=times.without,
        looks=second_step.looks([one.id for one in sheet.discussion.invitations]),
        form=form,
    )


def _chosen(discussion: Discussion, form: AddForm) -> Invitee:
    role, value = form.chosen
    return invitee_of(discussion, role, value, bool(form.required.data))


def _invite_page(discussion_id: int, form: AddForm) -> str:
    discussion = _read(discussion_id)
    if form.alongside.errors:
        when = discussion.starts_at, discussion.ends_at
        invitee = inviting.at_time([_chosen(discussion, form)], discussion.contact, *when)[0]
        form.name(in_the_way(invitee, discussion))
    return render_template("discussions/invite.html", form=form, discussion=discussion, back=back_in(discussion))


def _move_form(discussion: Discussion) -> MoveForm:
    """The form, and the times that suit those asked."""
    form = MoveForm.of(discussion, parsed(discussion.policy.text))
    minutes = request.args.get("minutes", type=int)
    length = timedelta(minutes=minutes) if minutes in LENGTHS else discussion.ends_at - discussion.starts_at
    form.offer(proposals.for_discussion(discussion, Shape(length, discussion.mode), moment()))
    return form


def _move_page(discussion_id: int, form: MoveForm) -> str:
    discussion = _read(discussion_id)
    if form.alongside.errors:
        form.offer(proposals.for_discussion(discussion, Shape(form.question.length, discussion.mode), moment()))
        claims = changes.claims_of(discussion, form.occasion())
        form.name(clashes.of(claims, discussion.authority_id, discussion.id))
    calendar, wanted = calendar_of(discussion.policy.text), proposals.wanted_of(discussion)
    rings = [] if form.times.fits else proposals.to_ring(wanted, moment(), calendar, discussion.contact)
    stale = times.stale(form.question)
    return render_template(
        "discussions/move.html",
        form=form,
        discussion=discussion,
        rings=rings,
        stale=stale,
        fits_shorter=times.fits_shorter,
    )


def _said(discussion_id: int, verb: EventVerb) -> Said:
    return lambda: story.latest(discussion_id, verb)


def _back(discussion_id: int) -> str:
    return url_for("discussions.shown", discussion_id=discussion_id)


def _read(discussion_id: int) -> Discussion:
    """The row as it is now: what was read before a refused deed is stale."""
    return permitted(Discussion, discussion_id)


def _need(discussion_id: int, need_id: int) -> Need:
    need = permitted(Need, need_id)
    if need.discussion_id != discussion_id:
        abort(404)
    return need
