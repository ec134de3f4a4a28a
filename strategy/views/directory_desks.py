"""Pages of one desk of the directory: added, edited, taken out of use and back."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import me, moment, permitted
from strategy.act import Act
from strategy.commands import directory_desks
from strategy.forms.directory import DeskForm
from strategy.models import Agency, Desk
from strategy.queries import meanwhile
from strategy.queries.directory import directory
from strategy.views.directory import keeping, policy_now, pressed
from strategy.views.submitting import submitted

blueprint = Blueprint("directory_desks", __name__, url_prefix="/directory")


@blueprint.route("/<int:agency_id>/desks/new", methods=["GET", "POST"])
@keeping
def new(agency_id: int) -> ResponseReturnValue:
    """A desk more."""
    form = DeskForm.of(permitted(Agency, agency_id), directory(me().authority_id), policy_now())

    def do(act: Act) -> str:
        directory_desks.add(permitted(Agency, agency_id, lock=True), form.entry(), act)
        return url_for("directory.shown", agency_id=agency_id)

    done = submitted(form, do, said=lambda: "The desk is added.")
    return done or render_template("directory/desk.html", form=form, agency=permitted(Agency, agency_id), desk=None)


@blueprint.route("/desks/<int:desk_id>", methods=["GET", "POST"])
@keeping
def edit(desk_id: int) -> ResponseReturnValue:
    """Everything a desk is."""
    kept = permitted(Desk, desk_id)
    form = DeskForm.of(kept.agency, directory(me().authority_id), policy_now(), kept)
    form.opened(DeskForm.kept(kept), moment())

    def do(act: Act) -> str:
        desk = permitted(Desk, desk_id, lock=True)
        form.still(DeskForm.kept(desk), meanwhile.told(desk, form.since), act.at)
        directory_desks.edit(desk, form.entry(), act)
        return url_for("directory.shown", agency_id=desk.agency_id)

    done = submitted(form, do, said=lambda: "The desk is changed.")
    kept = permitted(Desk, desk_id)
    return done or render_template("directory/desk.html", form=form, agency=kept.agency, desk=kept)


@blueprint.post("/desks/<int:desk_id>/retire")
@keeping
def retire(desk_id: int) -> ResponseReturnValue:
    """Out of use."""
    agency_id = permitted(Desk, desk_id).agency_id
    return pressed(agency_id, lambda act: directory_desks.retire(permitted(Desk, desk_id, lock=True), act))


@blueprint.post("/desks/<int:desk_id>/reactivate")
@keeping
def reactivate(desk_id: int) -> ResponseReturnValue:
    """Undo: back into use."""
    agency_id = permitted(Desk, desk_id).agency_id
    return pressed(agency_id, lambda act: directory_desks.reactivate(permitted(Desk, desk_id, lock=True), act))
