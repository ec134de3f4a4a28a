"""What a partner asks for: kept encrypted, told of without its words, answered by one of us, and no flood does harm."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from strategy.act import Act, Refused
from strategy.commands import partner_requests
from strategy.commands.partner_requests import Asked
from strategy.db import db
from strategy.models import Event, Message, PartnerRequest
from strategy.queries import partner_requests as asking
from strategy.queries import reasons
from strategy.queries.outgoing import outgoing
from strategy.vocabulary import AskFor, AskSoon, EventVerb, MessageChannel, RequestOutcome, RequestState, Via
from tests.cast import Cast
from tests.commands.stories import THURSDAY, waiting_child

ASKED = Asked(
    AskFor.DISCUSSION,
    AskSoon.TODAY,
    "Vic Visitor",
    "Health visitor",
    "Sample Trust",
    "01632 960177",
    text="Two bruises",
)
TYPED = ("Vic", "visitor", "Trust", "960177", "bruises")

pytestmark = pytest.mark.usefixtures("writing")


def at(minutes: float = 0, by: str = "A partner, on the public page") -> Act:
    return Act(by=by, at=THURSDAY + timedelta(minutes=minutes), via=Via.LINK)


def ask(cast: Cast, minutes: float = 0, **changes: Any) -> PartnerRequest:
    return partner_requests.ask(replace(ASKED, **changes), cast.authority, at(minutes))


def notices() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.name == "partner-asks").order_by(Message.id)))


def test_everything_typed_lies_encrypted_and_stands_in_no_message_and_no_event(cast: Cast) -> None:
    request = ask(cast)
    row = db.session.execute(text("SELECT name, role, agency, phone, text FROM partner_requests")).one()
    written = [*row, *(event.text for event in db.session.scalars(select(Event)))]
    written += [f"{one.subject} {one.text} {one.html}" for one in notices()]
    assert not [words for words in written for typed in TYPED if typed in words]
    assert request.phone == "+441632960177"
    assert request.reference in notices()[0].text


def test_every_chair_is_told_by_mail_and_by_text_too_when_it_cannot_wait(cast: Cast) -> None:
    ask(cast)
    assert [(one.address, one.channel) for one in notices()] == [(cast.chair.email, MessageChannel.EMAIL)]
    request = ask(cast, 1, soon=AskSoon.NOW)
    assert [one.channel for one in notices()[1:]] == [MessageChannel.EMAIL, MessageChannel.SMS]
    assert notices()[1].urgent
    assert outgoing(notices()[1]).path == f"/asked/{request.id}"


def test_a_duty_mailbox_is_told_instead_when_there_is_one(cast: Cast) -> None:
    partner_requests.set_duty_address(cast.authority, "Duty@Example.org", at())
    ask(cast, soon=AskSoon.NOW)
    assert [one.address for one in notices()] == ["duty@example.org"]
    partner_requests.set_duty_address(cast.authority, None, at())
    assert cast.authority.duty_email is None
    with pytest.raises(Refused) as caught:
        partner_requests.set_duty_address(cast.authority, "nobody", at())
    assert caught.value.field == "duty_email"


def test_many_requests_at_once_send_one_mail_in_ten_minutes(cast: Cast) -> None:
    for minute in (0, 1, 2, 9.9):
        ask(cast, minute)
    assert len(notices()) == 1
    ask(cast, 10)
    assert len(notices()) == 2


def test_past_a_hundred_an_hour_the_page_asks_to_be_rung(cast: Cast) -> None:
    first = ask(cast)
    for number in range(99):
        row = {
            name: getattr(first, name) for name in ("asks_for", "soon", "name", "role", "agency", "asked_at", "state")
        }
        db.session.add(PartnerRequest(authority=cast.authority, reference=f"Q{number}", **row))
    db.session.flush()
    with pytest.raises(Refused, match="ring the number"):
        ask(cast, 30)
    ask(cast, 61)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"phone": None}, "phone"), ({"phone": "12"}, "phone"), ({"email": "nobody"}, "email")],
)
def test_there_must_be_a_way_to_reach_whoever_asks(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        ask(cast, **changes)
    assert caught.value.field == field


def test_a_request_is_claimed_given_back_and_answered_with_its_clock(cast: Cast) -> None:
    request = ask(cast)
    partner_requests.claim(request, cast.social_worker, at(5, "Sam Worker"))
    assert (request.state, request.claimed_by) == (RequestState.CLAIMED, cast.social_worker)
    assert reasons.gone(notices()[0], at(5).at) == "Somebody is dealing with it."
    partner_requests.release(request, at(6))
    assert request.claimed_by is None
    partner_requests.claim(request, cast.chair, at(7))
    partner_requests.close(request, RequestOutcome.ADVICE_GIVEN, "Early help", cast.chair, at(20))
    assert (request.state, request.closed_at) == (RequestState.CLOSED, THURSDAY + timedelta(minutes=20))
    verbs = [event.verb for event in asking.events_of(request)]
    assert verbs == [
        EventVerb.PARTNER_ASKED,
        EventVerb.REQUEST_CLAIMED,
        EventVerb.REQUEST_RELEASED,
        EventVerb.REQUEST_CLAIMED,
        EventVerb.REQUEST_CLOSED,
    ]
    assert "Early help" not in asking.events_of(request)[-1].text


def test_one_colleague_may_take_it_from_another_but_not_from_themselves(cast: Cast) -> None:
    request = ask(cast)
    partner_requests.claim(request, cast.social_worker, at(5))
    with pytest.raises(Refused, match="already"):
        partner_requests.claim(request, cast.social_worker, at(6))
    partner_requests.claim(request, cast.chair, at(7))
    assert request.claimed_by is cast.chair


def test_no_action_needs_a_reason_and_a_contact_comes_only_from_starting_one(cast: Cast) -> None:
    request = ask(cast)
    with pytest.raises(Refused) as caught:
        partner_requests.close(request, RequestOutcome.NO_ACTION, " ", cast.chair, at(5))
    assert caught.value.field == "words"
    with pytest.raises(Refused, match="Start the clock"):
        partner_requests.close(request, RequestOutcome.CONTACT_STARTED, None, cast.chair, at(5))


def test_rung_back_first_it_can_still_become_a_contact_once(cast: Cast) -> None:
    request = ask(cast)
    partner_requests.close(request, RequestOutcome.RANG_BACK, None, cast.chair, at(5))
    contact = waiting_child(cast, at(6))
    partner_requests.became(request, contact, cast.chair, at(6))
    assert (request.outcome, request.contact) == (RequestOutcome.CONTACT_STARTED, contact)
    assert EventVerb.REQUEST_CLOSED in set(db.session.scalars(select(Event.verb).where(Event.contact_id == contact.id)))
    with pytest.raises(Refused, match="already"):
        partner_requests.became(request, contact, cast.chair, at(7))
    with pytest.raises(Refused, match="go on there"):
        partner_requests.claim(request, cast.chair, at(7))


def test_closed_too_early_it_is_taken_up_again(cast: Cast) -> None:
    request = ask(cast)
    partner_requests.close(request, RequestOutcome.ADVICE_GIVEN, "Early help", cast.chair, at(5))
    partner_requests.claim(request, cast.social_worker, at(6))
    assert (request.state, request.outcome, request.closed_at) == (RequestState.CLAIMED, None, None)


def test_whoever_waits_longest_and_has_nobody_comes_first(cast: Cast) -> None:
    taken, second, third = ask(cast), ask(cast, 1), ask(cast, 2)
    partner_requests.claim(taken, cast.chair, at(3))
    db.session.flush()
    assert list(asking.unanswered(cast.authority.id)) == [second, third, taken]
    assert asking.unanswered(cast.outsider.authority_id) == []
    assert db.session.scalar(select(func.count(PartnerRequest.id))) == 3


def test_each_urgent_request_is_told_by_itself_and_a_flood_is_not(cast: Cast) -> None:
    for minute in range(8):
        ask(cast, minute / 10, soon=AskSoon.NOW)
    assert len([one for one in notices() if one.channel is MessageChannel.EMAIL]) == 5
