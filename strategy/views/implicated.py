"""Pages that say who is implicated in a contact: who it is, naming somebody, taking it back."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import implicated
from strategy.forms.implicated import NameForm, TakeBackForm
from strategy.models import Contact, Implicated
from strategy.queries import conflicts
from strategy.queries.directory import directory, staff_of
from strategy.queries.staffing import staffed
from strategy.views.origins import back_to, origin
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("implicated", __name__, url_prefix="/contacts/<int:contact_id>/implicated")

_working = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)


@blueprint.route("", methods=["GET", "POST"])
@_working
def listed(contact_id: int) -> ResponseReturnValue:
    """Who is named; somebody else is named."""
    permitted(Contact, contact_id)
    form = NameForm(desk=request.args.get("desk", 0, type=int)).offer(
        directory(me().authority_id), staff_of(me().authority_id)
    )

    def do(act: Act) -> str:
        contact, whom = permitted(Contact, contact_id, lock=True), form.whom()
        implicated.name(contact, whom, form.reason.data or "", act)
        gone = whom.user is not None and whom.user.id == act.user_id
        return url_for("today.shown") if gone else url_for("implicated.listed", contact_id=contact_id, **origin())

    return submitted(form, do) or _list_page(contact_id, form)


@blueprint.route("/<int:implicated_id>/take-back", methods=["GET", "POST"])
@_working
def take_back(contact_id: int, implicated_id: int) -> ResponseReturnValue:
    """They were named by mistake."""
    _row(contact_id, implicated_id)
    form = TakeBackForm()

    def do(act: Act) -> str:
        permitted(Contact, contact_id, lock=True)
        implicated.take_back(_row(contact_id, implicated_id), form.reason.data or "", act)
        return url_for("implicated.listed", contact_id=contact_id)

    done = submitted(form, do)
    return done or render_template("implicated/take_back.html", form=form, row=_row(contact_id, implicated_id))


def _row(contact_id: int, implicated_id: int) -> Implicated:
    """One name of that contact; 404 for another contact's, and for one taken back already."""
    found = permitted(Implicated, implicated_id)
    if found.contact_id != contact_id or found.removed_at is not None:
        abort(404)
    return found


def _list_page(contact_id: int, form: NameForm) -> str:
    contact = permitted(Contact, contact_id)
    looked(contact)
    return render_template(
        "implicated/listed.html",
        form=form,
        contact=contact,
        rows=conflicts.standing(contact),
        gone=conflicts.taken_back(contact),
        coming=conflicts.coming(contact),
        staffed=staffed(contact, moment()),
        back=back_to(contact),
        origin=origin(),
    )
