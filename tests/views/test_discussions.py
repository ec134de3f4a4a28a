"""The discussion's page and the small pages that mend it, as staff see them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from strategy.clock import in_london
from strategy.commands import answers, inviting
from strategy.commands.answers import Reply
from strategy.commands.inviting import Invitee
from strategy.db import db, transaction
from strategy.models import AccessEntry, Desk, Discussion, Invitation, User
from strategy.vocabulary import (
    DiscussionState,
    Response,
    Via,
    Waiting,
)
from tests.browser import markup, plain
from tests.cast import OFFICE, Cast
from tests.convened import BOOKED_AT, ENDS_AT, LATER, STARTS_AT, invited, link_act, staff_act

SignIn = Callable[[User], FlaskClient]


pytestmark = pytest.mark.usefixtures("browsers")


@pytest.fixture
def worker(cast: Cast, sign_in: SignIn, convened: int) -> FlaskClient:
    """The social worker's browser, signed in at the time of the story."""
    return sign_in(cast.social_worker)


def _invitation(convened: int, role: str = "police") -> Invitation:
    db.session.rollback()
    return invited(db.session.get_one(Discussion, convened), role)


def _id(convened: int, role: str = "police") -> int:
    return _invitation(convened, role).id


def _queries(browser: FlaskClient, convened: int) -> int:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(f"/discussions/{convened}").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def _move(convened: int, starts_at: object) -> dict[str, str]:
    db.session.rollback()
    revision = db.session.get_one(Discussion, convened).revision
    start = STARTS_AT if starts_at is None else starts_at
    local = in_london(start)  # type: ignore[arg-type]  # only aware moments come here
    return {
        "revision": str(revision),
        "starts_at": local.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (local + (ENDS_AT - STARTS_AT)).strftime("%Y-%m-%dT%H:%M"),
        "mode": "video",
        "join_url": "https://meet.example/k7qd",
        "reason": "waiting-for-partner",
    }


def test_the_page_first_says_whether_it_will_be_quorate_and_why(worker: FlaskClient, convened: int) -> None:
    words = plain(worker.get(f"/discussions/{convened}"))
    assert "Friday 27 November 2026, 3:30pm to 4:15pm (in 2 hours 20 minutes)" in words
    assert words.index("At risk") < words.index("Who is asked")
    assert "Police" in words and "not answered" in words


def test_each_row_says_who_was_told_who_answered_and_what_comes_next(worker: FlaskClient, convened: int) -> None:
    words = plain(worker.get(f"/discussions/{convened}"))
    assert "Email sent 12:50pm" in words
    assert "Terry Example" in words and "Coming" in words
    assert "1:30pm : remind Exampleshire Police: MASH desk" in words
    assert "Booked" in words and "Invited" in words


def test_invitations_sent_in_one_go_are_one_line_and_what_comes_next_stands_above(
    worker: FlaskClient, convened: int
) -> None:
    words = plain(worker.get(f"/discussions/{convened}"))
    story = words[words.index("What happened, the newest first") :]
    assert story.count("12:50pm Invited ") == 1
    assert "Invited Police:" not in story
    assert words.index("What comes next") < words.index("What happened, the newest first")
    assert "Nobody is named for Police, Health." in words
    assert "Next: remind Exampleshire Police: MASH desk, 1:30pm" in words


