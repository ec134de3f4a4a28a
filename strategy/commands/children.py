"""Holds writing down who a child is, as partners need it to search their own systems. Not who may read it."""

from dataclasses import dataclass

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.models import Child
from strategy.rules.nhs_number import nhs_number
from strategy.vocabulary import EventVerb

_OF_CHILD = ("name", "aliases", "born", "unborn", "nhs_number", "addresses")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a child is, and who else lives there. ``born`` is an ISO date, of birth or expected; any may be unknown."""

    name: str | None = None
    aliases: str | None = None
    born: str | None = None
    unborn: bool = False
    nhs_number: str | None = None
    addresses: str | None = None
    household: str | None = None


def identify(child: Child, identity: Identity, act: Act) -> None:
    """Write it down, encrypted; the trail says that it changed and no more. Raises Refused at the field."""
    number = None
    if identity.nhs_number:
        number = nhs_number(identity.nhs_number)
        if number is None:
            raise Refused(
                "Check the NHS number: it has 10 digits, and the last one does not fit the others", "nhs_number"
            )
    if identity.unborn and not identity.born:
        raise Refused("Enter the expected date of birth", "born")
    if not identity.unborn and identity.born and identity.born > act.at.date().isoformat():
        raise Refused("This date is still to come: tick “Not born yet”, or correct the date", "born")
    for name in _OF_CHILD:
        setattr(child, name, getattr(identity, name))
    child.nhs_number = number
    child.contact.household = identity.household
    child.contact.revision += 1
    events.add(EventVerb.CONTACT_CHANGED, "Who a child is was written down", act, contact=child.contact)
