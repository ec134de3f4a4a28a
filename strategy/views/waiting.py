"""The page of everybody who waits: undecided, decided and not booked, booked and not held; mine or everybody's."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from strategy.access import me, moment, staff
from strategy.queries import follow_ups, partner_requests, waiting, watch
from strategy.vocabulary import StaffRole

blueprint = Blueprint("waiting", __name__, url_prefix="/waiting")

# What can be asked for alone, as the address says it, and how the page says it.
STATES = {
    "all": "All",
    "undecided": "Undecided",
    "unbooked": "Decided, not booked",
    "unheld": "Booked, not held",
    "unaccepted": "Handed over, not accepted",
}
_READERS = (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.LEADER)


@blueprint.get("")
@staff()
def shown() -> ResponseReturnValue:
    """Everybody who waits, the longest first."""
    user = me()
    mine = request.args.get("whose") == "mine"
    state = request.args.get("state", "all")
    return render_template(
        "waiting/waiting.html",
        waits=waiting.waits(user.authority_id, user if mine else None),
        unsafe=watch.unsafe_tonight(user.authority_id, moment()),
        owed=follow_ups.owed(user.authority_id),
        requests=partner_requests.unanswered(user.authority_id),
        whose="mine" if mine else "all",
        state=state if state in STATES else "all",
        states=STATES,
        may_work=user.holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR),
        may_read=user.holds(*_READERS),
        may_import=user.holds(StaffRole.CHAIR, StaffRole.ADMINISTRATOR),
    )
