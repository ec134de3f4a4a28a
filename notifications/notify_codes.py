"""GOV.UK Notify's words for why a message was refused or did not arrive, as our causes. Holds no request."""

from dataclasses import dataclass
from types import MappingProxyType

from notifications.outcomes import Cause, Fault, State

_LIMIT = Fault(Cause.BUSY, "GOV.UK Notify is limiting how fast we send")
_DOWN = Fault(Cause.PROVIDER, "GOV.UK Notify is not working")
UNREACHED = Fault(Cause.PROVIDER, "GOV.UK Notify cannot be reached")
TOO_LONG = Fault(Cause.CONTENT, "The text is longer than the 918 characters GOV.UK Notify sends")
_TOO_BIG = Fault(Cause.CONTENT, "GOV.UK Notify says the message is too long")
_NO_NUMBER = Fault(Cause.NO_SUCH_ADDRESS, "GOV.UK Notify says this is no phone number")
_NO_EMAIL = Fault(Cause.NO_SUCH_ADDRESS, "GOV.UK Notify says this is no email address")
_ABROAD = Fault(Cause.REFUSED, "The GOV.UK Notify account does not send to numbers abroad")
_CLOCK = Fault(Cause.OUR_SETTINGS, "GOV.UK Notify says that this machine's clock is more than 30 seconds off")
_KEY = Fault(Cause.OUR_SETTINGS, "GOV.UK Notify did not accept our API key")
_TEAM = Fault(Cause.OUR_SETTINGS, "The GOV.UK Notify API key sends to its own team only")
_TRIAL = Fault(Cause.OUR_SETTINGS, "The GOV.UK Notify account is in trial mode and sends to its own team only")
_SENDER = Fault(Cause.OUR_SETTINGS, "The sender chosen is not one of the GOV.UK Notify account's")
TEMPLATE = Fault(Cause.OUR_SETTINGS, "The template in the GOV.UK Notify account is missing or not as it should be")
_USED_UP = Fault(Cause.OUR_SETTINGS, "The GOV.UK Notify account has sent all it may today")
_UNKNOWN = Fault(Cause.UNKNOWN, "GOV.UK Notify refused the message, and the reason is new to us")

_BAD, _INVALID = "BadRequestError", "ValidationError"


@dataclass(frozen=True, slots=True)
class _Row:
    """`error` None stands for any; `words` occur in the provider's own sentence, in small letters."""

    status: int
    error: str | None
    words: str
    fault: Fault


# docs.notifications.service.gov.uk/rest-api.html, "General errors", "Send a text message", "Send an email" and "Get a
# template by ID": each error table there, in the order to be tried. Notify says that statuses and error names stay and
# that sentences may change. One status and name cover both an account's fault and a number's, so the sentence has to
# be asked; where it says nothing known, the message is refused and somebody else is told at once, rather than the
# whole queue held up. The 403 is called BadRequestError in one table and AuthError in another.
_ROWS = (
    _Row(400, _INVALID, "not a uk mobile", Fault(Cause.NOT_A_MOBILE, "The number is not a UK mobile")),
    _Row(400, _INVALID, "phone_number", _NO_NUMBER),
    _Row(400, _INVALID, "email_address", _NO_EMAIL),
    _Row(400, _INVALID, "sms_sender_id", _SENDER),
    _Row(400, _INVALID, "template_id", TEMPLATE),
    _Row(400, _INVALID, "personalisation", TEMPLATE),
    _Row(400, _INVALID, "no result found", TEMPLATE),
    _Row(400, _BAD, "team-only", _TEAM),
    _Row(400, _BAD, "trial mode", _TRIAL),
    _Row(400, _BAD, "international", _ABROAD),
    _Row(400, _BAD, "longer than", _TOO_BIG),
    _Row(400, _BAD, "does not exist in database", _SENDER),
    _Row(400, _BAD, "personalisation", TEMPLATE),
    _Row(400, _BAD, "template", TEMPLATE),
    _Row(401, None, "", _KEY),
    _Row(403, None, "clock", _CLOCK),
    _Row(403, None, "", _KEY),
    _Row(404, None, "", TEMPLATE),
    _Row(429, "TooManyRequestsError", "", _USED_UP),
    _Row(429, None, "", _LIMIT),  # RateLimitError: 3,000 a minute unless agreed otherwise
)


def fault(status: int, error: str | None, sentence: str) -> Fault:
    """Why, from the HTTP status, the error's name and Notify's own sentence, which is never repeated."""
    said = sentence.lower()
    for row in _ROWS:
        if row.status == status and row.error in (None, error) and row.words in said:
            return row.fault
    return _DOWN if status >= 500 else _UNKNOWN


# docs.notifications.service.gov.uk, "Message statuses" and "Delivery receipts". What Notify calls sending or pending it
# has taken over from us, which is our `sent`. A callback carries the last four alone, and `sent` of numbers abroad.
STATES = MappingProxyType(
    {
        "created": State.SENT,
        "sending": State.SENT,
        "pending": State.SENT,
        "sent": State.SENT,
        "delivered": State.DELIVERED,
        "permanent-failure": State.BOUNCED,
        "temporary-failure": State.BOUNCED,
        "technical-failure": State.BOUNCED,
    }
)
_TECHNICAL = Fault(Cause.PROVIDER, "GOV.UK Notify could not hand the message to the network")
_LOST = Fault(Cause.UNKNOWN, "The message was not delivered, and GOV.UK Notify did not say why")
_NOT_DELIVERED = MappingProxyType(
    {
        ("sms", "permanent-failure"): Fault(
            Cause.NO_SUCH_ADDRESS, "The number does not exist, or its network refuses our texts"
        ),
        ("sms", "temporary-failure"): Fault(Cause.UNREACHABLE, "The phone was off, out of reach or full"),
        ("email", "permanent-failure"): Fault(Cause.NO_SUCH_ADDRESS, "There is no such mailbox"),
        ("email", "temporary-failure"): Fault(
            Cause.MAILBOX_FULL, "The mailbox was full or its mail server did not take the mail"
        ),
    }
)


def not_delivered(kind: str, status: str) -> Fault:
    """Why a message (`sms` or `email`) was not delivered, from the status of its receipt."""
    if status == "technical-failure":
        return _TECHNICAL
    return _NOT_DELIVERED.get((kind, status), _LOST)
