"""Holds the keys an installation works with, and what each is for; where they come from is config's affair."""

import hashlib
import hmac
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.fernet import Fernet, MultiFernet
from flask import current_app

_EXTENSION = "strategy-keys"
_TOKEN_LENGTH = 13  # 65 bits; the whole link stays within 39 characters, so that the invitation is one SMS fragment


@dataclass(frozen=True, slots=True)
class Keys:
    """Purpose-bound keys derived from the installation's secrets.

    ``cipher`` encrypts identity and narrative columns; its first key writes, all of them read (rotation).
    """

    cipher: MultiFernet
    link: bytes
    entry: bytes
    once: bytes
    index: bytes

    @classmethod
    def derive(cls, data_keys: Sequence[str], link_secret: str) -> "Keys":
        """Keys from the configured secrets. Raises ValueError when there is no data key."""
        if not data_keys:
            raise ValueError("at least one data key is needed")
        fernets = [Fernet(urlsafe_b64encode(_bound(key, "columns"))) for key in data_keys]
        # The index key comes from the oldest data key: rotating in a new first key must not lose any look-up.
        link, entry = _bound(link_secret, "links"), _bound(link_secret, "directory entries")
        once = _bound(link_secret, "one-time codes")
        return cls(MultiFernet(fernets), link, entry, once, _bound(data_keys[-1], "index"))

    def token(self, invitation_id: int, generation: int) -> str:
        """The 13 base32 characters of one invitation's link. Raising the generation makes older ones worthless."""
        return _token(self.link, f"{invitation_id}:{generation}")

    def mail_token(self, invitation_id: int, generation: int) -> str:
        """The same for the link its mails carry: which of the two is used says by which channel it came."""
        return _token(self.link, f"{invitation_id}:{generation}:mail")

    def one_time_code(self, nonce: str) -> str:
        """The six digits of one asking for a code: they follow from its nonce, and so need not be stored."""
        return f"{int.from_bytes(hmac.digest(self.once, nonce.encode(), 'sha256')[:8], 'big') % 1_000_000:06d}"

    def takes(self, typed: str, nonce: str) -> bool:
        """Whether what somebody typed is that code, however they spaced it."""
        digits = "".join(character for character in typed if character.isascii() and character.isdecimal())
        return hmac.compare_digest(digits, self.one_time_code(nonce))

    def entry_token(self, kind: str, row_id: int, generation: int) -> str:
        """The same for a directory entry's own link; ``kind`` is its table, so that no link opens another's page."""
        return _token(self.entry, f"{kind}:{row_id}:{generation}")

    def blind(self, text: str) -> str:
        """A keyed digest by which an encrypted column can be looked up without being readable."""
        return hmac.new(self.index, " ".join(text.casefold().split()).encode(), "sha256").hexdigest()


def digest(token: str) -> str:
    """What of a link's token is stored: its hash, so that a stolen database opens no link."""
    return hashlib.sha256(token.encode("ascii", "replace")).hexdigest()


def keys() -> Keys:
    """The keys of the application at work. Raises RuntimeError outside one."""
    found = current_app.extensions[_EXTENSION]
    if not isinstance(found, Keys):
        raise RuntimeError("the application was started without its keys")
    return found


def install(extensions: dict[str, object], value: Keys) -> None:
    """Hand the application its keys (create_app does this once)."""
    extensions[_EXTENSION] = value


def _token(key: bytes, what: str) -> str:
    return b32encode(hmac.digest(key, what.encode(), "sha256")).decode("ascii")[:_TOKEN_LENGTH]


def _bound(secret: str, purpose: str) -> bytes:
    """32 bytes of ``secret`` good for one purpose only."""
    return hmac.digest(secret.encode(), f"strategy-discussions/{purpose}".encode(), "sha256")
