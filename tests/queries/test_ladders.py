"""What a ladder is read from: whose hours count for whoever was asked."""

from datetime import UTC, datetime, time

from strategy.commands import inviting
from strategy.commands.inviting import Invitee
from strategy.db import transaction
from strategy.models import Person
from strategy.queries import ladders
from strategy.rules.chase import upcoming
from strategy.vocabulary import ChaseKind, StepKind, Via
from tests.cast import ALWAYS, Cast
from tests.convened import convene, staff_act

FRIDAY = datetime(2026, 11, 27, 16, 50, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 10, tzinfo=UTC)


def test_a_person_of_no_desk_is_chased_in_the_hours_of_their_agencys_desk(cast: Cast) -> None:
    """The worked example of domain section 6: by the clock, somebody would be rung at 3:29am."""
    assert _rungs(cast, person=cast.named_nurse) == [time(9, 7, 30), time(9, 25), time(9, 42, 30), time(9, 53)]


def test_a_person_whose_agency_has_no_desk_for_the_role_is_chased_in_office_hours(cast: Cast) -> None:
    with transaction("tests", Via.STAFF):
        cast.health_desk.roles = ["camhs"]
        cast.health_desk.hours = ALWAYS
    assert _rungs(cast, person=cast.named_nurse)[0] == time(9, 7, 30)


def _rungs(cast: Cast, person: Person) -> list[time]:
    """When the rungs of somebody asked on Friday for Monday fall due; all of them on Monday."""
    with transaction("tests", Via.STAFF):
        discussion = convene(cast, FRIDAY, MONDAY)
        invitee = Invitee(role="health-0-19", required=True, person=person)
        invitation = inviting.invite(discussion, invitee, staff_act(cast, FRIDAY))
        climb = ladders.climb_of(invitation, ChaseKind.BEFORE)
        assert climb is not None
        steps = upcoming(climb.facts, climb.figures, climb.ladder, FRIDAY)
    rungs = [step.due_at for step in steps if step.kind is StepKind.RUNG]
    assert {rung.date() for rung in rungs} == {MONDAY.date()}
    return [rung.time() for rung in rungs]
