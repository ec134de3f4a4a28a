"""Pages that read a calendar file into a rota: send it, see what it would do, confirm it, take it back."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import moment, permitted, staff
from strategy.act import Act
from strategy.commands import rota_imports
from strategy.forms.form import ButtonForm, Form
from strategy.forms.rotas import ImportForm
from strategy.models import Desk, RotaImport
from strategy.queries import rota_imports as saying
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("rota_imports", __name__, url_prefix="/rotas/desks/<int:desk_id>/imports")

editing = staff(StaffRole.ADMINISTRATOR)


@blueprint.route("/new", methods=["GET", "POST"])
@editing
def send(desk_id: int) -> ResponseReturnValue:
    """Send a file; nothing counts yet."""
    desk, form = permitted(Desk, desk_id), ImportForm()
    form.now = moment()

    def do(act: Act) -> str:
        desk = permitted(Desk, desk_id, lock=True)
        found = rota_imports.read(desk, form.file_name, form.rota, act, whole=form.scope.data == "whole")
        return url_for("rota_imports.shown", desk_id=desk_id, import_id=found.id)

    return submitted(form, do) or render_template("rotas/send.html", form=form, desk=desk)


@blueprint.get("/<int:import_id>")
@editing
def shown(desk_id: int, import_id: int) -> ResponseReturnValue:
    """What a file would do, or did."""
    return _page(import_id, ButtonForm(formdata=None))


@blueprint.post("/<int:import_id>/confirm")
@editing
def confirm(desk_id: int, import_id: int) -> ResponseReturnValue:
    """Let it count, all of it."""
    form = ButtonForm()

    def do(act: Act) -> str:
        permitted(Desk, desk_id, lock=True)
        rota_imports.confirm(permitted(RotaImport, import_id, lock=True), act)
        return url_for("rotas.desk", desk_id=desk_id)

    return submitted(form, do, said=lambda: "The file is confirmed: what it says counts from now on.") or _page(
        import_id, form
    )


@blueprint.post("/<int:import_id>/undo")
@editing
def undo(desk_id: int, import_id: int) -> ResponseReturnValue:
    """Take it back, all of it."""
    form = ButtonForm()

    def do(act: Act) -> str:
        permitted(Desk, desk_id, lock=True)
        rota_imports.undo(permitted(RotaImport, import_id, lock=True), act)
        return url_for("rotas.desk", desk_id=desk_id)

    return submitted(form, do, said=lambda: "The file is taken back: what it said no longer counts.") or _page(
        import_id, form
    )


@blueprint.post("/<int:import_id>/discard")
@editing
def discard(desk_id: int, import_id: int) -> ResponseReturnValue:
    """Forget what was read and not confirmed."""
    form = ButtonForm()

    def do(act: Act) -> str:
        rota_imports.discard(permitted(RotaImport, import_id, lock=True))
        return url_for("rotas.desk", desk_id=desk_id)

    return submitted(form, do, said=lambda: "The file is forgotten. Nothing of it counted.") or _page(import_id, form)


def _page(import_id: int, form: Form) -> str:
    found = permitted(RotaImport, import_id)
    waits = found.confirmed_at is None
    return render_template(
        "rotas/import.html",
        form=form,
        found=found,
        desk=found.desk,
        preview=saying.preview(found) if waits else None,
        turns=[] if waits else saying.turns_of(found),
        states=saying,
    )
