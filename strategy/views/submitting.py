"""Holds the one way a form becomes a deed: checked, in one transaction, once, then redirected. No page of its own."""

from collections.abc import Callable

from flask import flash, redirect, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from strategy.access import me, remote
from strategy.act import Act, Refused
from strategy.db import db, transaction
from strategy.forms.form import Form
from strategy.models import Submission
from strategy.vocabulary import Via

Deed = Callable[[Act], str]
Said = Callable[[], str]


def submitted(
    form: Form, do: Deed, *, by: str | None = None, via: Via = Via.STAFF, said: Said | None = None
) -> Response | None:
    """Do a valid POST's deed in one transaction and redirect to where it says; None when the page must be shown.

    ``do`` runs at most once per ``form.submission``: a second send of the same form leads to the same place. A
    ``Refused`` becomes the form's error and everything is rolled back. ``by`` names who acts when nobody is signed
    in (a partner); otherwise the signed-in person acts.
    ``said`` reads back what is recorded, for the next page to show.
    """
    if request.method != "POST" or not form.validate():
        return None
    try:
        where = _once(form.submission.data or "", do, by, via)
    except Refused as refused:
        form.refuse(refused)
        return None
    if said is not None:
        flash(said(), "success")
    return redirect(where, code=303)


def _once(key: str, do: Deed, by: str | None, via: Via) -> str:
    user = me() if by is None else None
    name, user_id = (user.full_name, user.id) if user else (by or "", None)
    try:
        with transaction(name, via, user_id=user_id, remote=remote()) as act:
            seen = db.session.get(Submission, key)
            if seen is not None:
                return seen.location
            # Written first: of two sends at the same moment the second waits here, and then finds the first.
            record = Submission(key=key, location="", at=act.at)
            db.session.add(record)
            db.session.flush()
            record.location = do(act)
            return record.location
    except IntegrityError:
        seen = db.session.get(Submission, key)
        if seen is None:
            raise
        return seen.location
