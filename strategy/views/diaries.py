"""Pages for linking diaries: an administrator anybody's, everybody else their own. None of them reads one.

The worker reads what was saved at its next turn, and the page follows by itself: no request waits for a stranger's
server, and no page can be made to ask one.
"""

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import diaries
from strategy.forms.diaries import DiaryForm, NewDiaryForm
from strategy.forms.form import ButtonForm
from strategy.models import Desk, Diary, Person, User
from strategy.queries import diaries as known
from strategy.queries.directory import directory, staff_of
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("diaries", __name__, url_prefix="/diaries")


@blueprint.get("")
@staff()
def listed() -> ResponseReturnValue:
    """The diaries linked: all of the authority's, or mine."""
    found = known.linked(me().authority_id, None if _administers() else me().id)
    return render_template("diaries/listed.html", diaries=found, known=known, administers=_administers())


@blueprint.route("/new", methods=["GET", "POST"])
@staff()
def link() -> ResponseReturnValue:
    """Link one; the page after tells what was found."""
    form = _new_form()

    def do(act: Act) -> str:
        diary = diaries.link(_owner(form.owner.data), form.entry(), act, current_app.config["DIARY_JUDGE"])
        return url_for("diaries.shown", diary_id=diary.id)

    return submitted(form, do, said=form.remark) or render_template(
        "diaries/edit.html", form=form, diary=None, back=_list()
    )


@blueprint.get("/<int:diary_id>")
@staff()
def shown(diary_id: int) -> ResponseReturnValue:
    """How one fares and what was found, by times alone; follows by itself until it has been read."""
    diary = _diary(diary_id)
    looked(diary)
    every = int(current_app.config["DIARY_EVERY"].total_seconds() // 60)
    return render_template(
        "diaries/shown.html",
        diary=_diary(diary_id),
        known=known,
        awaited=known.is_awaited(diary, moment()),
        coming=known.coming(diary, moment()),
        every=every,
        form=ButtonForm(),
        back=_list(),
    )


@blueprint.route("/<int:diary_id>/change", methods=["GET", "POST"])
@staff()
def change(diary_id: int) -> ResponseReturnValue:
    """Another address, or a new password."""
    diary = _diary(diary_id)
    form = DiaryForm(kind=diary.kind.value, username=diary.username)
    where = url_for("diaries.shown", diary_id=diary_id)

    def do(act: Act) -> str:
        diaries.change(_diary(diary_id, lock=True), form.entry(), act, current_app.config["DIARY_JUDGE"])
        return where

    return submitted(form, do) or render_template(
        "diaries/edit.html", form=form, diary=_diary(diary_id), back=(where, diary.owner)
    )


@blueprint.post("/<int:diary_id>/read")
@staff()
def read(diary_id: int) -> ResponseReturnValue:
    """Have it read at the worker's next turn."""

    def do(act: Act) -> str:
        diaries.ask(_diary(diary_id, lock=True), act)
        return url_for("diaries.shown", diary_id=diary_id)

    return submitted(ButtonForm(), do) or abort(400)


@blueprint.route("/<int:diary_id>/unlink", methods=["GET", "POST"])
@staff()
def unlink(diary_id: int) -> ResponseReturnValue:
    """Read it no more."""
    form = ButtonForm()

    def do(act: Act) -> str:
        diaries.unlink(_diary(diary_id, lock=True), act)
        return url_for("diaries.listed")

    return submitted(form, do) or render_template("diaries/unlink.html", form=form, diary=_diary(diary_id))


def _new_form() -> NewDiaryForm:
    form = NewDiaryForm(owner=request.args.get("owner", f"user:{me().id}"))
    form.linked = known.owners(me().authority_id)
    if not _administers():
        return form.offer_own(me())
    home = me().authority_id
    return form.offer(me(), directory(home), staff_of(home))


def _owner(value: str) -> Desk | Person | User:
    """Whom the form named, if it is one of ours; it has been checked to be one that was offered."""
    kind, _, number = value.partition(":")
    models: dict[str, type[Desk] | type[Person] | type[User]] = {"desk": Desk, "person": Person, "user": User}
    return permitted(models[kind], int(number))


def _diary(diary_id: int, *, lock: bool = False) -> Diary:
    """That diary, if it is mine or I administer; otherwise 404, as if it did not exist."""
    diary = permitted(Diary, diary_id, lock=lock)
    if diary.user_id != me().id and not _administers():
        abort(404)
    return diary


def _administers() -> bool:
    return me().holds(StaffRole.ADMINISTRATOR)


def _list() -> tuple[str, str]:
    return url_for("diaries.listed"), "Diaries"
