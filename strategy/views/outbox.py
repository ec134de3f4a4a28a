"""Shows the messages kept instead of sent, so that anybody trying the product can play every partner."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notifications.addresses import display_phone
from notifications.capture_store import Captured, CaptureStore
from strategy import csp
from strategy.access import moment, public
from strategy.act import Act
from strategy.commands import inbound_texts
from strategy.commands.inbound_texts import Text
from strategy.commands.sending import message_id
from strategy.forms.texting import ReplyAsForm
from strategy.queries import inbound as inbound_queries
from strategy.queries import outbox
from strategy.views.submitting import submitted
from strategy.vocabulary import Via

blueprint = Blueprint("outbox", __name__)

_SHOWN = 200
_BY = "Somebody playing a partner"
_SENT = "Sent as that phone. What we answer comes here within seconds"
_LINK = re.compile(r"(https?://[^\s<>\"]+)")


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a conversation; ``theirs`` came from the phone, with what became of it."""

    at: datetime
    text: str
    theirs: bool = False
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The texts of one phone, the newest first, and the form to answer as that phone."""

    number: str
    phone: str
    name: str
    texts: list[Said]
    form: ReplyAsForm


@blueprint.before_request
def only_where_messages_are_kept() -> None:
    """Where messages really go out there is no such page."""
    if not current_app.config["CAPTURING"]:
        abort(404)


@blueprint.get("/outbox")
@public
def listed() -> ResponseReturnValue:
    """Phones with their texts, and mails, the newest first; of one discussion when its reference is given."""
    return _page(request.args.get("reference", ""), None)


@blueprint.post("/outbox/texts")
@public
def reply_as() -> ResponseReturnValue:
    """Answer a text as that phone: the same way in as a real one's."""
    form = ReplyAsForm()
    reference = (form.reference.data or "").strip().upper()[:8]

    def do(act: Act) -> str:
        text = Text(form.phone.data or "", "", form.words.data or "", f"outbox:{form.submission.data}")
        inbound_texts.receive(text, act)
        return url_for("outbox.listed", reference=reference or None)

    return submitted(form, do, by=_BY, via=Via.SMS, said=lambda: _SENT) or _page(reference, form)


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


def _page(asked: str, answered: ReplyAsForm | None) -> str:
    """The list; ``answered`` is the form that came back with an error."""
    reference = asked.strip().upper()[:8]
    kept = [one for one in _store().newest(_SHOWN) if reference in f"{one.subject} {one.text}".upper()]
    names = outbox.names({number for one in kept if (number := message_id(one.message_id)) is not None})
    return render_template(
        "outbox/listed.html",
        conversations=_conversations([one for one in kept if one.kind == "sms"], names, reference, answered),
        mails=[one for one in kept if one.kind == "email"],
        reference=reference,
        form=answered,
        pieces=_pieces,
    )


def _conversations(
    texts: list[Captured], names: dict[int, str], reference: str, answered: ReplyAsForm | None
) -> list[Conversation]:
    ours: dict[str, list[Captured]] = defaultdict(list)
    for text in texts:
        ours[text.to].append(text)
    theirs: dict[str, list[Said]] = defaultdict(list)
    for one in inbound_queries.texts(_SHOWN):
        theirs[one.sender or ""].append(Said(one.received_at, one.text or "", theirs=True, effect=one.effect))
    return [
        Conversation(
            phone,
            display_phone(phone),
            names.get(message_id(found[0].message_id) or 0, ""),
            _in_order([Said(one.at, one.text) for one in found], theirs[phone]),
            _form(phone, reference, answered),
        )
        for phone, found in ours.items()
    ]


def _in_order(ours: list[Said], theirs: list[Said]) -> list[Said]:
    """The newest first, as each list is already."""
    return list(merge(ours, theirs, key=lambda said: said.at, reverse=True))


def _form(phone: str, reference: str, answered: ReplyAsForm | None) -> ReplyAsForm:
    if answered is not None and answered.phone.data == phone:
        return answered
    return ReplyAsForm(formdata=None, phone=phone, reference=reference)


def _pieces(text: str) -> list[tuple[str, bool]]:
    """A text cut where links begin and end: each piece, and whether it is a link."""
    return [(piece, bool(_LINK.fullmatch(piece))) for piece in _LINK.split(text) if piece]
