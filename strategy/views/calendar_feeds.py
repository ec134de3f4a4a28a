"""Pages for calendars to subscribe to, one's own and (administrators) the desks'; and the calendars themselves."""

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy import calendar_feed
from strategy.access import me, moment, permitted, public, staff
from strategy.act import Act
from strategy.commands import calendar_feeds
from strategy.forms.form import ButtonForm
from strategy.limits import LINK_LIMIT, limiter
from strategy.models import CalendarFeed, Desk, Discussion, User
from strategy.queries import calendar_feeds as feeds
from strategy.queries.directory import directory
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("calendar_feeds", __name__)


@blueprint.get("/calendars")
@staff()
def listed() -> ResponseReturnValue:
    """My address and, for administrators, the desks'."""
    home = me().authority_id
    return render_template(
        "calendar_feeds/listed.html",
        mine=feeds.standing(me()),
        desks=_desks(home),
        at_desks=feeds.standing_at_desks(home),
        address=_address,
        form=ButtonForm(),
    )


@blueprint.post("/calendars/make")
@staff()
def make() -> ResponseReturnValue:
    """Make my address."""

    def do(act: Act) -> str:
        calendar_feeds.make(permitted(User, me().id, lock=True), act)
        return url_for("calendar_feeds.listed")

    return submitted(ButtonForm(), do) or abort(400)


@blueprint.post("/calendars/desks/<int:desk_id>/make")
@staff(StaffRole.ADMINISTRATOR)
def make_for_desk(desk_id: int) -> ResponseReturnValue:
    """Make a desk's address."""

    def do(act: Act) -> str:
        calendar_feeds.make(permitted(Desk, desk_id, lock=True), act)
        return url_for("calendar_feeds.listed")

    return submitted(ButtonForm(), do) or abort(400)


@blueprint.post("/calendars/<int:feed_id>/revoke")
@staff()
def revoke(feed_id: int) -> ResponseReturnValue:
    """Take an address back: mine, or a desk's."""

    def do(act: Act) -> str:
        feed = permitted(CalendarFeed, feed_id, lock=True)
        if feed.user_id != me().id and not (feed.desk_id and me().holds(StaffRole.ADMINISTRATOR)):
            abort(404)
        calendar_feeds.revoke(feed, act)
        return url_for("calendar_feeds.listed")

    return submitted(ButtonForm(), do) or abort(400)


@blueprint.get("/calendar/<token>.ics")
@public
@limiter.limit(LINK_LIMIT)
def subscribed(token: str) -> ResponseReturnValue:
    """The calendar itself, for a calendar program: asked again, it is sent only when it has changed."""
    feed = feeds.by_token(token)
    if feed is None:
        abort(404)
    link = _page if feed.user_id else lambda _: None
    written = calendar_feed.rendered(f"Multi-agency meetings: {feed.owner}", feeds.discussions(feed, moment()), link)
    response = Response(written, mimetype="text/calendar")
    response.headers["Cache-Control"] = f"private, max-age={calendar_feed.HOW_OFTEN.seconds}"
    response.add_etag()
    return response.make_conditional(request)


def _page(discussion: Discussion) -> str:
    where = url_for("discussions.shown", discussion_id=discussion.id)
    return f"{current_app.config['BASE_URL'].rstrip('/')}{where}"


def _address(feed: CalendarFeed) -> str:
    where = url_for("calendar_feeds.subscribed", token=feeds.token(feed))
    return f"{current_app.config['BASE_URL'].rstrip('/')}{where}"


def _desks(authority_id: int) -> list[Desk]:
    """Those this person makes addresses for."""
    if not me().holds(StaffRole.ADMINISTRATOR):
        return []
    return [desk for desk in directory(authority_id).desks if desk.agency.authority_id == authority_id]
