"""Holds what every button on the page of a discussion does besides its deed: keep what is typed in all the boxes."""

from datetime import datetime

from flask import request
from werkzeug.wrappers import Response

from strategy.access import acting, me, permitted, remote
from strategy.act import Act
from strategy.commands import notes
from strategy.db import transaction
from strategy.forms.form import Form
from strategy.models import Discussion
from strategy.queries import notes as kept
from strategy.views.submitting import Deed, submitted
from strategy.vocabulary import Via


def pressed(discussion_id: int, form: Form, do: Deed, *, spent: str | None = None) -> Response | None:
    """Do the deed and keep every other box, in one transaction; refused, keep them all. None: show the page.

    ``spent`` is what the names of the boxes begin with that the deed wrote down.
    """

    def deed(act: Act) -> str:
        where = do(act)
        _keep(discussion_id, act, spent)
        return where

    answer = submitted(form, deed)
    if answer is None:
        user = me()
        with transaction(user.full_name, Via.STAFF, user_id=user.id, remote=remote()) as act:
            _keep(discussion_id, act, None)
    return answer


def typed(discussion_id: int) -> datetime | None:
    """Keep what is typed in all the boxes, with no deed: when anything was kept last; None for nothing typed."""
    user = me()
    with transaction(user.full_name, Via.STAFF, user_id=user.id, remote=remote()) as act:
        _keep(discussion_id, act, None)
        return kept.unsaved(discussion_id, user.id).kept_at


def _keep(discussion_id: int, act: Act, spent: str | None) -> None:
    discussion = permitted(Discussion, discussion_id, lock=True)
    notes.keep(discussion, acting(act), request.form.to_dict(), act, spent=spent)
