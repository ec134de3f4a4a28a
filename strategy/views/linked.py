"""Holds what pages behind a partner's link share: the page itself, the invitation read again, the way back to it."""

import re
import secrets
from datetime import timedelta

from flask import current_app, render_template, request, url_for
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from notifications.addresses import display_phone
from strategy.access import by_entry_token, by_token, moment, token_digest
from strategy.act import Refused
from strategy.forms.form import Form
from strategy.models import Invitation
from strategy.queries import boards, second_step

COOKIE = "second_step"
_SECRET = re.compile(r"[0-9A-Za-z_-]{43}")


def which_link() -> str:
    """Which invitation answers are counted for, wherever they come from and however its link is written."""
    return token_digest((request.view_args or {}).get("token", ""))


def whose_knock() -> str:
    """Whom a look at a link is counted for: the link itself where we gave it, wherever it is opened from.

    Only what is no link of ours counts against its network address, so that somebody who guesses behind the same
    address as everybody else (a council's, a hospital's) shuts nobody out.
    """
    token = (request.view_args or {}).get("token", "")
    known = by_token(token) or by_entry_token(token) or boards.by_token(token)
    return get_remote_address() if known is None else f"link {token_digest(token)}"


def rendered(template: str, invitation: Invitation, token: str, form: Form | None = None, **more: object) -> str:
    """A page about that invitation; ``form`` is the one whose errors the title and the summary speak of."""
    return render_template(
        template,
        invitation=invitation,
        discussion=invitation.discussion,
        authority_name=invitation.discussion.authority.name,
        ring=display_phone(invitation.discussion.authority.phone),
        token=token,
        form=form,
        second_step=second_step.possible(invitation, moment()),
        **more,
    )


def again(token: str) -> Invitation:
    """The invitation, fresh and locked, inside the writing transaction. Raises Refused when the link was replaced."""
    found = by_token(token, lock=True)
    if found is None:
        raise Refused("This link was replaced by a newer one. Use the newest message you have")
    return found


def back(done: Response, token: str) -> Response:
    """Back to the page, which reads what was stored. The address is put in here, since it holds the live token and
    what a submission leads to is kept in the database."""
    done.location = url_for("partner.shown", token=token)
    return done


def browser(cookie: str = COOKIE) -> str:
    """This browser's secret for this link; empty for none, or for what we never gave."""
    given = request.cookies.get(cookie, "")
    return given if _SECRET.fullmatch(given) else ""


def remember(response: Response, path: str, secret: str, max_age: timedelta, cookie: str = COOKIE) -> Response:
    """The response with this browser's secret for the link at that path, which no script and no other site gets."""
    response.set_cookie(
        cookie,
        secret,
        max_age=max_age,
        path=path,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return response


def secret(cookie: str = COOKIE) -> str:
    """This browser's secret for this link, a new one if it has none yet."""
    return browser(cookie) or secrets.token_urlsafe(32)
