"""Pages of a desk's board for administrators: its link made, sent to the desk and taken back, and who opened it."""

from collections.abc import Callable

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import moment, permitted
from strategy.act import Act, Refused
from strategy.commands import board_links
from strategy.forms.form import ButtonForm, Form
from strategy.models import Desk, DeskBoard
from strategy.queries import boards
from strategy.views.directory import keeping
from strategy.views.submitting import submitted

blueprint = Blueprint("directory_boards", __name__, url_prefix="/directory/desks")


@blueprint.get("/<int:desk_id>/board")
@keeping
def shown(desk_id: int) -> ResponseReturnValue:
    """Whether the desk has a board, where its code can go, and who opened it. Its link is shown to nobody."""
    return _page(desk_id, ButtonForm(formdata=None))


@blueprint.post("/<int:desk_id>/board/make")
@keeping
def make(desk_id: int) -> ResponseReturnValue:
    """A board, whose link goes to the desk at once."""
    return _pressed(desk_id, board_links.make, "The desk has a board. Its link is on its way to the desk.")


@blueprint.post("/<int:desk_id>/board/send")
@keeping
def send(desk_id: int) -> ResponseReturnValue:
    """The link again."""
    return _pressed(
        desk_id, lambda desk, act: board_links.send(_standing(desk), act), "The link is on its way to the desk."
    )


@blueprint.post("/<int:desk_id>/board/revoke")
@keeping
def revoke(desk_id: int) -> ResponseReturnValue:
    """Take the link back: whoever has the board open sees nothing more."""
    return _pressed(desk_id, lambda desk, act: board_links.revoke(_standing(desk), act), "The link opens nothing now.")


def _standing(desk: Desk) -> DeskBoard:
    board = boards.standing(desk)
    if board is None:
        raise Refused("This desk has no board")
    return board


def _pressed(desk_id: int, deed: Callable[[Desk, Act], object], said: str) -> ResponseReturnValue:
    form = ButtonForm()
    permitted(Desk, desk_id)

    def do(act: Act) -> str:
        deed(permitted(Desk, desk_id, lock=True), act)
        return url_for("directory_boards.shown", desk_id=desk_id)

    return submitted(form, do, said=lambda: said) or _page(desk_id, form)


def _page(desk_id: int, form: Form) -> str:
    desk = permitted(Desk, desk_id)
    board = boards.standing(desk)
    return render_template(
        "directory/board.html",
        form=form,
        desk=desk,
        board=board,
        by_mail=boards.ways_by_mail(desk),
        until=boards.open_until(desk, moment()),
        openings=boards.openings(board) if board is not None else (),
    )
