"""Takes in one mail a mail server pipes to the command line, or only says what it is. What follows is commands'."""

from typing import Any

from notifications.inbound_mail import as_json, read
from strategy.act import Refused
from strategy.commands import receiving
from strategy.db import transaction
from strategy.serving.starting import application_ready
from strategy.vocabulary import Via

_BY = "Strategy discussions"


class NotStored(Exception):
    """It could not be stored: the mail server has to try again. The sentence holds nothing of the mail."""


def told(raw: bytes) -> dict[str, Any]:
    """What the mail is, with nothing done about it. Needs no database and no settings."""
    return {**as_json(read(raw)), "matched": False, "effect": None}


def taken_in(raw: bytes) -> dict[str, Any]:
    """What the mail is and what was done about it, once it is stored. Raises NotStored."""
    reading = read(raw)
    try:
        with application_ready(), transaction(_BY, Via.PROVIDER) as act:
            received = receiving.receive(reading, raw, act)
            kept = received.kept
            matched = kept.invitation is not None or kept.message is not None
            return {**as_json(reading), "matched": matched, "effect": kept.effect}
    except Refused as refused:
        raise NotStored(refused.reason) from None
