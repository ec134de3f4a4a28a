"""Holds what somebody types on the page of a discussion until it is in the record: each person's own, never lost.

Writing it into the record is record.py's. Two people at the page have notes of their own and cannot overwrite each
other; two windows of one person add to each other.
"""

import json
import re
from collections.abc import Mapping

from sqlalchemy import delete, select

from strategy.act import Act
from strategy.db import db
from strategy.models import Discussion, Note, User
from strategy.queries.notes import KEPT, shown_name

_BOX = re.compile(r"information-\d+-text|decision-(code|rationale)|action-(what|owner|due_at)")
_AGENCY = "action-invitation_id"


def keep(discussion: Discussion, user: User, sent: Mapping[str, str], act: Act, *, spent: str | None = None) -> None:
    """Keep what was typed in any box and not written down by this deed, in its transaction.

    ``sent`` is the page's form; the boxes whose names begin with ``spent`` have just been written down. A page older
    than what is kept (a second window, or no page at all) takes nothing away but what it wrote down itself.
    """
    note = db.session.scalar(select(Note).where(Note.discussion_id == discussion.id, Note.user_id == user.id))
    had: dict[str, str] = json.loads(note.typed) if note else {}
    written = {name for name in {*had, *sent} if spent is not None and name.startswith(spent)}
    left = {name: value for name, value in _typed(discussion, sent).items() if name not in written}
    if note is not None and sent.get(KEPT) != note.changed_at.isoformat():
        stays = {name: value for name, value in had.items() if name not in written or value != sent.get(name)}
        left = stays | left
    if left == had:
        return
    if note is None:
        note = Note(discussion=discussion, user_id=user.id)
        db.session.add(note)
    note.typed, note.changed_at = json.dumps(left), act.at


def discard(discussion: Discussion, user: User) -> None:
    """Forget what this person has typed and not written down."""
    db.session.execute(delete(Note).where(Note.discussion_id == discussion.id, Note.user_id == user.id))


def _typed(discussion: Discussion, sent: Mapping[str, str]) -> dict[str, str]:
    """The boxes that were typed in: what stands there by itself (a name announced, the first agency) is not."""
    typed = {name: value for name, value in sent.items() if _BOX.fullmatch(name) and value.strip()}
    if _AGENCY in sent and any(name.startswith("action-") for name in typed):
        typed[_AGENCY] = sent[_AGENCY]
    for one in discussion.invitations:
        names = (f"mark-{one.id}-name", f"mark-{one.id}-role")
        known = shown_name(one)
        pair = tuple(sent.get(name, usual) for name, usual in zip(names, known, strict=True))
        if pair != known:
            typed |= dict(zip(names, pair, strict=True))
    return typed
