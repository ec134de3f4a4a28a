"""Pages of the contact sheet: to print, and as one file that needs no server. Whom to ring is who_to_ring's."""

from datetime import datetime

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from strategy.access import me, moment, staff
from strategy.clock import in_london
from strategy.queries import who_to_ring

blueprint = Blueprint("contact_sheet", __name__, url_prefix="/contact-sheet")


@blueprint.get("")
@staff()
def shown() -> ResponseReturnValue:
    """Every desk and rung with numbers, to print and keep at hand."""
    return render_template("edt/sheet.html", numbers=who_to_ring.numbers(me().authority_id, moment()))


@blueprint.get("/sheet.html")
@staff()
def file() -> ResponseReturnValue:
    """The same as a file to keep: opened from a disk it looks as it does here."""
    answer = Response(as_file(me().authority_id, moment()), mimetype="text/html")
    name = f"contact-sheet-{in_london(moment()):%Y-%m-%d}.html"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def as_file(authority_id: int, at: datetime) -> str:
    """The sheet as one HTML text that asks nothing of any server. Needs no request, only an application context."""
    template = current_app.jinja_env.get_template("edt/sheet_file.html")
    return template.render(numbers=who_to_ring.numbers(authority_id, at), now=at)
