"""Other times: a partner offers them behind the link, staff see what they come to and move in one press."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.commands import changes, offering
from strategy.commands.changes import Occasion
from strategy.commands.offering import Offerer
from strategy.db import db, transaction
from strategy.keys import keys
from strategy.limits import limiter
from strategy.models import Discussion, Invitation, Message, ProposedWindow, User
from strategy.vocabulary import InvitationState, Mode, Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import LATER, STARTS_AT, invited, link_act, staff_act

SignIn = Callable[[User], FlaskClient]
WHO = {"by_name": "Jo Sample", "by_role": "Detective Constable"}
MONDAY = {"first-day": "2026-11-30", "first-begins": "10:00", "first-until": "12:00"}
HOUR = timedelta(hours=1)
TEN = STARTS_AT.replace(day=30, hour=10, minute=0)


@pytest.fixture(autouse=True)
def _unhurried(browsers: None) -> None:
    limiter.reset()


def _invitation(convened: int, role: str = "police") -> Invitation:
    db.session.rollback()
    return invited(db.session.get_one(Discussion, convened), role)


def _address(convened: int, role: str = "police") -> str:
    found = _invitation(convened, role)
    return f"/a/{keys().token(found.id, found.generation)}"


def _offer(convened: int, role: str, begins: int = 10, until: int = 12) -> None:
    span = (TEN.replace(hour=begins), TEN.replace(hour=until))
    with transaction("tests", Via.COMMAND_LINE):
        found = invited(db.session.get_one(Discussion, convened), role)
        offering.offer(found, [span], Offerer("Jo Sample", "DC"), link_act(LATER))


def _choices(page: str) -> list[dict[str, str]]:
    """What each button of the page sends."""
    forms = re.findall(r'<form method="post" action="[^"]*/move-to".*?</form>', page)
    return [dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', form)) for form in forms]


def test_times_are_offered_read_back_changed_and_taken_back(convened: int, client: FlaskClient) -> None:
    address = _address(convened)
    assert f'href="{address}/times"' in markup(client.get(address))
    assert client.post(f"{address}/times", data=WHO | MONDAY).status_code == 303
    page = plain(client.get(address))
    assert "Other times you offered Mon 30 Nov 10am to midday" in page and "Sam Worker was told" in page
    form = markup(client.get(f"{address}/times"))
    assert 'value="2026-11-30"' in form and 'value="10:00"' in form
    assert "(Jo Sample, Detective Constable)" in plain(client.get(f"{address}/times"))
    assert client.post(f"{address}/times", data=WHO | MONDAY | {"first-until": "11:00"}).status_code == 303
    assert "Mon 30 Nov 10am to 11am" in plain(client.get(address))
    assert client.post(f"{address}/times", data=WHO).status_code == 303
    assert "Other times you offered" not in plain(client.get(address))
    assert _invitation(convened).state is InvitationState.INVITED


def test_looking_offers_nothing_and_nothing_is_filled_in(convened: int, client: FlaskClient) -> None:
    address = f"{_address(convened)}/times"
    page = markup(client.get(address))
    assert client.head(address).status_code == 200
    assert client.post(address, data={}).status_code == 200  # what a scanner may send
    assert not re.search(r'name="(by_|first|second)[^>]*value="[^"]', page)
    assert db.session.query(ProposedWindow).count() == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"first-day": "2026-11-20"}, "still to come"),
        ({"first-day": "sometime"}, "Date must be a date, like 27/11/2026"),
        ({"first-begins": "25:00"}, "From must be a time, like 14:00"),
        ({"first-until": "09:00"}, "must be later than"),
        ({"first-until": ""}, "Enter until when"),
        ({"first-until": "10:20"}, "Offer at least 45 minutes"),
        ({"first-day": "2027-01-30"}, "within 14 days"),
        ({"by_name": " "}, "Enter your name"),
        ({"by_role": ""}, "Enter your role"),
        ({"first-day": "", "first-begins": "", "first-until": ""}, "Give at least one other time"),
    ],
)
def test_a_bad_window_is_an_error_at_its_field_and_nothing_typed_is_lost(
    convened: int, client: FlaskClient, changed: dict[str, str], said: str
) -> None:
    second = {"second-day": "2026-12-01", "second-begins": "14:10", "second-until": "16:00"}
    typed = WHO | MONDAY | (second if "first-day" not in changed or changed["first-day"] else {}) | changed
    response = client.post(f"{_address(convened)}/times", data=typed)
    page = markup(response)
    assert response.status_code == 200
    assert said in page and "There is a problem" in page and "Error: Multi-agency meeting" in page
    for value in typed.values():
        assert not value.strip() or f'value="{value}"' in page
    assert db.session.query(ProposedWindow).count() == 0


def test_once_started_withdrawn_or_unknown_nothing_can_be_offered(convened: int, client: FlaskClient) -> None:
    address = _address(convened)
    with time_machine.travel(STARTS_AT + timedelta(minutes=2), tick=False):
        for response in (client.get(f"{address}/times"), client.post(f"{address}/times", data=WHO | MONDAY)):
            assert (response.status_code, response.location) == (303, address)
    assert client.get("/a/AAAAAAAAAAAAA/times").status_code == 404
    assert client.post("/a/AAAAAAAAAAAAA/times", data=WHO | MONDAY).status_code == 404
    assert db.session.query(ProposedWindow).count() == 0


def test_whoever_cannot_come_is_asked_for_other_times(convened: int, client: FlaskClient) -> None:
    address = _address(convened)
    client.post(address, data=WHO | {"response": "cannot-attend", "reason_code": "no-capacity"})
    assert "Could somebody come at another time? Offer other times : the meeting may be moved" in plain(
        client.get(address)
    )


def test_the_page_says_what_the_offers_come_to_and_one_press_moves_it(
    convened: int, client: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    _offer(convened, "police")
    _offer(convened, "health-0-19", 11, 13)
    chair = sign_in(cast.chair)
    assert "Other times were offered by Police and Health 0–19 / school nurse" in plain(chair.get("/"))
    page = chair.get(f"/discussions/{convened}")
    words = plain(page)
    assert re.search(r"can both do Mon 30 Nov 11am to 11:45am , \d+ h 00 min before the target\.", words)
    assert "No quorum Without Health" in words
    assert "Free then, as far as we know:" in words and "School or college (DSL)" in words
    assert words.index("Other times were offered") < words.index("Who is asked")
    best = _choices(markup(page))[0]
    assert chair.post(f"/discussions/{convened}/move-to", data=best).status_code == 303
    words = plain(chair.get(f"/discussions/{convened}"))
    assert "Monday 30 November 2026, 11am to 11:45am" in words
    assert "Waiting for a partner" in words and "Other times were offered" not in words
    told = db.session.query(Message).filter_by(name="update").all()
    assert {message.invitation.role for message in told if message.invitation and "you offered" in message.text} == {
        "police",
        "health-0-19",
    }
    assert "education" in {message.invitation.role for message in told if message.invitation}
    assert "The meeting was moved to a time you offered. Please say who is coming." in plain(
        client.get(_address(convened))
    )


def test_an_offer_taken_back_or_a_discussion_changed_meanwhile_is_refused(
    convened: int, cast: Cast, sign_in: SignIn
) -> None:
    _offer(convened, "police")
    chair = sign_in(cast.chair)
    best = _choices(markup(chair.get(f"/discussions/{convened}")))[0]
    with transaction("tests", Via.COMMAND_LINE):
        found = db.session.get_one(Discussion, convened)
        to = Occasion(STARTS_AT + HOUR, STARTS_AT + 2 * HOUR, Mode.VIDEO, "https://meet.example/k7qd")
        changes.move(found, to, offering.WHY_MOVED, found.revision, staff_act(cast, LATER))
    refused = chair.post(f"/discussions/{convened}/move-to", data=best)
    assert refused.status_code == 200 and "Somebody changed this discussion" in plain(refused)
    now = _choices(markup(refused))[0]
    with transaction("tests", Via.COMMAND_LINE):
        police = invited(db.session.get_one(Discussion, convened), "police")
        offering.offer(police, [], Offerer("Jo", "DC"), link_act(LATER))
    assert "not offered any more" in plain(chair.post(f"/discussions/{convened}/move-to", data=now))
    assert "Choose one of the times" in plain(
        chair.post(f"/discussions/{convened}/move-to", data=now | {"starts_at": "tomorrow"})
    )
    db.session.rollback()
    assert db.session.get_one(Discussion, convened).starts_at == STARTS_AT + HOUR


def test_only_those_who_work_on_it_can_move_it(convened: int, cast: Cast, sign_in: SignIn) -> None:
    _offer(convened, "police")
    leader = sign_in(cast.leader)
    page = leader.get(f"/discussions/{convened}")
    assert "Other times were offered" in plain(page) and _choices(markup(page)) == []
    sent = {"revision": "1", "starts_at": TEN.isoformat(), "seen": ""}
    assert leader.post(f"/discussions/{convened}/move-to", data=sent).status_code == 403
    assert sign_in(cast.outsider).post(f"/discussions/{convened}/move-to", data=sent).status_code == 404


def test_who_is_needed_for_a_part_is_asked_for_that_part_and_the_chair_reads_so(
    convened: int, client: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        found = invited(db.session.get_one(Discussion, convened), "police")
        found.needed_from, found.needed_until = STARTS_AT, STARTS_AT + timedelta(minutes=20)
    page = _address(convened) + "/times"
    assert "You are needed for 20 minutes of it" in plain(client.get(page))
    short = MONDAY | {"first-until": "10:15"} | WHO
    assert "Offer at least 20 minutes" in plain(client.post(page, data=short | {"submission": "short"}))
    enough = MONDAY | {"first-until": "10:20"} | WHO
    assert client.post(page, data=enough | {"submission": "enough"}).status_code == 303
    chair = sign_in(cast.chair)
    read = chair.get(f"/discussions/{convened}")
    assert "Police (for their 20 minutes) can do Mon 30 Nov 10am to 10:45am" in plain(read)
    assert "10am to 10:20am for the 20 minutes they are needed" in plain(read)
    (choice,) = _choices(markup(read))
    assert chair.post(f"/discussions/{convened}/move-to", data=choice).status_code == 303
    assert _invitation(convened).needed == (TEN, TEN + timedelta(minutes=20))
