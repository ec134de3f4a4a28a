"""Answers from a desk board: the same as by link, an authorised refusal that climbs at once, codes that never wait."""

from datetime import timedelta

import pytest

from strategy.act import Refused
from strategy.commands import answers, board_answers, board_links, board_opening, claiming
from strategy.commands.answers import Reply
from strategy.commands.board_answers import Given, RowsRefused
from strategy.db import db
from strategy.keys import keys
from strategy.models import BoardOpening, CallTask, Discussion, Event, Invitation, Message
from strategy.queries import boards, refusals
from strategy.queries.boards import Knock
from strategy.vocabulary import (
    EventVerb,
    InvitationState,
    MessageChannel,
    Response,
)
from tests.cast import Cast
from tests.commands.climbed import act, at, climb, row, sent_to
from tests.convened import LATER, invited, link_act, queued, send_everything

UNSTAFFED = Reply(Response.NO_OFFICER, authorised_by="Ina Inspector", authorised_role="Inspector")


@pytest.fixture
def opening(discussion: Discussion, cast: Cast) -> BoardOpening:
    """The police desk's board, as Jo Duty has asked to open it."""
    board = board_links.make(cast.police_desk, act(LATER))
    knock = Knock(board, MessageChannel.EMAIL)
    who = ("Jo Duty", "Detective Constable")
    asked = board_opening.ask(knock, boards.ways(knock)[0].key, "browser", who, link_act(LATER))
    asked.opened_at, asked.open_until = LATER, LATER + timedelta(hours=8)
    db.session.flush()
    return asked


def given(police: Invitation, reply: Reply, after: int = 0) -> Given:
    return Given(police.id, reply, after)


def test_an_authorised_refusal_says_who_authorised_it_and_climbs_at_once(
    discussion: Discussion, opening: BoardOpening
) -> None:
    police = invited(discussion, "police")
    send_everything(LATER)
    board_answers.send(opening, [given(police, UNSTAFFED)], link_act(LATER))
    assert police.state is InvitationState.DECLINED
    told = "no officer available, authorised by Ina Inspector, Inspector"
    assert refusals.coded(police) == told
    said = db.session.query(Event).filter_by(invitation_id=police.id, verb=EventVerb.ANSWERED).one()
    assert told in said.text
    chase = row(police)
    assert chase is not None and chase.due_at == LATER and chase.rung == 1
    climb(police, LATER)
    assert sent_to(police, "supervisor") == ["ds@police.example", "+447700900011"]
    assert told in queued(police, "supervisor")[0].text
    assert "has no officer available" in queued(police, "convener")[0].text


@pytest.mark.parametrize(
    ("reply", "field"),
    [
        (Reply(Response.NO_OFFICER), "authorised_by"),
        (Reply(Response.NO_OFFICER, authorised_by="Ina Inspector"), "authorised_role"),
    ],
)
def test_nobody_available_without_whoever_authorised_it_is_no_answer(
    discussion: Discussion, reply: Reply, field: str
) -> None:
    police = invited(discussion, "police")
    with pytest.raises(Refused) as refused:
        answers.answer(police, Reply(reply.response, "Jo", "DC", authorised_by=reply.authorised_by), link_act(LATER))
    assert refused.value.field == field and police.answers == []


def test_all_rows_are_looked_at_before_any_is_refused(discussion: Discussion, opening: BoardOpening) -> None:
    police = invited(discussion, "police")
    elsewhere = invited(discussion, "education")
    sent = [given(police, Reply(Response.CANNOT_ATTEND)), given(elsewhere, Reply(Response.REPORT_ONLY))]
    with pytest.raises(RowsRefused) as refused:
        board_answers.send(opening, sent, link_act(LATER))
    assert [number for number, _ in refused.value.each] == [police.id, elsewhere.id]
    assert "not on the board" in refused.value.each[1][1].reason


def test_whoever_typed_a_code_is_no_machine_but_may_contradict_themselves(
    discussion: Discussion, opening: BoardOpening
) -> None:
    police = invited(discussion, "police")
    send_everything(LATER)
    came = board_answers.send(opening, [given(police, Reply(Response.ATTEND, attendee_name="Jo"))], link_act(LATER))
    assert not police.unverified  # though the message went out this very second
    moment = LATER + timedelta(seconds=3)
    board_answers.send(opening, [given(police, UNSTAFFED, came[0].id)], link_act(moment))
    assert police.unverified


def test_what_is_read_back_on_the_board_is_not_texted_as_well(discussion: Discussion, opening: BoardOpening) -> None:
    police = invited(discussion, "police")
    board_answers.send(opening, [given(police, Reply(Response.REPORT_ONLY))], link_act(LATER))
    assert [one.channel for one in queued(police, "confirmation")] == [MessageChannel.EMAIL]


def test_answered_from_the_board_the_ladder_stops(discussion: Discussion, opening: BoardOpening) -> None:
    police = invited(discussion, "police")
    assert row(police) is not None
    board_answers.send(opening, [given(police, Reply(Response.ATTEND, attendee_name="Jo"))], link_act(LATER))
    assert row(police) is None
    assert db.session.query(CallTask).filter_by(invitation_id=police.id).count() == 0


def test_nothing_filled_in_is_no_sending(opening: BoardOpening) -> None:
    with pytest.raises(Refused, match="Nothing is filled in"):
        board_answers.send(opening, [], link_act(LATER))


def test_a_code_waits_behind_no_other_text_of_that_phone(discussion: Discussion, cast: Cast) -> None:
    """in-the-wild 24: a desk's phone has had its text of this minute, and somebody sits at the board."""
    board = board_links.make(cast.police_desk, act(LATER))
    assert any(one.channel is MessageChannel.SMS for one in claiming.claim(100, act(LATER)).outgoing)
    knock = Knock(board, MessageChannel.EMAIL)
    asked = board_opening.ask(knock, boards.ways(knock)[0].key, "browser", ("Jo", "DC"), link_act(LATER))
    going = [(one.address, one.code) for one in claiming.claim(100, act(LATER)).outgoing]
    assert going == [(asked.address, keys().one_time_code(asked.nonce))]


def test_a_desk_has_one_board_and_it_needs_an_inbox(cast: Cast, discussion: Discussion) -> None:
    board_links.make(cast.police_desk, act(LATER))
    with pytest.raises(Refused, match="a board already"):
        board_links.make(cast.police_desk, act(LATER))
    cast.health_desk.email = None
    with pytest.raises(Refused, match="shared inbox"):
        board_links.make(cast.health_desk, act(LATER))


def test_a_link_taken_back_opens_nothing_and_a_new_one_is_another(cast: Cast, discussion: Discussion) -> None:
    first = board_links.make(cast.police_desk, act(LATER))
    path = boards.path(first.id, MessageChannel.EMAIL)
    assert boards.by_token(path.removeprefix("/b/")) is not None
    board_links.revoke(first, act(LATER))
    second = board_links.make(cast.police_desk, act(at(13, 20)))
    assert boards.by_token(path.removeprefix("/b/")) is None
    assert boards.path(second.id, MessageChannel.EMAIL) != path
    texts = [one.text for one in db.session.query(Event).filter_by(verb=EventVerb.BOARD_CHANGED)]
    assert len(texts) == 3 and not any("/b/" in text for text in texts)
    with pytest.raises(Refused, match="taken back already"):
        board_links.send(first, act(LATER))
    waiting = db.session.query(Message).filter_by(board_id=first.id).all()
    gone = {one.id for one in waiting} - {one.id for one in claiming.claim(100, act(at(13, 20))).outgoing}
    assert gone == {one.id for one in waiting}
