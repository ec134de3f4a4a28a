"""Verification rounds: who is asked, once; what they say; what an administrator takes over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import directory_people, entries, verification
from strategy.commands.directory_people import PersonEntry
from strategy.commands.verification import Details
from strategy.db import db
from strategy.keys import keys
from strategy.models import Discussion, Message, Person, Verification
from strategy.queries import reasons, repairs, verifications
from strategy.queries.outgoing import outgoing
from strategy.vocabulary import MessageReason, MessageState, VerificationState, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, STARTS_AT, invited

NEW = Details("Dee Sergeant", "Detective Inspector", "dee.new@police.example", "07700 900388")
EVERYBODY = 8  # desks and people of the cast


def by(at_offset: timedelta = timedelta()) -> Act:
    return Act(by="Ada Admin", at=BOOKED_AT + at_offset, via=Via.STAFF)


def asked() -> list[Message]:
    found = select(Message).where(Message.reason == MessageReason.VERIFICATION).order_by(Message.id)
    return list(db.session.scalars(found))


def of(person: Person) -> Verification:
    return db.session.scalars(select(Verification).where(Verification.person_id == person.id)).one()


def test_everybody_is_asked_by_mail_and_text_once(writing: None, cast: Cast) -> None:
    started = verification.start(cast.authority, by())
    assert len(started.verifications) == EVERYBODY
    messages = asked()
    assert {message.channel.value for message in messages if message.address.startswith("+")} == {"sms"}
    assert "+441632960200" not in {message.address for message in messages}  # a landline takes no text
    assert len(messages) == 2 * EVERYBODY - 1
    with pytest.raises(Refused):
        verification.start(cast.authority, by())
    assert len(asked()) == len(messages)


def test_of_one_agency_or_of_those_not_verified_for_months(writing: None, cast: Cast) -> None:
    police = verification.start(cast.authority, by(), agency=cast.police_desk.agency)
    assert {one.agency_id for one in police.verifications} == {cast.police_desk.agency_id}
    for person, days in ((cast.named_nurse, 10), (cast.headteacher, 200)):
        person.verified_at = BOOKED_AT - timedelta(days=days)
    db.session.flush()
    stale = verification.start(cast.authority, by(), months=6)
    assert {one.entry.name for one in stale.verifications} == {"0-19 desk", "Safeguarding lead", "Hal Head"}


def test_asking_again_goes_to_those_who_are_silent_and_once_a_day(writing: None, cast: Cast) -> None:
    started = verification.start(cast.authority, by(), agency=cast.police_desk.agency)
    verification.confirm(cast.sergeant, by())
    before = len(asked())
    assert verification.remind(started, by(timedelta(days=1))) == 6  # desk, inspector, chief inspector
    assert verification.remind(started, by(timedelta(days=1, hours=1))) == 0
    assert len(asked()) == before + 6


def test_the_link_is_made_as_it_goes_out_and_opens_no_invitation(discussion: Discussion, cast: Cast) -> None:
    verification.start(cast.authority, by(), agency=cast.police_desk.agency)
    message = next(one for one in asked() if one.address == "ds@police.example")
    token = keys().entry_token("people", cast.sergeant.id, 1)
    assert outgoing(message).path == f"/d/{token}"
    assert token not in message.text + (message.html or "")
    police = invited(discussion, "police")
    assert token != keys().token(police.id, 1) != keys().entry_token("desks", police.id, 1)


def test_who_says_that_it_is_right_is_verified_and_what_still_waits_is_voided(writing: None, cast: Cast) -> None:
    verification.start(cast.authority, by())
    verification.confirm(cast.sergeant, by())
    assert cast.sergeant.verified_at == BOOKED_AT
    gone = {one.address: reasons.gone(one, BOOKED_AT) for one in asked()}
    assert gone["ds@police.example"] == "It was answered."
    assert gone["di@police.example"] is None


def test_no_message_goes_to_an_address_that_was_changed_or_an_entry_out_of_use(writing: None, cast: Cast) -> None:
    verification.start(cast.authority, by())
    entry = PersonEntry("Dee Sergeant", "Detective Sergeant", 1, email="other@police.example")
    directory_people.edit(cast.sergeant, entry, by())
    directory_people.retire(cast.inspector, by())
    gone = {one.address: reasons.gone(one, BOOKED_AT) for one in asked()}
    assert gone["ds@police.example"] is not None
    assert gone["di@police.example"] == "The entry is out of use."


def test_changed_details_count_only_when_they_are_taken_over_and_the_old_link_dies(writing: None, cast: Cast) -> None:
    verification.start(cast.authority, by())
    old = cast.sergeant.link_hash
    verification.change(cast.sergeant, NEW, by())
    assert cast.sergeant.email == "ds@police.example"
    assert [one.person for one in verifications.waiting(cast.authority.id)] == [cast.sergeant]
    verification.accept(of(cast.sergeant), by())
    assert (cast.sergeant.email, cast.sergeant.phone) == ("dee.new@police.example", "+447700900388")
    assert cast.sergeant.job_title == "Detective Inspector"
    assert cast.sergeant.verified_at == BOOKED_AT
    assert cast.sergeant.link_hash not in (old, None)
    with pytest.raises(Refused):
        verification.accept(of(cast.sergeant), by())


def test_declined_leaves_the_entry_as_it_is(writing: None, cast: Cast) -> None:
    verification.change(cast.sergeant, NEW, by())
    db.session.flush()
    verification.decline(of(cast.sergeant), by())
    assert cast.sergeant.email == "ds@police.example"
    assert verifications.waiting(cast.authority.id) == []


def test_whoever_is_there_instead_takes_the_same_place(writing: None, cast: Cast) -> None:
    verification.leave(cast.sergeant, Details("Nia New", "Detective Sergeant", "nia@police.example"), by())
    db.session.flush()
    verification.accept(of(cast.sergeant), by())
    assert not cast.sergeant.active
    nia = db.session.scalars(select(Person).where(Person.name == "Nia New")).one()
    assert (nia.agency, nia.rung, nia.active) == (cast.sergeant.agency, 1, True)


def test_a_second_thought_replaces_the_first_until_it_is_decided(writing: None, cast: Cast) -> None:
    started = verification.start(cast.authority, by(), agency=cast.police_desk.agency)
    verification.change(cast.sergeant, NEW, by())
    verification.confirm(cast.sergeant, by())
    assert of(cast.sergeant).state is VerificationState.CONFIRMED
    assert verifications.rounds(cast.authority.id)[0].answered == 1
    verification.confirm(cast.sergeant, by(timedelta(days=90)))
    assert len(started.verifications) == 4  # months later it is an asking of its own, and no part of that round
    assert len(db.session.scalars(select(Verification).where(Verification.person_id == cast.sergeant.id)).all()) == 2


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Details("", "DS", "a@police.example"), "name"),
        (Details("Dee", "", "a@police.example"), "job_title"),
        (Details("Dee", "DS"), "email"),
        (Details("Dee", "DS", "nobody"), "email"),
        (Details("Dee", "DS", None, "1"), "phone"),
    ],
)
def test_details_that_cannot_be_are_refused_at_their_field(
    writing: None, cast: Cast, details: Details, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        verification.change(cast.sergeant, details, by())
    assert caught.value.field == field


def test_the_repair_list_has_what_did_not_arrive_and_forgets_it_once_something_does(writing: None, cast: Cast) -> None:
    verification.start(cast.authority, by(), agency=cast.police_desk.agency)
    message = next(one for one in asked() if one.address == "ds@police.example")
    message.state, message.ended_at, message.problem = MessageState.BOUNCED, BOOKED_AT, "No such mailbox"
    db.session.flush()
    lost = repairs.repairs(cast.authority.id, STARTS_AT).lost
    assert [(one.entry, one.address, one.count, one.problem) for one in lost] == [
        (cast.sergeant, "ds@police.example", 1, "No such mailbox")
    ]
    assert repairs.repairs(cast.outsider.authority_id, STARTS_AT).lost == []
    later = verification.start(cast.authority, by(), agency=cast.health_desk.agency).verifications[0]
    arrived = verifications_message(later)
    arrived.address, arrived.state, arrived.delivered_at = "ds@police.example", MessageState.DELIVERED, STARTS_AT
    db.session.flush()
    assert repairs.repairs(cast.authority.id, STARTS_AT).lost == []


def verifications_message(about: Verification) -> Message:
    found = db.session.scalars(select(Message).where(Message.verification_id == about.id).order_by(Message.id)).first()
    assert found is not None
    return found


def test_the_repair_list_has_who_wants_no_texts_and_who_never_answers(discussion: Discussion, cast: Cast) -> None:
    cast.sergeant.opted_out_at = BOOKED_AT
    first = invited(discussion, "health-0-19")
    db.session.flush()
    now = STARTS_AT + timedelta(days=1)
    assert repairs.repairs(cast.authority.id, now).silent == []
    for _ in range(2):
        copy = {column: getattr(first, column) for column in ("role", "role_words", "sector", "required", "agency_id")}
        copy |= {
            column: getattr(first, column) for column in ("desk_id", "invitee", "invited_at", "chased_from", "state")
        }
        db.session.add(type(first)(discussion=discussion, **copy))
    db.session.flush()
    found = repairs.repairs(cast.authority.id, now)
    assert [(one.entry, one.invited) for one in found.silent] == [(cast.health_desk, 3)]
    assert found.opted_out == [cast.sergeant]


def test_raising_the_generation_makes_a_link_worthless(writing: None, cast: Cast) -> None:
    entries.link(cast.sergeant)
    old = cast.sergeant.link_hash
    entries.relink(cast.sergeant)
    assert cast.sergeant.link_hash != old
