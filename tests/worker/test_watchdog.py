"""The pages look after the worker: mail when it has been silent for two minutes, and when it is back, once each."""

import socket
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from flask import Flask

from notifications.channel import Unavailable
from notifications.memory import MemoryChannel
from notifications.messages import Email
from notifications.outcomes import Cause, Fault
from notifications.pulse import Pulse, is_address
from notifications.registry import Registry
from strategy.commands import heartbeats
from strategy.db import db, transaction
from strategy.vocabulary import Via
from strategy.worker import watchdog
from tests.cast import Cast
from tests.worker.test_two_workers import together
from tests.worker.ticking import Tick, at

UP = at(8, 0)
ADA = "ada.admin@exampleshire.example"
AWAY = Unavailable(Fault(Cause.PROVIDER, "Away"))


@pytest.fixture
def silent(app: Flask, cast: Cast, tick: Tick) -> datetime:
    """A worker came round at noon, and not again. Somebody on call is told beside the administrators."""
    app.config["ALARM_ADDRESSES"] = ("oncall@exampleshire.example", ADA)
    tick(at(12, 0))
    return at(12, 0)


def look(channels: Registry, moment: datetime, up_since: datetime = UP) -> str | None:
    found = watchdog.look(channels, up_since, moment)
    db.session.rollback()
    return found


def test_after_two_minutes_of_silence_administrators_and_the_address_list_are_told_once(
    silent: datetime, channels: Registry, mails: MemoryChannel
) -> None:
    mails.sent.clear()
    assert look(channels, silent + timedelta(seconds=110)) is None
    assert look(channels, silent + timedelta(seconds=140)) == "silent"
    assert look(channels, silent + timedelta(minutes=40)) is None
    assert [mail.to for mail in mails.sent] == [ADA, "oncall@exampleshire.example"]
    assert "since Friday 27 November 2026, midday" in mails.sent[0].text


def test_when_it_is_back_they_are_told_once_and_a_new_silence_is_told_of_again(
    silent: datetime, channels: Registry, mails: MemoryChannel, tick: Tick
) -> None:
    look(channels, at(12, 3))
    tick(at(12, 10))
    mails.sent.clear()
    assert look(channels, at(12, 10, 20)) == "back"
    assert look(channels, at(12, 11)) is None
    assert [mail.subject for mail in mails.sent if isinstance(mail, Email)] == ["Chasing goes on again"] * 2
    assert look(channels, at(12, 30)) == "silent"


def test_a_mail_server_that_is_away_is_tried_again_after_a_minute(
    silent: datetime, channels: Registry, mails: MemoryChannel
) -> None:
    mails.sent.clear()
    mails.fail_next(AWAY, AWAY)
    assert look(channels, at(12, 2, 20)) is None
    assert look(channels, at(12, 2, 50)) is None  # whoever took it up may still be at it
    assert look(channels, at(12, 3, 20)) == "silent"
    assert len(mails.sent) == 2


def test_a_silence_over_before_anybody_could_be_told_is_told_of_to_nobody(
    silent: datetime, channels: Registry, mails: MemoryChannel, tick: Tick
) -> None:
    mails.fail_next(AWAY, AWAY)
    look(channels, at(12, 2, 10))
    tick(at(12, 2, 20))
    mails.sent.clear()
    assert look(channels, at(12, 2, 30)) is None
    assert look(channels, at(12, 3, 59)) is None
    assert mails.sent == []


def test_a_process_that_has_just_started_gives_the_worker_its_two_minutes(
    silent: datetime, channels: Registry, mails: MemoryChannel
) -> None:
    mails.sent.clear()
    tomorrow = at(12, 0) + timedelta(days=1)
    assert look(channels, tomorrow + timedelta(seconds=90), up_since=tomorrow) is None
    assert look(channels, tomorrow + timedelta(seconds=120), up_since=tomorrow) == "silent"


def test_a_worker_that_never_ran_at_all_is_noticed(app: Flask, cast: Cast, channels: Registry) -> None:
    app.config["ALARM_ADDRESSES"] = ()
    assert look(channels, UP + timedelta(minutes=2)) == "silent"
    with transaction("tests", Via.WORKER) as act:
        heartbeats.beat("one", {}, replace(act, at=UP + timedelta(minutes=3)))
    assert look(channels, UP + timedelta(minutes=3)) == "back"


def test_any_number_of_processes_send_one_mail_to_each(
    app: Flask, silent: datetime, channels: Registry, mails: MemoryChannel
) -> None:
    mails.sent.clear()
    together(app, *[lambda: look(channels, at(12, 5))] * 3)
    assert sorted(mail.to for mail in mails.sent) == [ADA, "oncall@exampleshire.example"]


class _Watcher(BaseHTTPRequestHandler):
    paths: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def test_every_beat_asks_for_the_outside_address() -> None:
    server = HTTPServer(("127.0.0.1", 0), _Watcher)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        pulse = Pulse(f"http://127.0.0.1:{server.server_port}/ping/abc")
        for _ in range(2):
            beat = pulse.beat()
            assert beat is not None
            beat.join(10)
        assert _Watcher.paths == ["/ping/abc", "/ping/abc"]
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def test_a_watcher_that_does_not_answer_is_named_nowhere_and_holds_up_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        pulse = Pulse(f"http://127.0.0.1:{deaf.getsockname()[1]}/secret", seconds=0.2)
        first = pulse.beat()
        assert first is not None and pulse.beat() is None  # still under way: this beat is missed
        first.join(10)
    assert "not heard" in caplog.text and "secret" not in caplog.text
    assert Pulse("").beat() is None


@pytest.mark.parametrize(
    ("url", "good"), [("https://hc.example/x", True), ("http://10.0.0.1/", True), ("file:///etc", False), ("x", False)]
)
def test_only_an_http_address_can_be_watched_at(url: str, good: bool) -> None:
    assert is_address(url) is good
