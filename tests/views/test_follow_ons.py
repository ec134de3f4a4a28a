"""What a concern asks for after its first discussion, as the contact's and the discussion's page show it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from strategy.commands import contacts
from strategy.db import db, transaction
from strategy.models import Discussion, User
from strategy.vocabulary import DiscussionState, Mode, Via, Waiting
from tests.browser import plain
from tests.cast import Cast
from tests.convened import STARTS_AT, staff_act

pytestmark = pytest.mark.usefixtures("browsers")


def test_once_the_first_discussion_is_held_the_follow_on_is_a_clock_still_running(
    cast: Cast, sign_in: Callable[[User], FlaskClient], convened: int
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        contacts.reclassify(discussion.contact, ["complex"], staff_act(cast))
        contact_id = discussion.contact_id
    worker = sign_in(cast.social_worker)
    pages = (f"/discussions/{convened}", f"/contacts/{contact_id}")
    for page in pages:
        shown = plain(worker.get(page))
        assert "A full meeting: by Monday 30 November 2026, 10:50am" in shown
        assert "To come" in shown
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        discussion.state, discussion.mode, discussion.started_at = DiscussionState.HELD, Mode.PHONE, STARTS_AT
        discussion.quorum_met, discussion.contact.state = True, Waiting.HELD
    for page in pages:
        shown = plain(worker.get(page))
        assert "A full meeting: by Monday 30 November 2026, 10:50am" in shown
        assert "Clock running 72 hours from the start of the clock (Complex CSE protocol. Warning: ours)" in shown