def test_the_headline_says_what_the_rows_say(worker: FlaskClient, convened: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        invited(discussion, "education").required = True
        answers.answer(
            invited(discussion, "police"), Reply(Response.CANNOT_ATTEND, "Jo", "DC", reason="In court"), link_act(LATER)
        )
    words = plain(worker.get(f"/discussions/{convened}"))
    before = words[: words.index("Who is asked")]
    assert "Nobody is named for Police, Health, School or college (DSL)." in before
    assert "School or college (DSL) is required beyond the quorum." in before
    assert "Police : cannot attend" in before and "Health : not answered" in before


def test_with_everybody_named_it_is_on_course(worker: FlaskClient, convened: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        for role in ("police", "health-0-19"):
            found = invited(db.session.get_one(Discussion, convened), role)
            answers.answer(found, Reply(Response.ATTEND, "Jo Sample", "DC"), link_act(LATER))
    words = plain(worker.get(f"/discussions/{convened}"))
    assert "On course" in words and "Jo Sample, DC" in words


def test_wild_1_an_unverified_answer_is_shown_to_the_chair(cast: Cast, sign_in: SignIn, convened: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        found = invited(db.session.get_one(Discussion, convened), "police")
        soon = link_act(BOOKED_AT + timedelta(seconds=2))
        answers.answer(found, Reply(Response.ATTEND, "Jo Sample", "DC"), soon)
    assert "Unverified" in plain(sign_in(cast.chair).get(f"/discussions/{convened}"))


def test_a_page_opened_is_shown_as_a_hint(worker: FlaskClient, client: FlaskClient, convened: int) -> None:
    from_link = _invitation(convened)
    with transaction("tests", Via.COMMAND_LINE) as act:
        look = AccessEntry(
            at=act.at, who="link", what="invitations", row_id=from_link.id, page="partner.shown", remote="-"
        )
        db.session.add(look)
    assert "Opened 1:10pm" in plain(worker.get(f"/discussions/{convened}"))


def test_children_are_named_to_those_who_work_on_it_and_looking_is_logged(
    cast: Cast, sign_in: SignIn, convened: int
) -> None:
    assert "Robin Zebedee" in markup(sign_in(cast.social_worker).get(f"/discussions/{convened}"))
    looks = db.session.query(AccessEntry).filter_by(what="discussions", row_id=convened)
    assert [look.who for look in looks] == ["Sam Worker"]
    for other in (cast.leader, cast.admin):
        page = markup(sign_in(other).get(f"/discussions/{convened}"))
        assert "Robin" not in page and "4471" not in page


def test_an_outsider_and_a_stranger_see_nothing(
    cast: Cast, sign_in: SignIn, client: FlaskClient, convened: int
) -> None:
    police = _id(convened)
    paths = [f"/discussions/{convened}"] + [
        f"/discussions/{convened}/{page}" for page in ("move", "stand-down", "invite")
    ]
    pages = ("answer", "resend", "correct", "replace", "withdraw", "ring")
    paths += [f"/invitations/{police}/{page}" for page in pages]
    outsider = sign_in(cast.outsider)
    for path in paths:
        assert outsider.get(path).status_code == 404, path
        assert client.get(path).status_code in (302, 401), path


def test_leaders_and_administrators_mend_nothing(cast: Cast, sign_in: SignIn, convened: int) -> None:
    for user in (cast.leader, cast.admin):
        assert sign_in(user).get(f"/discussions/{convened}/move").status_code == 403
        assert sign_in(user).post(f"/invitations/{_id(convened)}/resend").status_code == 403


def test_more_invitations_cost_no_more_queries(worker: FlaskClient, cast: Cast, convened: int) -> None:
    _invite_desks(cast, convened, "One")  # one that cannot be reached: what is said of those is asked once for all
    few = _queries(worker, convened)
    _invite_desks(cast, convened, *(f"Desk {number}" for number in range(6)))
    assert _queries(worker, convened) == few


def _invite_desks(cast: Cast, convened: int, *names: str) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        for name in names:
            desk = Desk(agency=cast.health_desk.agency, name=name, roles=["health-gp"], hours=OFFICE)
            db.session.add(desk)
            db.session.flush()
            inviting.invite(discussion, Invitee(role="health-gp", required=True, desk=desk), staff_act(cast, LATER))


def test_one_more_is_invited(worker: FlaskClient, cast: Cast, convened: int) -> None:
    path = f"/discussions/{convened}/invite"
    assert "Choose a desk or a person from the list" in markup(worker.post(path, data={"invitee": ""}))
    data = {"invitee": f"health-0-19/person:{cast.named_nurse.id}", "required": "y"}
    assert worker.post(path, data=data).status_code == 303
    new = _invitation(convened, "health-0-19")
    assert (new.person_id, new.required) == (cast.named_nurse.id, True)


def test_the_chair_proceeds_without_and_a_social_worker_cannot(cast: Cast, sign_in: SignIn, convened: int) -> None:
    db.session.rollback()
    discussion = db.session.get_one(Discussion, convened)
    need = next(need for need in discussion.needs if "police" in need.roles)
    path = f"/discussions/{convened}/needs/{need.id}/waive"
    reason = {"reason": "Police confirmed in writing"}
    assert path not in markup(sign_in(cast.social_worker).get(f"/discussions/{convened}"))
    assert "Only the chair" in markup(sign_in(cast.social_worker).post(path, data=reason))
    chair = sign_in(cast.chair)
    assert path in markup(chair.get(f"/discussions/{convened}"))
    assert chair.post(path, data=reason).status_code == 303
    assert "Waived" in plain(chair.get(f"/discussions/{convened}"))


def test_a_need_of_another_discussion_is_not_found(cast: Cast, sign_in: SignIn, convened: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        other = db.session.get_one(Discussion, convened).needs[0].id
    assert sign_in(cast.chair).get(f"/discussions/{convened + 1}/needs/{other}/waive").status_code == 404


def test_it_is_moved(worker: FlaskClient, convened: int) -> None:
    data = _move(convened, STARTS_AT + timedelta(hours=1))
    assert worker.post(f"/discussions/{convened}/move", data=data).status_code == 303
    words = plain(worker.get(f"/discussions/{convened}"))
    assert "Friday 27 November 2026, 4:30pm to 5:15pm" in words
    assert "Moved from Fri 27 Nov 3:30pm to Fri 27 Nov 4:30pm" in words
    assert words.index("Recorded: Moved from Fri 27 Nov") < words.index("Who is asked")
    assert "Recorded: Moved" not in plain(worker.get(f"/discussions/{convened}"))  # said once


def test_of_two_people_moving_it_at_once_the_second_is_told(cast: Cast, sign_in: SignIn, convened: int) -> None:
    first, second = _move(convened, STARTS_AT + timedelta(hours=1)), _move(convened, STARTS_AT + timedelta(hours=2))
    assert sign_in(cast.social_worker).post(f"/discussions/{convened}/move", data=first).status_code == 303
    page = markup(sign_in(cast.chair).post(f"/discussions/{convened}/move", data=second))
    assert "Somebody changed this discussion while you were looking at it" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"starts_at": "2026-11-27T09:00"}, "Choose a time that is still to come"),
        ({"ends_at": "2026-11-27T15:00"}, "must end after it starts"),
        ({"starts_at": "sometime"}, "must be a date and time"),
        ({"join_url": ""}, "Enter the join link"),
        ({"reason": ""}, "Choose why it is changed"),
        ({"place": "x" * 10_000}, "200 characters or fewer"),
        ({"revision": "one"}, "Not a valid integer value"),
    ],
)
def test_an_impossible_move_is_a_clear_error(
    worker: FlaskClient, convened: int, changed: dict[str, str], said: str
) -> None:
    response = worker.post(
        f"/discussions/{convened}/move", data=_move(convened, STARTS_AT + timedelta(hours=1)) | changed
    )
    assert response.status_code == 200
    assert said in markup(response)


