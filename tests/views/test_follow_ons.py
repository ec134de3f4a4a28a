"""What a concern asks for after its first discussion: on the contact's and the discussion's page, and on the lists."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.commands import contacts
from strategy.db import db, transaction
from strategy.models import Discussion, User
from strategy.vocabulary import DiscussionState, Mode, Via, Waiting
from tests.browser import plain
from tests.cast import Cast
from tests.convened import STARTS_AT, staff_act
from tests.walking import Walker

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


@pytest.fixture
def owing(convened: int, cast: Cast) -> int:
    """The same discussion held by phone, of complex abuse: a full meeting is owed."""
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        contacts.reclassify(discussion.contact, ["complex"], staff_act(cast))
        discussion.state, discussion.mode, discussion.started_at = DiscussionState.HELD, Mode.PHONE, STARTS_AT
        discussion.quorum_met, discussion.contact.state = True, Waiting.HELD
    return convened


DUE = "Follow-up discussions due (1)"


def test_it_stands_on_today_waiting_and_leaders_with_its_target_and_its_booking(
    owing: int, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    worker, leader = sign_in(cast.social_worker), sign_in(cast.leader)
    contact_id = db.session.get_one(Discussion, owing).contact_id
    for browser, page in ((worker, "/"), (worker, "/waiting"), (leader, "/leaders")):
        answer = browser.get(page)
        shown = plain(answer)
        assert DUE in shown and "A full meeting: 72 hours from the start of the clock" in shown
        assert "Mon 30 Nov 10:50am" in shown and "warning Sun 29 Nov 10:50am" in shown
        assert (f'href="/contacts/{contact_id}/book"' in answer.text) is (browser is worker)
    assert "follow-up discussion is past target" not in plain(leader.get("/leaders"))
    with time_machine.travel(STARTS_AT + timedelta(days=2), tick=False):
        assert "Warning" in plain(sign_in(cast.social_worker).get("/waiting")).split(DUE)[1]
    with time_machine.travel(STARTS_AT + timedelta(days=3), tick=False):
        assert "Past target" in plain(sign_in(cast.social_worker).get("/")).split(DUE)[1]
        assert "1 follow-up discussion is past target and not booked" in plain(sign_in(cast.leader).get("/leaders"))


def test_who_may_not_open_the_contact_sees_nothing_of_it_and_leaders_count_it(
    owing: int, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        contact = db.session.get_one(Discussion, owing).contact
        contact.restricted = True
        case = contact.case_reference
    for who, page in ((cast.social_worker, "/"), (cast.social_worker, "/waiting"), (cast.outsider, "/waiting")):
        assert "Follow-up discussions due" not in plain(sign_in(who).get(page))
    shown = plain(sign_in(cast.leader).get("/leaders"))
    assert DUE in shown and "A restricted discussion" in shown.split(DUE)[1]
    assert case not in shown and "A full meeting" not in shown
    assert "Follow-up discussions due" not in plain(sign_in(cast.outsider).get("/leaders"))


def test_a_chair_says_that_it_is_not_needed_and_undoes_it(
    owing: int, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    walker = Walker(sign_in(cast.chair))
    walker.open(f"/discussions/{owing}")
    page = walker.follow("No follow-up is needed")
    assert "Policy asks for one after it: A full meeting" in page.words
    page = walker.send("No follow-up is needed")
    assert "Say why no follow-up is needed" in page.words
    page = walker.send("No follow-up is needed", reason="Nobody else is affected")
    assert "No follow-up needed" in page.words and "Not needed" in page.words
    assert "Follow-up discussions due" not in walker.open("/waiting").words
    walker.open(f"/discussions/{owing}")
    walker.send("Undo: it is due after all")
    assert DUE in walker.open("/waiting").words
    assert sign_in(cast.social_worker).get(f"/discussions/{owing}/no-follow-up").status_code == 403
    assert sign_in(cast.outsider).get(f"/discussions/{owing}/no-follow-up").status_code == 404
