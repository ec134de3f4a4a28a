"""Pages that hand a contact to a receiving worker: give it, accept, decline, take it over."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, permitted
from strategy.act import Act, Refused
from strategy.commands import contacts, handovers
from strategy.forms.form import Form
from strategy.forms.handovers import DeclineForm, GiveForm
from strategy.models import Contact, User
from strategy.queries import handovers as holding
from strategy.views.contacts import working
from strategy.views.origins import back_to
from strategy.views.submitting import pressed_at, submitted

blueprint = Blueprint("handovers", __name__, url_prefix="/contacts/<int:contact_id>")


@blueprint.route("/give", methods=["GET", "POST"])
@working
def give(contact_id: int) -> ResponseReturnValue:
    """Hand it to somebody."""
    shown = permitted(Contact, contact_id)
    form = GiveForm(revision=shown.revision)
    form.offer(one for one in holding.workers(me().authority_id, shown) if one.id != me().id)

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        contacts.unchanged(contact, form.revision.data)
        handovers.give(contact, _worker(form.receiver.data), acting(act), act)
        return _back(contact_id)

    return submitted(form, do) or _page(contact_id, form, "Hand this contact over", "Hand it over")


@blueprint.post("/accept")
@working
def accept(contact_id: int) -> ResponseReturnValue:
    """It is mine from now on."""

    def do(act: Act) -> str:
        handovers.accept(permitted(Contact, contact_id, lock=True), acting(act), act)
        return _back(contact_id)

    return pressed_at(_back(contact_id), do)


@blueprint.route("/decline", methods=["GET", "POST"])
@working
def decline(contact_id: int) -> ResponseReturnValue:
    """I cannot take it, because."""
    form = DeclineForm()

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        handovers.decline(contact, acting(act), form.reason.data or "", act)
        return _back(contact_id)

    return submitted(form, do) or _page(contact_id, form, "Decline this contact", "Decline it")


@blueprint.post("/take-over")
@working
def take_over(contact_id: int) -> ResponseReturnValue:
    """I take it, though nobody gave it to me."""

    def do(act: Act) -> str:
        handovers.take_over(permitted(Contact, contact_id, lock=True), acting(act), act)
        return _back(contact_id)

    return pressed_at(_back(contact_id), do)


def _page(contact_id: int, form: Form, title: str, button: str) -> str:
    contact = permitted(Contact, contact_id)
    looked(contact)
    if isinstance(form, GiveForm):
        form.show_at(contact.revision)
    words = {"title": title, "button": button, "instead": None, "back": back_to(contact)}
    return render_template("contacts/edit.html", form=form, contact=contact, **words)


def _worker(chosen: str | None) -> User:
    """Raises Refused for nobody the list offered."""
    if not chosen or not chosen.isdecimal():
        raise Refused("Choose who receives it", "receiver")
    return permitted(User, int(chosen))


def _back(contact_id: int) -> str:
    return url_for("contacts.shown", contact_id=contact_id)
