"""Holds the one way a form becomes a deed: checked, in one transaction, once, then redirected. No page of its own."""

from collections.abc import Callable
from hashlib import sha256
from uuid import uuid4

from flask import flash, redirect, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from strategy.access import me, remote
from strategy.act import Act, Refused
from strategy.db import db, transaction
from strategy.forms.form import Form
from strategy.keys import keys
from strategy.models import Submission
from strategy.vocabulary import Via

Deed = Callable[[Act], str]
Said = Callable[[], str]

_BESIDES = frozenset({"csrf_token", "submission"})
_ELSE = (
    "You sent this form already, and it said something else then. What you sent first is saved, this is not yet: "
    "send it again if this is to be saved too"
)


class SaysElse(Refused):
    """A form that was sent already says something else now."""


def submitted(
    form: Form, do: Deed, *, by: str | None = None, via: Via = Via.STAFF, said: Said | None = None
) -> Response | None:
    """Do a valid POST's deed in one transaction and redirect to where it says; None when the page must be shown.

    ``do`` runs at most once per ``form.submission``: a second send of the same form leads to the same place. Sent
    again with something else in it (the browser's Back keeps its key), it is refused in words, and may then be sent as
    a new one. A ``Refused`` becomes the form's error and everything is rolled back. ``by`` names who acts when nobody
    is signed in (a partner); otherwise the signed-in person acts.
    ``said`` reads back what is recorded, for the next page to show.
    """
    if request.method != "POST" or not form.validate():
        return None
    try:
        where = _once(form.submission.data or "", do, by, via)
    except Refused as refused:
        form.refuse(refused)
        if isinstance(refused, SaysElse):
            form.submission.data = uuid4().hex  # sent once more it is a deed of its own
        return None
    if said is not None:
        flash(said(), "success")
    return redirect(where, code=303)


def _once(key: str, do: Deed, by: str | None, via: Via) -> str:
    user, content = me() if by is None else None, _content()
    name, user_id = (user.full_name, user.id) if user else (by or "", None)
    try:
        with transaction(name, via, user_id=user_id, remote=remote()) as act:
            seen = db.session.get(Submission, key)
            if seen is not None:
                return _again(seen, content)
            # Written first: of two sends at the same moment the second waits here, and then finds the first.
            record = Submission(key=key, location="", content=content, at=act.at)
            db.session.add(record)
            db.session.flush()
            record.location = do(act)
            return record.location
    except IntegrityError:
        seen = db.session.get(Submission, key)
        if seen is None:
            raise
        return _again(seen, content)


def _again(seen: Submission, content: str) -> str:
    """Where sending it the first time led. Raises Refused where it says something else now."""
    if seen.content not in (None, content):
        raise SaysElse(_ELSE)
    return seen.location


def _content() -> str:
    """What the form says, as a digest only we can make: a database that was stolen lets nobody try out names."""
    said = sorted((name, value) for name, value in request.form.items(multi=True) if name not in _BESIDES)
    files = sorted((name, file.filename) for name, file in request.files.items(multi=True))
    where = sorted((name, value) for name, value in (request.view_args or {}).items() if name != "token")
    return keys().blind(sha256(repr((request.endpoint, where, said, files)).encode()).hexdigest())


def pressed_at(page: str, do: Deed) -> Response:
    """A button of the page at that address and nothing else: its deed; what is refused is said there."""
    form = Form()
    done = submitted(form, do)
    if done is not None:
        return done
    for words in form.form_errors:
        flash(words, "error")
    return redirect(page, code=303)
