"""Pages by which an administrator keeps a desk's rota: shifts, and what is different for a time."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import moment, permitted, staff
from strategy.act import Act
from strategy.clock import in_london
from strategy.commands import rotas
from strategy.forms.form import ButtonForm, Form
from strategy.forms.rotas import EndForm, OverrideForm, ShiftForm
from strategy.models import Desk, Override, Shift
from strategy.queries import meanwhile, rota_weeks
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("rota_editing", __name__, url_prefix="/rotas/desks/<int:desk_id>")

editing = staff(StaffRole.ADMINISTRATOR)


@blueprint.route("/shifts/new", methods=["GET", "POST"])
@editing
def add_shift(desk_id: int) -> ResponseReturnValue:
    """Somebody's turns."""
    people = rota_weeks.people_of(permitted(Desk, desk_id))
    form = ShiftForm.of(people, None, in_london(moment()).date())

    def do(act: Act) -> str:
        rotas.add_shift(permitted(Desk, desk_id, lock=True), form.entry(), act)
        return _back(desk_id)

    return submitted(form, do) or _page("shift", desk_id, form, title="Add a shift", button="Add this shift")


@blueprint.route("/shifts/<int:shift_id>", methods=["GET", "POST"])
@editing
def change_shift(desk_id: int, shift_id: int) -> ResponseReturnValue:
    """A shift written anew."""
    shown = permitted(Shift, shift_id)
    form = ShiftForm.of(rota_weeks.people_of(shown.desk), shown, in_london(moment()).date())
    form.opened(ShiftForm.kept(shown), moment())

    def do(act: Act) -> str:
        shift = permitted(Shift, shift_id, lock=True)
        form.still(ShiftForm.kept(shift), meanwhile.told(shift, form.since), act.at)
        rotas.change_shift(shift, form.entry(), act)
        return _back(desk_id)

    return submitted(form, do) or _page("shift", desk_id, form, title="Change a shift", button="Save this shift")


@blueprint.route("/shifts/<int:shift_id>/end", methods=["GET", "POST"])
@editing
def end_shift(desk_id: int, shift_id: int) -> ResponseReturnValue:
    """A shift that ends; what was before stays."""
    shown = permitted(Shift, shift_id)
    form = EndForm(last_day=shown.last_day or in_london(moment()).date())

    def do(act: Act) -> str:
        rotas.end_shift(permitted(Shift, shift_id, lock=True), form.last, act)
        return _back(desk_id)

    return submitted(form, do) or _shift_page("end", desk_id, shift_id, form)


@blueprint.route("/shifts/<int:shift_id>/remove", methods=["GET", "POST"])
@editing
def remove_shift(desk_id: int, shift_id: int) -> ResponseReturnValue:
    """A shift entered by mistake."""
    form = ButtonForm()

    def do(act: Act) -> str:
        rotas.remove_shift(permitted(Shift, shift_id, lock=True), act)
        return _back(desk_id)

    return submitted(form, do) or _shift_page("remove", desk_id, shift_id, form)


@blueprint.route("/overrides/new", methods=["GET", "POST"])
@editing
def add_override(desk_id: int) -> ResponseReturnValue:
    """Somebody else, or nobody, for a time."""
    form = OverrideForm.of(rota_weeks.people_of(permitted(Desk, desk_id)), moment())

    def do(act: Act) -> str:
        rotas.add_override(permitted(Desk, desk_id, lock=True), form.entry(), act)
        return _back(desk_id)

    return submitted(form, do) or _page("override", desk_id, form)


@blueprint.route("/overrides/<int:override_id>/remove", methods=["GET", "POST"])
@editing
def remove_override(desk_id: int, override_id: int) -> ResponseReturnValue:
    """The shifts stand again."""
    form = ButtonForm()

    def do(act: Act) -> str:
        rotas.remove_override(permitted(Override, override_id, lock=True), act)
        return _back(desk_id)

    return submitted(form, do) or _override_page(desk_id, override_id, form)


def _page(name: str, desk_id: int, form: Form, **words: Any) -> str:
    return render_template(f"rotas/{name}.html", form=form, desk=permitted(Desk, desk_id), **words)


def _shift_page(name: str, desk_id: int, shift_id: int, form: Form) -> str:
    shift = permitted(Shift, shift_id)
    what = f"{shift.person.name}: {rota_weeks.shift_words(shift)}"
    return _page(name, desk_id, form, title="Remove this shift", what=what, stays=bool(shift.weekdays))


def _override_page(desk_id: int, override_id: int, form: Form) -> str:
    override = permitted(Override, override_id)
    what = f"{rota_weeks.override_words(override)}, {rota_weeks.override_span(override, moment())}"
    return _page("remove", desk_id, form, title="Remove this change", what=what, stays=False)


def _back(desk_id: int) -> str:
    return url_for("rotas.desk", desk_id=desk_id)
