"""What the providers' settings are called in the environment, as typed values, and what they lack. Opens nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from notifications.govuk_notify import is_key, is_template_id

_DIGITS = 9  # of any number that can be set
_SHORTEST_TOKEN = 32  # characters; whoever guesses it can say that messages arrived
_SECURITY = ("starttls", "implicit", "none")


class Misread(ValueError):
    """A setting cannot be understood. The message is a sentence for whoever runs the product."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server. ``security`` is starttls, implicit or none; ``sender`` is also the calendar's organiser."""

    host: str
    port: int
    username: str
    password: str
    security: str
    sender: str
    sender_name: str


@dataclass(frozen=True, slots=True)
class Twilio:
    """The text provider's account. ``api_url`` changes only to speak to a stand-in of it.

    ``replies``: texts to our sender are handed to us, so that a text may ask for one.
    """

    account_sid: str
    auth_token: str
    sender: str
    messaging_service_sid: str
    api_url: str
    replies: bool = False


@dataclass(frozen=True, slots=True)
class Notify:
    """The GOV.UK Notify account: its key, the ids of our two templates in it, and the token its receipts come with."""

    api_key: str
    sms_template_id: str
    email_template_id: str
    callback_token: str
    api_url: str


@dataclass(frozen=True, slots=True)
class Imap:
    """The organiser's mailbox, to which answers come. ``host`` empty: none is polled; ``token_url``: OAuth."""

    host: str
    port: int
    username: str
    password: str
    security: str
    folder: str
    handled_folder: str
    token_url: str
    client_id: str
    client_secret: str
    scope: str
    every_seconds: int


def smtp(given: Mapping[str, str], production: bool) -> Smtp:
    """The mail server's settings. Raises Misread."""
    return Smtp(
        host=given.get("SMTP_HOST", ""),
        port=whole(given, "SMTP_PORT", 587),
        username=given.get("SMTP_USERNAME", ""),
        password=given.get("SMTP_PASSWORD", ""),
        security=given.get("SMTP_SECURITY", "starttls"),
        sender=given.get("SMTP_FROM", "" if production else "discussions@exampleshire.example"),
        sender_name=given.get("SMTP_FROM_NAME", "Strategy discussions"),
    )


def twilio(given: Mapping[str, str]) -> Twilio:
    """Twilio's settings."""
    return Twilio(
        account_sid=given.get("TWILIO_ACCOUNT_SID", ""),
        auth_token=given.get("TWILIO_AUTH_TOKEN", ""),
        sender=given.get("TWILIO_FROM", ""),
        messaging_service_sid=given.get("TWILIO_MESSAGING_SERVICE_SID", ""),
        api_url=given.get("TWILIO_API_URL", "https://api.twilio.com"),
        replies=given.get("TWILIO_REPLIES", "") == "yes",
    )


def notify(given: Mapping[str, str]) -> Notify:
    """GOV.UK Notify's settings."""
    return Notify(
        api_key=given.get("NOTIFY_API_KEY", ""),
        sms_template_id=given.get("NOTIFY_SMS_TEMPLATE_ID", ""),
        email_template_id=given.get("NOTIFY_EMAIL_TEMPLATE_ID", ""),
        callback_token=given.get("NOTIFY_CALLBACK_TOKEN", ""),
        api_url=given.get("NOTIFY_API_URL", "https://api.notifications.service.gov.uk"),
    )


def imap(given: Mapping[str, str]) -> Imap:
    """The mailbox's settings. Raises Misread."""
    return Imap(
        host=given.get("IMAP_HOST", ""),
        port=whole(given, "IMAP_PORT", 993),
        username=given.get("IMAP_USERNAME", ""),
        password=given.get("IMAP_PASSWORD", ""),
        security=given.get("IMAP_SECURITY", "implicit"),
        folder=given.get("IMAP_FOLDER", "INBOX"),
        handled_folder=given.get("IMAP_HANDLED_FOLDER", "Handled"),
        token_url=given.get("IMAP_OAUTH_TOKEN_URL", ""),
        client_id=given.get("IMAP_OAUTH_CLIENT_ID", ""),
        client_secret=given.get("IMAP_OAUTH_CLIENT_SECRET", ""),
        scope=given.get("IMAP_OAUTH_SCOPE", "https://outlook.office365.com/.default"),
        every_seconds=whole(given, "IMAP_SECONDS", 30),
    )


