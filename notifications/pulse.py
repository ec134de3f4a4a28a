"""Tells an outside watcher, by one HTTP request, that a worker came round. It waits for nobody and raises nothing."""

import logging
from threading import Lock, Thread
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

_SECONDS: Final = 5.0

log = logging.getLogger(__name__)


def is_address(url: str) -> bool:
    """Whether that is an address somebody could watch at: http or https, with a host."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


class Pulse:
    """One address, asked for with GET at every beat. A watcher that is slow misses beats and holds up nothing."""

    def __init__(self, url: str, seconds: float = _SECONDS) -> None:
        """``url`` empty: nobody watches. ``seconds`` is how long an answer is waited for, in a thread beside."""
        self._url, self._seconds = url, seconds
        self._under_way = Lock()

    def beat(self) -> Thread | None:
        """Ask for the address in a thread of its own; None where nobody watches or the last beat is still under way."""
        if not self._url or not self._under_way.acquire(blocking=False):
            return None
        thread = Thread(target=self._ask, name="pulse", daemon=True)
        thread.start()
        return thread

    def _ask(self) -> None:
        try:
            request = Request(self._url, headers={"User-Agent": "strategy-discussions"})
            with urlopen(request, timeout=self._seconds) as answer:
                answer.read(1)
        except Exception as error:
            # The name only: the address may hold what nobody else is to know.
            log.warning("the outside heartbeat was not heard (%s)", type(error).__name__)
        finally:
            self._under_way.release()
