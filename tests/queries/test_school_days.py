"""Whom a booking asks for a school in holidays: its holiday cover, else the area education officer's desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from strategy.act import Act
from strategy.commands import directory_terms
from strategy.commands.directory_terms import TermEntry
from strategy.db import db, transaction
from strategy.models import Agency, Contact, Desk
from strategy.queries import directory, invitees
from strategy.queries.invitees import InviteeRow, Places
from strategy.rules.invitees import Circumstances
from strategy.vocabulary import Sector, Via
from tests.cast import OFFICE, Cast
from tests.commands.stories import waiting_child

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TERM, HOLIDAY = date(2026, 12, 17), date(2026, 12, 28)
TYPED = "Sample Primary School"


@dataclass
class World:
    cast: Cast
    act: Act
    contact: Contact
    officer: Desk

    def rows(self, on: date, *schools: str, flags: frozenset[str] = frozenset({"school-age"})) -> dict[str, InviteeRow]:
        db.session.flush()
        known = directory.directory(self.cast.authority.id)
        found = invitees.rows(
            self.contact, Circumstances(flags=flags), known, NOW, (), Places(school=schools or (TYPED,)), on
        )
        return {row.role.code: row for row in found}


@pytest.fixture
def world(cast: Cast) -> Iterator[World]:
    with transaction("tests", Via.COMMAND_LINE) as act:
        service = Agency(authority=cast.authority, name="Education Service", sector=Sector.EDUCATION, active=True)
        desk = Desk(
            agency=service, name="Area education officer", roles=["education-holiday"], hours=OFFICE, active=True
        )
        db.session.add(desk)
        school = cast.school_desk.agency
        directory_terms.add(school, TermEntry("Autumn", date(2026, 9, 1), date(2026, 12, 18)), act)
        directory_terms.add(school, TermEntry("Spring", date(2027, 1, 4), date(2027, 3, 26)), act)
        yield World(cast, act, waiting_child(cast, act), desk)


def test_in_term_the_school_itself_is_asked_whatever_was_ticked(world: World) -> None:
    rows = world.rows(TERM, flags=frozenset({"school-age", "school-holidays"}))
    assert rows["education"].best is not None and rows["education"].best.desk == world.cast.school_desk
    assert "education-holiday" not in rows


def test_in_holidays_the_area_education_officer_is_asked_instead(world: World) -> None:
    rows = world.rows(HOLIDAY)
    assert "education" not in rows
    row = rows["education-holiday"]
    assert row.best is not None and row.best.desk == world.officer
    assert row.why == "Sample Primary School is in holidays on Mon 28 Dec 2026, by its term dates."


def test_a_schools_own_holiday_cover_comes_before_that_even_of_another_role(world: World) -> None:
    directory_terms.cover(world.cast.school_desk.agency, world.cast.headteacher, world.act)
    row = world.rows(HOLIDAY)["education-holiday"]
    assert row.best is not None and row.best.person == world.cast.headteacher
    assert row.best in row.options and row.best.value in row.words
    world.cast.headteacher.active = False
    again = world.rows(HOLIDAY)["education-holiday"]
    assert again.best is not None and again.best.desk == world.officer


def test_where_no_dates_say_it_the_tick_stands_as_before(world: World) -> None:
    beyond = date(2027, 8, 2)
    assert "education" in world.rows(beyond) and "education-holiday" not in world.rows(beyond)
    ticked = world.rows(beyond, flags=frozenset({"school-age", "school-holidays"}))
    assert {"education", "education-holiday"} <= ticked.keys()


def test_one_school_in_holidays_and_one_nobody_knows_are_a_row_each(world: World) -> None:
    rows = world.rows(HOLIDAY, TYPED, "Unknown Academy")
    assert rows["education"].typed == "Unknown Academy"
    assert rows["education-holiday"].typed == TYPED


def test_two_schools_with_one_cover_are_one_row(world: World) -> None:
    other = Agency(authority=world.cast.authority, name="Village School", sector=Sector.EDUCATION, active=True)
    db.session.add(Desk(agency=other, name="Office", roles=["education"], hours=OFFICE, active=True))
    db.session.flush()
    directory_terms.add(other, TermEntry("Autumn", date(2026, 9, 1), date(2026, 12, 18)), world.act)
    directory_terms.add(other, TermEntry("Spring", date(2027, 1, 4), date(2027, 3, 26)), world.act)
    row = world.rows(HOLIDAY, TYPED, "Village School")["education-holiday"]
    assert row.why.startswith("Sample Primary School and Village School are in holidays")
