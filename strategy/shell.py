"""Holds what surrounds every page: the frame, error pages, sign-in's leave to write. No page of its own."""

from datetime import date
from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from strategy import dates, holidays, pages
from strategy.access import moment
from strategy.clock import in_london
from strategy.db import begin_writing, db
from strategy.queries import heartbeat, outbox
from strategy.vocabulary import StaffRole

_MENU = (
    ("Today", "today.shown", (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)),
    ("Waiting", "waiting.shown", ()),
    ("Out of hours", "emergency_duty.shown", (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.LEADER)),
    ("Actions", "actions.listed", (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.LEADER)),
    ("Calls", "calls.listed", ()),
    ("Replies", "inbound.listed", (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.ADMINISTRATOR)),
    ("Directory", "directory.listed", ()),
    ("Policy", "policy.listed", (StaffRole.ADMINISTRATOR, StaffRole.LEADER)),
    ("Diaries", "diaries.listed", ()),
    ("Leaders", "leaders.now", (StaffRole.LEADER, StaffRole.CHAIR, StaffRole.ADMINISTRATOR)),
    ("Rotas", "rotas.listed", (StaffRole.ADMINISTRATOR,)),
)

_ERROR = "errors/error.html"
_SENTENCES = {
    400: "Something in that request could not be understood.",
    401: "Sign in to see this page.",
    403: "Your role does not open this page.",
    404: "There is no such page, or it is not yours to see.",
    405: "That cannot be done at this address.",
    413: "That was too much to send at once.",
    429: "Too many tries. Wait a minute and try again.",
    500: "Something went wrong on our side. Nothing was half-saved.",
    503: "The database is busy. Nothing was saved: try again.",
}


def install(app: Flask) -> None:
    """Give the app its frame, its error pages, and sign-in's leave to write."""
    app.context_processor(_frame)
    app.before_request(_let_sign_in_write)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(Exception, _unforeseen)


def _frame() -> dict[str, Any]:
    """The frame's values, asked for once a request: every field of a form is a template of its own."""
    if "frame" not in g:
        signed_in = bool(current_user) and current_user.is_authenticated
        g.frame = _staff_frame() if signed_in else {"now": moment()}
    frame: dict[str, Any] = g.frame
    return frame


def _staff_frame() -> dict[str, Any]:
    return {
        "now": moment(),
        "authority_name": current_user.authority.name,
        "signed_in_as": current_user.full_name,
        "home_url": "/",
        "sign_out_url": url_for("security.logout"),
        "sign_out_fields": (("csrf_token", generate_csrf()),),
        "navigation": pages.navigation(_links(), request.path),
        "chasing_watched": True,
        "last_chase_seconds": _since_last_chase(),
        "quiet_channels": [(one.words, one.since, dates.brief(one.since, moment())) for one in outbox.quiet()],
        "holidays_end": _holidays_end(),
        "footer_links": ({"text": "Contact sheet to print", "href": url_for("contact_sheet.shown")},),
    }


def _holidays_end() -> date | None:
    """The last bank holiday known, for those who can see to it that the list goes on, when it soon does not."""
    if not current_user.holds(StaffRole.ADMINISTRATOR, StaffRole.LEADER):
        return None
    return holidays.runs_out(current_user.authority.nation, in_london(moment()).date())


def _links() -> list[tuple[str, str]]:
    links = [(words, url_for(endpoint)) for words, endpoint, roles in _MENU if not roles or current_user.holds(*roles)]
    if current_app.config["CAPTURING"]:
        links.append(("Outbox", url_for("outbox.listed")))
    return links


def _since_last_chase() -> int | None:
    last = heartbeat.last_tick()
    return None if last is None else max(0, int((moment() - last).total_seconds()))


def _let_sign_in_write() -> None:
    """Sign-in belongs to Flask-Security, which commits by itself: its POSTs get a writing transaction."""
    if request.blueprint == "security" and request.method == "POST":
        begin_writing()


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    if error.code == 401 and request.method == "GET":
        return redirect(url_for("security.login", next=request.path))
    return _page(error.code or 500)


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    db.session.rollback()
    current_app.logger.error("database: %s", type(error.orig).__name__)
    return _page(503)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    """Say sorry without a trace; the log gets where it happened, never the values at work there."""
    db.session.rollback()
    if current_app.testing:
        raise error
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "nowhere"
    current_app.logger.error("%s at %s on %s", type(error).__name__, place, request.endpoint)
    return _page(500)


def _page_above() -> str | None:
    """The page a button's address belongs to ("/contacts/1" of "/contacts/1/reopen"), if there is one."""
    above = request.path.rstrip("/").rpartition("/")[0]
    pages_of = current_app.url_map.bind("", script_name=request.script_root)
    return request.script_root + above if above and pages_of.test(above, "GET") else None


def _page(code: int) -> ResponseReturnValue:
    said: dict[str, Any] = {"code": code, "sentence": _SENTENCES.get(code, _SENTENCES[500]), "back": _page_above()}
    try:
        return render_template(_ERROR, **said), code
    except DBAPIError:
        # The frame asks who is signed in. Where the database does not answer, the page stands without its frame.
        db.session.rollback()
        return current_app.jinja_env.get_template(_ERROR).render(said, now=moment()), code
