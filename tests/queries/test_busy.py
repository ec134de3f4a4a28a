"""When desks and people are busy by their diaries, in one query, and how far that can be trusted."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from strategy.db import db, transaction
from strategy.models import Desk, Diary, Person, User
from strategy.queries import busy
from strategy.vocabulary import DiaryKind, Via
from tests.cast import Cast
from tests.counting import statements

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = NOW, NOW + timedelta(days=1)


def at(hour: int) -> datetime:
    return NOW.replace(hour=hour)


def linked(owner: Desk | Person | User, *hours: int, minutes_ago: int | None = 5, failures: int = 0) -> None:
    """A diary with an hour taken at each of these, read so many minutes ago."""
    fetched = None if minutes_ago is None else NOW - timedelta(minutes=minutes_ago)
    with transaction("tests", Via.COMMAND_LINE):
        db.session.add(
            Diary(
                authority_id=owner.authority_id if isinstance(owner, User) else owner.agency.authority_id,
                desk_id=owner.id if isinstance(owner, Desk) else None,
                person_id=owner.id if isinstance(owner, Person) else None,
                user_id=owner.id if isinstance(owner, User) else None,
                kind=DiaryKind.ICAL,
                address="https://calendar.example/",
                linked_by="tests",
                linked_at=NOW,
                due_at=NOW,
                spans=[(int(at(hour).timestamp()), int(at(hour + 1).timestamp())) for hour in hours],
                fetched_at=fetched,
                known_until=fetched and fetched + timedelta(days=42),
                failures=failures,
            )
        )


def test_desks_people_and_staff_are_answered_together_in_one_query(app: Flask, cast: Cast) -> None:
    linked(cast.police_desk, 13, 15)
    linked(cast.sergeant, 14)
    linked(cast.chair, 16)
    desks, people, users = [cast.police_desk.id, cast.health_desk.id], [cast.sergeant.id], [cast.chair.id]
    with statements() as seen:
        found = busy.spans(desks, people, users, *DAY, NOW)
    assert seen.count == 1
    police = found.of("desk", desks[0])
    assert police is not None and police.spans == ((at(13), at(14)), (at(15), at(16)))
    assert not police.stale and police.fetched_at == NOW - timedelta(minutes=5)
    assert found.of("desk", desks[1]) is None
    sergeant, chair = found.of("person", people[0]), found.of("user", users[0])
    assert sergeant is not None and sergeant.spans == ((at(14), at(15)),)
    assert chair is not None and chair.spans == ((at(16), at(17)),)


def test_only_what_lies_in_the_time_asked_for_is_told(app: Flask, cast: Cast) -> None:
    linked(cast.police_desk, 9, 12, 18)
    found = busy.spans([cast.police_desk.id], [], [], at(12) + timedelta(minutes=30), at(18), NOW)
    one = found.of("desk", cast.police_desk.id)
    assert one is not None and one.spans == ((at(12) + timedelta(minutes=30), at(13)),)


@pytest.mark.parametrize(
    ("minutes_ago", "failures", "stale"), [(5, 0, False), (61, 0, True), (5, 1, True), (None, 0, True)]
)
def test_what_is_old_failing_or_unread_is_stale(
    app: Flask, cast: Cast, minutes_ago: int | None, failures: int, stale: bool
) -> None:
    linked(cast.police_desk, 13, minutes_ago=minutes_ago, failures=failures)
    one = busy.spans([cast.police_desk.id], [], [], *DAY, NOW).of("desk", cast.police_desk.id)
    assert one is not None and one.stale is stale and len(one.spans) == 1


def test_several_diaries_of_one_owner_are_taken_together_and_the_oldest_reading_counts(app: Flask, cast: Cast) -> None:
    linked(cast.police_desk, 13, minutes_ago=5)
    linked(cast.police_desk, 14, 16, minutes_ago=70)
    one = busy.spans([cast.police_desk.id], [], [], *DAY, NOW).of("desk", cast.police_desk.id)
    assert one is not None and one.stale
    assert one.spans == ((at(13), at(15)), (at(16), at(17)))
    assert one.fetched_at == NOW - timedelta(minutes=70)
