"""Texts through Twilio's own client, and its status callbacks. Codes are judged in twilio_codes."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import requests
from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]  # the SDK ships no types
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]  # the SDK ships no types
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # the SDK ships no types
from twilio.rest import Client  # type: ignore[import-untyped]  # the SDK ships no types

from notifications import twilio_codes
from notifications.channel import NotSent, Receipt, Rejected, Sent, Unavailable
from notifications.messages import Sms
from notifications.outcomes import Cause, Fault, State

_UNREACHED = Fault(Cause.PROVIDER, "The SMS provider cannot be reached")
# Twilio takes 1 to 36,000 seconds (twilio.com/docs/api/errors/90007).
_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """Give `messaging_service_sid` or `sender` (a number of ours in E.164, or a name nobody can answer).

    `status_url`: where Twilio reports, over HTTPS; our message id is added as the last step of its path.
    `base_url`: another of Twilio's regions, or a local stand-in. Raises ValueError without any sender.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str | None = None
    messaging_service_sid: str | None = None
    status_url: str | None = None
    base_url: str = "https://api.twilio.com"
    timeout_seconds: float = 15.0

    def __post_init__(self) -> None:
        if not (self.sender or self.messaging_service_sid):
            raise ValueError("Twilio needs a sender or a messaging service")


class TwilioChannel:
    """Sends through the real SDK. Its HTTP pool may be shared between threads."""

    name = "twilio"

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings
        self._waits = _RetryAfter()
        self._http = TwilioHttpClient(timeout=settings.timeout_seconds, request_hooks={"response": [self._waits.note]})
        # Named values instead of the SDK's habit of reading TWILIO_EDGE and TWILIO_REGION by itself.
        environment = {"TWILIO_EDGE": "", "TWILIO_REGION": ""}
        self._client = Client(
            settings.account_sid, settings.auth_token, http_client=self._http, environment=environment
        )
        self._client.api.base_url = settings.base_url

    def send(self, message: Sms) -> Sent:
        """Hand over one text; the reference is Twilio's message SID. Raises Unavailable or Rejected."""
        self._waits.forget()
        try:
            created = self._client.messages.create(**self._form(message))
        except (TwilioException, requests.RequestException) as error:
            raise self._judged(error) from None
        return Sent(str(created.sid), receipt_follows=self._settings.status_url is not None)

    def check(self) -> None:
        """Read our own account, sending nothing. Raises Unavailable."""
        self._waits.forget()
        try:
            self._client.api.v2010.accounts(self._settings.account_sid).fetch()
        except (TwilioException, requests.RequestException) as error:
            judged = self._judged(error)
            raise Unavailable(Fault(judged.cause, judged.reason), judged.code) from None

    def close(self) -> None:
        self._http.session.close()

    def _form(self, message: Sms) -> dict[str, Any]:
        settings = self._settings
        form: dict[str, Any] = {"to": message.to, "body": message.text}
        sender = message.sender or settings.sender
        if sender:
            form["from_"] = sender
        if settings.messaging_service_sid:
            form["messaging_service_sid"] = settings.messaging_service_sid
        if settings.status_url:
            form["status_callback"] = f"{settings.status_url.rstrip('/')}/{message.id}"
        if message.valid_for is not None:
            within = min(max(message.valid_for, _SHORTEST), _LONGEST)
            form["validity_period"] = int(within.total_seconds())
        return form

    def _judged(self, error: Exception) -> NotSent:
        code, status = getattr(error, "code", None), getattr(error, "status", None)
        if status is None:
            return Unavailable(_UNREACHED)
        fault = twilio_codes.fault(code, status)
        shown = str(code) if code is not None else None
        if fault.retry:
            return Unavailable(fault, shown, self._waits.last())
        return Rejected(fault, shown)


class _RetryAfter(threading.local):
    """The Retry-After of this thread's last answer, which the SDK's exceptions leave out."""

    def __init__(self) -> None:
        self._seconds: int | None = None

    def note(self, response: requests.Response, *_: object, **__: object) -> None:
        given = response.headers.get("Retry-After", "")
        self._seconds = int(given) if given.isascii() and given.isdigit() else None

    def forget(self) -> None:
        self._seconds = None

    def last(self) -> timedelta | None:
        return None if self._seconds is None else timedelta(seconds=min(self._seconds, 86_400))


def verify(url: str, form: Mapping[str, str], signature: str, auth_token: str) -> bool:
    """Whether Twilio signed the callback. `url` is the address Twilio was told, not as a proxy passed it."""
    return bool(RequestValidator(auth_token).validate(url, form, signature))


def parse_status(form: Mapping[str, str], message_id: str | None = None) -> Receipt:
    """A status callback's form as a Receipt; `message_id` is the last step of the URL it came to.

    A status Twilio adds later counts as `sending`, which outranks nothing. Raises ValueError when the form
    names no message. `at` stays None: the form carries no time but the carrier's local one.
    """
    reference = form.get("MessageSid") or form.get("SmsSid")
    if not reference:
        raise ValueError("the callback names no message")
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    state = twilio_codes.STATES.get(status.lower(), State.SENDING)
    code = form.get("ErrorCode") or None
    fault = twilio_codes.fault(code) if state is State.BOUNCED else None
    return Receipt(reference, state, message_id, code, fault)


class TwilioReceipts:
    """The Receipts promise, with the account's token kept."""

    name = "twilio"

    def __init__(self, auth_token: str) -> None:
        self._auth_token = auth_token

    def verify(self, url: str, form: Mapping[str, str], signature: str) -> bool:
        # Whoever knows that no token is set could sign with none.
        return bool(self._auth_token) and verify(url, form, signature, self._auth_token)

    def receipt(self, form: Mapping[str, str], message_id: str | None = None) -> Receipt:
        return parse_status(form, message_id)
