"""Linking, changing and unlinking diaries, and keeping what was read against everybody else who reads."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from strategy.act import Act, Refused
from strategy.commands import diaries
from strategy.commands.diaries import Found, Link
from strategy.db import db
from strategy.models import Diary, Event
from strategy.vocabulary import DiaryKind, EventVerb
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NEXT = NOW + timedelta(minutes=15)
PUBLISHED = Link(DiaryKind.ICAL, "https://calendar.example/private-token/basic.ics")
CALDAV = Link(DiaryKind.CALDAV, "https://dav.example/mash/", "mash", "secret")

Acting = Callable[..., Act]
pytestmark = pytest.mark.usefixtures("writing")


def found(*hours: int) -> Found:
    spans = [(NOW.replace(hour=hour), NOW.replace(hour=hour + 1)) for hour in hours]
    return Found(spans, 1, NOW + timedelta(days=42), '"v1"', None)


def fresh(diary: Diary) -> Diary:
    db.session.refresh(diary)
    return diary


def test_a_linked_diary_is_due_at_once_and_belongs_to_its_owners_authority(cast: Cast, act: Acting) -> None:
    for owner in (cast.police_desk, cast.sergeant, cast.chair):
        diary = diaries.link(owner, PUBLISHED, act(at=NOW))
        assert (diary.authority_id, diary.due_at, diary.fetched_at) == (cast.authority.id, NOW, None)
        assert diary.owner


def test_address_and_password_lie_encrypted(cast: Cast, act: Acting) -> None:
    diaries.link(cast.police_desk, CALDAV, act(at=NOW))
    stored = str(db.session.execute(text("SELECT address, username, password FROM diaries")).one())
    assert not any(secret in stored for secret in ("dav.example", "mash", "secret"))


def test_an_address_for_calendar_programs_is_asked_by_https(cast: Cast, act: Acting) -> None:
    diary = diaries.link(cast.chair, Link(DiaryKind.ICAL, "webcal://calendar.example/a.ics"), act(at=NOW))
    assert diary.address == "https://calendar.example/a.ics"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (Link(DiaryKind.ICAL, "calendar.example"), "address"),
        (Link(DiaryKind.ICAL, "https://"), "address"),
        (Link(DiaryKind.ICAL, "https://[::1"), "address"),
        (Link(DiaryKind.ICAL, "file:///etc/passwd"), "address"),
        (Link(DiaryKind.ICAL, "https://mash:secret@calendar.example/"), "address"),
        (Link(DiaryKind.ICAL, f"https://calendar.example/{'a' * 2000}"), "address"),
        (Link(DiaryKind.CALDAV, "https://dav.example/"), "username"),
        (Link(DiaryKind.CALDAV, "https://dav.example/", "mash"), "password"),
        (Link(DiaryKind.ICAL, "https://calendar.example/", "", "secret"), "username"),
    ],
)  # fmt: skip
def test_what_can_be_no_diary_is_refused_at_its_field(cast: Cast, act: Acting, entry: Link, field: str) -> None:
    with pytest.raises(Refused) as caught:
        diaries.link(cast.chair, entry, act(at=NOW))
    assert caught.value.field == field and "secret" not in caught.value.reason


def test_a_claimed_diary_is_nobody_elses_until_its_lease_is_over(cast: Cast, act: Acting) -> None:
    diaries.link(cast.police_desk, PUBLISHED, act(at=NOW))
    assert diaries.claim(act(at=NOW)) is not None
    assert diaries.claim(act(at=NOW)) is None
    assert diaries.claim(act(at=NOW + diaries.LEASE)) is not None


def test_the_diary_longest_due_is_read_first_and_none_before_its_time(cast: Cast, act: Acting) -> None:
    second = diaries.link(cast.police_desk, PUBLISHED, act(at=NOW))
    first = diaries.link(cast.chair, PUBLISHED, act(at=NOW - timedelta(hours=1)))
    diaries.link(cast.sergeant, PUBLISHED, act(at=NOW + timedelta(minutes=1)))
    claimed = [diaries.claim(act(at=NOW)) for _ in range(3)]
    assert [one and one.id for one in claimed] == [first.id, second.id, None]


def test_the_diary_of_somebody_who_has_gone_is_read_no_more(cast: Cast, act: Acting) -> None:
    for owner in (cast.police_desk, cast.sergeant, cast.chair):
        diaries.link(owner, PUBLISHED, act(at=NOW))
        owner.active = False
    db.session.flush()
    assert diaries.claim(act(at=NOW)) is None


def test_what_was_read_is_kept_as_merged_times_and_nothing_else(cast: Cast, act: Acting) -> None:
    diary = diaries.link(cast.police_desk, PUBLISHED, act(at=NOW))
    claimed = diaries.claim(act(at=NOW))
    assert claimed is not None and diaries.keep(claimed, found(15, 13, 14), NEXT, act(at=NOW))
    kept = fresh(diary)
    assert kept.busy == [(NOW.replace(hour=13), NOW.replace(hour=16))]
    assert (kept.fetched_at, kept.due_at, kept.skipped, kept.failures) == (NOW, NEXT, 1, 0)


def test_a_reading_that_comes_late_changes_nothing(cast: Cast, act: Acting) -> None:
    diary = diaries.link(cast.police_desk, PUBLISHED, act(at=NOW))
    slow = diaries.claim(act(at=NOW))
    quick = diaries.claim(act(at=NOW + diaries.LEASE))
    assert slow is not None and quick is not None
    assert diaries.keep(quick, found(13), NEXT, act(at=NOW))
    assert not diaries.keep(slow, found(9), NEXT, act(at=NOW))
    assert not diaries.fail(slow, "Gone.", timedelta(hours=1), act(at=NOW))
    assert not diaries.keep_unchanged(slow, NEXT, act(at=NOW))
    assert fresh(diary).busy == [(NOW.replace(hour=13), NOW.replace(hour=14))]
    assert diary.problem is None


def test_a_reading_of_the_old_address_does_not_count_once_it_was_changed(cast: Cast, act: Acting) -> None:
    diary = diaries.link(cast.police_desk, PUBLISHED, act(at=NOW))
    claimed = diaries.claim(act(at=NOW))
    diaries.change(diary, Link(DiaryKind.ICAL, "https://other.example/a.ics"), act(at=NOW))
    db.session.flush()
    assert claimed is not None and not diaries.keep(claimed, found(13), NEXT, act(at=NOW))
    assert fresh(diary).busy == []


def test_a_failure_keeps_what_was_known_and_is_counted(cast: Cast, act: Acting) -> None:
    diary = diaries.link(cast.police_desk, PUBLISHED, act(at=NOW))
    claimed = diaries.claim(act(at=NOW))
    assert claimed is not None and diaries.keep(claimed, found(13), NEXT, act(at=NOW))
    for failures in (1, 2):
        claimed = diaries.claim(act(at=NEXT + timedelta(days=failures)))
        assert claimed is not None
        assert diaries.fail(claimed, "The server cannot be reached.", timedelta(hours=1), act(at=NEXT))
        assert (fresh(diary).failures, diary.problem) == (failures, "The server cannot be reached.")
    assert diary.busy and diary.fetched_at == NOW


def test_a_new_address_forgets_what_another_said_and_a_new_password_does_not(cast: Cast, act: Acting) -> None:
    diary = diaries.link(cast.police_desk, CALDAV, act(at=NOW))
    claimed = diaries.claim(act(at=NOW))
    assert claimed is not None and diaries.keep(claimed, found(13), NEXT, act(at=NOW))
    fresh(diary)
    diaries.change(diary, Link(DiaryKind.CALDAV, CALDAV.address, "mash", "changed"), act(at=NOW))
    assert diary.busy and diary.password == "changed" and diary.etag is None
    diaries.change(diary, Link(DiaryKind.CALDAV, f"{CALDAV.address}other/", "mash"), act(at=NOW))
    assert not diary.busy and diary.fetched_at is None and diary.password == "changed"


def test_a_password_is_not_carried_to_another_server(cast: Cast, act: Acting) -> None:
    diary = diaries.link(cast.police_desk, CALDAV, act(at=NOW))
    with pytest.raises(Refused) as caught:
        diaries.change(diary, Link(DiaryKind.CALDAV, "https://elsewhere.example/", "mash"), act(at=NOW))
    assert caught.value.field == "password"
    diaries.change(diary, Link(DiaryKind.ICAL, "https://elsewhere.example/a.ics"), act(at=NOW))
    assert diary.username is None and diary.password is None


def test_an_unlinked_diary_is_gone_with_all_that_was_read(cast: Cast, act: Acting) -> None:
    diaries.unlink(diaries.link(cast.police_desk, PUBLISHED, act(at=NOW)), act(at=NOW))
    db.session.flush()
    assert db.session.query(Diary).count() == 0


def test_linking_changing_and_unlinking_stand_on_the_trail_without_the_address(cast: Cast, act: Acting) -> None:
    for owner in (cast.police_desk, cast.sergeant, cast.chair):
        diary = diaries.link(owner, PUBLISHED, act(at=NOW))
        diaries.change(diary, PUBLISHED, act(at=NOW))
        diaries.change(diary, CALDAV, act(at=NOW))
        diaries.unlink(diary, act(at=NOW))
    db.session.flush()
    told = db.session.scalars(select(Event).where(Event.verb == EventVerb.DIARY_CHANGED).order_by(Event.id)).all()
    assert [one.text for one in told[:4]] == [
        "Diary of Exampleshire Police: MASH desk linked: the worker reads when they are busy",
        "Diary of Exampleshire Police: MASH desk changed",
        "Diary of Exampleshire Police: MASH desk read from another place now, and what was read before forgotten",
        "Diary of Exampleshire Police: MASH desk unlinked, and what was read forgotten",
    ]
    assert [one.agency_id for one in told] == [cast.police_desk.agency_id] * 8 + [None] * 4
    assert {one.authority_id for one in told} == {cast.authority.id}
    written = " ".join(f"{one.text} {one.facts}" for one in told)
    assert not any(secret in written for secret in ("calendar.example", "dav.example", "private-token", "secret"))
