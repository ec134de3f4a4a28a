"""Pages of what came in by mail: what a person has to read, what else came, one mail whole, and dealing with it."""

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import inbound
from strategy.forms.form import ButtonForm
from strategy.forms.inbound import HandledForm
from strategy.models import Inbound
from strategy.queries import inbound as queries
from strategy.views.submitting import pressed_at, submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("inbound", __name__, url_prefix="/inbound")

_readers = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.ADMINISTRATOR)


@blueprint.get("")
@_readers
def listed() -> ResponseReturnValue:
    """What waits to be read, and what else came in lately."""
    authority_id = me().authority_id
    return render_template(
        "inbound/listed.html", waiting=queries.to_read(authority_id), lately=queries.lately(authority_id, moment())
    )


@blueprint.get("/<int:inbound_id>")
@_readers
def shown(inbound_id: int) -> ResponseReturnValue:
    """One mail: who wrote, what, about which discussion, and what became of it."""
    looked(permitted(Inbound, inbound_id))
    return _page(inbound_id, HandledForm(formdata=None))


@blueprint.post("/<int:inbound_id>")
@_readers
def handle(inbound_id: int) -> ResponseReturnValue:
    """Somebody read it, and says what was done."""
    form = HandledForm()

    def do(act: Act) -> str:
        inbound.handle(permitted(Inbound, inbound_id, lock=True), form.words.data, act)
        return url_for("inbound.listed")

    return submitted(form, do, said=lambda: "Dealt with. It stands under what came in lately") or _page(
        inbound_id, form
    )


@blueprint.post("/<int:inbound_id>/put-back")
@_readers
def put_back(inbound_id: int) -> ResponseReturnValue:
    """It has to be read after all."""
    page = url_for("inbound.shown", inbound_id=inbound_id)

    def do(act: Act) -> str:
        inbound.put_back(permitted(Inbound, inbound_id, lock=True), act)
        return page

    return pressed_at(page, do)


@blueprint.get("/<int:inbound_id>/message.eml")
@_readers
def source(inbound_id: int) -> ResponseReturnValue:
    """The mail exactly as it came, to open in a mail program."""
    found = permitted(Inbound, inbound_id)
    looked(found)
    response = Response((found.raw or "").encode("latin-1"), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename=mail-{found.id}.eml"
    return response


def _page(inbound_id: int, form: HandledForm) -> str:
    found = permitted(Inbound, inbound_id)
    return render_template(
        "inbound/shown.html", one=found, thread=queries.thread(found), form=form, button=ButtonForm(formdata=None)
    )
