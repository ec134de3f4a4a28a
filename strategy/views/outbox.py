"""Shows the messages kept instead of sent, so that anybody trying the product can play every partner."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from notifications.addresses import display_phone
from notifications.capture_store import Captured, CaptureStore
from strategy import csp
from strategy.access import moment, public
from strategy.commands.sending import message_id
from strategy.queries import outbox

blueprint = Blueprint("outbox", __name__)

_SHOWN = 200
_LINK = re.compile(r"(https?://[^\s<>\"]+)")


@dataclass(frozen=True, slots=True)
class Conversation:
    """The texts of one phone, the newest first."""

    phone: str
    name: str
    texts: list[Captured]


@blueprint.before_request
def only_where_messages_are_kept() -> None:
    """Where messages really go out there is no such page."""
    if not current_app.config["CAPTURING"]:
        abort(404)


@blueprint.get("/outbox")
@public
def listed() -> ResponseReturnValue:
    """Phones with their texts, and mails, the newest first; of one discussion when its reference is given."""
    reference = request.args.get("reference", "").strip().upper()[:8]
    kept = [one for one in _store().newest(_SHOWN) if reference in f"{one.subject} {one.text}".upper()]
    names = outbox.names({number for one in kept if (number := message_id(one.message_id)) is not None})
    return render_template(
        "outbox/listed.html",
        conversations=_conversations([one for one in kept if one.kind == "sms"], names),
        mails=[one for one in kept if one.kind == "email"],
        reference=reference,
        pieces=_pieces,
    )


@blueprint.get("/outbox/<kept_as>/mail.html")
@public
def mail(kept_as: str) -> ResponseReturnValue:
    """A mail as a mail program shows it: for a frame without scripts, whose links open outside it."""
    kept = _kept(kept_as)
    html = (kept.html or "").replace("<head>", '<head><base target="_blank">', 1)
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = csp.policy(
        frame_ancestors="'self'", style_src="'unsafe-inline'", script_src="'none'", form_action="'none'"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.get("/outbox/<kept_as>/invitation.ics")
@public
def calendar(kept_as: str) -> ResponseReturnValue:
    """The calendar part of a mail, as a file."""
    kept = _kept(kept_as)
    if kept.calendar is None:
        abort(404)
    response = Response(kept.calendar, content_type=f"text/calendar; charset=utf-8; method={kept.calendar_method}")
    response.headers["Content-Disposition"] = "attachment; filename=invitation.ics"
    return response


@blueprint.get("/outbox/<kept_as>/message.eml")
@public
def source(kept_as: str) -> ResponseReturnValue:
    """The whole mail exactly as a mail server would have carried it."""
    found = _store().eml(kept_as)
    if found is None:
        abort(404)
    response = Response(found, content_type="message/rfc822")
    response.headers["Content-Disposition"] = "attachment; filename=message.eml"
    return response


def _store() -> CaptureStore:
    directory: Path = current_app.config["CAPTURE_DIRECTORY"]
    return CaptureStore(directory, moment, "outbox.example")


def _kept(kept_as: str) -> Captured:
    kept = _store().get(kept_as)
    if kept is None or kept.kind != "email":
        abort(404)
    return kept


def _conversations(texts: list[Captured], names: dict[int, str]) -> list[Conversation]:
    phones: dict[str, list[Captured]] = defaultdict(list)
    for text in texts:
        phones[text.to].append(text)
    return [
        Conversation(display_phone(phone), names.get(message_id(found[0].message_id) or 0, ""), found)
        for phone, found in phones.items()
    ]


def _pieces(text: str) -> list[tuple[str, bool]]:
    """A text cut where links begin and end: each piece, and whether it is a link."""
    return [(piece, bool(_LINK.fullmatch(piece))) for piece in _LINK.split(text) if piece]
