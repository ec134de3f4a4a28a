"""A mailbox over IMAP: what has come in, mail by mail, and putting away what was taken in. Understands no mail."""

import imaplib
import json
import ssl
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxFolderSelectError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)

_LONGEST: Final = 25 * 1024 * 1024  # of one mail; the rest of a longer one is attachments
_TOKEN_TIMEOUT: Final = 15.0
_TOKEN_MARGIN: Final = 60.0  # seconds before its end at which a token is not used any more


class ImapSecurity(StrEnum):
    """How the connection is encrypted. `none` is for a server on this machine, and tests."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OAuth:
    """Where a token comes from by the client credentials grant (RFC 6749 §4.4), which Microsoft 365 demands."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "https://outlook.office365.com/.default"


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """`handled_folder` is where mails go once they are taken in: made when missing. Signs in by password or `oauth`.

    Moved and not flagged: people open the mailbox too, and not every server keeps flags of our own.
    """

    host: str
    port: int
    username: str
    password: str = field(default="", repr=False)
    oauth: OAuth | None = None
    security: ImapSecurity = ImapSecurity.IMPLICIT
    folder: str = "INBOX"
    handled_folder: str = "Handled"
    every_seconds: float = 30.0
    timeout_seconds: float = 30.0
    ca_file: str | None = None


class MailboxUnavailable(Exception):
    """It cannot be read just now: a sentence for staff, without an address or a mail's content."""


class NotPutAway(Exception):
    """One mail could not be moved: a sentence for staff. The rest of the mailbox can be read."""


class Mailbox:
    """One mailbox. `opened` signs in; within it `waiting` names what is there, `fetch` and `put_away` take one.

    `stuck` are the mails its reader could not deal with, for the reader to keep: they are to be tried after the others.
    """

    def __init__(self, settings: MailboxSettings) -> None:
        self.stuck: set[str] = set()
        self._settings = settings
        self._token: tuple[str, float] | None = None
        self._next_turn = 0.0

    def turn(self) -> bool:
        """Whether it is time to look again; True begins the next wait."""
        if time.monotonic() < self._next_turn:
            return False
        self._next_turn = time.monotonic() + self._settings.every_seconds
        return True

    def look_again(self) -> None:
        """More waits than one turn takes in: the next turn is at once."""
        self._next_turn = 0.0

    @contextmanager
    def opened(self) -> Iterator["OpenMailbox"]:
        """The mailbox signed in, its folder chosen. Raises MailboxUnavailable, also for what goes wrong inside."""
        try:
            box = self._connected()
            try:
                self._sign_in(box)
                yield OpenMailbox(box, self._settings.handled_folder)
            finally:
                _left(box)
        except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
            raise MailboxUnavailable(_told(error)) from None

    def check(self) -> None:
        """Reach the server, sign in and open the folder, changing nothing. Raises MailboxUnavailable."""
        with self.opened():
            pass

    def _connected(self) -> BaseMailBox:
        settings = self._settings
        if settings.security is ImapSecurity.NONE:
            return MailBoxUnencrypted(settings.host, settings.port, timeout=settings.timeout_seconds)
        context = ssl.create_default_context(cafile=settings.ca_file)
        kind = MailBox if settings.security is ImapSecurity.IMPLICIT else MailBoxStartTls
        return kind(settings.host, settings.port, timeout=settings.timeout_seconds, ssl_context=context)

    def _sign_in(self, box: BaseMailBox) -> None:
        settings = self._settings
        try:
            if settings.oauth is not None:
                self._sign_in_by_token(box, settings.oauth)
            elif "AUTH=PLAIN" in box.client.capabilities:
                box.login_utf8(settings.username, settings.password, None)
            else:
                box.login(settings.username, settings.password, None)
        except imaplib.IMAP4.abort:
            raise
        except (ImapToolsError, imaplib.IMAP4.error):
            what = "token" if settings.oauth else "user name and password"
            raise MailboxUnavailable(f"The mail server does not accept the {what}") from None
        # Many servers say only now all they can do, and imaplib has asked before.
        box.client.capabilities = tuple(box.client.capability()[1][0].decode("ascii", "replace").upper().split())
        box.folder.set(settings.folder)

    def _sign_in_by_token(self, box: BaseMailBox, oauth: OAuth) -> None:
        """A kept token may have been taken back before its time: then by a new one, once."""
        kept = self._token is not None
        try:
            box.xoauth2(self._settings.username, self._access_token(oauth), None)
        except (ImapToolsError, imaplib.IMAP4.error):
            self._token = None
            if not kept:
                raise
            box.xoauth2(self._settings.username, self._access_token(oauth), None)

    def _access_token(self, oauth: OAuth) -> str:
        """The token kept, while it lasts; else a new one."""
        if self._token is None or self._token[1] <= time.monotonic():
            self._token = _asked_for(oauth)
        return self._token[0]


