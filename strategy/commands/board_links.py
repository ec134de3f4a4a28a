"""Holds making a desk board's link, sending it to the desk and taking it back. Who opens it is board_opening's."""

from strategy.act import Act, Refused
from strategy.commands import events, messages
from strategy.commands.messages import Recipient
from strategy.compose import entry_facts
from strategy.db import db
from strategy.models import Desk, DeskBoard, Message
from strategy.queries import boards, reply_codes, wordings
from strategy.vocabulary import EventVerb, MessageChannel, MessageReason


def make(desk: Desk, act: Act) -> DeskBoard:
    """A board for that desk, whose link goes to it at once. Raises Refused while one stands, or no mail gets there."""
    if not (desk.active and desk.agency.active):
        raise Refused(f"{desk.name} is out of use")
    if boards.standing(desk) is not None:
        raise Refused(f"{desk.name} has a board already")
    if not desk.email:
        raise Refused(f"Give {desk.name} a shared inbox first: the link goes there")
    board = DeskBoard(authority_id=desk.agency.authority_id, desk=desk, made_by=act.by, made_at=act.at)
    db.session.add(board)
    db.session.flush()
    board.mail_hash = boards.hashed(board, MessageChannel.EMAIL)
    board.text_hash = boards.hashed(board, MessageChannel.SMS)
    _note(board, "has a board: its link was sent to it", act)
    _send(board, act)
    return board


def send(board: DeskBoard, act: Act) -> list[Message]:
    """Send the link again, by mail and text. Raises Refused when it was taken back."""
    _refuse_revoked(board)
    _note(board, "was sent the link of its board again", act)
    return _send(board, act)


def revoke(board: DeskBoard, act: Act) -> None:
    """From now on its links open nothing, and whoever has it open sees nothing more. Raises Refused if done already."""
    _refuse_revoked(board)
    board.revoked_at, board.revoked_by = act.at, act.by
    _note(board, "has no board any more: its link was taken back", act)


def _refuse_revoked(board: DeskBoard) -> None:
    if board.revoked_at is not None:
        raise Refused("This link was taken back already")


def _send(board: DeskBoard, act: Act) -> list[Message]:
    desk = board.desk
    stopped = desk.phone is not None and reply_codes.texts_stopped(desk.phone)
    to = Recipient(f"{desk.agency.name}: {desk.name}", desk.email, desk.phone, no_texts=stopped)
    said = wordings.words(board.authority_id, "board", entry_facts(desk.agency, desk))
    addressed = ((MessageChannel.EMAIL, to.email), (MessageChannel.SMS, to.mobile))
    return [
        messages.put(
            f"board/{board.id}/{act.at.isoformat()}",
            channel,
            address,
            said,
            act,
            authority_id=board.authority_id,
            board=board,
            to_name=to.name[:200],
            name="board",
            reason=MessageReason.BOARD,
            reason_facts={},
        )
        for channel, address in addressed
        if address
    ]


def _note(board: DeskBoard, what: str, act: Act) -> None:
    """On the trail of the agency; never the link."""
    desk = board.desk
    text = f"{desk.name} of {desk.agency.name} {what}"
    events.add(EventVerb.BOARD_CHANGED, text, act, agency=desk.agency, facts={"desk_id": desk.id})
