"""Where the text provider hands over what phones send us: signed, never answered here. What follows is a command's."""

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from notifications.twilio_sms import TwilioReceipts
from strategy.access import public, remote
from strategy.act import Refused
from strategy.commands import inbound_texts
from strategy.commands.inbound_texts import Text
from strategy.db import transaction
from strategy.queries import inbound as queries
from strategy.vocabulary import Via

blueprint = Blueprint("inbound_texts", __name__, url_prefix="/webhooks/twilio")

_BY = "Text that came in"
_NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@blueprint.post("/text")
@public
def received() -> ResponseReturnValue:
    """One text from Twilio. Its answer says nothing: what we answer goes through the outbox."""
    _refuse_unsigned()
    form = request.form
    given = form.get("From"), form.get("MessageSid") or form.get("SmsSid")
    if not all(given):
        abort(400)
    sender, provider_id = (str(one) for one in given)
    text = Text(sender, form.get("To", ""), form.get("Body", ""), f"twilio:{provider_id}", form.get("OptOutType"))
    _receive(text)
    return Response(_NOTHING, content_type="text/xml; charset=utf-8")


def _refuse_unsigned() -> None:
    """404 where no such provider is set; 403 for what it did not sign for the address it was told."""
    signatures: TwilioReceipts | None = current_app.config["TWILIO_TEXTS"]
    if signatures is None:
        abort(404)
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    url = f"{current_app.config['BASE_URL']}{request.path}{query}"
    if not signatures.verify(url, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)


def _receive(text: Text) -> None:
    """Keep it. The same one handed over twice at once is kept once; where nobody could read it, 503."""
    try:
        with transaction(_BY, Via.SMS, remote=remote()) as act:
            inbound_texts.receive(text, act)
    except IntegrityError:
        if queries.stored(inbound_texts.fingerprint(text)) is None:
            raise
    except Refused:
        abort(503)