def test_it_is_stood_down_and_the_child_waits_again(worker: FlaskClient, convened: int) -> None:
    address, seen = f"/discussions/{convened}/stand-down", {"revision": "1"}
    assert 'name="revision" type="hidden" value="1"' in markup(worker.get(address))
    assert "Say why" in markup(worker.post(address, data=seen | {"reason": " "}))
    assert worker.post(address, data=seen | {"reason": "Threshold not met"}).status_code == 303
    db.session.rollback()
    discussion = db.session.get_one(Discussion, convened)
    assert discussion.state is DiscussionState.STOOD_DOWN
    assert discussion.contact.state is Waiting.DECIDED
    words = plain(worker.get(f"/discussions/{convened}"))
    assert "Stood down 1:10pm" in words and "Move it" not in words
    assert "Recorded: Stood down" in words and "Book again" in words
    page = markup(worker.get(f"/discussions/{convened}"))
    assert f'href="/contacts/{discussion.contact_id}/book"' in page
    assert f'href="/contacts/{discussion.contact_id}"' in page


def test_the_page_follows_by_itself_and_following_is_one_look(
    worker: FlaskClient, cast: Cast, sign_in: SignIn, convened: int
) -> None:
    path = f"/discussions/{convened}"
    assert f'hx-get="{path}" hx-trigger="every 15s" hx-select="#standing"' in markup(worker.get(path))
    for _ in range(3):
        worker.get(path, headers={"HX-Request": "true"})
    looks = db.session.query(AccessEntry).filter_by(what="discussions", row_id=convened)
    assert looks.count() == 1
    sign_in(cast.chair).get(path, headers={"HX-Request": "true"})  # a header alone hides no look
    assert [look.who for look in looks] == ["Sam Worker", "Terry Example"]


def test_a_discussion_that_is_over_follows_nothing(worker: FlaskClient, convened: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(Discussion, convened).state = DiscussionState.HELD
    assert "hx-get" not in markup(worker.get(f"/discussions/{convened}"))
