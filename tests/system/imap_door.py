"""Holds a door between a worker and its mail server: it sees each command and may stop at one. No assertion."""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Self


class Door:
    """Passes IMAP on, both ways. At the first command that holds ``word``, ``reached`` is set and ``then`` is done
    before it is passed on; where ``shut``, it never is and the connection ends. A context manager.
    """

    def __init__(
        self, port: int, word: bytes, then: Callable[[], object] = lambda: None, *, shut: bool = False
    ) -> None:
        self._to, self._word, self._then, self._shut = port, word, then, shut
        self.reached = Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            Thread(target=self._commands, args=(client, server), daemon=True).start()
            Thread(target=_pass_on, args=(server, client), daemon=True).start()

    def _commands(self, client: socket.socket, server: socket.socket) -> None:
        """imaplib sends a command at a time and waits: what is read at once is one command."""
        while data := _read(client):
            if self._word in data and not self.reached.is_set():
                self.reached.set()
                self._then()
                if self._shut:
                    break
            server.sendall(data)
        for end in (server, client):
            _hang_up(end)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    while data := _read(source):
        try:
            target.sendall(data)
        except OSError:
            break
    _hang_up(target)


def _read(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
