"""Which clocks run on a contact beside its own target, as its page and its discussions' pages show them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from strategy.commands import contacts
from strategy.commands.contacts import NewContact
from strategy.db import transaction
from strategy.models import Contact, Discussion
from strategy.queries.clocks import before_decision, follow_ons_of
from strategy.rules.policy_editing import Edit, edited
from strategy.vocabulary import DiscussionKind, DiscussionState, Mode, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, STARTS_AT, convene, staff_act

RECEIVED = BOOKED_AT - timedelta(hours=3)


@pytest.fixture(autouse=True)
def writing(cast: Cast) -> Iterator[None]:
    with transaction("tests", Via.COMMAND_LINE):
        yield


def convened(cast: Cast, concern: str) -> Discussion:
    discussion = convene(cast)
    contacts.reclassify(discussion.contact, [concern], staff_act(cast))
    return discussion


def held(discussion: Discussion, mode: Mode) -> None:
    discussion.state, discussion.mode, discussion.started_at = DiscussionState.HELD, mode, STARTS_AT


def undecided(cast: Cast, concern: str) -> Contact:
    entry = NewContact("4471-U", RECEIVED, [concern], another=True)
    return contacts.start_clock(entry, cast.authority, cast.policy, cast.social_worker, staff_act(cast))


def test_a_follow_on_runs_once_the_first_discussion_is_held(cast: Cast) -> None:
    discussion = convened(cast, "complex")
    (before,) = follow_ons_of(discussion.contact)
    assert before.due_at == BOOKED_AT - timedelta(hours=2) + timedelta(hours=72)
    assert not before.is_running
    held(discussion, Mode.PHONE)
    (after,) = follow_ons_of(discussion.contact)
    assert (after.is_running, after.due_at) == (True, before.due_at)


def test_a_final_discussion_ends_what_repeats(cast: Cast) -> None:
    discussion = convened(cast, "missing")
    held(discussion, Mode.VIDEO)
    assert [one.label for one in follow_ons_of(discussion.contact)] == ["The weekly discussion"]
    discussion.kind = DiscussionKind.FINAL
    assert follow_ons_of(discussion.contact) == ()


def test_nothing_follows_where_nothing_was_decided(cast: Cast) -> None:
    assert follow_ons_of(undecided(cast, "complex")) == ()


def test_a_clock_that_starts_with_the_contact_runs_before_the_decision(cast: Cast) -> None:
    assert before_decision(undecided(cast, "standard")) is None
    start = [Edit(("targets", "missing"), "starts", "contact-received")]
    cast.policy.text = edited(cast.policy.text, start)
    contact = undecided(cast, "missing")
    found = before_decision(contact)
    assert found is not None
    assert found.due_at == RECEIVED + timedelta(hours=72)
    contacts.decide(contact, BOOKED_AT, "Terry Example", staff_act(cast))
    assert (contact.clock_started_at, contact.due_at) == (RECEIVED, found.due_at)
    assert before_decision(contact) is None
