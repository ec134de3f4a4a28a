"""Why the threshold is met and whether the family knows: said, said anew, never overwritten, never in an event."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from strategy.act import Act, Refused
from strategy.commands import contact_facts
from strategy.commands.contact_facts import Facts
from strategy.db import db
from strategy.models import Contact, Event
from strategy.vocabulary import FamilyTold, Via
from tests.cast import Cast
from tests.commands.stories import THURSDAY, waiting_child

SAID = Facts("Local thresholds", "4", "Three reports in a week", FamilyTold.UNSAFE, "He would be told at once")


def at(minutes: int = 0) -> Act:
    return Act(by="Sam Worker", at=THURSDAY + timedelta(minutes=minutes), via=Via.STAFF)


@pytest.fixture
def contact(writing: None, cast: Cast) -> Contact:
    return waiting_child(cast, at())


def test_what_is_said_is_kept_with_who_and_when_and_the_narrative_encrypted(contact: Contact) -> None:
    revision = contact.revision
    said = contact_facts.say(contact, SAID, at(5))
    db.session.flush()
    assert (said.said_by, said.at) == ("Sam Worker", THURSDAY + timedelta(minutes=5))
    assert contact.revision == revision + 1
    stored = db.session.execute(text("SELECT threshold_why, family_why FROM contact_facts")).one()
    assert "reports" not in stored.threshold_why and "told" not in stored.family_why


def test_said_anew_the_last_counts_and_the_first_stays(contact: Contact) -> None:
    contact_facts.say(contact, SAID, at(5))
    contact_facts.say(contact, Facts("Local thresholds", "4", SAID.threshold_why, FamilyTold.YES), at(9))
    db.session.flush()
    db.session.refresh(contact)
    assert [one.family_told for one in contact.said] == [FamilyTold.UNSAFE, FamilyTold.YES]
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert event.text == "Said whether the family has been told, why the family has been told or not"
    assert event.facts == {"changed": ["family_told", "family_why"]}


def test_no_event_carries_what_was_said(contact: Contact) -> None:
    contact_facts.say(contact, SAID, at(5))
    for event in db.session.scalars(select(Event)):
        assert "reports" not in f"{event.text} {event.facts}" and "at once" not in f"{event.text} {event.facts}"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (Facts(), "threshold_why"),
        (Facts(document="Local thresholds"), "threshold_why"),
        (Facts(family_told=FamilyTold.NO), "family_why"),
        (Facts(family_told=FamilyTold.UNSAFE), "family_why"),
        (Facts(family_why="He would be told"), "family_told"),
    ],
)
def test_half_an_answer_is_asked_for_at_its_field(contact: Contact, facts: Facts, field: str) -> None:
    with pytest.raises(Refused) as caught:
        contact_facts.say(contact, facts, at(5))
    assert caught.value.field == field


def test_a_family_that_was_told_needs_no_reason_and_the_same_again_is_refused(contact: Contact) -> None:
    contact_facts.say(contact, Facts(family_told=FamilyTold.YES), at(5))
    with pytest.raises(Refused, match="written already"):
        contact_facts.say(contact, Facts(family_told=FamilyTold.YES), at(6))
