"""Holds the product as people run it: its own processes, data folder and port, and real servers to send to.

No assertion, and no page: what is done with it is each test's affair.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self
from urllib.error import URLError
from urllib.request import urlopen

from tests.notifications.mail_server import MailServer
from tests.notifications.twilio_server import ACCOUNT, TOKEN, TwilioServer

ROOT = Path(__file__).parents[2]
SENDER = "discussions@exampleshire.example"
TEXT_SENDER = "+447700900999"
_COMMAND = [sys.executable, "-c", "from strategy.cli import main; main()"]
_READY_WITHIN = 180.0  # seconds: a first start, with the demonstration to tell, on two busy cores


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Providers:
    """A mail server and a stand-in for Twilio, both real listeners on loopback. A context manager."""

    def __init__(self) -> None:
        self.mail = MailServer(free_port())
        self.twilio = TwilioServer()

    def __enter__(self) -> Self:
        self.mail.start()
        self.twilio.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.mail.stop()
        self.twilio.stop()

    @property
    def settings(self) -> dict[str, str]:
        """What points the product at them."""
        return {
            "STRATEGY_EMAIL_CHANNEL": "smtp",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.mail.port),
            "SMTP_SECURITY": "none",
            "SMTP_FROM": SENDER,
            "STRATEGY_SMS_CHANNEL": "twilio",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": TEXT_SENDER,
            "TWILIO_API_URL": self.twilio.base_url,
        }


@dataclass
class Product:
    """One installation in ``folder``. ``settings`` are added to the least a test's installation needs."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _logs: list[IO[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """All its settings. Only what a process needs of this machine's is passed on."""
        machine = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_RUNTIME_DIR") if name in os.environ}
        return machine | {
            "NO_PROXY": "127.0.0.1",
            "PYTHONUNBUFFERED": "1",
            "PORT": str(self.port),
            "STRATEGY_ENV": "test",
            "STRATEGY_DATA_DIR": str(self.folder / "data"),
            "STRATEGY_TICK_SECONDS": "1",
            "STRATEGY_SECRET_KEY": "system-tests-secret-key",
            "STRATEGY_PASSWORD_SALT": "system-tests-salt",
            "STRATEGY_LINK_SECRET": "system-tests-link-secret",
            "STRATEGY_DATA_KEYS": "system-tests-data-key",
            **self.settings,
        }

    @property
    def log(self) -> str:
        """Everything its processes have printed."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """``strategy <words>`` in a process of its own; ``stop`` ends it."""
        return self._begun(words[0], *_COMMAND, *words)

    def pages(self) -> "subprocess.Popen[bytes]":
        """The pages alone, as a server of several processes has them: nobody chases or sends. Raises AssertionError."""
        words = ("--workers=1", f"--bind=127.0.0.1:{self.port}", "strategy.serving:application()")
        process = self._begun("pages", sys.executable, "-m", "gunicorn", *words)
        self._await(process, "healthz")
        return process

    def _begun(self, name: str, *command: str) -> "subprocess.Popen[bytes]":
        log = (self.folder / f"{len(self.processes)}-{name}.log").open("wb")
        self._logs.append(log)
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT)
        self.processes.append(process)
        return process

    def run(self) -> "subprocess.Popen[bytes]":
        """``strategy run``, ready to be used. Raises AssertionError when it does not get so far."""
        process = self.start("run")
        self._await(process, "readyz")
        return process

    def _await(self, process: "subprocess.Popen[bytes]", page: str) -> None:
        until = time.monotonic() + _READY_WITHIN
        while not self.ready(page):
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"the product did not get ready:\n{self.log}")
            time.sleep(0.1)

    def ready(self, page: str = "readyz") -> bool:
        """Whether /readyz, or /healthz, says so."""
        try:
            with urlopen(f"{self.url}/{page}", timeout=5) as response:
                status: int = response.status
                return status == 200
        except (URLError, ConnectionError, TimeoutError):
            return False

    def command(self, *words: str) -> str:
        """``strategy <words>``, waited for; what it printed. Raises CalledProcessError when it fails."""
        done = subprocess.run(
            [*_COMMAND, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=True
        )
        return done.stdout

    def piped(self, raw: bytes, *words: str) -> tuple[int, bytes]:
        """``strategy <words>`` with that on its standard input: exit status and what it printed."""
        done = subprocess.run(
            [*_COMMAND, *words],
            cwd=ROOT,
            env=self.environment,
            input=raw,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """kill -9: no handler runs, nothing is tidied up."""
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    def stop(self) -> None:
        """End every process that still runs."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=5)
        for log in self._logs:
            log.close()
