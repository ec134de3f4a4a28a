"""GOV.UK Notify's delivery receipts: whose they are, and what they say. Opens nothing."""

import hmac
from collections.abc import Mapping
from datetime import datetime

from notifications import notify_codes
from notifications.channel import Receipt
from notifications.outcomes import State


def verify(authorisation: str, token: str) -> bool:
    """Whether the Authorization header bears the token that the account was given. Never with an empty token."""
    given = authorisation.encode("utf-8", "replace")
    return bool(token) and hmac.compare_digest(given, f"Bearer {token}".encode())


def parse_receipt(fields: Mapping[str, str], message_id: str | None = None) -> Receipt:
    """A receipt's fields as a Receipt; its `reference` is our own id, its `id` the provider's reference.

    A status Notify adds later counts as `sending`, which outranks nothing. `to` is left alone: it comes back as it was
    typed. Raises ValueError when the fields name no message.
    """
    reference = fields.get("id")
    if not reference:
        raise ValueError("the receipt names no message")
    status = fields.get("status", "")
    state = notify_codes.STATES.get(status, State.SENDING)
    bounced = state is State.BOUNCED
    fault = notify_codes.not_delivered(fields.get("notification_type", ""), status) if bounced else None
    ours = message_id or fields.get("reference")
    return Receipt(reference, state, ours, status if bounced else None, fault, _moment(fields.get("completed_at")))


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


class NotifyReceipts:
    """The Receipts promise, with the callback's token kept. What is called signature is the Authorization header."""

    name = "govuk-notify"

    def __init__(self, token: str) -> None:
        self._token = token

    def verify(self, url: str, form: Mapping[str, str], signature: str) -> bool:
        return verify(signature, self._token)

    def receipt(self, form: Mapping[str, str], message_id: str | None = None) -> Receipt:
        return parse_receipt(form, message_id)
