"""Twilio's words for what became of a text, as our states and causes. Holds no request and no signature."""

from types import MappingProxyType

from notifications.outcomes import Cause, Fault, State

# Message resource, "Message status values" (twilio.com/docs/messaging/api/message-resource). Until `sent` the
# text waits at Twilio. `failed` tells of a text Twilio had taken over, so it is our `bounced`.
STATES = MappingProxyType(
    {
        "accepted": State.SENDING,
        "scheduled": State.SENDING,
        "queued": State.SENDING,
        "sending": State.SENDING,
        "sent": State.SENT,
        "partially_delivered": State.SENT,
        "delivered": State.DELIVERED,
        "read": State.DELIVERED,
        "undelivered": State.BOUNCED,
        "failed": State.BOUNCED,
        "canceled": State.BOUNCED,
    }
)

_LIMIT = Fault(Cause.BUSY, "The SMS provider is limiting how fast we send")
_DOWN = Fault(Cause.PROVIDER, "The SMS provider is not working")
_SETTINGS = Fault(Cause.OUR_SETTINGS, "The SMS account or sender is not set up correctly")
_FILTERED = Fault(Cause.REFUSED, "The phone network filtered the text")
_NO_NUMBER = Fault(Cause.NO_SUCH_ADDRESS, "The phone number does not exist")
_LANDLINE = Fault(Cause.NOT_A_MOBILE, "The number is a landline or cannot take texts")
_CONTENT = Fault(Cause.CONTENT, "The text is empty or too long")
_UNKNOWN = Fault(Cause.UNKNOWN, "The text was not delivered, and the provider did not say why")

# Each code has a page: twilio.com/docs/api/errors/<code>. 2xxxx answer a request, 3xxxx come in receipts.
FAULTS = MappingProxyType(
    {
        # The account, the sender, the request.
        "20003": _SETTINGS,  # authentication failed
        "20005": _SETTINGS,  # account not active
        "20404": _SETTINGS,  # no such account or resource
        "21212": _SETTINGS,  # From is not a valid sender
        "21408": _SETTINGS,  # no permission to send to this country
        "21603": _SETTINGS,  # neither From nor messaging service given
        "21606": _SETTINGS,  # From cannot send texts
        "21608": _SETTINGS,  # trial account, number not verified
        "21609": _SETTINGS,  # status callback is not a valid URL
        "21612": _SETTINGS,  # From cannot reach this To
        "21659": _SETTINGS,  # From is not one of ours
        "21703": _SETTINGS,  # messaging service without senders
        "21705": _SETTINGS,  # no such messaging service
        "30002": _SETTINGS,  # account suspended
        # Later may do.
        "14107": _LIMIT,  # send rate exceeded
        "20429": _LIMIT,  # too many requests
        "21611": _LIMIT,  # sender's queue is full
        "30001": _LIMIT,  # queue overflow
        "30022": _LIMIT,  # carrier's rate limit
        "20500": _DOWN,  # internal error
        "20503": _DOWN,  # service unavailable
        "30410": _DOWN,  # provider timed out
        # The number.
        "21211": _NO_NUMBER,  # To is not a valid number
        "21614": _LANDLINE,  # To is not a mobile
        "21635": _LANDLINE,  # To is a landline
        "30006": _LANDLINE,  # landline or unreachable carrier
        "30005": _NO_NUMBER,  # unknown handset
        "21610": Fault(
            Cause.OPTED_OUT, "This phone replied STOP, so the network blocks our texts until it replies START"
        ),
        "30003": Fault(Cause.UNREACHABLE, "The phone was switched off or out of reach"),
        "30004": Fault(Cause.REFUSED, "The phone or its network blocks our texts"),
        # The text.
        "21602": _CONTENT,  # no body
        "21617": _CONTENT,  # body over 1,600 characters
        "30007": _FILTERED,  # carrier filtered it
        "30008": _UNKNOWN,  # unknown error
        "30036": Fault(Cause.EXPIRED, "The text waited at the provider until it was too late to send"),
    }
)


def fault(code: str | int | None, http_status: int | None = None) -> Fault:
    """Why, from Twilio's error code; where the code is new to us, from the HTTP status of the answer."""
    known = FAULTS.get(str(code))
    if known is not None:
        return known
    if http_status == 429:
        return _LIMIT
    if http_status is not None and http_status >= 500:
        return _DOWN
    if http_status in (401, 403):
        return _SETTINGS
    return _UNKNOWN
