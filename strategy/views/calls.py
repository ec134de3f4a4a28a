"""The page of calls only a person can make. Making one is invitations.ring's."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from strategy.access import me, staff
from strategy.queries.discussions import calls_of
from strategy.views.discussions import WORKERS

blueprint = Blueprint("calls", __name__, url_prefix="/calls")


@blueprint.get("")
@staff()
def listed() -> ResponseReturnValue:
    """Every open call of the authority, mine first: whoever is free can make one."""
    open_calls = calls_of(me().authority_id)
    mine = [task for task in open_calls if task.for_user_id == me().id]
    others = [one for one in open_calls if one not in mine]
    return render_template("calls/listed.html", mine=mine, others=others, works=me().holds(*WORKERS))
