"""Pages a working day begins with: what needs me, who is waiting, what is booked, what I owe."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import me, moment, staff
from strategy.queries import (
    bookings,
    course_watch,
    emergency_duty,
    follow_ups,
    inbound,
    mornings,
    offered,
    partner_requests,
    undelivered,
    unheld,
    watch,
)
from strategy.queries import waiting as waits
from strategy.vocabulary import StaffRole

blueprint = Blueprint("today", __name__)

_SHORTEST = 10  # rows of those who wait; all of them are on the page "Waiting"


@blueprint.get("/")
@staff()
def shown() -> ResponseReturnValue:
    """Today: the answer first. Whoever only watches begins with what leaders see."""
    user = me()
    if not user.holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR):
        return redirect(url_for("leaders.now"))
    mine, waiting = bookings.mine(user, moment()), waits.waiting(user.authority_id)
    offers = offered.roles_offering([line.discussion.id for line in mine], moment())
    doubtful = course_watch.doubtful(mine, moment())
    return render_template(
        "today/today.html",
        mine=mine,
        needing=[line for line in mine if line.needs_me or line.discussion.id in {*offers, *doubtful}],
        doubtful=doubtful,
        offers=offers,
        calls=bookings.calls_for(user),
        nights=emergency_duty.calls_for(user),
        morning=mornings.waiting_back(user.authority_id),
        requests=partner_requests.unanswered(user.authority_id),
        lost=undelivered.count(user.authority_id, moment()),
        to_read=inbound.count_to_read(user.authority_id),
        waiting=waiting,
        owed=follow_ups.owed(user.authority_id),
        given=[line for line in waiting if line.pending and line.pending.receiver_id == user.id],
        shortest=_SHORTEST,
        unsafe=watch.unsafe_tonight(user.authority_id, moment()),
        unheld=unheld.listed(user.authority_id, moment()),
        held=bookings.record_not_out(user),
        actions=bookings.actions_of(user),
        may_work=True,
        chairs=user.holds(StaffRole.CHAIR),
    )
