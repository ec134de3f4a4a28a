"""Pages that bring in a sheet of the directory: the file, what it would do, confirm, what it did, undo."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import directory_imports, directory_undoing
from strategy.forms.contact_imports import ConfirmForm
from strategy.forms.directory_imports import DirectoryForm
from strategy.forms.form import ButtonForm
from strategy.models import DirectoryImport
from strategy.policy import parsed
from strategy.queries import directory_imports as imports
from strategy.queries import policies
from strategy.rules import directory_sheet
from strategy.rules.directory_sheet import Reading
from strategy.views import imports as files
from strategy.views.submitting import pressed_at, submitted
from strategy.vocabulary import ImportState, Sector, StaffRole

blueprint = Blueprint("directory_imports", __name__, url_prefix="/directory/import")

_keeping = staff(StaffRole.ADMINISTRATOR)


@blueprint.route("", methods=["GET", "POST"])
@_keeping
def send() -> ResponseReturnValue:
    """Send a sheet; nothing is done before it was looked at."""
    form = DirectoryForm()
    form.read = _read

    def do(act: Act) -> str:
        kept = directory_imports.keep(form.reading, acting(act), act)
        return url_for("directory_imports.shown", import_id=kept.id)

    return submitted(form, do) or render_template(
        "directory/import_send.html",
        form=form,
        columns=directory_sheet.COLUMNS,
        most=directory_sheet.MOST_ROWS,
        roles=parsed(policies.in_force(me().authority_id, moment()).text).roles,
        sectors=[one.words for one in Sector],
        lately=imports.lately(me().authority_id),
    )


@blueprint.get("/example.csv")
@_keeping
def example() -> ResponseReturnValue:
    """A sheet as it should look, made up."""
    role = next(iter(parsed(policies.in_force(me().authority_id, moment()).text).roles))
    days, none = "Monday to Friday 09:00-17:00", ""
    like = ["Sampleton Agency", "Police"]
    rows = [
        [*like, "desk", "Duty desk", role, none, none, "duty@agency.example", "01632 960101", days, "Night desk"],
        [*like, "desk", "Night desk", role, none, none, "night@agency.example", "01632 960102", "always", none],
        [*like, "person", "Pat Example", none, "Team leader", "1", "pat@agency.example", "07700 900101", none, none],
        [*like, "person", "Robin Example", none, "Service manager", "2", "robin@agency.example", "07700 900102"],
    ]
    last = [["", "", "yes", "2"], ["", "", "yes", "1"], ["Duty desk", "Robin Example", "yes", ""], ["", "", "yes", ""]]
    whole = [[*row, *[none] * (11 - len(row)), *end] for row, end in zip(rows, last, strict=True)]
    return files.example("directory-example.csv", [list(directory_sheet.COLUMNS), *whole])


@blueprint.get("/<int:import_id>")
@_keeping
def shown(import_id: int) -> ResponseReturnValue:
    """What the sheet would do, or what it did."""
    looked(permitted(DirectoryImport, import_id))
    return _page(import_id, ConfirmForm(formdata=None))


@blueprint.post("/<int:import_id>")
@_keeping
def confirm(import_id: int) -> ResponseReturnValue:
    """Do what was looked at, all of it or nothing."""
    form = ConfirmForm()

    def do(act: Act) -> str:
        sender, source = acting(act), permitted(DirectoryImport, import_id, lock=True)
        policy = policies.in_force(sender.authority_id, act.at)
        directory_imports.confirm(source, form.seen.data or "", sender, policy, act)
        return url_for("directory_imports.shown", import_id=import_id)

    return submitted(form, do) or _page(import_id, form)


@blueprint.post("/<int:import_id>/drop")
@_keeping
def drop(import_id: int) -> ResponseReturnValue:
    """Not this sheet."""

    def do(act: Act) -> str:
        directory_imports.drop(permitted(DirectoryImport, import_id, lock=True))
        return url_for("directory_imports.send")

    return pressed_at(url_for("directory_imports.shown", import_id=import_id), do)


@blueprint.post("/<int:import_id>/undo")
@_keeping
def undo(import_id: int) -> ResponseReturnValue:
    """Take back what can be."""

    def do(act: Act) -> str:
        directory_undoing.undo(permitted(DirectoryImport, import_id, lock=True), acting(act), act)
        return url_for("directory_imports.shown", import_id=import_id)

    return pressed_at(url_for("directory_imports.shown", import_id=import_id), do)


def _read(data: bytes, filename: str) -> Reading:
    """What a file says, by the policy in force. Raises Unreadable and WrongHeading for what is no sheet."""
    return imports.read_file(data, filename, policies.in_force(me().authority_id, moment()))


def _page(import_id: int, form: ConfirmForm) -> ResponseReturnValue:
    source = permitted(DirectoryImport, import_id)
    if source.state is ImportState.DROPPED:
        abort(404)
    policy = policies.in_force(source.authority_id, moment())
    plan = imports.plan(source, policy) if source.state is ImportState.READ else None
    if plan is not None:
        form.seen.raw_data, form.seen.data = None, plan.seen
    return render_template(
        "directory/import.html",
        form=form,
        button=ButtonForm(formdata=None),
        source=source,
        plan=plan,
        deeds=imports.deeds(source),
        left=imports.left(source),
        states=ImportState,
    )
