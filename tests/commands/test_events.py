"""Events: every deed is found again from what it was done to."""

from collections.abc import Callable

import pytest

from strategy.act import Act
from strategy.commands import events
from strategy.db import db
from strategy.models import Discussion, Event
from strategy.vocabulary import EventVerb
from tests.cast import Cast
from tests.convened import invited, staff_act


def test_an_invitations_event_is_found_from_discussion_and_contact(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    event = events.add(EventVerb.TOLD, "MASH desk told", staff_act(cast), invitation=police, facts={"channel": "sms"})
    assert (event.invitation_id, event.discussion_id) == (police.id, discussion.id)
    assert (event.contact_id, event.authority_id) == (discussion.contact_id, cast.authority.id)


def test_an_event_says_who_when_and_by_which_route(discussion: Discussion, cast: Cast) -> None:
    act = staff_act(cast)
    event = events.add(EventVerb.MOVED, "Moved", act, discussion=discussion)
    db.session.flush()
    assert (event.by, event.at, event.via, event.user_id) == ("Sam Worker", act.at, act.via, cast.social_worker.id)
    assert event.facts == {}


def test_a_long_sentence_is_cut_rather_than_undoing_the_deed(discussion: Discussion, cast: Cast) -> None:
    event = events.add(EventVerb.MOVED, "x" * 401, staff_act(cast), contact=discussion.contact)
    db.session.flush()
    assert len(event.text) == 400 and event.text.endswith("…")


def test_an_event_about_nothing_is_refused(writing: None, act: Callable[..., Act]) -> None:
    with pytest.raises(ValueError, match="needs"):
        events.add(EventVerb.MOVED, "Moved", act())
    assert db.session.query(Event).count() == 0
