"""Gives the police desks a board each: their links lie in the outbox, so that a newcomer can play them."""

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import board_links
from strategy.db import db
from strategy.demonstration import keeping
from strategy.demonstration.partnership import Partnership
from strategy.models import Agency, Desk, DeskBoard, Message
from strategy.vocabulary import MessageState, Sector


def give(world: Partnership, act: Act) -> None:
    """A board for each desk of the police, in the caller's transaction."""
    theirs = select(Desk).join(Desk.agency).where(Agency.authority_id == world.authority.id)
    for desk in db.session.scalars(theirs.where(Agency.sector == Sector.POLICE, Desk.active).order_by(Desk.id)):
        _keep(board_links.make(desk, act), act)


def _keep(board: DeskBoard, act: Act) -> None:
    """Its link has arrived, and lies where the outbox page looks."""
    for message in db.session.scalars(select(Message).where(Message.board_id == board.id).order_by(Message.id)).all():
        message.state, message.attempt = MessageState.DELIVERED, 1
        message.sent_at = message.delivered_at = act.at
        keeping.keep_one(message, act.at)
