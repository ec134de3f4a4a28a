"""Takes what providers report over HTTP: only what they signed, without session or page. Always the same short answer.

Early, late, twice, out of order or about nothing of ours: 204, since an error would only be sent again. Not signed as
it should be: 403.
"""

import logging
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from notifications.channel import Receipt, Receipts
from strategy.access import public
from strategy.commands import receipts
from strategy.commands.receipts import Told
from strategy.db import transaction
from strategy.limits import CALLBACK_LIMIT, limiter
from strategy.vocabulary import MessageState, Via

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

TWILIO_STATUS: Final = "/webhooks/twilio/status"
NOTIFY_STATUS: Final = "/webhooks/notify"
_LONGEST: Final = 64 * 1024  # bytes; a receipt has some hundred

log = logging.getLogger(__name__)


@blueprint.before_request
def keep_short() -> None:
    """A stranger may send no more than a receipt is long."""
    request.max_content_length = request.max_form_memory_size = _LONGEST


def _unsigned(response: Response) -> bool:
    return response.status_code == 403


@blueprint.post("/twilio/status/<wire>")
@public
@limiter.limit(CALLBACK_LIMIT, deduct_when=_unsigned)
def twilio_status(wire: str) -> ResponseReturnValue:
    """What became of a text. The address signed is the one Twilio was given, whatever a proxy made of it."""
    url = f"{current_app.config['BASE_URL']}{TWILIO_STATUS}/{wire}"
    signature = request.headers.get("X-Twilio-Signature", "")
    return _taken(current_app.config["TWILIO_RECEIPTS"], url, request.form, signature, wire)


@blueprint.post("/notify")
@public
@limiter.limit(CALLBACK_LIMIT, deduct_when=_unsigned)
def notify_receipt() -> ResponseReturnValue:
    """What became of a text or mail that went by GOV.UK Notify."""
    bearer = request.headers.get("Authorization", "")
    return _taken(current_app.config["NOTIFY_RECEIPTS"], request.url, _fields(), bearer)


def _fields() -> dict[str, str]:
    """The texts in a JSON object; none for anything else, however odd."""
    try:
        said = request.get_json(force=True, silent=True)
    except RecursionError:
        said = None
    found = said.items() if isinstance(said, dict) else ()
    return {name: value for name, value in found if isinstance(value, str)}


def _taken(
    source: Receipts, url: str, fields: Mapping[str, str], signature: str, wire: str | None = None
) -> ResponseReturnValue:
    if not source.verify(url, fields, signature):
        log.warning("a callback for %s was refused: it is not signed as it should be", source.name)
        return "", 403
    try:
        receipt = source.receipt(fields, wire)
    except ValueError:
        log.info("a callback from %s names no message", source.name)
        return "", 204
    with transaction(source.name, Via.PROVIDER) as act:
        receipts.receive(_told(source.name, receipt), act)
    return "", 204


def _told(provider: str, receipt: Receipt) -> Told:
    problem = None
    if receipt.fault is not None:
        problem = f"{receipt.fault.reason} ({receipt.code})" if receipt.code else receipt.fault.reason
    return Told(
        provider=provider,
        reference=receipt.reference,
        state=MessageState(receipt.state.value),
        wire=receipt.message_id,
        problem=problem,
    )
