"""The public page on which a partner asks for somebody, and what staff do with it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from strategy.db import db, transaction
from strategy.limits import limiter
from strategy.models import Contact, Implicated, PartnerRequest, User
from strategy.vocabulary import RequestOutcome, RequestState, Via
from tests.browser import plain
from tests.cast import Cast
from tests.commands.stories import waiting_child

SignIn = Callable[[User], FlaskClient]
ASK = "/ask/exampleshire"

pytestmark = pytest.mark.usefixtures("browsers", "cast")


@pytest.fixture(autouse=True)
def unlimited() -> None:
    limiter.reset()


def typed(**changes: Any) -> dict[str, Any]:
    usual = {
        "submission": uuid4().hex,
        "asks_for": "discussion",
        "soon": "today",
        "name": "Vic Visitor",
        "role": "Health visitor",
        "agency": "Sample Trust",
        "phone": "01632 960177",
        "text": "Worried about a family I visit",
    }
    return usual | changes


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(PartnerRequest.id))) or 0


def test_it_asks_for_999_first_and_needs_no_account(client: FlaskClient) -> None:
    page = plain(client.get(ASK))
    assert page.index("Call 999") < page.index("What do you need?")
    assert "No names, dates of birth or addresses" in page and "01632 960123" in page


def test_which_council_is_asked_where_there_are_several(client: FlaskClient) -> None:
    page = plain(client.get("/ask"))
    assert "Elsewhere Council" in page and "Exampleshire Council" in page
    assert client.get("/ask/nowhere").status_code == 404


def test_what_was_asked_for_gets_a_reference_and_the_number_to_ring(client: FlaskClient) -> None:
    answer = client.post(ASK, data=typed())
    page = plain(client.get(answer.location))
    db.session.rollback()
    reference = db.session.scalars(select(PartnerRequest.reference)).one()
    assert answer.location == f"{ASK}/{reference}"
    assert reference in page and "01632 960123" in page
    assert "Vic" not in page and "family" not in page


def test_the_answer_is_the_same_whether_anything_is_known_or_not(client: FlaskClient, cast: Cast) -> None:
    before = plain(client.get(client.post(ASK, data=typed(text="Case 4471-A")).location))
    with transaction("Sam Worker", Via.STAFF) as act:
        waiting_child(cast, act, case="4471-A")
    after = plain(client.get(client.post(ASK, data=typed(text="Case 4471-A")).location))
    nobodys = plain(client.get(f"{ASK}/K7QD"))
    first, second = db.session.scalars(select(PartnerRequest.reference).order_by(PartnerRequest.id))
    assert before.replace(first, "K7QD") == after.replace(second, "K7QD") == nobodys
    assert client.get(f"{ASK}/<b>me").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"asks_for": ""}, "Choose what you need"),
        ({"soon": "never"}, "Not a valid choice"),
        ({"name": " "}, "Enter your name"),
        ({"phone": ""}, "Enter a phone number to ring you on"),
        ({"phone": "12"}, "phone"),
        ({"text": "x" * 1_001}, "1,000 characters or fewer"),
        ({"leave_empty": "http://example.org"}, "Leave the last box empty"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(
    client: FlaskClient, changes: dict[str, Any], words: str
) -> None:
    page = client.post(ASK, data=typed(**changes))
    assert page.status_code == 200
    assert "There is a problem" in page.text and words in plain(page)
    assert count() == 0


def test_sent_twice_it_is_one_request(client: FlaskClient) -> None:
    form = typed()
    assert client.post(ASK, data=form).location == client.post(ASK, data=form).location
    assert count() == 1


def test_a_flood_from_one_address_is_slowed_down(client: FlaskClient) -> None:
    codes = [client.post(ASK, data=typed(name="")).status_code for _ in range(21)]
    assert codes[-1] == 429 and set(codes[:-1]) == {200}


@pytest.fixture
def asked(client: FlaskClient) -> int:
    client.post(ASK, data=typed())
    db.session.rollback()
    return db.session.scalars(select(PartnerRequest.id)).one()


def test_it_stands_first_on_today_and_on_waiting(asked: int, cast: Cast, sign_in: SignIn) -> None:
    worker = sign_in(cast.social_worker)
    for address, after in (("/", "Needs you (0)"), ("/waiting", "Contacts received, not decided")):
        page = plain(worker.get(address))
        assert "Health visitor , Sample Trust, asks for a discussion" in page and "01632 960177" in page
        assert page.index("Partners who ask for somebody (1)") < page.index(after)
    assert "1 partner asks for somebody" in plain(sign_in(cast.leader).get("/leaders"))


def test_who_asks_and_what_about_is_for_those_who_work_on_it(asked: int, cast: Cast, sign_in: SignIn) -> None:
    admin, outsider = sign_in(cast.admin), sign_in(cast.outsider)
    page = plain(admin.get("/waiting"))
    assert "A partner asks for a discussion" in page and "Health visitor" not in page
    assert admin.get(f"/asked/{asked}").status_code == 403
    assert outsider.get(f"/asked/{asked}").status_code == 404
    assert "Partners who ask" not in plain(outsider.get("/waiting"))
    assert "Worried about a family" in plain(sign_in(cast.leader).get(f"/asked/{asked}"))
    assert sign_in(cast.leader).post(f"/asked/{asked}/claim").status_code == 403


def press(browser: FlaskClient, address: str, **more: str) -> Any:
    return browser.post(address, data={"submission": uuid4().hex, **more}, follow_redirects=True)


def test_it_is_claimed_given_back_and_answered(asked: int, cast: Cast, sign_in: SignIn) -> None:
    worker, chair, address = sign_in(cast.social_worker), sign_in(cast.chair), f"/asked/{asked}"
    assert "Being dealt with Sam Worker" in plain(press(worker, f"{address}/claim"))
    assert "Take it from Sam Worker" in plain(chair.get(address))
    assert "Nobody yet" in plain(press(worker, f"{address}/release"))
    assert "dealt with this request meanwhile" in plain(press(worker, f"{address}/release"))
    assert "Say why nothing is done" in plain(press(chair, address, outcome="no-action"))
    page = plain(press(chair, address, outcome="advice-given", words="Early help"))
    assert "No partner waits for an answer." in page and "Outcome Advice given By Terry Example" in page
    assert "Partners who ask" not in plain(worker.get("/"))


def test_a_contact_is_started_from_it_with_its_time(asked: int, cast: Cast, sign_in: SignIn) -> None:
    worker, address = sign_in(cast.social_worker), f"/contacts/new?asked={asked}"
    page = worker.get(address)
    assert "Worried about a family I visit" in plain(page)
    received = page.text.split('name="received_at"')[1].split('value="')[1][:16]
    form = {"case_reference": "4471-A", "received_at": received, "decided": "now", "concerns": ["standard"]}
    assert "Hold it by" in plain(press(worker, address, **form))  # type: ignore[arg-type]  # one field has several
    db.session.rollback()
    request = db.session.get_one(PartnerRequest, asked)
    assert (request.state, request.outcome) == (RequestState.CLOSED, RequestOutcome.CONTACT_STARTED)
    assert request.contact is not None and request.contact.case_reference == "4471-A"
    assert "started from this request already" in plain(
        press(worker, address, **{**form, "case_reference": "4472-A"})  # type: ignore[arg-type]  # the same
    )
    assert db.session.scalar(select(func.count(Contact.id))) == 1
    assert sign_in(cast.outsider).get(address).status_code == 404


def test_the_duty_mailbox_is_set_by_a_manager_or_an_administrator(cast: Cast, sign_in: SignIn) -> None:
    admin = sign_in(cast.admin)
    assert "Saved." in plain(press(admin, "/asked/duty", duty_email="duty@example.org"))
    assert 'value="duty@example.org"' in admin.get("/asked/duty").text
    assert "There is a problem" in plain(press(admin, "/asked/duty", duty_email="nobody"))
    assert sign_in(cast.social_worker).get("/asked/duty").status_code == 403


def test_what_became_a_contact_is_closed_to_whoever_is_implicated_in_it(
    cast: Cast, client: FlaskClient, sign_in: SignIn
) -> None:
    client.post(ASK, data=typed())
    with transaction("Terry Example", Via.STAFF) as act:
        asked = db.session.scalars(select(PartnerRequest)).one()
        asked.contact = waiting_child(cast, act)
        asked.contact.implicated.append(Implicated(user_id=cast.chair.id, reason="Made up", by="x", at=act.at))
        reference, page = asked.reference, f"/asked/{asked.id}"
    barred, other = sign_in(cast.chair), sign_in(cast.social_worker)
    assert (barred.get(page).status_code, other.get(page).status_code) == (404, 200)
    assert barred.post(page, data={"outcome": "advice", "words": "x"}).status_code == 404
    assert reference not in barred.get("/asked").text
    assert reference in other.get("/asked").text
