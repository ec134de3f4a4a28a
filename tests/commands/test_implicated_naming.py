"""Naming somebody implicated: who, where, once, with a reason; and taking it back."""

import pytest

from strategy.act import Refused
from strategy.commands import (
    implicated,
)
from strategy.commands.implicated import Whom
from strategy.models import (
    Discussion,
)
from strategy.queries import conflicts
from strategy.vocabulary import (
    InvitationState,
)
from tests.cast import Cast
from tests.commands.implicating import add, name
from tests.convened import LATER, staff_act


def test_taken_back_they_can_be_asked_again(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, person=cast.headteacher)
    row = conflicts.standing(discussion.contact)[0]
    with pytest.raises(Refused) as refused:
        implicated.take_back(row, " ", staff_act(cast, LATER))
    assert refused.value.field == "reason"
    implicated.take_back(row, "Another person of that name", staff_act(cast, LATER))
    assert (row.removed_reason, row.removed_by) == ("Another person of that name", cast.social_worker.full_name)
    assert add(discussion, cast, person=cast.headteacher).state is InvitationState.INVITED
    with pytest.raises(Refused):
        implicated.take_back(row, "Again", staff_act(cast, LATER))


@pytest.mark.parametrize(
    ("whom", "field"),
    [({}, "who"), ({"name": "Pat"}, "agency")],
)
def test_naming_says_who_and_where(discussion: Discussion, cast: Cast, whom: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        name(discussion, cast, **whom)
    assert refused.value.field == field


def test_nobody_is_named_twice_without_a_reason_or_from_elsewhere(discussion: Discussion, cast: Cast) -> None:
    name(discussion, cast, person=cast.headteacher)
    name(discussion, cast, name="Pat Parttime", agency=cast.headteacher.agency)
    for whom in ({"person": cast.headteacher}, {"name": "Pat Parttime", "agency": cast.headteacher.agency}):
        with pytest.raises(Refused, match="already"):
            name(discussion, cast, **whom)
    with pytest.raises(Refused):
        name(discussion, cast, user=cast.outsider)
    with pytest.raises(Refused):
        implicated.name(discussion.contact, Whom(person=cast.sergeant), " ", staff_act(cast, LATER))
