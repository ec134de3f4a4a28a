"""Holds Debian's Postfix on a port and a queue of its own, piping one address to whatever a test says. No assertion.

Its master runs as root only: elsewhere by sudo, which must ask nothing.
"""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Self

from tests.system.product import free_port

_PROGRAMS = Path("/usr/lib/postfix/sbin")
_READY_WITHIN = 20.0  # seconds
_QUEUE = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/lib
daemon_directory = {programs}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
myhostname = mail.exampleshire.example
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
transport_maps = texthash:{folder}/transport
smtp_dns_support_level = disabled
lmtp_dns_support_level = disabled
smtp_tls_security_level = none
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
delay_warning_time = 1s
maximal_queue_lifetime = 1h
bounce_queue_lifetime = 1h
smtpd_peername_lookup = no
default_destination_concurrency_failed_cohort_limit = 0
strategy_destination_recipient_limit = 1
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
strategy unix - n n - - pipe
  flags=q user=nobody argv=/usr/bin/python3 {folder}/hand-over {piped}
"""
# Runs as nobody, who may be closed out of the checkout: it hands the mail to the test, and ends as the test says.
_HAND_OVER = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as test:
    test.sendall(sys.stdin.buffer.read())
    test.shutdown(socket.SHUT_WR)
    sys.exit(test.recv(1)[0])
"""


class Postfix:
    """``routes`` are lines of its transport map. What comes for ``piped`` goes to ``take``, whose answer is the exit
    status its pipe ends with. A context manager.
    """

    def __init__(
        self, folder: Path, routes: Mapping[str, str], piped: str, take: Callable[[bytes], int], *, port: int = 0
    ) -> None:
        self.folder, self.port = folder, port or free_port()
        self._routes = {piped: "strategy:", **routes}

        class Handler(StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(bytes([take(self.rfile.read())]))

        self._pipe = ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._pipe.daemon_threads = True

    def __enter__(self) -> Self:
        Thread(target=self._pipe.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self._prepare()
        self._master = subprocess.Popen(
            [*as_root(), _PROGRAMS / "master", "-d", "-c", self.folder / "etc"], start_new_session=True
        )
        until = time.monotonic() + _READY_WITHIN
        while not _greets(self.port):
            if self._master.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"Postfix did not begin:\n{self.log}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._master.terminate()
        self._master.wait(timeout=15)
        self._pipe.shutdown()
        self._pipe.server_close()
        if os.geteuid() != 0:
            subprocess.run([*as_root(), "rm", "-rf", self.folder / "spool", self.folder / "lib"], check=True)

    @property
    def log(self) -> str:
        """What it said."""
        path = self.folder / "maillog"
        return path.read_text() if path.exists() else ""

    @property
    def kept(self) -> int:
        """How many mails lie in its queue."""
        asked = [
            *as_root(),
            "find",
            *(str(self.folder / "spool" / name) for name in ("active", "deferred", "incoming")),
        ]
        done = subprocess.run([*asked, "-type", "f"], capture_output=True, text=True, check=False)
        return len(done.stdout.split())

    def _prepare(self) -> None:
        etc = self.folder / "etc"
        etc.mkdir()
        words = {"folder": self.folder, "programs": _PROGRAMS, "port": self.port}
        piped = self._pipe.server_address[1]
        (etc / "main.cf").write_text(_MAIN.format(**words))
        (etc / "master.cf").write_text(_MASTER.format(**words, piped=piped))
        (self.folder / "hand-over").write_text(_HAND_OVER)
        (self.folder / "transport").write_text("".join(f"{to} {way}\n" for to, way in self._routes.items()))
        for name in (*_QUEUE, "maildrop", "public", "pid"):
            (self.folder / "spool" / name).mkdir(parents=True)
        (self.folder / "lib").mkdir()
        owned = [self.folder / "lib", *(self.folder / "spool" / name for name in (*_QUEUE, "maildrop", "public"))]
        subprocess.run([*as_root(), "chown", "postfix", *owned], check=True)
        subprocess.run([*as_root(), "chown", "root", self.folder / "spool", self.folder / "spool/pid"], check=True)


def as_root() -> list[str]:
    """What a command begins with to be run as root."""
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


def why_not() -> str | None:
    """Why it cannot run here; None when it can."""
    if not (_PROGRAMS / "master").exists():
        return "Postfix is not installed"
    try:
        pwd.getpwnam("postfix")
    except KeyError:
        return "there is no account for Postfix"
    if os.geteuid() == 0 or _sudo_asks_nothing():
        return None
    return "Postfix's master runs as root, which takes sudo without a password"


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as asked:
            return asked.recv(4).startswith(b"220")
    except OSError:
        return False


def _sudo_asks_nothing() -> bool:
    if shutil.which("sudo") is None:
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
