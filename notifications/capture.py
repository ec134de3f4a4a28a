"""The channel that sends nothing: it hands the message to a store. The default, and the demonstration's."""

from collections.abc import Callable

from notifications.channel import Sent
from notifications.messages import Message
from notifications.outcomes import State


class CaptureChannel:
    """Serves email and text alike. Kept is delivered: the message lies where its reader looks."""

    name = "capture"

    def __init__(self, store: Callable[[Message], str]) -> None:
        self._store = store

    def send(self, message: Message) -> Sent:
        return Sent(self._store(message), State.DELIVERED)

    def close(self) -> None:
        """Nothing is held open."""
