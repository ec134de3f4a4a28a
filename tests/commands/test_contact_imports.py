"""Bringing in the case system's list: looked at first, added whole or not at all, undone whole or not at all."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from strategy.act import Act, Refused
from strategy.commands import access_lists, contact_imports, contacts, handovers, implicated
from strategy.commands.implicated import Whom
from strategy.db import db
from strategy.models import AccessEntry, Child, Contact, ContactImport, Event, Handover, Message
from strategy.policy import parsed
from strategy.queries import contact_imports as imports
from strategy.queries import handovers as holding
from strategy.queries import waiting
from strategy.rules.contact_sheet import COLUMNS, read
from strategy.vocabulary import ImportState, MessageState, Via, Waiting
from tests.cast import Cast
from tests.commands.stories import THURSDAY, waiting_child

pytestmark = pytest.mark.usefixtures("writing")

UNDECIDED = ("4500-A", "26/11/2026 08:00", "", "", "", "")
DECIDED = ("4501-A", "25/11/2026 08:00", "25/11/2026 09:00", "Terry Example", "standard", "")


def at(minutes: int = 0) -> Act:
    return Act(by="Terry Example", at=THURSDAY + timedelta(minutes=minutes), via=Via.STAFF)


def keep(cast: Cast, *rows: tuple[str, ...], minutes: int = 0) -> ContactImport:
    known = imports.written(parsed(cast.policy.text))
    reading = read(tuple(COLUMNS), list(enumerate(rows, start=2)), known, at(minutes).at)
    return contact_imports.keep(reading, cast.chair, at(minutes))


def confirm(cast: Cast, source: ContactImport, minutes: int = 5) -> int:
    seen = imports.plan(source).seen
    return contact_imports.confirm(source, seen, cast.chair, cast.policy, at(minutes))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_what_was_read_lies_encrypted_and_adds_nothing(cast: Cast) -> None:
    source = keep(cast, UNDECIDED, DECIDED)
    stored = db.session.execute(text("SELECT entries FROM contact_imports")).scalar_one()
    assert "4500" not in stored
    assert count(Contact) == 0
    plan = imports.plan(source)
    assert [one.case_reference for one in plan.added] == ["4500-A", "4501-A"]


def test_confirmed_every_contact_waits_with_its_own_clock(cast: Cast) -> None:
    source = keep(cast, UNDECIDED, DECIDED)
    assert confirm(cast, source) == 2
    waits = waiting.waits(cast.authority.id)
    (undecided,), (decided,) = waits.undecided, waits.unbooked
    assert undecided.contact.received_at == datetime.fromisoformat("2026-11-26T08:00Z")
    assert undecided.concerns == ()
    assert decided.since == datetime.fromisoformat("2026-11-25T09:00Z")
    assert (decided.contact.decided_by, decided.holder) == ("Terry Example", None)
    assert (source.state, source.entries, source.added_count) == (ImportState.DONE, None, 2)


def test_an_imported_contact_without_concern_is_decided_only_once_it_has_one(cast: Cast) -> None:
    confirm(cast, keep(cast, UNDECIDED))
    contact = db.session.scalars(select(Contact)).one()
    with pytest.raises(Refused) as caught:
        contacts.decide(contact, at(10).at, "Terry Example", at(10))
    assert caught.value.field == "concerns"
    contacts.reclassify(contact, ["standard"], at(11))
    contacts.decide(contact, at(11).at, "Terry Example", at(11))
    assert contact.state is Waiting.DECIDED


def test_contacts_here_already_are_matched_and_left_as_they_are(cast: Cast) -> None:
    came = "26/11/2026 10:00"
    here = waiting_child(cast, at(), case="4471-A")
    waiting_child(cast, at(), case="4472-A")
    closed = waiting_child(cast, at(), case="4473-A")
    contacts.not_needed(closed, "No", at())
    source = keep(
        cast,
        (" 4471-a ", came, "", "", "", ""),
        ("4472-A", "26/11/2026 09:00", "", "", "missing", ""),
        ("4473-A", came, "", "", "", ""),
        minutes=1,
    )
    plan = imports.plan(source)
    assert plan.added == ()
    assert [one.contact for one in plan.unchanged] == [here]
    assert [one.differs for one in plan.changed] == [("received at", "concerns")]
    assert [one.contact for one in plan.closed] == [closed]
    with pytest.raises(Refused, match="nothing to add"):
        confirm(cast, source)


def test_a_closed_case_that_comes_in_again_is_a_new_contact(cast: Cast) -> None:
    closed = waiting_child(cast, at(-600), case="4473-A")
    contacts.not_needed(closed, "No", at(-500))
    plan = imports.plan(keep(cast, ("4473-A", "26/11/2026 08:00", "", "", "", "")))
    assert [one.case_reference for one in plan.added] == ["4473-A"]


def test_another_authoritys_contact_on_the_case_is_not_seen(cast: Cast) -> None:
    waiting_child(cast, at(), case="4500-A").authority = cast.outsider.authority
    db.session.flush()
    assert len(imports.plan(keep(cast, UNDECIDED)).added) == 1


def test_a_world_that_changed_since_it_was_looked_at_refuses_the_whole_list(cast: Cast) -> None:
    source = keep(cast, UNDECIDED, DECIDED)
    seen = imports.plan(source).seen
    waiting_child(cast, at(2), case="4501-A")
    db.session.flush()
    point = db.session.begin_nested()
    with pytest.raises(Refused, match="Something changed"):
        contact_imports.confirm(source, seen, cast.chair, cast.policy, at(5))
    point.rollback()
    db.session.expire_all()
    assert count(Contact) == 1
    assert confirm(cast, source) == 1


def test_a_receiving_worker_is_given_theirs_and_told_once(cast: Cast) -> None:
    mine = (*DECIDED[:5], cast.social_worker.email.upper())
    source = keep(cast, mine, (*UNDECIDED[:5], cast.social_worker.email))
    confirm(cast, source)
    given = db.session.scalars(select(Handover)).all()
    assert [one.receiver for one in given] == [cast.social_worker] * 2
    mail = db.session.scalars(select(Message).where(Message.name == "handover")).first()
    assert mail is not None and "2 contacts" in mail.text
    assert count(Message) == 2  # a mail and a text
    handovers.accept(given[0].contact, cast.social_worker, at(9))
    assert holding.holder(given[0].contact) is cast.social_worker


def test_a_worker_nobody_knows_refuses_the_row_by_its_column(cast: Cast) -> None:
    plan = imports.plan(keep(cast, (*UNDECIDED[:5], cast.outsider.email), (*DECIDED[:5], cast.leader.email)))
    assert [(one.row, one.column) for one in plan.refused] == [
        (2, "receiving worker email"),
        (3, "receiving worker email"),
    ]
    assert plan.added == ()


def test_undone_nothing_of_it_is_left_but_who_did_it(cast: Cast) -> None:
    waiting_child(cast, at(), case="4471-A")
    db.session.flush()
    before = {model: count(model) for model in (Contact, Child, Event, Handover)}
    source = keep(cast, UNDECIDED, (*DECIDED[:5], cast.social_worker.email))
    confirm(cast, source)
    assert contact_imports.undo(source, at(30)) == 2
    assert {model: count(model) for model in before} == before
    assert set(db.session.scalars(select(Message.state))) == {MessageState.VOIDED}
    assert (source.state, source.undone_at) == (ImportState.UNDONE, THURSDAY + timedelta(minutes=30))
    assert count(AccessEntry) == 0
    with pytest.raises(Refused):
        contact_imports.undo(source, at(31))


@pytest.mark.parametrize("deed", ["safety", "accept"])
def test_once_anything_was_done_to_one_of_them_nothing_is_undone(cast: Cast, deed: str) -> None:
    source = keep(cast, UNDECIDED, (*DECIDED[:5], cast.social_worker.email))
    confirm(cast, source)
    contact = db.session.scalars(select(Contact).join(Contact.handovers)).one()
    if deed == "safety":
        contacts.keep_safe(contact, "With an aunt", at(10))
    else:
        handovers.accept(contact, cast.social_worker, at(10))
    db.session.flush()
    assert list(imports.touched(source)) == [contact]
    with pytest.raises(Refused, match="to 1 of its contacts"):
        contact_imports.undo(source, at(30))


def test_a_list_is_forgotten_after_a_day_or_when_dropped(cast: Cast) -> None:
    kept, dropped = keep(cast, UNDECIDED), keep(cast, DECIDED)
    contact_imports.drop(dropped)
    db.session.flush()
    assert contact_imports.forget(at(24 * 60)) == 0
    assert contact_imports.forget(at(24 * 60 + 1)) == 1
    db.session.expire_all()
    assert (kept.state, kept.entries, dropped.entries) == (ImportState.DROPPED, None, None)
    with pytest.raises(Refused):
        contact_imports.confirm(kept, "", cast.chair, cast.policy, at(24 * 60 + 2))


def test_an_import_is_not_undone_while_another_contact_is_linked_to_one_of_its_own(cast: Cast) -> None:
    source = keep(cast, DECIDED)
    confirm(cast, source)
    origin = db.session.scalars(select(Contact)).one()
    linked = waiting_child(cast, at(6), case="4900-L")
    access_lists.restrict(linked, origin, (cast.chair, cast.social_worker), at(6))
    with pytest.raises(Refused, match=origin.reference):
        contact_imports.undo(source, at(10))


def test_what_stands_in_the_way_of_an_undo_is_not_named_to_whom_it_is_closed(cast: Cast) -> None:
    source = keep(cast, DECIDED)
    confirm(cast, source)
    contact = db.session.scalars(select(Contact)).one()
    implicated.name(contact, Whom(user=cast.chair), "Made up", at(6))
    with pytest.raises(Refused) as caught:
        contact_imports.undo(source, replace(at(10), user_id=cast.chair.id))
    assert contact.reference not in str(caught.value)
