"""Holds who is asked to a demonstration case, and about whom: the plan a booking command takes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from random import Random

from strategy.commands.booking import ChildEntry
from strategy.commands.inviting import Invitee
from strategy.demonstration.partnership import Partnership
from strategy.models import Contact, Desk
from strategy.rules.invitees import Circumstances, suggest
from strategy.vocabulary import DiscussionKind

JOIN = "https://meet.exampleshire.example/strategy"
DIAL_IN = "01632 960150"

_OWN_STAFF = frozenset({"social-worker", "chair", "minute-taker", "team-manager"})
# The partnership expects a school at every discussion about a pupil, though no quorum needs it.
_EXPECTED = frozenset({"education"})


def invitees(
    world: Partnership,
    kind: DiscussionKind,
    concerns: Collection[str],
    flags: Collection[str],
    at: datetime,
    dice: Random,
    *,
    urgent: bool,
    without: Collection[str] = (),
    school: str | None = None,
) -> list[Invitee]:
    """The agencies the policy suggests, each at the desk that answers at that moment; roles in ``without`` left out.

    ``school`` names the child's school; any of them when it is not said.
    """
    suggested = suggest(Circumstances(kind, frozenset(concerns), frozenset(flags)), world.policy)
    found = []
    for one in suggested:
        if one.role in _OWN_STAFF or one.role in without:
            continue
        if one.role in _EXPECTED:  # which school is the child's, not who is open
            desk: Desk | None = dice.choice(_schools(world, one.role, school))
        else:
            best = world.directory.best(one.role, at, world.calendar, urgent=urgent)
            desk = best.desk if best else None
        if desk is not None:
            found.append(Invitee(one.role, one.required or one.role in _EXPECTED, desk=desk))
    return found


def _schools(world: Partnership, role: str, name: str | None) -> list[Desk]:
    desks = [option.desk for option in world.directory.options(role) if option.person is None]
    return [desk for desk in desks if desk is not None and name in (None, desk.agency.name)]


def children(contact: Contact, names: Sequence[str], case_reference: str, dice: Random) -> list[ChildEntry]:
    """The child of the contact and its siblings, with names nobody has."""
    first = contact.children[0].id
    return [
        ChildEntry(
            id=first if number == 0 else None,
            case_reference=case_reference if number == 0 else f"{case_reference}-{number + 1}",
            name=name,
            born=f"{dice.randrange(2010, 2024)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}",
        )
        for number, name in enumerate(names)
    ]
