"""Pages of a restricted contact: starting one linked with another, and who may open it."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, moment, permitted, staff
from strategy.act import Act, Refused
from strategy.commands import access_lists, contacts
from strategy.forms.form import Form
from strategy.forms.restricted import AdmitForm, LinkedForm, RemoveForm
from strategy.models import Contact, User
from strategy.policy import parsed
from strategy.queries import policies, restricted
from strategy.queries.directory import staff_of
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("restricted", __name__, url_prefix="/contacts/<int:contact_id>")

_working = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)


@blueprint.route("/linked", methods=["GET", "POST"])
@_working
def start(contact_id: int) -> ResponseReturnValue:
    """Start the separate contact of a child alleged to have caused harm, closed from its first moment."""
    form = _linked_form(permitted(Contact, contact_id))

    def do(act: Act) -> str:
        starter, origin = acting(act), permitted(Contact, contact_id, lock=True)
        policy = policies.in_force(starter.authority_id, act.at)
        contact = contacts.start_clock(form.entry(act.at, act.by), starter.authority, policy, starter, act)
        people = form.people(staff_of(starter.authority_id))
        access_lists.restrict(contact, origin, [starter, *people], act)
        return url_for("contacts.shown", contact_id=contact.id)

    return submitted(form, do) or render_template(
        "restricted/start.html", form=form, contact=permitted(Contact, contact_id)
    )


@blueprint.route("/access", methods=["GET", "POST"])
@_working
def listed(contact_id: int) -> ResponseReturnValue:
    """Who may open it; somebody else is let in."""
    form = AdmitForm().offer(restricted.who_could_be_added(_closed(contact_id)))

    def do(act: Act) -> str:
        if not form.user.data:
            raise Refused("Choose who may open it", "user")
        contact = permitted(Contact, contact_id, lock=True)
        access_lists.admit(contact, permitted(User, form.user.data), form.reason.data or "", act)
        return url_for("restricted.listed", contact_id=contact_id)

    return submitted(form, do) or _list_page(contact_id, form)


@blueprint.route("/access/<int:user_id>/remove", methods=["GET", "POST"])
@_working
def remove(contact_id: int, user_id: int) -> ResponseReturnValue:
    """Take somebody off the list."""
    _closed(contact_id)
    form, person = RemoveForm(), permitted(User, user_id)

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        access_lists.remove(contact, permitted(User, user_id), form.reason.data or "", act)
        gone = user_id == act.user_id
        return url_for("today.shown") if gone else url_for("restricted.listed", contact_id=contact_id)

    done = submitted(form, do)
    return done or render_template(
        "restricted/remove.html", form=form, contact=_closed(contact_id), person=permitted(User, person.id)
    )


def _linked_form(origin: Contact) -> LinkedForm:
    form = LinkedForm(received_at=moment())
    policy = policies.in_force(origin.authority_id, moment())
    return form.offer(parsed(policy.text), staff_of(origin.authority_id), me())


def _closed(contact_id: int) -> Contact:
    """A restricted contact whose list they are on; 404 for one that has no list."""
    contact = permitted(Contact, contact_id)
    if not contact.restricted:
        abort(404)
    return contact


def _list_page(contact_id: int, form: Form) -> str:
    contact = _closed(contact_id)
    looked(contact)
    return render_template(
        "restricted/listed.html",
        form=form,
        contact=contact,
        people=restricted.on_the_list(contact),
        gone=restricted.taken_off(contact),
    )
