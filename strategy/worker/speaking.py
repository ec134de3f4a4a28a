"""Holds how a claimed message becomes an email or a text, is handed to a channel, and what that came to.

It opens no transaction and reads no row: between claiming and settling there are only plain values.
"""

import logging
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from flask import current_app

from notifications.channel import Channel, Rejected, Unavailable
from notifications.messages import CalendarPart, Email, Sms
from notifications.outcomes import Cause
from notifications.registry import Registry
from notifications.retry import Urgency, exhausted, next_delay
from strategy import compose, ics, one_mail
from strategy.commands.sending import Outcome, wire_id
from strategy.queries.outgoing import Outgoing
from strategy.vocabulary import MessageChannel, MessageState

_SHORTEST_USE: Final = timedelta(minutes=1)
_LONGEST_USE: Final = timedelta(hours=10)  # what text providers keep at most
# Trouble that every other message would meet too: the provider is down, or does not let us in.
_DOWN: Final = frozenset({Cause.PROVIDER, Cause.OUR_SETTINGS})

log = logging.getLogger(__name__)


def speak(channels: Registry, outgoing: Outgoing, now: datetime) -> Outcome:
    """Hand one message to its channel. Never raises: whatever goes wrong is an outcome."""
    try:
        if outgoing.channel is MessageChannel.EMAIL:
            return _send(channels.email, email(outgoing, now))
        return _send(channels.sms, sms(outgoing, now))
    except Unavailable as error:
        trouble = error.reason if error.cause in _DOWN else None
        return _later(outgoing, now, error.reason, error.retry_after, trouble)
    except Rejected as error:
        return Outcome(state=MessageState.FAILED, problem=error.reason, opted_out=error.cause is Cause.OPTED_OUT)
    except ValueError:
        return Outcome(state=MessageState.FAILED, problem="The address or the words cannot be sent as they are.")
    except Exception as error:
        # Names only: an error's own words may hold an address.
        log.error("message %s failed (%s)", outgoing.id, type(error).__name__)
        return _later(outgoing, now, f"Something unforeseen went wrong ({type(error).__name__}).", None)


def email(outgoing: Outgoing, now: datetime) -> Email:
    """The email with its link and calendar part. Raises ValueError for what cannot be sent."""
    if outgoing.others:
        outgoing = _as_one(outgoing)
    organiser = _organiser()
    link = _link(outgoing)
    return Email(
        id=wire_id(outgoing.id),
        to=outgoing.address,
        to_name=outgoing.to_name,
        sender=organiser.email,
        sender_name=organiser.name,
        subject=outgoing.subject,
        text=_filled(outgoing.text, outgoing),
        html=None if outgoing.html is None else _filled(outgoing.html, outgoing),
        calendar=_calendar(outgoing, organiser, link, now),
        automatic=outgoing.automatic,
    )


def sms(outgoing: Outgoing, now: datetime) -> Sms:
    """The text with its link. Raises ValueError for what cannot be sent."""
    useful = None
    if outgoing.useful_until is not None:
        useful = min(max(outgoing.useful_until - now, _SHORTEST_USE), _LONGEST_USE)
    text = _filled(outgoing.text, outgoing)
    return Sms(id=wire_id(outgoing.id), to=outgoing.address, text=text, valid_for=useful)


def _send(channel: Channel[Email] | Channel[Sms], message: Email | Sms) -> Outcome:
    sent = channel.send(message)  # type: ignore[arg-type]  # each caller pairs a channel with its own kind of message
    state = MessageState(sent.state.value)
    waits = sent.receipt_follows and state is MessageState.SENT
    # Without receipts, to be taken over is all there is to know; a bounce undoes it.
    return Outcome(state=state, told=not waits, awaits_receipt=waits, reference=sent.reference[:200])


def _later(
    outgoing: Outgoing, now: datetime, problem: str, retry_after: timedelta | None, trouble: str | None = None
) -> Outcome:
    """Try again, or give up. A probe into a provider that is still down costs the message none of its attempts."""
    urgency = Urgency.URGENT if outgoing.urgent else Urgency.ROUTINE
    excused = outgoing.probe and trouble is not None
    if not excused and exhausted(outgoing.tries, urgency):
        words = f"{problem} Given up after {outgoing.attempt} attempts."
        return Outcome(state=MessageState.FAILED, problem=words, trouble=trouble)
    wait = next_delay(max(outgoing.tries - excused, 1), random.Random(), urgency, retry_after)
    return Outcome(state=MessageState.QUEUED, problem=problem, trouble=trouble, excused=excused, retry_at=now + wait)


def _calendar(outgoing: Outgoing, organiser: ics.Organiser, link: str, now: datetime) -> CalendarPart | None:
    if outgoing.calendar is None or outgoing.method is None:
        return None
    written = ics.rendered(outgoing.calendar, outgoing.method, outgoing.sequence, link, organiser, now)
    return CalendarPart(outgoing.method, written)


def _as_one(outgoing: Outgoing) -> Outgoing:
    """One mail of several: the words of each as they are, under its own subject."""
    several = (outgoing, *outgoing.others)
    board = f"{current_app.config['BASE_URL']}{outgoing.board_path}" if outgoing.board_path else ""
    subject, text = one_mail.of([(one.subject, _filled(one.text, one)) for one in several], board)
    return replace(outgoing, subject=subject, text=text, html=None)


def _filled(words: str, outgoing: Outgoing) -> str:
    board = f"{current_app.config['BASE_URL']}{outgoing.board_path}"
    filled = words.replace(compose.LINK, _link(outgoing)).replace(compose.CODE, outgoing.code)
    return filled.replace(compose.BOARD, board)


def _link(outgoing: Outgoing) -> str:
    return f"{current_app.config['BASE_URL']}{outgoing.path}"


def _organiser() -> ics.Organiser:
    config = current_app.config
    return ics.Organiser(config["ORGANISER"], config["ORGANISER_NAME"], config["RSVP"])
