"""Pages of a desk's board behind its link: a code a shift, every meeting of the desk, answers in bulk, checks pack.

The link alone shows nothing: a code sent by another registered way opens it, in the browser that asked, until the end
of the shift. A GET changes nothing but the access log; the browser's secret is a cookie of this link's path.
"""

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from strategy.access import looked, looked_through, moment, public
from strategy.act import Act
from strategy.commands import board_answers, board_opening
from strategy.forms.board import BoardForm
from strategy.forms.form import Form
from strategy.forms.second_step import AskForm, CloseForm, CodeForm
from strategy.limits import ANSWER_LIMIT, CODE_LIMIT, LINK_LIMIT, limiter
from strategy.models import BoardOpening
from strategy.queries import board_rows, boards
from strategy.rules.board import LONGEST
from strategy.rules.second_step import CODE_FOR
from strategy.views import board_links, linked
from strategy.views.board_links import COOKIE
from strategy.views.submitting import submitted
from strategy.vocabulary import Via

blueprint = Blueprint("desk_board", __name__, url_prefix="/b")


@blueprint.route("/<token>", methods=["GET", "POST"], strict_slashes=False)
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def shown(token: str) -> ResponseReturnValue:
    """The board, and the answers of all its rows at once."""
    opening = board_links.opened(token)
    if opening is None:
        return board_links.to_the_door(token)
    if request.method != "POST":
        return _page(token, opening)
    form = BoardForm.of(board_rows.rows(opening, moment()))

    def do(act: Act) -> str:
        again = board_links.again(token)
        board_answers.send(again, form.given(boards.people(again.board.desk)), act)
        return "answered"

    done = submitted(form, do, by=board_links.answering(opening), via=Via.LINK)
    return board_links.back(done, token) if done else _page(token, opening, form)


@blueprint.route("/<token>/open", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, methods=["POST"], key_func=linked.which_link)
@limiter.limit(CODE_LIMIT, methods=["POST"])
def ask(token: str) -> ResponseReturnValue:
    """Who comes on duty, and where the code goes: one of the registered ways other than the link's own."""
    knock = boards.by_token(token)
    if knock is None:
        return board_links.unknown()
    form = AskForm.of(boards.ways(knock))

    def do(act: Act) -> str:
        who = (form.by_name.data or "", form.by_role.data or "")
        board_opening.ask(board_links.locked(token), form.way.data, linked.browser(COOKIE), who, act)
        return "asked"

    done = submitted(form, do, by=f"{form.by_name.data}, {form.by_role.data}"[:120], via=Via.LINK)
    return board_links.to("desk_board.enter", token) if done else _door("ask", token, form)


@blueprint.route("/<token>/code", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
@limiter.limit(ANSWER_LIMIT, methods=["POST"], key_func=linked.which_link)
@limiter.limit(CODE_LIMIT, methods=["POST"])
def enter(token: str) -> ResponseReturnValue:
    """The code. A wrong one is told by the same words whatever is wrong, and what was typed is not shown again."""
    form = CodeForm()

    def do(act: Act) -> str:
        board, code = board_links.locked(token).board, form.code.data or ""
        return "opened" if board_opening.enter(board, code, linked.browser(COOKIE), act) else "wrong"

    done = submitted(form, do, by="link", via=Via.LINK)
    if done and done.location == "opened":
        return board_links.to("desk_board.shown", token)
    return _door("code", token, CodeForm.after_a_wrong_one() if done else form)


@blueprint.get("/<token>/about/<int:invitation_id>")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def about(token: str, invitation_id: int) -> ResponseReturnValue:
    """Who one meeting is about. The code that opened the board came another way: no other is needed."""
    opening = board_links.opened(token)
    found = None if opening is None else board_rows.one(opening, invitation_id, moment())
    if opening is None or found is None:
        return board_links.to("desk_board.shown", token)
    looked(found, who=opening.who)
    return board_links.rendered("desk_board/about.html", opening, token, invitation=found, form=Form(formdata=None))


@blueprint.post("/<token>/about/<int:invitation_id>")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def go_on(token: str, invitation_id: int) -> ResponseReturnValue:
    """On to that meeting's own page, opened: for what the agency knows, or to say that it is not their child."""
    opening = board_links.opened(token)
    found = None if opening is None else board_rows.one(opening, invitation_id, moment())
    if opening is None or found is None:
        return board_links.to("desk_board.shown", token)

    def do(act: Act) -> str:
        board_answers.go_on(board_links.again(token), found, board_links.secret_for(found), act)
        return "gone"

    done = submitted(CloseForm(), do, by=opening.who, via=Via.LINK)
    return board_links.onward(found) if done else board_links.to("desk_board.shown", token)


@blueprint.get("/<token>/checks")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def pack(token: str) -> ResponseReturnValue:
    """The checks pack, to print: of this shift, or of all on the board. A look at each meeting is in the access log."""
    opening = board_links.opened(token)
    if opening is None:
        return board_links.to_the_door(token)
    whole = request.args.get("all") == "1"
    found = board_rows.to_check(opening, moment(), whole=whole)
    looked_through(found, opening.who)
    return board_links.rendered("desk_board/pack.html", opening, token, invitations=found, whole=whole)


@blueprint.post("/<token>/close")
@public
@limiter.limit(LINK_LIMIT, key_func=linked.whose_knock)
def close(token: str) -> ResponseReturnValue:
    """The shift is over, or somebody else takes the chair: this browser shows nothing any more."""

    def do(act: Act) -> str:
        board_opening.close(board_links.locked(token).board, linked.browser(COOKIE), act)
        return "closed"

    submitted(CloseForm(), do, by="link", via=Via.LINK)
    return board_links.to("desk_board.ask", token)


def _page(token: str, opening: BoardOpening, sent: BoardForm | None = None) -> ResponseReturnValue:
    """The board as the database has it now; what was typed stays in its rows."""
    found = board_rows.rows(opening, moment())
    form = BoardForm.of(found, blank=True) if sent is None else sent.renew(found)
    return board_links.rendered(
        "desk_board/board.html",
        opening,
        token,
        days=board_rows.days(found, moment()),
        count=len(found),
        just=board_rows.just_answered(found, board_links.answering(opening), moment()),
        people=boards.people(opening.board.desk),
        form=form,
        close_form=CloseForm(formdata=None),
    )


def _door(name: str, token: str, form: Form) -> ResponseReturnValue:
    """The page, and the secret of this browser if it has none yet."""
    knock = boards.by_token(token)
    if knock is None:
        return board_links.unknown()
    waiting = boards.waiting(knock.board, linked.browser(COOKIE), moment())
    valid_until = None if waiting is None else waiting.asked_at + CODE_FOR
    page = board_links.page(
        f"desk_board/{name}.html",
        knock.board,
        token,
        form=form,
        ways=boards.ways(knock),
        waiting=waiting,
        valid_until=valid_until,
    )
    secret = linked.secret(COOKIE)
    return linked.remember(make_response(page), f"/b/{token}", secret, CODE_FOR + LONGEST, COOKIE)
