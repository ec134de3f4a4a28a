"""Texts and plain mails through GOV.UK Notify's own client. Errors are judged in notify_codes, receipts elsewhere."""

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from notifications_python_client.base import logger as _client_log
from notifications_python_client.errors import APIError, HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from notifications import notify_codes
from notifications.channel import NotSent, Rejected, Sent, Unavailable
from notifications.messages import Email, Sms
from notifications.outcomes import Fault

# Of its own accord the client logs the provider's sentences, some of which repeat the address.
_client_log.setLevel(logging.CRITICAL + 1)

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KEY = re.compile(rf".*{_UUID}-{_UUID}")
_ID = re.compile(_UUID)
# docs.notifications.service.gov.uk: "Text messages cannot be longer than 918 characters".
LONGEST_TEXT: Final = 918


@dataclass(frozen=True, slots=True)
class Template:
    """A template as the account has to hold it: the message's own words and nothing beside them."""

    kind: str
    body: str
    subject: str | None = None

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(re.findall(r"\(\((.+?)\)\)", f"{self.subject or ''} {self.body}"))


SMS_TEMPLATE: Final = Template("sms", "((body))")
EMAIL_TEMPLATE: Final = Template("email", "((body))", "((subject))")


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """`api_key` and the ids of the account's two templates, of which only what is used must be given.

    `receipts`: the account reports back what becomes of a message. `base_url`: a local stand-in. Raises ValueError for
    a key of the wrong shape.
    """

    api_key: str = field(repr=False)
    sms_template_id: str = ""
    email_template_id: str = ""
    receipts: bool = False
    base_url: str = "https://api.notifications.service.gov.uk"
    timeout_seconds: float = 15.0

    def __post_init__(self) -> None:
        if not is_key(self.api_key):
            raise ValueError("GOV.UK Notify's API key has the wrong shape")


def is_key(text: str) -> bool:
    """Whether it has the shape of an API key: a name, the service's id and the secret."""
    return _KEY.fullmatch(text) is not None


def is_template_id(text: str) -> bool:
    """Whether it has the shape of a template's id."""
    return _ID.fullmatch(text) is not None


class _Account:
    """The account behind both channels. One request at a time: its client says it cannot be shared between threads."""

    name = "govuk-notify"

    def __init__(self, settings: NotifySettings, template_id: str, template: Template) -> None:
        self._settings = settings
        self._template_id = template_id
        self._template = template
        self._lock = threading.Lock()
        self._client = NotificationsAPIClient(settings.api_key, settings.base_url, settings.timeout_seconds)  # type: ignore[no-untyped-call]  # the client ships no types

    def check(self) -> str:
        """Read our template and compare it with the one declared; which version it is. Raises Unavailable."""
        found = self._asked(lambda: self._client.get_template(self._template_id))  # type: ignore[no-untyped-call]  # the client ships no types
        _compare(found, self._template)
        words = f"{self._template.kind} template version {found.get('version')}"
        return words if _plain(found, self._template) else f"{words}, which adds words of its own to every message"

    def close(self) -> None:
        with self._lock:
            self._client.request_session.close()

    def _handed_over(self, request: Callable[[], Any]) -> Sent:
        answer = self._asked(request, sending=True)
        return Sent(str(answer["id"]), receipt_follows=self._settings.receipts)

    def _asked(self, request: Callable[[], Any], *, sending: bool = False) -> dict[str, Any]:
        try:
            with self._lock:
                answer = request()
        except APIError as error:
            raise _judged(error, sending=sending) from None
        if not isinstance(answer, dict) or not answer.get("id"):
            raise Unavailable(notify_codes.UNREACHED)
        return answer


class NotifySms(_Account):
    """Texts. Notify tries for up to 72 hours and takes no shorter validity and no sender's name: both are left out."""

    def __init__(self, settings: NotifySettings) -> None:
        super().__init__(settings, settings.sms_template_id, SMS_TEMPLATE)

    def send(self, message: Sms) -> Sent:
        """Hand over one text; the reference is Notify's id, and ours is its reference. Raises as every channel."""
        if len(message.text) > LONGEST_TEXT:
            raise Rejected(notify_codes.TOO_LONG)
        return self._handed_over(
            lambda: self._client.send_sms_notification(  # type: ignore[no-untyped-call]  # the client ships no types
                message.to, self._template_id, {"body": message.text}, reference=message.id
            )
        )


class NotifyEmail(_Account):
    """Plain mails: subject and text. Names, headers and the sender are the account's own, HTML is made from the text.

    It cannot carry a calendar part: `send` raises ValueError for a mail that has one.
    """

    def __init__(self, settings: NotifySettings) -> None:
        super().__init__(settings, settings.email_template_id, EMAIL_TEMPLATE)

    def send(self, message: Email) -> Sent:
        """Hand over one mail; the reference is Notify's id, and ours is its reference. Raises as every channel."""
        if message.calendar is not None:
            raise ValueError("GOV.UK Notify carries no calendar part")
        words = {"subject": message.subject, "body": message.text}
        return self._handed_over(
            lambda: self._client.send_email_notification(  # type: ignore[no-untyped-call]  # the client ships no types
                message.to, self._template_id, words, reference=message.id
            )
        )


def _compare(found: dict[str, Any], declared: Template) -> None:
    """Raises Unavailable when the account's template cannot carry our messages."""
    if found.get("type") != declared.kind:
        raise Unavailable(_wrong(f"is for {found.get('type')}, not {declared.kind}"))
    has = frozenset(found.get("personalisation") or ())
    if has != declared.placeholders:
        wanted = " and ".join(f"(({name}))" for name in sorted(declared.placeholders, reverse=True))
        raise Unavailable(_wrong(f"must have the placeholders {wanted} and no others"))


def _plain(found: dict[str, Any], declared: Template) -> bool:
    subject = declared.subject is None or str(found.get("subject")).strip() == declared.subject
    return subject and str(found.get("body")).strip() == declared.body


def _wrong(words: str) -> Fault:
    return Fault(notify_codes.TEMPLATE.cause, f"The template in the GOV.UK Notify account {words}")


def _judged(error: APIError, *, sending: bool) -> NotSent:
    """What an error of the client means. An answer that is no JSON, or none at all, may have been to a message sent."""
    if isinstance(error, InvalidResponse) or not isinstance(error, HTTPError) or error.response is None:
        return Unavailable(notify_codes.UNREACHED)
    name, sentence = _said(error)
    fault = notify_codes.fault(error.status_code, name, sentence)
    code = f"{error.status_code} {name}" if name in _NAMES else str(error.status_code)
    return Unavailable(fault, code) if fault.retry or not sending else Rejected(fault, code)


# Names that may be shown; a proxy between may answer with anything.
_NAMES = frozenset({"AuthError", "BadRequestError", "ValidationError", "RateLimitError", "TooManyRequestsError"})


def _said(error: HTTPError) -> tuple[str | None, str]:
    """The first error's name and sentence: `{"errors": [{"error": …, "message": …}], "status_code": …}`."""
    said = error.message
    first = said[0] if isinstance(said, list) and said else None
    if isinstance(first, dict):
        return str(first.get("error")), str(first.get("message"))
    return None, str(said)
