"""Gives the police desks a board each: their link waits in the outbox, so that a newcomer can play them."""

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import board_links
from strategy.db import db
from strategy.demonstration.partnership import Partnership
from strategy.models import Agency, Desk
from strategy.vocabulary import Sector


def give(world: Partnership, act: Act) -> None:
    """A board for each desk of the police, in the caller's transaction."""
    theirs = select(Desk).join(Desk.agency).where(Agency.authority_id == world.authority.id)
    for desk in db.session.scalars(theirs.where(Agency.sector == Sector.POLICE, Desk.active).order_by(Desk.id)):
        board_links.make(desk, act)
