"""Holds what pages behind a desk board's link share: who has it open, the page, the ways on from it. No page itself."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from notifications.addresses import display_phone
from strategy.access import moment
from strategy.act import Refused
from strategy.db import db
from strategy.keys import keys
from strategy.models import BoardOpening, Desk, DeskBoard, Invitation
from strategy.queries import boards
from strategy.queries.boards import Knock
from strategy.rules.second_step import OPEN_FOR
from strategy.views import linked

COOKIE = "desk_board"


def opened(token: str) -> BoardOpening | None:
    """Who has that board open in this browser."""
    knock = boards.by_token(token)
    return None if knock is None else boards.opened(knock.board, linked.browser(COOKIE), moment())


def locked(token: str) -> Knock:
    """The board, its desk locked, inside the writing transaction. Raises Refused when its link was taken back."""
    knock = boards.by_token(token)
    if knock is None:
        raise Refused("This link was taken back. Use the newest one your desk was sent")
    db.session.get(Desk, knock.board.desk_id, with_for_update={"of": Desk}, populate_existing=True)
    return knock


def again(token: str) -> BoardOpening:
    """Who has it open, read anew inside the writing transaction. Raises Refused once it is closed."""
    found = opened(token)
    if found is None:
        raise Refused("The board is closed. Open it again with a new code: what is filled in here stays")
    return found


def answering(opening: BoardOpening) -> str:
    """Who answers, as the trail has it."""
    return f"{opening.who[:100]} (desk board)"


def page(template: str, board: DeskBoard, token: str, **more: object) -> str:
    """A page about that board."""
    return render_template(
        template,
        board=board,
        desk=board.desk,
        authority_name=board.authority.name,
        ring=display_phone(board.authority.phone),
        token=token,
        **more,
    )


def rendered(template: str, opening: BoardOpening, token: str, **more: object) -> str:
    """A page of an open board."""
    return page(template, opening.board, token, opening=opening, **more)


def back(done: Redirect, token: str) -> Redirect:
    """Back to the board. The address is put in here, since it holds the live token."""
    done.location = url_for("desk_board.shown", token=token)
    return done


def to(endpoint: str, token: str) -> ResponseReturnValue:
    """On to another page of that link."""
    return redirect(url_for(endpoint, token=token), code=303)


def to_the_door(token: str) -> ResponseReturnValue:
    """Where it is opened; nowhere for a link that opens nothing."""
    if boards.by_token(token) is None:
        return unknown()
    # what was filled in on a board that closed meanwhile is still behind the browser's Back
    return redirect(url_for("desk_board.ask", token=token, filled=request.method == "POST" or None), code=303)


def unknown() -> ResponseReturnValue:
    """A link that opens nothing, or nothing any more."""
    return render_template("partner/unknown.html"), 404


def secret_for(invitation: Invitation) -> str:
    """This browser's secret for one meeting's own link: it follows from the board's, so that pressing twice is once."""
    made = sha256(f"{linked.browser(COOKIE)}:{invitation.id}:{invitation.generation}".encode()).digest()
    return urlsafe_b64encode(made).decode("ascii").rstrip("=")


def onward(invitation: Invitation) -> ResponseReturnValue:
    """To whom that meeting is about, by its own link, with the secret that opens it."""
    by_mail = invitation.mail_token_hash is not None
    token = (keys().mail_token if by_mail else keys().token)(invitation.id, invitation.generation)
    response = redirect(url_for("second_step.about", token=token), code=303)
    return linked.remember(response, f"/a/{token}", secret_for(invitation), OPEN_FOR)
