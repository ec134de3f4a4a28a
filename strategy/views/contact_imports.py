"""Pages that bring in a list of open contacts from the case system: the file, what it would do, confirm, undo."""

from datetime import timedelta

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.clock import in_london
from strategy.commands import contact_imports
from strategy.forms.contact_imports import ConfirmForm, UploadForm
from strategy.forms.form import ButtonForm
from strategy.models import ContactImport
from strategy.policy import parsed
from strategy.queries import contact_imports as imports
from strategy.queries import policies
from strategy.rules import contact_sheet
from strategy.rules.contact_sheet import Reading
from strategy.views import imports as files
from strategy.views.submitting import pressed_at, submitted
from strategy.vocabulary import ImportState, StaffRole

blueprint = Blueprint("contact_imports", __name__, url_prefix="/waiting/import")

_senders = staff(StaffRole.CHAIR, StaffRole.ADMINISTRATOR)


@blueprint.route("", methods=["GET", "POST"])
@_senders
def send() -> ResponseReturnValue:
    """Send a list; nothing is added before it was looked at."""
    form = UploadForm()
    form.read = _read

    def do(act: Act) -> str:
        kept = contact_imports.keep(form.reading, acting(act), act)
        return url_for("contact_imports.shown", import_id=kept.id)

    return submitted(form, do) or render_template(
        "waiting/send.html", form=form, columns=contact_sheet.COLUMNS, lately=imports.lately(me().authority_id)
    )


@blueprint.get("/example.csv")
@_senders
def example() -> ResponseReturnValue:
    """A list as it should look, made up."""
    local = in_london(moment()).replace(minute=0)
    came, decided = local - timedelta(days=1, hours=2), local - timedelta(days=1)
    known = parsed(policies.in_force(me().authority_id, moment()).text).concerns
    concerns = "; ".join(target.code for target in known[:2])
    rows = [
        ["EX-0001", f"{came:%d/%m/%Y %H:%M}", f"{decided:%d/%m/%Y %H:%M}", me().full_name, concerns, ""],
        ["EX-0002", f"{came:%Y-%m-%dT%H:%M}", "", "", "", me().email],
    ]
    return files.example("open-contacts-example.csv", [list(contact_sheet.COLUMNS), *rows])


@blueprint.get("/<int:import_id>")
@_senders
def shown(import_id: int) -> ResponseReturnValue:
    """What the list would do, or what it did."""
    looked(permitted(ContactImport, import_id))
    return _page(import_id, ConfirmForm(formdata=None))


@blueprint.post("/<int:import_id>")
@_senders
def confirm(import_id: int) -> ResponseReturnValue:
    """Add what was looked at, all of it or nothing."""
    form = ConfirmForm()

    def do(act: Act) -> str:
        sender, source = acting(act), permitted(ContactImport, import_id, lock=True)
        policy = policies.in_force(sender.authority_id, act.at)
        contact_imports.confirm(source, form.seen.data or "", sender, policy, act)
        return url_for("contact_imports.shown", import_id=import_id)

    return submitted(form, do) or _page(import_id, form)


@blueprint.post("/<int:import_id>/drop")
@_senders
def drop(import_id: int) -> ResponseReturnValue:
    """Not this list."""

    def do(act: Act) -> str:
        contact_imports.drop(permitted(ContactImport, import_id, lock=True))
        return url_for("contact_imports.send")

    return pressed_at(url_for("contact_imports.shown", import_id=import_id), do)


@blueprint.post("/<int:import_id>/undo")
@_senders
def undo(import_id: int) -> ResponseReturnValue:
    """Take all of it away again."""

    def do(act: Act) -> str:
        contact_imports.undo(permitted(ContactImport, import_id, lock=True), act)
        return url_for("contact_imports.shown", import_id=import_id)

    return pressed_at(url_for("contact_imports.shown", import_id=import_id), do)


def _read(data: bytes, filename: str) -> Reading:
    """What a file says, by the policy in force. Raises Unreadable and WrongHeading for what is no list."""
    return imports.read_file(data, filename, policies.in_force(me().authority_id, moment()), moment())


def _page(import_id: int, form: ConfirmForm) -> ResponseReturnValue:
    source = permitted(ContactImport, import_id)
    if source.state is ImportState.DROPPED:
        abort(404)
    waits = source.state is ImportState.READ
    plan = imports.plan(source) if waits else None
    if plan is not None:
        form.seen.raw_data, form.seen.data = None, plan.seen
    touched = imports.touched(source) if source.state is ImportState.DONE else ()
    return render_template(
        "waiting/import.html",
        form=form,
        button=ButtonForm(formdata=None),
        source=source,
        plan=plan,
        policy=parsed(policies.in_force(source.authority_id, moment()).text),
        touched=touched,
        named=imports.nameable(touched, me().id),
        states=ImportState,
    )
