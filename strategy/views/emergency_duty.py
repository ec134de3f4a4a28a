"""Pages of the emergency duty team: hand to it, accept, what was done, tonight, the morning's list, its directory."""

from datetime import date, timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import contacts, handovers
from strategy.commands import emergency_duty as nights
from strategy.forms.emergency_duty import AcceptedByPhoneForm, HandToEdtForm, ReportForm
from strategy.forms.form import ButtonForm, Form
from strategy.models import Contact, NightHandover
from strategy.queries import handovers as holding
from strategy.queries import mornings, tonight, who_to_ring
from strategy.rules.working_time import local_day
from strategy.views.contacts import working
from strategy.views.submitting import pressed_at, submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("emergency_duty", __name__)

_WORKERS = (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)
_TOMORROW = timedelta(days=1)
_readers = staff(*_WORKERS, StaffRole.LEADER)


@blueprint.get("/edt")
@_readers
def shown() -> ResponseReturnValue:
    """Tonight: what was handed over, who waits, what is booked and chased before the morning."""
    found = tonight.tonight(me().authority_id, moment())
    return render_template("edt/tonight.html", night=found, **_reader())


@blueprint.get("/edt/directory")
@_readers
def directory() -> ResponseReturnValue:
    """Who answers at each agency this minute, with numbers."""
    return render_template("edt/directory.html", numbers=who_to_ring.numbers(me().authority_id, moment()))


@blueprint.get("/edt/morning")
@_readers
def morning() -> ResponseReturnValue:
    """What happened overnight; today's list unless another day is asked for."""
    today = local_day(moment())
    try:
        day = date.fromisoformat(request.args.get("day", "")) if request.args.get("day") else today
    except ValueError:
        abort(404)
    if not date(2000, 1, 1) < day <= today + _TOMORROW:  # tomorrow's, as far as the night has come
        return redirect(url_for("emergency_duty.morning"))
    found = mornings.night_of(me().authority_id, day, moment())
    return render_template("edt/morning.html", night=found, today=today, **_reader())


@blueprint.route("/contacts/<int:contact_id>/edt", methods=["GET", "POST"])
@working
def give(contact_id: int) -> ResponseReturnValue:
    """Hand it to the emergency duty team."""
    known = permitted(Contact, contact_id)
    form = HandToEdtForm(revision=known.revision, safety=known.safety)

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        contacts.unchanged(contact, form.revision.data)
        if form.safety.data != contact.safety:
            contacts.keep_safe(contact, form.safety.data or "", act)
        nights.give(contact, form.night(), acting(act), act)
        return _contact(contact_id)

    return submitted(form, do) or _give_page(contact_id, form)


@blueprint.post("/edt/<int:night_id>/accept")
@working
def accept(night_id: int) -> ResponseReturnValue:
    """I have it tonight: for whoever is on the team."""
    if not me().holds(StaffRole.EDT):
        abort(403)

    def do(act: Act) -> str:
        night = permitted(NightHandover, night_id, lock=True)
        nights.accept(night, acting(act).full_name, act)
        return _contact(night.contact_id)

    return pressed_at(url_for("emergency_duty.shown"), do)


@blueprint.route("/edt/<int:night_id>/accepted", methods=["GET", "POST"])
@working
def accepted_by_phone(night_id: int) -> ResponseReturnValue:
    """Somebody of the team said by phone that they have it: who."""
    form = AcceptedByPhoneForm()

    def do(act: Act) -> str:
        night = permitted(NightHandover, night_id, lock=True)
        nights.accept(night, form.by.data or "", act)
        return _contact(night.contact_id)

    return submitted(form, do) or _page(night_id, form, "Accepted by phone", "Write down who accepts it")


@blueprint.route("/edt/<int:night_id>/report", methods=["GET", "POST"])
@working
def report(night_id: int) -> ResponseReturnValue:
    """What the team did, and what is left."""
    form = ReportForm(did=permitted(NightHandover, night_id).did)

    def do(act: Act) -> str:
        night = permitted(NightHandover, night_id, lock=True)
        nights.report(night, form.did.data or "", act)
        return _contact(night.contact_id)

    return submitted(form, do) or _page(night_id, form, "What was done overnight", "Save for the morning’s list")


@blueprint.post("/edt/<int:night_id>/back")
@working
def back(night_id: int) -> ResponseReturnValue:
    """I have it back, in the morning or because nobody took it; and hold the contact from then on."""

    def do(act: Act) -> str:
        night, worker = permitted(NightHandover, night_id, lock=True), acting(act)
        nights.back(night, worker, act)
        if holding.may_take_over(night.contact, worker):
            handovers.take_over(night.contact, worker, act)
        return _contact(night.contact_id)

    return pressed_at(url_for("emergency_duty.morning"), do)


def _give_page(contact_id: int, form: HandToEdtForm) -> str:
    contact = permitted(Contact, contact_id)
    looked(contact)
    form.show_at(contact.revision)
    return render_template("edt/give.html", form=form, contact=contact, back=_contact(contact_id))


def _page(night_id: int, form: Form, title: str, button: str) -> str:
    night = permitted(NightHandover, night_id)
    looked(night.contact)
    words = {"title": title, "button": button, "back": _contact(night.contact_id)}
    return render_template("edt/one_question.html", form=form, night=night, contact=night.contact, **words)


def _contact(contact_id: int) -> str:
    return url_for("contacts.shown", contact_id=contact_id)


def _reader() -> dict[str, object]:
    """What the lists show each reader: buttons, and narrative."""
    user = me()
    return {
        "on_team": user.holds(StaffRole.EDT),
        "may_work": user.holds(*_WORKERS),
        "button": ButtonForm(formdata=None),
    }
