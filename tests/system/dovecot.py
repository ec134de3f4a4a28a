"""Holds Debian's Dovecot on ports of its own: IMAP, LMTP to deliver by, Sieve. No assertion.

It runs as root and as anybody else; mail belongs to nobody, since Dovecot reads none as root.
"""

import getpass
import imaplib
import os
import shutil
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.notifications.certificates import make_certificate
from tests.system.product import free_port

USER = "discussions@exampleshire.example"
PASSWORD = "the mailbox's password"
_DOVECOT = "/usr/sbin/dovecot"
_READY_WITHIN = 20.0  # seconds; it takes a tenth of one on an idle machine

_SETTINGS = """
base_dir = {run}
state_dir = {run}
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
mail_max_userip_connections = 50
mail_location = maildir:~/mail
mail_fsync = never
postmaster_address = postmaster@exampleshire.example
recipient_delimiter =
lmtp_save_to_detail_mailbox = no
submission_host = 127.0.0.1:{submission}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = {folder}/users
}}
{oauth}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
protocol imap {{
  imap_capability = {capability}
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:~/sieve;active=~/active.sieve
  sieve_vacation_min_period = 0
  sieve_vacation_send_from_recipient = yes
}}
"""
_OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""
_AWAY = """
require "vacation";
vacation :days 1 :addresses ["{user}"] :subject "Automatic reply: away" "I am away until Monday. Ring the duty desk.";
"""


class Dovecot:
    """One server with the users it is given. A context manager; ``stop`` and ``start`` as one likes.

    ``token_info`` is asked whose a token is: its address, to which the token is added. ``capability`` is what it says
    it can do, where that is to be less than it can. What Sieve sends goes to the SMTP server at ``submission``.
    """

    def __init__(
        self,
        folder: Path,
        users: Iterable[str] = (USER,),
        *,
        token_info: str = "",
        submission: int = 9,
        capability: str = "",
    ) -> None:
        self.folder, self.users = folder, tuple(users)
        self.imap, self.imaps, self.lmtp = free_port(), free_port(), free_port()
        self.certificate = make_certificate(folder).file
        self._oauth = _OAUTH.format(folder=folder) if token_info else ""
        self._capability = capability
        self._process: subprocess.Popen[bytes] | None = None
        self._prepare(token_info, submission)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listening once this returns. Raises AssertionError when it does not begin."""
        self._process = subprocess.Popen([_DOVECOT, "-F", "-c", str(self.folder / "dovecot.conf")])
        until = time.monotonic() + _READY_WITHIN
        while not _listening(self.lmtp) or not _listening(self.imaps):
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"Dovecot did not begin:\n{self.log}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Gone, with every connection, once this returns."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None

    @property
    def log(self) -> str:
        """What it said."""
        path = self.folder / "dovecot.log"
        return path.read_text() if path.exists() else ""

    def deliver(self, *mails: bytes, to: str = USER, sender: str = "") -> None:
        """Deliver as a mail server does, by LMTP. Raises smtplib.SMTPException where it is refused."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as server:
            for mail in mails:
                server.sendmail(sender, [to], mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def waiting(self, folder: str = "INBOX", user: str = USER) -> int:
        """How many mails lie in a folder; none where it is missing."""
        with self.signed_in(user) as box:
            kind, found = box.select(f'"{folder}"', readonly=True)
            return int(found[0] or 0) if kind == "OK" else 0

    @contextmanager
    def signed_in(self, user: str = USER) -> Iterator[imaplib.IMAP4]:
        """The mailbox as a person's mail program has it open."""
        with imaplib.IMAP4("127.0.0.1", self.imap) as box:
            box.login(user, PASSWORD)
            yield box

    def emptied(self) -> None:
        """Nobody has any mail, nor been answered for being away."""
        for user in self.users:
            home = self._home(user)
            shutil.rmtree(home / "mail", ignore_errors=True)
            (home / ".dovecot.lda-dupes").unlink(missing_ok=True)

    def away(self, user: str) -> None:
        """Its owner switches the automatic reply on."""
        script = self._home(user) / "active.sieve"
        script.write_text(_AWAY.format(user=user))
        self._own(script)

    def _home(self, user: str) -> Path:
        return self.folder / "homes" / user

    def _prepare(self, token_info: str, submission: int) -> None:
        owner, group, login = _accounts()
        words: dict[str, object] = {
            "folder": self.folder,
            "run": self.folder / "run",
            "owner": owner,
            "group": group,
            "login": login,
        }
        words["capability"] = self._capability
        ports = {"imap": self.imap, "imaps": self.imaps, "lmtp": self.lmtp, "submission": submission}
        (self.folder / "dovecot.conf").write_text(_SETTINGS.format(**words, **ports, oauth=self._oauth))
        asked = [f"tokeninfo_url = {token_info}", "username_attribute = email", "force_introspection = no"]
        (self.folder / "oauth2.conf").write_text("\n".join([*asked, ""]))
        lines = []
        for user in self.users:
            home = self._home(user)
            home.mkdir(parents=True)
            self._own(home)
            lines.append(f"{user}:{{PLAIN}}{PASSWORD}:{owner}:{group}::{home}::\n")
        (self.folder / "users").write_text("".join(lines))

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, *_accounts()[:2])


def _accounts() -> tuple[str, str, str]:
    """Whose the mail is, that account's group, and who takes connections in."""
    if os.geteuid() == 0:
        return "nobody", "nogroup", "nobody"
    name = getpass.getuser()
    group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True).stdout.strip()
    return name, group, name


def _listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
