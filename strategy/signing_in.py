"""How staff sign in: by password on the page and by nothing else. Partners have no account; roles are access.py's."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, request, session
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, user_logged_in
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.forms import LoginForm
from flask_security.views import login, logout

from strategy.commands import users
from strategy.db import db, transaction
from strategy.limits import ACCOUNT_LIMIT, SIGN_IN_LIMIT, limiter
from strategy.models import Role, User, WebAuthn
from strategy.queries import sign_ins
from strategy.vocabulary import Via

_SIGNED_IN = 302
_NAME = "sign_in"


class SignInForm(LoginForm):
    """Address and password. Nobody is remembered: desks are shared, and a session ends with the working day."""

    remember = None  # type: ignore[assignment]  # WTForms' way to take an inherited field out


def settings(password_salt: str) -> dict[str, Any]:
    """What Flask-Security is told."""
    return {
        "SECURITY_PASSWORD_SALT": password_salt,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_REGISTERABLE": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_TRACKABLE": False,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_FRESHNESS": timedelta(minutes=-1),  # no page of ours asks again, so there is no page to ask on
        "SECURITY_CACHE_CONTROL": None,  # every page says so already, in words that browsers know
    }


def install(app: Flask) -> None:
    """Let staff sign in. Guessing is slowed down; a browser's session is the only proof of who somebody is."""
    Security(app, SQLAlchemyUserDatastore(db, User, Role, WebAuthn), login_form=SignInForm)
    app.view_functions["security.login"] = _sign_in
    app.view_functions["security.logout"] = _sign_out
    manager: LoginManager = app.login_manager  # type: ignore[attr-defined]  # put there by Security
    manager.user_loader(_unless_ended(manager._user_callback))
    user_logged_in.connect(_name_session, app)
    # Flask-Security also takes, from a header or the address, a token that never ends: nobody is known by one here.
    manager.request_loader(_nobody)


def _tried() -> str:
    """Which account was tried from where. Not the account alone: a stranger must not be able to lock somebody out."""
    return f"{get_remote_address()} {request.form.get('email', '').strip().casefold()[:254]}"


def _failed(response: Response) -> bool:
    """Whether it counts as a guess: an office behind one address signs in at nine o'clock without using anything up.

    Nor does what names nobody or brings no password: sent by one, it must not keep all the others out.
    """
    guessed = request.form.get("email", "").strip() and request.form.get("password")
    return bool(guessed) and response.status_code != _SIGNED_IN


@limiter.limit(SIGN_IN_LIMIT, methods=["POST"], deduct_when=_failed)
@limiter.limit(ACCOUNT_LIMIT, methods=["POST"], deduct_when=_failed, key_func=_tried)
def _sign_in() -> ResponseReturnValue:
    """Flask-Security's own page."""
    answer: ResponseReturnValue = login()
    return answer


def _nobody(_: Request) -> None:
    """Who a request is from when it has no session."""


def _name_session(_: Flask, **__: Any) -> None:
    """Give a session its name when it begins, by which it is ended."""
    session[_NAME] = secrets.token_hex(16)


def _unless_ended(load: Callable[[str], User | None]) -> Callable[[str], User | None]:
    """A session's cookie holds all there is of it and would open every page again: one that was ended opens none."""

    def loaded(user_id: str) -> User | None:
        return None if _NAME in session and sign_ins.ended(session[_NAME]) else load(user_id)

    return loaded


def _sign_out() -> ResponseReturnValue:
    """End this session, here and wherever its cookie lies; other devices of the same person stay signed in."""
    if _NAME in session and current_user.is_authenticated:
        with transaction(current_user.full_name, Via.STAFF, user_id=current_user.id) as act:
            users.end_session(session[_NAME], act)
    answer: ResponseReturnValue = logout()
    return answer
