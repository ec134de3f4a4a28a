"""Holds who the children of the demonstration's open cases are, for the second step: plainly made up."""

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import children
from strategy.commands.children import Identity
from strategy.db import db
from strategy.models import Contact, Discussion
from strategy.vocabulary import DiscussionState

# Numbers beginning with 999 are kept for tests and given to nobody.
_NUMBERS = ("999 000 0018", "999 000 0026", "999 000 0034", "999 000 0042")


def write(act: Act) -> None:
    """Say of every child about to be discussed what a case system would."""
    waiting = select(Contact).where(Contact.discussions.any(Discussion.state == DiscussionState.CONVENED))
    for number, contact in enumerate(db.session.scalars(waiting.order_by(Contact.id))):
        for place, child in enumerate(contact.children):
            known = Identity(
                name=child.name,
                aliases="Robin Formername" if place == 0 else None,
                born=child.born,
                unborn=child.unborn,
                nhs_number=_NUMBERS[(number + place) % len(_NUMBERS)],
                addresses=f"{number + 1} Sample Street, Exampletown EX1 1AA\n9 Former Road, Exampletown EX1 2BB",
                household="Kit Sample, born 4 March 1990, parent\nAlex Sample, born 1 May 1988, parent’s partner",
            )
            children.identify(child, known, act)
