"""Who named as implicated staffs a desk that is asked: by its rota, or as one of its people."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from strategy.commands import implicated
from strategy.commands.implicated import Whom
from strategy.db import db, transaction
from strategy.models import Contact, Event
from strategy.queries.staffing import staffed, staffing
from strategy.vocabulary import EventVerb, Via
from tests.cast import Cast
from tests.convened import LATER, convene, staff_act
from tests.rotas import on_duty


@pytest.fixture
def contact(cast: Cast) -> Iterator[Contact]:
    """Police, health and a school are asked for Friday at 3:30pm; one write transaction around it all."""
    with transaction("tests", Via.COMMAND_LINE):
        yield convene(cast).contact


def _named(contact: Contact, cast: Cast, **whom: object) -> None:
    implicated.name(contact, Whom(**whom), "Named by the family", staff_act(cast, LATER))  # type: ignore[arg-type]  # a test names one field of many


def test_on_duty_at_an_invited_desk_is_said_with_until_when(contact: Contact, cast: Cast) -> None:
    on_duty(cast.police_desk, cast.sergeant, "08:00-20:00")
    on_duty(cast.health_desk, cast.named_nurse, "17:00-18:00")
    _named(contact, cast, person=cast.sergeant)
    _named(contact, cast, person=cast.named_nurse)  # on duty there only after it has ended
    assert [one.words for one in staffed(contact, LATER)] == ["Dee Sergeant is on duty at MASH desk until 8pm"]
    said = select(Event.text).where(Event.contact_id == contact.id, Event.verb == EventVerb.CONFLICT_CHANGED)
    trail = list(db.session.scalars(said.order_by(Event.id)))
    assert trail[0].endswith(
        "nobody of those asked is skipped; 1 desk that is asked is staffed by somebody named, and still asked"
    )
    assert "Dee" not in "".join(trail)


def test_on_duty_later_today_is_said_with_from_when(contact: Contact, cast: Cast) -> None:
    on_duty(cast.police_desk, cast.sergeant, "15:00-20:00")
    _named(contact, cast, person=cast.sergeant)
    assert [one.words for one in staffed(contact, LATER)] == ["Dee Sergeant is on duty at MASH desk from 3pm until 8pm"]


def test_one_of_the_desk_is_said_without_a_rota_and_no_more_once_the_desk_is_named(
    contact: Contact, cast: Cast
) -> None:
    cast.headteacher.desk = cast.school_desk
    _named(contact, cast, person=cast.headteacher)
    assert [one.words for one in staffed(contact, LATER)] == ["Hal Head is one of Safeguarding lead"]
    assert staffing(contact, [cast.school_desk, cast.police_desk], LATER, LATER) == {
        cast.school_desk.id: ["Hal Head is one of Safeguarding lead"],
        cast.police_desk.id: [],
    }
    _named(contact, cast, desk=cast.school_desk)
    assert staffed(contact, LATER) == []


def test_nobody_is_said_where_nobody_is_named(contact: Contact, cast: Cast) -> None:
    on_duty(cast.police_desk, cast.sergeant, "08:00-20:00")
    assert staffed(contact, LATER) == []
