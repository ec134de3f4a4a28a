"""Pages a working day begins with: what needs me, who is waiting, what is booked, what I owe."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import me, moment, staff
from strategy.queries import bookings, follow_ups, unheld, watch
from strategy.queries import waiting as waits
from strategy.vocabulary import StaffRole

blueprint = Blueprint("today", __name__)


@blueprint.get("/")
@staff()
def shown() -> ResponseReturnValue:
    """Today: the answer first. Whoever only watches begins with what leaders see."""
    user = me()
    if not user.holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR):
        return redirect(url_for("leaders.now"))
    mine = bookings.mine(user, moment())
    return render_template(
        "today/today.html",
        mine=mine,
        needing=[line for line in mine if line.needs_me],
        calls=bookings.calls_for(user),
        waiting=waits.waiting(user.authority_id),
        owed=follow_ups.owed(user.authority_id),
        unsafe=watch.unsafe_tonight(user.authority_id, moment()),
        unheld=unheld.listed(user.authority_id, moment()),
        held=bookings.record_not_out(user),
        actions=bookings.actions_of(user),
        may_work=True,
    )


@blueprint.get("/waiting")
@staff()
def waiting() -> ResponseReturnValue:
    """Everybody who waits, the longest first."""
    user = me()
    return render_template(
        "today/waiting.html",
        waiting=waits.waiting(user.authority_id),
        owed=follow_ups.owed(user.authority_id),
        unsafe=watch.unsafe_tonight(user.authority_id, moment()),
        may_work=user.holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR),
    )
