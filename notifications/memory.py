"""A channel for tests: keeps what it was given, fails when told to. No running product is given it."""

from collections import deque

from notifications.channel import NotSent, Sent
from notifications.messages import Message
from notifications.outcomes import State


class MemoryChannel:
    """`sent` holds the messages taken, in order. Failures scripted by `fail_next` come first, each once.

    `dead` maps an address to what sending there raises, every time.
    """

    name = "memory"

    def __init__(self, state: State = State.SENT) -> None:
        self.sent: list[Message] = []
        self.dead: dict[str, NotSent] = {}
        self._failures: deque[NotSent] = deque()
        self._state = state

    def fail_next(self, *failures: NotSent) -> None:
        self._failures.extend(failures)

    def send(self, message: Message) -> Sent:
        if self._failures:
            raise self._failures.popleft()
        if message.to in self.dead:
            raise self.dead[message.to]
        self.sent.append(message)
        return Sent(f"memory-{len(self.sent)}", self._state)

    def close(self) -> None:
        """Nothing is held open; `sent` stays for the test to read."""
