"""What the providers' settings are called in the environment, as typed values, and what they lack. Opens nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

_DIGITS = 9  # of any number that can be set
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


def smtp_problems(given: Smtp, production: bool, *, used: bool) -> list[str]:
    """What these settings lack, a sentence each."""
    found = []
    if used and not (given.host and given.sender):
        found.append("SMTP_HOST and SMTP_FROM must be set when STRATEGY_EMAIL_CHANNEL is smtp.")
    if given.security not in _SECURITY:
        found.append("SMTP_SECURITY must be starttls, implicit or none.")
    elif given.security == "none" and production:
        found.append("SMTP_SECURITY must be starttls or implicit in production.")
    return found


def twilio_problems(given: Twilio) -> list[str]:
    """What these settings lack, a sentence each."""
    found = []
    if not (given.account_sid and given.auth_token):
        found.append("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set when STRATEGY_SMS_CHANNEL is twilio.")
    if not (given.sender or given.messaging_service_sid):
        found.append("TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID must be set when STRATEGY_SMS_CHANNEL is twilio.")
    if given.replies and given.sender and not given.sender.removeprefix("+").isdecimal():
        found.append("TWILIO_REPLIES is yes, and nobody can reply to a TWILIO_FROM that is no number.")
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
