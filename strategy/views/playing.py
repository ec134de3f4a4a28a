"""Pages that answer a kept mail as its receiver would, through the real way in. Where mail really goes out: none."""

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notifications import played
from notifications.capture_store import Captured, CaptureStore
from notifications.inbound_mail import read
from notifications.played import Player
from strategy.access import moment, public
from strategy.act import Act
from strategy.commands import receiving
from strategy.forms.playing import PROPOSE, WRITE, PlayForm
from strategy.queries import inbound
from strategy.views.submitting import submitted
from strategy.vocabulary import Via

blueprint = Blueprint("playing", __name__, url_prefix="/outbox")

_BY = "Strategy discussions"  # as the worker that takes in the mailbox


@blueprint.before_request
def only_where_messages_are_kept() -> None:
    """Where messages really go out there is no such page."""
    if not current_app.config["CAPTURING"]:
        abort(404)


@blueprint.route("/<kept_as>/answer", methods=["GET", "POST"])
@public
def answer(kept_as: str) -> ResponseReturnValue:
    """Press a button of their calendar, propose another time, or write back; then what became of it."""
    mail, raw = _kept(kept_as)
    form = PlayForm(name=mail.to_name)
    form.has_calendar = mail.calendar_method == "REQUEST"

    def do(act: Act) -> str:
        made = _made(form, mail, raw, act)
        received = receiving.receive(read(made), made, act)
        return url_for("playing.answer", kept_as=kept_as, taken=received.kept.id)

    done = submitted(form, do, by=_BY, via=Via.PROVIDER)
    return done or render_template("outbox/answer.html", mail=mail, form=form, taken=_taken())


def _made(form: PlayForm, mail: Captured, raw: bytes, act: Act) -> bytes:
    """The mail their program would send."""
    player = Player(form.name.data or "", mail.to, act.at)
    if form.press.data == WRITE:
        return played.written(raw, form.words.data or "", player)
    calendar = mail.calendar or b""
    if form.press.data == PROPOSE:
        return played.counter(raw, calendar, form.proposed, player)
    return played.reply(raw, calendar, form.press.data or "", player)


def _taken() -> inbound.Taken | None:
    """What became of the answer just sent."""
    number = request.args.get("taken", "")
    return inbound.taken(int(number)) if number.isascii() and number.isdecimal() and len(number) < 10 else None


def _kept(kept_as: str) -> tuple[Captured, bytes]:
    store = CaptureStore(current_app.config["CAPTURE_DIRECTORY"], moment, "outbox.example")
    mail, raw = store.get(kept_as), store.eml(kept_as)
    if mail is None or raw is None:
        abort(404)
    return mail, raw
