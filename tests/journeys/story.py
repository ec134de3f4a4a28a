"""Holds the telling of a story through the pages: who does what, when the worker comes round, what arrived."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import select

from notifications.memory import MemoryChannel
from notifications.messages import Email, Message
from notifications.registry import Registry
from strategy import worker
from strategy.clock import in_london, now
from strategy.db import db
from strategy.models import CallTask, Discussion, Invitation, User
from strategy.vocabulary import CallState
from tests.cast import Cast
from tests.walking import Walker

_LINK = re.compile(r"https://sd\.example(/a/[A-Z0-9]{13})\b")


class Story:
    """One story. Moments are of Friday 27 November 2026 (London is UTC) unless a date is said."""

    def __init__(
        self, app: Flask, cast: Cast, clock: time_machine.Traveller, sign_in: Callable[[User], FlaskClient]
    ) -> None:
        self.app, self.cast = app, cast
        self._clock, self._sign_in = clock, sign_in
        self.mails, self.texts = MemoryChannel(), MemoryChannel()
        self._all: list[Message] = []

    def at(self, words: str) -> None:
        """It is now that time: "14:10", or "2026-11-30 09:00"."""
        day, _, time = words.rpartition(" ")
        self._clock.move_to(datetime.fromisoformat(f"{day or '2026-11-27'}T{time}:00+00:00"))

    def tick(self) -> dict[str, Any]:
        """The worker comes round once."""
        db.session.rollback()
        done = worker.tick(Registry(email=self.mails, sms=self.texts), now())
        db.session.rollback()
        return done

    def tick_until(self, words: str, every: timedelta = timedelta(minutes=4)) -> None:
        """The worker comes round again and again, up to that time."""
        day, _, time = words.rpartition(" ")
        until = datetime.fromisoformat(f"{day or '2026-11-27'}T{time}:00+00:00")
        while now() < until:
            self._clock.move_to(min(now() + every, until))
            self.tick()

    def staff(self, user: User) -> Walker:
        """Somebody of ours, signed in."""
        return Walker(self._sign_in(db.session.merge(user)))

    def partner(self, message: Message) -> Walker:
        """Somebody who opened the link in a message, in a browser of their own."""
        walker = Walker(self.app.test_client())
        walker.open(link(message))
        return walker

    def sent(self, address: str) -> list[Message]:
        """What reached an address or number, mails and texts, oldest first."""
        return [one for one in (*self.mails.sent, *self.texts.sent) if one.to == address]

    def texts_to(self, number: str) -> list[Message]:
        """The texts that reached a number, oldest first."""
        return [one for one in self.texts.sent if one.to == number]

    def mail_before(self, address: str) -> Message:
        """The first mail that ever reached an address."""
        return next(one for one in self._all if one.to == address and isinstance(one, Email))

    def forget(self) -> None:
        """From here on only what arrives anew counts."""
        self._all += [*self.mails.sent, *self.texts.sent]
        self.mails.sent.clear()
        self.texts.sent.clear()

    def reached(self) -> set[str]:
        """Every address and number something arrived at."""
        return {one.to for one in (*self.mails.sent, *self.texts.sent)}

    @property
    def discussion(self) -> Discussion:
        """The newest discussion, as it is now."""
        db.session.rollback()
        return db.session.scalars(select(Discussion).order_by(Discussion.id.desc()).limit(1)).one()

    def asked(self, role: str) -> Invitation:
        """The newest invitation in that role."""
        return [one for one in self.discussion.invitations if one.role == role][-1]

    def calls(self) -> list[CallTask]:
        """The open calls a person has to make."""
        db.session.rollback()
        return list(db.session.scalars(select(CallTask).where(CallTask.state == CallState.OPEN)))

    # What people do, page by page.

    def start_clock(self, case: str = "4471-A") -> Walker:
        """The social worker starts the clock for a decided contact."""
        walker = self.staff(self.cast.social_worker)
        walker.open("/")
        walker.follow("Start the clock")
        walker.send("Start the clock", case_reference=case, decided="now", concerns=["standard"])
        assert "Book" in walker.page.words, walker.page.words
        return walker

    def look(self) -> str:
        """What the discussion's page says to the social worker now."""
        return self.staff(self.cast.social_worker).open(f"/discussions/{self.discussion.id}").words

    def book(self, starts_at: str = "2026-11-27T15:30", case: str = "4471-A") -> Walker:
        """From nothing to invitations: police, health and education are asked, by video."""
        walker = self.start_clock(case)
        walker.follow("Book")
        walker.send("Continue", {"children-0-school": "Sample Primary School", "flags": ["school-age"]})
        walker.send("Continue", chair=str(self.cast.chair.id))
        walker.send(
            "Continue", slot="other", starts_at=starts_at, minutes="45", mode="video", join_url="https://meet.example/x"
        )
        walker.send("Send invitations")
        assert "invitations are on their way" in walker.page.words, walker.page.words
        return walker


def link(message: Message) -> str:
    """The partner's link in a message. Raises LookupError without one."""
    found = _LINK.search(message.text)
    if found is None:
        raise LookupError(f"no link in {message.text}")
    return found.group(1)


def as_typed(moment: datetime) -> str:
    """A moment as the browser's date and time picker sends it."""
    return in_london(moment).strftime("%Y-%m-%dT%H:%M")


def calendar(message: Message) -> Event:
    """The event in a mail's calendar part. Raises LookupError without one."""
    if not isinstance(message, Email) or message.calendar is None:
        raise LookupError("no calendar part")
    event = Calendar.from_ical(message.calendar.ics).walk("VEVENT")[0]
    assert isinstance(event, Event)
    return event
