"""Sends the code that opens a desk board, takes it, and closes the board again. It shows and answers nothing."""

from sqlalchemy import func, select

from notifications.addresses import display_phone
from strategy.act import Act, Refused
from strategy.commands import asked_codes, events, messages
from strategy.compose import entry_facts
from strategy.db import db
from strategy.keys import keys
from strategy.models import BoardOpening, DeskBoard
from strategy.queries import boards, wordings
from strategy.queries.boards import Knock
from strategy.queries.second_step import Way
from strategy.rules.second_step import HOUR, TRIES, too_often
from strategy.vocabulary import EventVerb, MessageReason


def ask(knock: Knock, way: str, browser: str, who: tuple[str, str], act: Act) -> BoardOpening:
    """Send a code to the channel chosen, which voids all sent before. ``who`` is name and role, as typed.

    ``browser`` is the secret of the browser that asks. Raises Refused, at the field: too soon, too often, or not one
    of the channels other than the link's own.
    """
    board = knock.board
    _refuse_cookieless(board, browser)
    chosen = next((one for one in boards.ways(knock) if one.key == way), None)
    if chosen is None:
        raise Refused("Choose where the code should go", "way")
    _refuse_often(board, act)
    asked_codes.void(BoardOpening, BoardOpening.board_id == board.id, act)
    opening = _row(board, chosen, browser, who, act)
    _note(EventVerb.CODE_ASKED, board, f"{opening.who} asked for a code by {chosen.channel.words.lower()}", act)
    _send(opening, act)
    return opening


def enter(board: DeskBoard, code: str, browser: str, act: Act) -> bool:
    """Whether the code is the one this browser was sent, still good, and unused; each wrong one counts.

    Raises nothing for a wrong one, since what is counted must be kept.
    """
    _refuse_cookieless(board, browser)
    opening = boards.waiting(board, browser, act.at)
    if opening is None:
        _note(EventVerb.CODE_REFUSED, board, "a wrong code was typed (no code was waiting in that browser)", act)
        return False
    opening.tries += 1
    if not keys().takes(code, opening.nonce):
        which = f"try {opening.tries} of {TRIES} of {opening.who}"
        _note(EventVerb.CODE_REFUSED, board, f"a wrong code was typed ({which})", act)
        return False
    opening.opened_at, opening.open_until = act.at, boards.open_until(board.desk, act.at)
    _note(EventVerb.BOARD_OPENED, board, f"{opening.who} opened the desk board", act)
    return True


def close(board: DeskBoard, browser: str, act: Act) -> None:
    """Whoever has it open has finished: this browser opens nothing without another code."""
    asked_codes.close(BoardOpening, BoardOpening.board_id == board.id, browser, act)


def _refuse_cookieless(board: DeskBoard, browser: str) -> None:
    asked_codes.refuse_cookieless(browser, display_phone(board.authority.phone))


def _refuse_often(board: DeskBoard, act: Act) -> None:
    asked = select(func.count(BoardOpening.id), func.max(BoardOpening.asked_at)).where(
        BoardOpening.board_id == board.id, BoardOpening.asked_at > act.at - HOUR
    )
    count, last = db.session.execute(asked).one()
    why = too_often(count, last, act.at, display_phone(board.authority.phone))
    if why is not None:
        raise Refused(why)


def _row(board: DeskBoard, way: Way, browser: str, who: tuple[str, str], act: Act) -> BoardOpening:
    opening = BoardOpening(board=board, **asked_codes.facts(way, browser, who, act))
    db.session.add(opening)
    db.session.flush()
    return opening


def _send(opening: BoardOpening, act: Act) -> None:
    board = opening.board
    messages.put(
        f"board-code/{opening.id}",
        opening.channel,
        opening.address,
        wordings.words(board.authority_id, "board-code", entry_facts(board.desk.agency, board.desk)),
        act,
        authority_id=board.authority_id,
        board=board,
        to_name=f"{board.desk.agency.name}: {board.desk.name}"[:200],
        name="board-code",
        reason=MessageReason.BOARD_CODE,
        reason_facts={"opening": opening.id},
        urgent=True,
    )


def _note(verb: EventVerb, board: DeskBoard, what: str, act: Act) -> None:
    desk = board.desk
    text = f"{desk.name} of {desk.agency.name}: {what}"
    events.add(verb, text, act, agency=desk.agency, facts={"desk_id": desk.id})
