"""Two who book the same desk: one has it, the other is told who, and may go ahead all the same; it is recorded."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import booking, changes, implicated, invitations
from strategy.commands.changes import Occasion
from strategy.commands.implicated import Whom
from strategy.commands.inviting import Invitee
from strategy.db import db, transaction
from strategy.models import Contact, Desk, Discussion, Event, User
from strategy.queries import proposals
from strategy.queries.proposals import Shape
from strategy.rules.slots import judge, propose
from strategy.vocabulary import DiscussionKind, EventVerb, InvitationState, Mode, Via
from tests.cast import Cast
from tests.commands.stories import THURSDAY, plan, waiting_child

ActMaker = Callable[..., Act]
NONE: frozenset[str] = frozenset()


def book(cast: Cast, act: Act, case: str, minutes: int = 0, alongside: frozenset[str] = NONE) -> Discussion:
    """A discussion so many minutes after the usual time, by somebody who has seen those ``alongside``."""
    usual = plan(cast, THURSDAY)
    later = timedelta(minutes=minutes)
    changed = plan(
        cast,
        THURSDAY,
        starts_at=usual.starts_at + later,
        ends_at=usual.ends_at + later,
        invitees=(Invitee("police", True, desk=cast.police_desk), Invitee("health-0-19", True, desk=cast.health_desk)),
        alongside=alongside,
    )
    return booking.book(waiting_child(cast, act, case=case), changed, cast.social_worker, act)


def refused(cast: Cast, act: Act, case: str, minutes: int = 0, alongside: frozenset[str] = NONE) -> Refused:
    with transaction("Sam Worker", Via.STAFF), pytest.raises(Refused) as caught:
        book(cast, act, case, minutes, alongside)
    return caught.value


@pytest.fixture
def first(cast: Cast, act: ActMaker) -> Discussion:
    with transaction("Sam Worker", Via.STAFF):
        cast.health_desk.lines = 3
        return book(cast, act(at=THURSDAY), "4471-A")


def test_the_second_is_told_the_reference_and_the_convener_and_no_child(
    cast: Cast, act: ActMaker, first: Discussion
) -> None:
    found = refused(cast, act(at=THURSDAY), "4480-C", 30)
    assert found.field == "alongside"
    assert first.reference in found.reason
    assert "Exampleshire Police: MASH desk" in found.reason
    assert "3pm to 3:45pm, convened by Sam Worker" in found.reason
    assert "0-19 desk" not in found.reason
    assert "4471" not in found.reason


def test_end_to_end_is_no_clash(cast: Cast, act: ActMaker, first: Discussion) -> None:
    with transaction("Sam Worker", Via.STAFF):
        assert book(cast, act(at=THURSDAY), "4480-C", 45).id


def test_a_line_left_is_taken_and_the_next_is_refused(cast: Cast, act: ActMaker, first: Discussion) -> None:
    with transaction("Sam Worker", Via.STAFF):
        cast.police_desk.lines = 2
        second = book(cast, act(at=THURSDAY), "4480-C", 15)
    third = refused(cast, act(at=THURSDAY), "4490-D", 30)
    assert first.reference in third.reason and second.reference in third.reason
    with transaction("Sam Worker", Via.STAFF):
        assert book(cast, act(at=THURSDAY), "4490-D", 45)  # the first is over by then


def test_who_has_seen_it_may_go_ahead_and_both_discussions_say_so(cast: Cast, act: ActMaker, first: Discussion) -> None:
    with transaction("Sam Worker", Via.STAFF):
        second = book(cast, act(at=THURSDAY), "4480-C", alongside=frozenset({first.reference}))
    told = db.session.scalars(select(Event).where(Event.verb == EventVerb.DOUBLE_BOOKED)).all()
    assert {event.discussion_id: event.facts["beside"] for event in told} == {
        first.id: second.reference,
        second.id: first.reference,
    }
    assert all("went ahead all the same" in event.text for event in told)


def test_what_somebody_is_barred_from_is_not_named_on_the_other_timeline(
    cast: Cast, act: ActMaker, first: Discussion
) -> None:
    with transaction("Sam Worker", Via.STAFF):
        implicated.name(first.contact, Whom(user=cast.leader), "Made up", act(at=THURSDAY))
        second = book(cast, act(at=THURSDAY), "4480-C", alongside=frozenset({first.reference}))
    told = {
        event.discussion_id: event.text
        for event in db.session.scalars(select(Event).where(Event.verb == EventVerb.DOUBLE_BOOKED))
    }
    assert "asked to a restricted discussion at that time too" in told[second.id]
    assert second.reference in told[first.id]


def test_going_ahead_beside_one_is_not_going_ahead_beside_another(cast: Cast, act: ActMaker, first: Discussion) -> None:
    seen = frozenset({first.reference})
    with transaction("Sam Worker", Via.STAFF):
        second = book(cast, act(at=THURSDAY), "4480-C", alongside=seen)
    again = refused(cast, act(at=THURSDAY), "4490-D", alongside=seen)
    assert second.reference in again.reason
    assert first.reference not in again.reason


def test_what_is_held_this_minute_waits_for_nobody(cast: Cast, act: ActMaker, first: Discussion) -> None:
    at = first.starts_at + timedelta(minutes=5)
    now = act(at=at)
    with transaction("Sam Worker", Via.STAFF):
        usual = plan(cast, THURSDAY, starts_at=at, ends_at=at + timedelta(minutes=30), mode=Mode.PHONE, now=True)
        booking.book(waiting_child(cast, now, case="4480-C"), usual, cast.social_worker, now)
    assert db.session.scalars(select(Event).where(Event.verb == EventVerb.DOUBLE_BOOKED)).all()


def test_a_desk_that_declined_the_other_is_free(cast: Cast, act: ActMaker, first: Discussion) -> None:
    with transaction("Sam Worker", Via.STAFF):
        next(one for one in first.invitations if one.role == "police").state = InvitationState.DECLINED
        assert book(cast, act(at=THURSDAY), "4480-C")


def test_a_move_onto_it_is_refused_and_a_move_of_itself_is_not(cast: Cast, act: ActMaker, first: Discussion) -> None:
    now = act(at=THURSDAY)
    with transaction("Sam Worker", Via.STAFF):
        other = book(cast, now, "4480-C", 45)
    span = timedelta(minutes=15)

    def move(by: timedelta, alongside: frozenset[str] = NONE) -> None:
        to = Occasion(other.starts_at + by, other.ends_at + by, other.mode, other.join_url)
        changes.move(other, to, "waiting-for-partner", other.revision, now, alongside)

    with transaction("Sam Worker", Via.STAFF), pytest.raises(Refused, match=first.reference):
        move(-span)
    with transaction("Sam Worker", Via.STAFF):
        move(span)
        move(-2 * span, frozenset({first.reference}))
    assert other.starts_at < first.ends_at


def test_one_more_invitee_is_refused_while_another_has_their_time(cast: Cast, act: ActMaker, first: Discussion) -> None:
    now = act(at=THURSDAY)
    only_health = (Invitee("health-0-19", True, desk=cast.health_desk),)
    with transaction("Sam Worker", Via.STAFF):
        usual = plan(cast, THURSDAY, invitees=only_health, left_out={"police": "Nobody was free"}, alongside=NONE)
        other = booking.book(waiting_child(cast, now, case="4480-C"), usual, cast.social_worker, now)
    police = Invitee("police", True, desk=cast.police_desk)
    with transaction("Sam Worker", Via.STAFF), pytest.raises(Refused, match=first.reference):
        invitations.add(other, police, now)
    with transaction("Sam Worker", Via.STAFF):
        assert invitations.add(other, police, now, frozenset({first.reference})).id


def test_a_person_is_in_one_discussion_at_a_time(cast: Cast, act: ActMaker) -> None:
    now = act(at=THURSDAY)
    asked = (Invitee("police", True, person=cast.sergeant), Invitee("health-0-19", True, desk=cast.health_desk))
    with transaction("Sam Worker", Via.STAFF):
        cast.health_desk.lines = 3
        usual = plan(cast, THURSDAY, invitees=asked, alongside=NONE)
        booking.book(waiting_child(cast, now), usual, cast.social_worker, now)
    with transaction("Sam Worker", Via.STAFF), pytest.raises(Refused, match="Dee Sergeant"):
        booking.book(waiting_child(cast, now, case="4480-C"), usual, cast.social_worker, now)


@pytest.mark.parametrize("lines", [1, 2])
def test_wild_20_of_many_who_book_a_desk_at_the_same_moment_as_many_have_it_as_it_has_lines(
    app: Flask, cast: Cast, act: ActMaker, lines: int
) -> None:
    now, tries = act(at=THURSDAY), 4
    with transaction("Sam Worker", Via.STAFF):
        cast.police_desk.lines, cast.health_desk.lines = lines, tries
        contacts = [waiting_child(cast, now, case=f"CASE-{number}").id for number in range(tries)]
    ids = (cast.police_desk.id, cast.health_desk.id, cast.chair.id, cast.social_worker.id)
    db.session.rollback()
    outcomes = _together(app, [partial(_book_one, one, ids, turn, now) for turn, one in enumerate(contacts)])
    won = [one for one in outcomes if isinstance(one, int)]
    lost = [one for one in outcomes if isinstance(one, str)]
    assert (len(won), len(lost)) == (lines, tries - lines)
    references = {db.session.get_one(Discussion, one).reference for one in won}
    for words in lost:
        assert all(reference in words for reference in references)
    _next_time_is_free(contacts, won)


def _book_one(contact_id: int, ids: tuple[int, ...], turn: int, act: Act) -> int | str:
    """Book it and say its id, or say who has the desk. Desks are asked in another order each time."""
    police, health, chair, worker = ids
    try:
        with transaction("Sam Worker", Via.STAFF):
            contact = db.session.get_one(Contact, contact_id)
            asked = [
                Invitee("police", True, desk=db.session.get_one(Desk, police)),
                Invitee("health-0-19", True, desk=db.session.get_one(Desk, health)),
            ]
            people = (db.session.get_one(User, chair), db.session.get_one(User, worker))
            usual = booking.Plan(
                kind=DiscussionKind.INITIAL,
                mode=Mode.PHONE,
                starts_at=act.at + timedelta(hours=5),
                ends_at=act.at + timedelta(hours=5, minutes=45),
                chair=people[0],
                social_worker=people[1],
                invitees=asked[:: -1 if turn % 2 else 1],
                dial_in="01632 960500",
            )
            return booking.book(contact, usual, people[1], act).id
    except Refused as refused_:
        return refused_.reason


def _next_time_is_free(contacts: list[int], won: list[int]) -> None:
    """Who lost is offered times, none of which is the one that is gone."""
    booked = db.session.get_one(Discussion, won[0])
    loser = next(one for one in map(_contact, contacts) if not one.discussions)
    wanted = proposals.wanted_of(booked)
    question = proposals.for_contact(loser, wanted, (), Shape(timedelta(minutes=45), Mode.PHONE), THURSDAY)
    found = propose(question)
    assert found.slots and all(judge(question, one.starts_at, one.ends_at).everyone for one in found.slots[:3])
    assert all(one.starts_at >= booked.ends_at or one.ends_at <= booked.starts_at for one in found.slots[:3])


def _contact(contact_id: int) -> Contact:
    return db.session.get_one(Contact, contact_id)


def _together(app: Flask, jobs: list[Callable[[], int | str]]) -> list[int | str]:
    """Run the jobs at the same moment, each in a thread and an application context of its own."""
    barrier = threading.Barrier(len(jobs))
    results: list[int | str] = []
    errors: list[Exception] = []

    def run(job: Callable[[], int | str]) -> None:
        with app.app_context():
            try:
                barrier.wait(10)
                results.append(job())
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors, errors
    return results
