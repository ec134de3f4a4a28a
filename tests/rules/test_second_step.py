"""When the second step stands open, how an address is masked, and what an NHS number is."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy.rules.nhs_number import nhs_number
from strategy.rules.second_step import AFTERWARDS, available, masked
from strategy.vocabulary import DiscussionState, InvitationState, MessageChannel

ENDS = datetime(2026, 11, 27, 16, 15, tzinfo=UTC)
INVITED, WITHDRAWN = InvitationState.INVITED, InvitationState.WITHDRAWN


@pytest.mark.parametrize(
    ("invitation", "discussion", "signed_at", "now", "open_"),
    [
        (INVITED, DiscussionState.CONVENED, None, ENDS, True),
        (INVITED, DiscussionState.CONVENED, None, ENDS + AFTERWARDS, False),
        (INVITED, DiscussionState.HELD, None, ENDS + timedelta(days=60), True),
        (INVITED, DiscussionState.SIGNED, ENDS, ENDS + AFTERWARDS - timedelta(seconds=1), True),
        (INVITED, DiscussionState.SIGNED, ENDS, ENDS + AFTERWARDS, False),
        (INVITED, DiscussionState.STOOD_DOWN, None, ENDS - timedelta(days=1), False),
        (WITHDRAWN, DiscussionState.CONVENED, None, ENDS - timedelta(days=1), False),
    ],
)
def test_it_is_open_until_a_week_after_the_signature(
    invitation: InvitationState, discussion: DiscussionState, signed_at: datetime | None, now: datetime, open_: bool
) -> None:
    assert available(invitation, discussion, ENDS, signed_at, now) is open_


def test_a_masked_address_says_its_end_or_its_domain_alone() -> None:
    assert masked(MessageChannel.SMS, "+447700900123") == "Text to the mobile ending 123"
    assert masked(MessageChannel.EMAIL, "mash@police.example") == "Email to m…@police.example"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9434765919", "943 476 5919"),
        (" 943-476-5919 ", "943 476 5919"),
        ("9434765918", None),
        ("943476591", None),
        ("٩٤٣٤٧٦٥٩١٩", None),
    ],
)
def test_an_nhs_number_is_ten_digits_of_which_the_last_checks_the_others(typed: str, kept: str | None) -> None:
    assert nhs_number(typed) == kept
