"""What is said of another discussion that has a desk's time: of one closed to the reader no more than that there is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from strategy.act import Refused
from strategy.commands import booking
from strategy.commands.inviting import Invitee
from strategy.db import begin_writing, db
from strategy.models import Discussion
from strategy.queries import clashes
from strategy.queries.clashes import Claim
from tests.booked import BOOKED, STARTS, at, waiting
from tests.cast import Cast
from tests.commands.stories import plan

NONE = frozenset[str]()


@pytest.fixture(autouse=True)
def writing(cast: Cast) -> None:
    """Let the test write, as a command's caller does."""
    begin_writing()


def book(cast: Cast, case: str, alongside: frozenset[str] = NONE) -> Discussion:
    cast.health_desk.lines = 9
    partners = (("police", cast.police_desk), ("health-0-19", cast.health_desk))
    asked = tuple(Invitee(role, True, desk=desk) for role, desk in partners)
    ends = STARTS + timedelta(minutes=45)
    wanted = plan(cast, BOOKED, starts_at=STARTS, ends_at=ends, invitees=asked, alongside=alongside)
    return booking.book(waiting(cast, at(BOOKED, cast), case), wanted, cast.chair, at(BOOKED, cast))


def elsewhere(cast: Cast, case: str) -> Discussion:
    """A discussion of another authority that the same desk serves."""
    found = book(cast, case, frozenset({*(one.token for one in seen(cast))}))
    found.authority_id = found.contact.authority_id = cast.outsider.authority_id
    db.session.flush()
    return found


def restricted(cast: Cast, case: str) -> Discussion:
    found = book(cast, case, frozenset({*(one.token for one in seen(cast))}))
    found.contact.restricted = True
    db.session.flush()
    return found


def seen(cast: Cast) -> list[clashes.Clash]:
    ends = STARTS + timedelta(minutes=45)
    return clashes.of([Claim(cast.police_desk, None, STARTS, ends)], cast.authority.id)


@pytest.mark.parametrize(
    ("other", "called"),
    [(elsewhere, "another authority’s discussion"), (restricted, "a restricted discussion")],
    ids=["another authority's", "restricted"],
)
def test_of_a_closed_one_nothing_is_said_but_that_the_desk_is_taken(
    cast: Cast, other: Callable[[Cast, str], Discussion], called: str
) -> None:
    closed = other(cast, "4471-A")
    with pytest.raises(Refused) as refused:
        book(cast, "4480-C")
    assert called in refused.value.reason and "3:30pm to 4:15pm" in refused.value.reason
    for secret in (closed.reference, cast.chair.full_name, "4471", "convened by"):
        assert secret not in refused.value.reason


@pytest.mark.parametrize("other", [elsewhere, restricted])
def test_a_closed_one_is_gone_beside_by_a_token_that_says_nothing_and_not_by_its_reference(
    cast: Cast, other: Callable[[Cast, str], Discussion]
) -> None:
    closed = other(cast, "4471-A")
    (clash,) = seen(cast)
    assert clash.token != closed.reference and closed.reference not in clash.token
    assert str(closed.id) != clash.token and len(clash.token) == 16
    with pytest.raises(Refused):
        book(cast, "4480-C", frozenset({closed.reference}))
    assert book(cast, "4481-C", frozenset({clash.token})).id


def test_two_closed_ones_have_two_tokens_and_each_keeps_its_own(cast: Cast) -> None:
    cast.police_desk.lines = 1
    elsewhere(cast, "4471-A")
    (first,) = seen(cast)
    restricted(cast, "4472-B")
    tokens = [one.token for one in seen(cast)]
    assert len(set(tokens)) == 2 and first.token in tokens


def test_an_open_one_is_named_with_its_convener(cast: Cast) -> None:
    mine = book(cast, "4471-A")
    (clash,) = seen(cast)
    assert clash.token == mine.reference
    assert f"asked to {mine.reference} then (3:30pm to 4:15pm, convened by {cast.chair.full_name})" in clash.words