class OpenMailbox:
    """A mailbox signed in to. Names of mails are the server's UIDs."""

    def __init__(self, box: BaseMailBox, handled_folder: str) -> None:
        self._box = box
        self._handled = handled_folder
        self._folder_there = False

    def waiting(self) -> list[str]:
        """Every mail that waits, the oldest first."""
        return sorted(self._box.uids("NOT DELETED"), key=int)

    def fetch(self, uid: str) -> bytes | None:
        """The mail as it came, not marked as read; None when it is gone meanwhile."""
        _, data = self._box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{_LONGEST}>)")
        found = next((part[1] for part in data if isinstance(part, tuple)), None)
        return bytes(found) if found is not None else None

    def put_away(self, uid: str) -> None:
        """Move one out of the way, unless somebody else just has. Raises NotPutAway.

        After a crash in between it is found again, and known.
        """
        try:
            if not self._folder_there and not self._box.folder.exists(self._handled):
                self._box.folder.create(self._handled)
            self._folder_there = True
            self._move(uid)
        except imaplib.IMAP4.abort:
            raise
        except (ImapToolsError, imaplib.IMAP4.error) as error:
            self._box.client.noop()  # only now may the server tell what is gone
            if uid not in self._box.uids(f"UID {uid}"):
                return
            raise NotPutAway(f"The mail server does not move it to the folder ({type(error).__name__})") from None

    def _move(self, uid: str) -> None:
        """In one step where the server can. Else this mail alone is expunged, where it can: a plain EXPUNGE would
        take what people have marked as deleted, too."""
        client = self._box.client
        if "MOVE" in client.capabilities or "UIDPLUS" not in client.capabilities:
            self._box.move([uid], self._handled)
            return
        self._box.copy([uid], self._handled)
        client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        client.uid("EXPUNGE", uid)


def _left(box: BaseMailBox) -> None:
    """Good manners, no more: what was done is done, and a server that hung up says nothing new."""
    with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
        box.logout()
    with suppress(OSError):
        box.client.shutdown()


def _told(error: Exception) -> str:
    """What went wrong, without the server's own words: they may hold an address."""
    if isinstance(error, MailboxFolderSelectError):
        return "The mailbox has no such folder to read"
    if isinstance(error, ssl.SSLError):
        return "The mail server's certificate is not trusted, or it does not encrypt as it is set here"
    if isinstance(error, (OSError, imaplib.IMAP4.abort)):
        return f"The mail server cannot be reached ({type(error).__name__})"
    return f"The mail server refused ({type(error).__name__})"


def _asked_for(oauth: OAuth) -> tuple[str, float]:
    """A new token, and until when it may be used. Raises MailboxUnavailable."""
    form = {
        "grant_type": "client_credentials",
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
        "scope": oauth.scope,
    }
    asked = urllib.request.Request(oauth.token_url, urllib.parse.urlencode(form).encode(), method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=_TOKEN_TIMEOUT) as answer:
            found = json.load(answer)
            return str(found["access_token"]), time.monotonic() + float(found.get("expires_in", 300)) - _TOKEN_MARGIN
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MailboxUnavailable(f"No token was given to sign in with ({type(error).__name__})") from None