def listed(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Several things separated by commas; none where it is not set."""
    return tuple(one.strip() for one in given.get(name, "").split(",") if one.strip())


def providers(text: str) -> tuple[str, ...]:
    """The providers a channel's setting names, in the order they are tried."""
    return tuple(name.strip() for name in text.split(","))


def provider_problems(setting: str, named: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    """What is wrong with the providers a channel's setting names, a sentence each."""
    if named == ("capture",) or (set(named) <= set(known) and len(set(named)) == len(named)):
        return []
    choice = " or ".join((*known, f"{known[0]},{known[1]}"))
    return [f"{setting} must be capture, {choice} (tried in that order)."]


def smtp_problems(given: Smtp, production: bool, *, used: bool) -> list[str]:
    """What these settings lack, a sentence each."""
    found = []
    if used and not (given.host and given.sender):
        found.append(
            "SMTP_HOST and SMTP_FROM must be set when STRATEGY_EMAIL_CHANNEL is smtp, and with govuk-notify too: it "
            "carries no calendar part."
        )
    if given.security not in _SECURITY:
        found.append("SMTP_SECURITY must be starttls, implicit or none.")
    elif given.security == "none" and production:
        found.append("SMTP_SECURITY must be starttls or implicit in production.")
    return found


def twilio_problems(given: Twilio, production: bool) -> list[str]:
    """What these settings lack, a sentence each."""
    found = []
    if not (given.account_sid and given.auth_token):
        found.append("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set when STRATEGY_SMS_CHANNEL names twilio.")
    if not (given.sender or given.messaging_service_sid):
        found.append("TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID must be set when STRATEGY_SMS_CHANNEL names twilio.")
    if given.replies and given.sender and not given.sender.removeprefix("+").isdecimal():
        found.append("TWILIO_REPLIES is yes, and nobody can reply to a TWILIO_FROM that is no number.")
    if production and not given.api_url.startswith("https://"):
        found.append("TWILIO_API_URL must be an https:// address in production.")
    return found


def notify_problems(given: Notify, production: bool, *, emails: bool, texts: bool) -> list[str]:
    """What these settings lack for the kinds that go by GOV.UK Notify, a sentence each."""
    found = []
    if (emails or texts) and not is_key(given.api_key):
        found.append("NOTIFY_API_KEY must be a whole API key of GOV.UK Notify, its name, service and secret.")
    if texts and not is_template_id(given.sms_template_id):
        found.append("NOTIFY_SMS_TEMPLATE_ID must be the id of the text template in the GOV.UK Notify account.")
    if emails and not is_template_id(given.email_template_id):
        found.append("NOTIFY_EMAIL_TEMPLATE_ID must be the id of the email template in the GOV.UK Notify account.")
    if given.callback_token and len(given.callback_token) < _SHORTEST_TOKEN:
        found.append(f"NOTIFY_CALLBACK_TOKEN must have at least {_SHORTEST_TOKEN} characters.")
    if production and (emails or texts) and not given.api_url.startswith("https://"):
        found.append("NOTIFY_API_URL must be an https:// address in production.")
    return found


def imap_problems(given: Imap, production: bool) -> list[str]:
    """What these settings lack, a sentence each; nothing where no mailbox is polled."""
    if not given.host:
        return []
    found = []
    if given.security not in _SECURITY:
        found.append("IMAP_SECURITY must be implicit, starttls or none.")
    elif given.security == "none" and production:
        found.append("IMAP_SECURITY must be implicit or starttls in production.")
    if not given.username:
        found.append("IMAP_USERNAME must be set when IMAP_HOST is.")
    if given.token_url and not (given.client_id and given.client_secret):
        found.append("IMAP_OAUTH_CLIENT_ID and IMAP_OAUTH_CLIENT_SECRET must be set when IMAP_OAUTH_TOKEN_URL is.")
    if given.token_url and production and not given.token_url.startswith("https://"):
        found.append("IMAP_OAUTH_TOKEN_URL must be an https:// address in production.")
    if not given.token_url and not given.password:
        found.append("IMAP_PASSWORD, or IMAP_OAUTH_TOKEN_URL for a mailbox at Microsoft 365, must be set.")
    return found


def whole(given: Mapping[str, str], name: str, default: int) -> int:
    """A whole number from the environment. Raises Misread."""
    text = given.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or len(text) > _DIGITS:
        raise Misread(f"{name} must be a whole number, not {text!r}.")
    return int(text)
