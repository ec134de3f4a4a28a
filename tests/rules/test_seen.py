"""How far an invitation got: one chain, in order, that never takes a mail scanner's look for a person's."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.answering import TOO_QUICK
from strategy.rules.seen import Trail, chain, first_look
from strategy.vocabulary import Seen

SENT = datetime(2026, 11, 27, 12, 50, tzinfo=UTC)
LATER = SENT + timedelta(minutes=5)


def said(trail: Trail) -> list[str]:
    return [link.words for link in chain(trail)]


def test_nothing_happened_yet_is_said_in_words() -> None:
    words = ["Queued", "Not sent", "Not delivered", "Not opened", "Not answered", "Not joined"]
    assert said(Trail(queued_at=SENT)) == words
    assert all(link.at is None for link in chain(Trail(queued_at=SENT))[1:])


def test_the_whole_chain_says_when() -> None:
    trail = Trail(queued_at=SENT, left=[SENT], delivered_at=SENT, looks=[LATER], answered_at=LATER, joined_at=LATER)
    assert said(trail) == ["Queued", "Sent", "Delivered", "Opened", "Answered", "Joined"]
    assert all(link.certain for link in chain(trail))


def test_a_server_that_sends_no_receipts_is_no_receipt() -> None:
    taken = chain(Trail(queued_at=SENT, left=[SENT], arrived_at=SENT))[2]
    assert (taken.words, taken.certain, taken.step) == ("Taken by their server, no receipt", False, Seen.DELIVERED)


def test_what_was_lost_stands_in_the_place_of_delivered() -> None:
    assert chain(Trail(queued_at=SENT, left=[SENT], lost_at=LATER))[2].step is Seen.LOST


def test_wild_1_a_look_within_seconds_of_a_message_is_a_scanners() -> None:
    opened = chain(Trail(queued_at=SENT, left=[SENT], looks=[SENT + timedelta(seconds=3)]))[3]
    assert (opened.words, opened.certain) == ("Opened, unverified", False)


def test_a_doubtful_answer_is_said_to_be_one() -> None:
    assert "Answered, unverified" in said(Trail(queued_at=SENT, answered_at=LATER, certain=False))


def test_our_own_people_have_no_page_to_open() -> None:
    assert all("pened" not in words for words in said(Trail(queued_at=SENT, has_page=False)))


moments = st.integers(0, 3600).map(lambda seconds: SENT + timedelta(seconds=seconds))


@given(st.lists(moments, max_size=4), st.lists(moments, max_size=6))
def test_a_persons_look_is_never_within_seconds_of_any_message(left: list[datetime], looks: list[datetime]) -> None:
    at, certain = first_look(looks, left)
    quick = [look for look in looks if any(sent <= look < sent + TOO_QUICK for sent in left)]
    if certain:
        assert at in looks and at not in quick
    else:
        assert sorted(quick) == sorted(looks) and at == (min(looks) if looks else None)


@pytest.mark.parametrize("seconds", [0, 9])
def test_the_second_message_brings_its_own_scanner(seconds: int) -> None:
    assert first_look([LATER + timedelta(seconds=seconds)], [SENT, LATER])[1] is False
