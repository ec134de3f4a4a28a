"""What people of ours type in haste: a clear error or one clean result, never a trace, and nothing half done."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from strategy.db import db
from strategy.models import Contact, Discussion, Message
from tests.journeys.story import Story
from tests.walking import Fields, Page, Typed, Walker

LONG = "x" * 10_000
EMOJI = "Zoë 👩‍⚕️ Ó'Brien"
HEADER = "Jo Sample\r\nBcc: everybody@press.example"
START: Fields = {
    "case_reference": ["4471-A"],
    "received_at": ["2026-11-27T11:00"],
    "decided": ["now"],
    "concerns": ["standard"],
}


@pytest.fixture
def worker(story: Story) -> Walker:
    """The social worker at the page that starts a clock."""
    walker = story.staff(story.cast.social_worker)
    walker.open("/contacts/new")
    return walker


@pytest.fixture
def booked(story: Story) -> Story:
    """Booked and told."""
    story.book()
    story.tick()
    return story


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"received_at": "2026-11-28T11:00"}, "cannot have come in later than now"),
        ({"received_at": "yesterday"}, "must be a date and time"),
        ({"received_at": "0001-01-01T00:00"}, None),
        ({"received_at": "9999-12-31T23:59"}, None),
        ({"decided": "other", "decided_at": "2026-11-28T11:00", "decided_by": "Terry"}, "later than now"),
        ({"decided": "other", "decided_at": "2026-11-27T10:00", "decided_by": "Terry"}, None),
        ({"decided": "other"}, "Enter when it was decided"),
        ({"decided": "perhaps"}, None),
        ({"concerns": []}, "Choose at least one concern"),
        ({"concerns": ["made-up"]}, None),
        ({"case_reference": ""}, "Enter the case reference"),
        ({"case_reference": LONG}, "must be 40 characters or fewer"),
        ({"case_reference": HEADER}, "must be one line"),
        ({"safety": LONG}, "must be 4,000 characters or fewer"),
        ({"case_reference": "a\x00b"}, "must be one line"),
    ],
)
def test_a_clock_is_not_started_by_what_cannot_be(
    worker: Walker, changed: dict[str, str | list[str]], words: str | None
) -> None:
    page = worker.post("/contacts/new", START | {"submission": [uuid4().hex]} | _many(changed))
    assert "There is a problem" in page.words, page.words
    assert words is None or words in page.words, page.words
    assert _count(Contact) == 0


def test_emoji_and_marks_are_kept_as_they_were_typed(worker: Walker) -> None:
    page = worker.post("/contacts/new", START | {"safety": [EMOJI], "submission": [uuid4().hex]})
    assert EMOJI in page.words
    assert _count(Contact) == 1


def test_the_same_form_sent_twice_starts_one_clock(worker: Walker) -> None:
    sent = START | {"submission": [uuid4().hex]}
    first, second = worker.post("/contacts/new", sent).url, worker.post("/contacts/new", sent).url
    assert first == second
    assert _count(Contact) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"starts_at": "2026-11-27T12:00"}, "still to come"),
        ({"starts_at": "2027-11-27T12:00"}, "90 days"),
        ({"starts_at": ""}, "Enter"),
        ({"starts_at": "soon"}, "must be a date and time"),
        ({"slot": "2026-11-20T12:00:00+00:00"}, "still to come"),
        ({"slot": "2026-11-27T15:30"}, "Choose a time"),
        ({"minutes": "-30"}, None),
        ({"minutes": "0"}, None),
        ({"minutes": "many"}, None),
        ({"join_url": ""}, "join link"),
        ({"join_url": "javascript:alert(1)"}, "https://"),
        ({"join_url": LONG}, "characters or fewer"),
        ({"mode": "carrier-pigeon"}, None),
        ({"starts_at": "2026-12-04T15:30"}, "reason for the delay"),
        ({"direction": "Visit"}, "Give the direction a date"),
        ({"direction_due_at": "2026-11-28T12:00"}, "Write the direction"),
        ({"direction": "Visit", "direction_due_at": "2026-11-26T12:00"}, "must be still to come"),
    ],
)
def test_a_discussion_is_not_booked_for_a_time_or_place_that_cannot_be(
    story: Story, changed: dict[str, str], words: str | None
) -> None:
    walker = story.start_clock()
    walker.follow("Book")
    walker.send("Continue")
    walker.send("Continue", chair=str(story.cast.chair.id))
    at = {"slot": "other", "starts_at": "2026-11-27T15:30", "minutes": "45", "mode": "video"}
    page = walker.send("Continue", {**at, "join_url": "https://meet.example/x", **changed})
    assert "There is a problem" in page.words, page.words
    assert words is None or words in page.words, page.words
    walker.open(page.url.replace("when", "check"))
    assert "Send invitations" not in walker.page.words
    assert (_count(Discussion), _count(Message)) == (0, 0)


def test_a_time_that_goes_by_before_the_invitations_are_sent_is_asked_for_again(story: Story) -> None:
    walker = story.start_clock()
    walker.follow("Book")
    walker.send("Continue")
    walker.send("Continue", chair=str(story.cast.chair.id))
    times = {"slot": "other", "starts_at": "2026-11-27T13:00", "minutes": "45", "mode": "phone"}
    walker.send("Continue", times, dial_in="01632 960500")
    story.at("13:01")
    page = walker.send("Send invitations")
    assert "When and how" in page.words and "Choose a time that is still to come" in page.words
    assert _count(Discussion) == 0


def test_leaving_police_out_asks_why(story: Story) -> None:
    walker = story.start_clock()
    walker.follow("Book")
    walker.send("Continue")
    page = walker.send("Continue", who_police="", chair=str(story.cast.chair.id))
    assert "There is a problem" in page.words and "Say why Police" in page.words
    walker.send("Continue", why_police="They came to the child first and wrote everything down")
    walker.send(
        "Continue", slot="other", starts_at="2026-11-27T15:30", minutes="45", mode="phone", dial_in="01632 960500"
    )
    walker.send("Send invitations")
    assert {one.role for one in story.discussion.invitations} == {"chair", "social-worker", "health-0-19"}
    assert "Police" in story.look()


def test_a_booking_sent_twice_books_once(story: Story) -> None:
    walker = story.start_clock()
    walker.follow("Book")
    walker.send("Continue")
    walker.send("Continue", chair=str(story.cast.chair.id))
    walker.send(
        "Continue", slot="other", starts_at="2026-11-27T15:30", minutes="45", mode="phone", dial_in="01632 960500"
    )
    address, form = walker.page.url, walker.page.form("Send invitations")[0]
    walker.post(address, form.fields)
    messages = _count(Message)
    walker.post(address, form.fields)
    walker.post(address, form.fields | {"submission": [uuid4().hex]})  # and from a second window
    assert (_count(Discussion), _count(Message)) == (1, messages)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends_at": "2026-11-27T16:00"}, "end after it starts"),
        ({"starts_at": "2026-11-27T12:00", "ends_at": "2026-11-27T12:30"}, "still to come"),
        ({"ends_at": "2026-11-28T16:00"}, "4 hours"),
        ({"reason": ""}, "Choose why"),
        ({"reason": "made-up"}, None),
        ({"join_url": ""}, "join link"),
        ({"revision": "abc"}, None),
        ({"revision": ""}, None),
    ],
)
def test_a_discussion_is_not_moved_to_where_it_cannot_be(
    booked: Story, changed: dict[str, str], words: str | None
) -> None:
    before = _count(Message)
    page = _move(booked, booked.staff(booked.cast.chair), **changed)
    assert "There is a problem" in page.words, page.words
    assert words is None or words in page.words, page.words
    assert booked.discussion.sequence == 0 and _count(Message) == before


def test_of_two_people_who_move_it_at_once_the_second_is_told(booked: Story) -> None:
    chair, worker = booked.staff(booked.cast.chair), booked.staff(booked.cast.social_worker)
    for walker in (chair, worker):
        walker.open(f"/discussions/{booked.discussion.id}/move")
    typed = {"starts_at": "2026-11-27T17:00", "ends_at": "2026-11-27T17:45", "reason": "other"}
    assert "5pm to 5:45pm" in chair.send("Move it and tell everybody", typed).words
    page = worker.send("Move it and tell everybody", typed | {"starts_at": "2026-11-27T16:30"})
    assert "Somebody changed this discussion" in page.words
    assert booked.discussion.sequence == 1


@pytest.mark.parametrize(
    "phone", ["12345", "+1 (555) 010", "0000 000 000", "07700900001x999", "٠٧٧٠٠", LONG, "\u202e07700"]
)
def test_a_number_nobody_can_ring_is_refused(booked: Story, phone: str) -> None:
    worker = booked.staff(booked.cast.social_worker)
    invitation = booked.asked("police")
    worker.open(f"/invitations/{invitation.id}/correct")
    assert "There is a problem" in worker.send("Correct and send again", phone=phone).words
    assert booked.asked("police").phone == "+447700900001"


@pytest.mark.parametrize("phone", ["07700 900 044", "+44 (0)7700 900044", "0044 7700 900044", "07700-900-044"])
def test_a_number_however_it_is_written_is_the_same_number(booked: Story, phone: str) -> None:
    worker = booked.staff(booked.cast.social_worker)
    worker.open(f"/invitations/{booked.asked('police').id}/correct")
    worker.send("Correct and send again", phone=phone)
    assert booked.asked("police").phone == "+447700900044"


@pytest.mark.parametrize(
    "path", ["/contacts/99999999999999999999", "/discussions/0", "/invitations/7777/answer", "/a/"]
)
def test_what_is_not_there_is_not_there(booked: Story, path: str) -> None:
    assert booked.staff(booked.cast.chair).open(path).status == 404


def test_an_outsider_finds_nothing_of_ours(booked: Story) -> None:
    outsider = booked.staff(booked.cast.outsider)
    discussion = booked.discussion
    paths = [
        f"/contacts/{discussion.contact_id}",
        f"/discussions/{discussion.id}",
        f"/discussions/{discussion.id}/move",
        f"/discussions/{discussion.id}/hold",
        f"/discussions/{discussion.id}/record",
        f"/invitations/{booked.asked('police').id}/answer",
    ]
    assert {outsider.open(path).status for path in paths} == {404}
    assert discussion.reference not in outsider.open("/").words


def _move(story: Story, walker: Walker, **changed: str) -> Page:
    walker.open(f"/discussions/{story.discussion.id}/move")
    typed = {"starts_at": "2026-11-27T17:00", "ends_at": "2026-11-27T17:45", "reason": "other"}
    return walker.send("Move it and tell everybody", typed | changed)


def _many(typed: Typed) -> Fields:
    return {name: value if isinstance(value, list) else [value] for name, value in typed.items()}


def _count(model: type[Contact | Discussion | Message]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0
