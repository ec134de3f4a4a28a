"""Inviting: whom an invitation goes to, its link, and what happens when nothing reaches them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import booking, inviting
from strategy.commands.inviting import Invitee
from strategy.db import db, transaction
from strategy.keys import digest, keys
from strategy.models import CallTask, Chase, Discussion, Message, Person
from strategy.vocabulary import CallState, ChaseKind, DiscussionState, Via
from tests.cast import Cast
from tests.commands.stories import THURSDAY, plan, waiting_child

ActMaker = Callable[..., Act]


def writing() -> AbstractContextManager[Act]:
    return transaction("Sam Worker", Via.STAFF)


@pytest.fixture
def discussion(cast: Cast, act: ActMaker) -> Discussion:
    now = act(at=THURSDAY)
    with writing():
        return booking.book(waiting_child(cast, now), plan(cast, THURSDAY), cast.social_worker, now)


def test_the_links_token_is_stored_nowhere_but_its_hash_is(cast: Cast, discussion: Discussion) -> None:
    police = next(one for one in discussion.invitations if one.role == "police")
    token = keys().token(police.id, 1)
    assert police.token_hash == digest(token)
    texts = [message.text + (message.html or "") for message in db.session.scalars(select(Message))]
    assert texts
    assert not [words for words in texts if token in words]


def test_an_invited_partner_is_chased_and_the_authoritys_own_are_not(cast: Cast, discussion: Discussion) -> None:
    chased = db.session.scalars(select(Chase).where(Chase.kind == ChaseKind.BEFORE)).all()
    roles = {chase.asked.role for chase in chased}
    assert {"police", "health-0-19"} <= roles
    assert not roles & {"chair", "social-worker"}


def test_a_person_without_an_address_is_reached_through_their_desk(
    cast: Cast, discussion: Discussion, act: ActMaker
) -> None:
    with writing():
        officer = Person(
            agency=cast.police_desk.agency, desk=cast.police_desk, name="Pat Officer", job_title="Constable"
        )
        officer.active = True
        db.session.add(officer)
        db.session.flush()
        invitation = inviting.invite(discussion, Invitee("police", False, person=officer), act(at=THURSDAY))
        assert invitation.invitee == "Exampleshire Police: Pat Officer, Constable"
        assert invitation.email == "mash@police.example"


def test_nobody_reachable_becomes_a_call_for_the_convener_at_once(
    cast: Cast, discussion: Discussion, act: ActMaker
) -> None:
    with writing():
        cast.school_desk.email = None  # what is left is a landline, which takes no texts
        invitation = inviting.invite(discussion, Invitee("nursery", True, desk=cast.school_desk), act(at=THURSDAY))
        task = db.session.scalars(select(CallTask).where(CallTask.invitation_id == invitation.id)).one()
        assert invitation.undeliverable
        assert task.state is CallState.OPEN
        assert task.number == "+441632960200"
        assert task.for_user_id == cast.social_worker.id


def test_the_same_desk_is_not_asked_twice_in_one_role(cast: Cast, discussion: Discussion, act: ActMaker) -> None:
    with writing(), pytest.raises(Refused):
        inviting.invite(discussion, Invitee("police", True, desk=cast.police_desk), act(at=THURSDAY))


def test_one_desk_can_be_asked_in_two_roles(cast: Cast, discussion: Discussion, act: ActMaker) -> None:
    with writing():
        second = inviting.invite(discussion, Invitee("health-gp", False, desk=cast.health_desk), act(at=THURSDAY))
        assert second.role_words == "GP"


def test_who_is_asked_is_exactly_one_in_use_in_a_role_the_policy_knows(
    cast: Cast, discussion: Discussion, act: ActMaker
) -> None:
    wrong = [
        Invitee("police", True),
        Invitee("police", True, desk=cast.police_desk, person=cast.sergeant),
        Invitee("astrologer", True, desk=cast.school_desk),
        Invitee("minute-taker", False, user=cast.outsider),
    ]
    for invitee in wrong:
        with writing(), pytest.raises(Refused):
            inviting.invite(discussion, invitee, act(at=THURSDAY))
    with writing(), pytest.raises(Refused):
        cast.school_desk.active = False
        inviting.invite(discussion, Invitee("nursery", True, desk=cast.school_desk), act(at=THURSDAY))


def test_a_discussion_that_is_over_invites_nobody(cast: Cast, discussion: Discussion, act: ActMaker) -> None:
    with writing(), pytest.raises(Refused):
        discussion.state = DiscussionState.STOOD_DOWN
        inviting.invite(discussion, Invitee("police", True, person=cast.sergeant), act(at=THURSDAY))


def test_an_address_given_for_this_invitation_stands_in_for_the_directorys(
    cast: Cast, discussion: Discussion, act: ActMaker
) -> None:
    with writing():
        invitee = replace(Invitee("police", False, person=cast.sergeant), email="duty@police.example")
        invitation = inviting.invite(discussion, invitee, act(at=THURSDAY))
        assert (invitation.email, invitation.phone) == ("duty@police.example", "+447700900011")
