"""A phone that wants no more texts: its agency must not fall silent, so people hear of it and other ways are used."""

from datetime import timedelta

import pytest

from strategy.act import Act
from strategy.commands import messages, opting_out
from strategy.db import db
from strategy.models import CallTask, Discussion, Event, Invitation, Message
from strategy.queries.repairs import repairs
from strategy.vocabulary import (
    EventVerb,
    InboundKind,
    InboundState,
    MessageChannel,
    MessageReason,
    MessageState,
    News,
    Via,
)
from tests.cast import Cast
from tests.convened import LATER, invited, queued, send_everything, staff_act
from tests.texted import code, texted, texts_to

PHONE = "+447700900001"


@pytest.fixture
def police(discussion: Discussion) -> Invitation:
    """The police desk's invitation, which went out."""
    send_everything()
    return invited(discussion, "police")


def alarms(invitation: Invitation) -> list[str]:
    return [one.text for one in queued(invitation, "convener") if News.TEXTS_STOPPED.words in one.text]


@pytest.mark.parametrize("words", ["STOP", "stop", "Unsubscribe", "END.", "quit", "cancel", "STOPALL"])
def test_wild_22_stop_marks_the_entry_and_alarms_the_convener(police: Invitation, cast: Cast, words: str) -> None:
    """In the wild, 22: it silences an agency."""
    before = len(texts_to(PHONE))
    kept = texted(PHONE, words)
    assert (kept.kind, kept.state) == (InboundKind.OPT_OUT, InboundState.APPLIED)
    assert cast.police_desk.opted_out_at == LATER and len(texts_to(PHONE)) == before  # carriers answer, we do not
    assert repairs(cast.authority.id, LATER).opted_out == [cast.police_desk]
    assert len(alarms(police)) == 2 and all(one.urgent for one in queued(police, "convener"))  # by mail and text
    told = [one.text for one in db.session.query(Event).filter_by(verb=EventVerb.TEXTS_STOPPED)]
    assert told == ["MASH desk wants no more texts", "Police: their phone wants no more texts"]


def test_what_the_provider_calls_an_opt_out_is_one_whatever_the_words(police: Invitation, cast: Cast) -> None:
    texted(PHONE, "Arrêt", opt_out="STOP")
    assert cast.police_desk.opted_out_at == LATER


def test_stop_twice_alarms_once(police: Invitation) -> None:
    texted(PHONE, "STOP")
    texted(PHONE, "STOP", LATER + timedelta(minutes=1))
    assert len(alarms(police)) == 2


def test_no_more_texts_go_there_and_mail_does(police: Invitation, cast: Cast) -> None:
    texted(PHONE, "STOP")
    sent = messages.queue(
        "chase", messages.recipient_of(police), police, MessageReason.CHASE, staff_act(cast, LATER), key="0"
    )
    assert [one.channel for one in sent] == [MessageChannel.EMAIL]


def test_what_waited_to_be_texted_goes_another_way(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    police.email = None
    db.session.query(Message).filter_by(invitation_id=police.id, channel=MessageChannel.EMAIL).delete()
    texted(PHONE, "STOP")
    assert texts_to(PHONE)[0].state is MessageState.BOUNCED and police.undeliverable
    assert "no more texts" in str(texts_to(PHONE)[0].problem)
    assert db.session.query(CallTask).filter_by(invitation_id=police.id).count() >= 1


@pytest.mark.parametrize("words", ["START", "unstop", "Yes"])
def test_start_undoes_it(police: Invitation, cast: Cast, words: str) -> None:
    texted(PHONE, "STOP")
    kept = texted(PHONE, words, LATER + timedelta(minutes=1))
    assert (kept.kind, kept.state, cast.police_desk.opted_out_at) == (InboundKind.OPT_IN, InboundState.APPLIED, None)
    texted(PHONE, f"A{code(police)}", LATER + timedelta(minutes=2))
    assert texts_to(PHONE)[-1].name == "recorded"


def test_an_answer_from_a_phone_that_wants_no_texts_counts_and_is_not_read_back(police: Invitation) -> None:
    texted(PHONE, "STOP")
    texted(PHONE, f"A{code(police)} Jo Sample", LATER + timedelta(minutes=1))
    assert police.attendee_name == "Jo Sample" and texts_to(PHONE)[-1].name != "recorded"


def test_stop_from_a_stranger_is_read_by_a_person(police: Invitation) -> None:
    kept = texted("+447700900777", "STOP")
    assert (kept.kind, kept.state) == (InboundKind.OPT_OUT, InboundState.TO_READ)


def test_a_provider_that_says_so_sets_the_same_mark(police: Invitation, cast: Cast) -> None:
    """Twilio's error 21610 answers a text of ours to a phone that replied STOP to the carrier."""
    opting_out.mark(PHONE, Act(by="Text provider", at=LATER, via=Via.PROVIDER))
    assert cast.police_desk.opted_out_at == LATER and len(alarms(police)) == 2
