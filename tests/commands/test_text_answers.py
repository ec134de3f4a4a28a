"""What partners answer by text: counted where it is clear, read back always, and never guessed at."""

from datetime import timedelta

import pytest

from strategy.commands import changes, holding, invitations, messages
from strategy.commands.messages import Recipient
from strategy.db import db
from strategy.models import Answer, Discussion, Event, Invitation, Message
from strategy.vocabulary import (
    EventVerb,
    InboundKind,
    InboundState,
    InvitationState,
    MessageChannel,
    MessageReason,
    MessageState,
    News,
    Response,
    Via,
    WithdrawReason,
)
from tests.cast import Cast
from tests.convened import ENDS_AT, LATER, STARTS_AT, convene, invited, queued, send_everything, staff_act
from tests.texted import answered, code, last_text, texted, texts_to

PHONE = "+447700900001"


@pytest.fixture
def police(discussion: Discussion) -> Invitation:
    """The police desk's invitation, whose text went out."""
    send_everything()
    return invited(discussion, "police")


def to_convener(invitation: Invitation) -> list[str]:
    """What the convener was told about it."""
    return [message.text for message in queued(invitation, "convener") if message.channel is MessageChannel.SMS]


def test_a_text_asks_for_a_reply_with_this_phones_number(police: Invitation) -> None:
    number = code(police)
    said = texts_to(PHONE)[0].text
    assert f"Reply A{number} yes D{number} deputy N{number} no or\n{{link}}" in said


def test_wild_22_a_bare_yes_by_number_holds_the_place_and_asks_who_comes(police: Invitation) -> None:
    """In the wild, 22."""
    kept = texted(PHONE, f"a{code(police)} yes thanks")
    assert (police.state, kept.state, kept.kind) == (
        InvitationState.NAME_NEEDED,
        InboundState.APPLIED,
        InboundKind.TEXT_ANSWER,
    )
    given = police.answers[-1]
    assert (given.response, given.via, given.attendee_name) == (Response.DESK_ACCEPTED, Via.SMS, None)
    assert last_text(PHONE).startswith(f"Recorded: A{code(police)} your agency will attend Fri 27 Nov 3:30pm, ref ")
    assert "Who is coming? Reply with a name" in last_text(PHONE)
    assert not [
        one for one in queued(police, "confirmation") if one.channel is MessageChannel.SMS
    ]  # told once, not twice


def test_a_name_sent_back_becomes_the_named_attendee(police: Invitation) -> None:
    texted(PHONE, f"A{code(police)}")
    kept = texted(PHONE, "It's DS Jo Sample, thanks", LATER + timedelta(minutes=2))
    assert (police.state, police.attendee_name, police.attendee_role) == (InvitationState.COMING, "DS Jo Sample", None)
    assert (kept.kind, kept.state) == (InboundKind.TEXT_FOLLOW_UP, InboundState.APPLIED)
    assert "DS Jo Sample will attend" in last_text(PHONE)
    assert not queued(police, "chase")


def test_a_number_and_a_name_in_one_text_are_a_named_attendee(police: Invitation) -> None:
    texted(PHONE, f"Yes A{code(police)} Jo Sample")
    assert (police.state, police.attendee_name) == (InvitationState.COMING, "Jo Sample")


def test_a_deputy_is_asked_for_by_name_and_is_told_when_a_number_comes_too(police: Invitation) -> None:
    texted(PHONE, f"D{code(police)}")
    assert police.state is InvitationState.NAME_NEEDED and "a deputy will attend" in last_text(PHONE)
    texted(PHONE, "Sam Deputy 07700 900456", LATER + timedelta(minutes=1))
    assert (police.state, police.attendee_contact) == (InvitationState.DEPUTY, "+447700900456")
    assert [message.address for message in queued(police, "deputy")] == ["+447700900456"]


def test_no_asks_why_and_the_reason_is_coded_where_it_is_clear(police: Invitation) -> None:
    texted(PHONE, f"N{code(police)}")
    assert police.state is InvitationState.DECLINED and "Why? Reply in a few words, no names" in last_text(PHONE)
    texted(PHONE, "sorry no capacity today", LATER + timedelta(minutes=1))
    given = police.answers[-1]
    assert (given.response, given.reason_code) == (Response.CANNOT_ATTEND, "no-capacity")
    assert given.reason == "sorry no capacity today"


def test_a_reason_in_their_own_words_is_in_no_message_and_on_no_timeline(police: Invitation) -> None:
    texted(PHONE, f"N{code(police)} Robin is with us, cannot leave")
    assert police.answers[-1].reason == "Robin is with us, cannot leave" and police.answers[-1].reason_code is None
    said = [one.text for one in db.session.query(Message)] + [one.text for one in db.session.query(Event)]
    assert not [words for words in said if "Robin" in words]


def test_the_answer_can_be_changed_until_the_start(police: Invitation) -> None:
    texted(PHONE, f"A{code(police)} Jo Sample")
    texted(PHONE, f"N{code(police)}", STARTS_AT - timedelta(minutes=1))
    assert (police.state, police.attendee_name) == (InvitationState.DECLINED, None)


def test_a_bare_yes_again_does_not_lose_the_name(police: Invitation) -> None:
    texted(PHONE, f"A{code(police)} Jo Sample")
    kept = texted(PHONE, f"A{code(police)}", LATER + timedelta(minutes=1))
    assert (police.state, police.attendee_name, kept.state) == (InvitationState.COMING, "Jo Sample", InboundState.NOTED)
    assert db.session.query(Answer).count() == 1 and answered(PHONE) == ["recorded", "recorded"]


def test_several_numbers_in_one_text_answer_several_invitations(police: Invitation, cast: Cast) -> None:
    other = invited(convene(cast, case="CASE-4472", starts_at=STARTS_AT + timedelta(hours=2)), "police")
    assert code(other) != code(police)
    texted(PHONE, f"A{code(police)} Jo Sample, N{code(other)}")
    assert (police.state, other.state) == (InvitationState.COMING, InvitationState.DECLINED)


def test_a_name_with_two_questions_open_is_not_guessed_at(police: Invitation, cast: Cast) -> None:
    other = invited(convene(cast, case="CASE-4472", starts_at=STARTS_AT + timedelta(hours=2)), "police")
    texted(PHONE, f"A{code(police)} A{code(other)}")
    kept = texted(PHONE, "Jo Sample", LATER + timedelta(minutes=1))
    assert kept.state is InboundState.TO_READ and answered(PHONE)[-1] == "help"
    assert {police.state, other.state} == {InvitationState.NAME_NEEDED}


def test_a_bare_yes_is_not_counted_and_told_how_to_say_it(police: Invitation) -> None:
    kept = texted(PHONE, "Yes")
    assert (police.state, kept.state) == (InvitationState.INVITED, InboundState.TO_READ)
    assert f"reply A{code(police)} yes" in last_text(PHONE) and len(to_convener(police)) == 1


@pytest.mark.parametrize("words", ["A{} no", "N{} yes we will be there", "A{} N{}", "A{}?", "what is A{}", "No A{}"])
def test_what_may_mean_two_things_is_not_counted(police: Invitation, words: str) -> None:
    kept = texted(PHONE, words.replace("{}", str(code(police))))
    assert (police.state, kept.state, answered(PHONE)) == (InvitationState.INVITED, InboundState.TO_READ, ["help"])
    assert News.WROTE.words in " ".join(to_convener(police))


def test_the_name_is_asked_again_once_and_then_a_person_asks(police: Invitation) -> None:
    texted(PHONE, f"A{code(police)}")
    for minute in (1, 2):
        kept = texted(PHONE, "we will sort that out later today", LATER + timedelta(minutes=minute))
        assert kept.state is InboundState.TO_READ and police.state is InvitationState.NAME_NEEDED
    assert answered(PHONE) == ["recorded", "ask-again"]


def test_thanks_is_no_name_and_is_not_answered(police: Invitation) -> None:
    texted(PHONE, f"A{code(police)}")
    assert texted(PHONE, "Ok thanks!", LATER + timedelta(minutes=1)).state is InboundState.NOTED
    assert answered(PHONE) == ["recorded"] and not to_convener(police)


def test_a_name_after_the_link_has_named_somebody_is_for_a_person(police: Invitation) -> None:
    texted(PHONE, f"A{code(police)}")
    police.state, police.attendee_name = InvitationState.COMING, "Jo Sample"
    assert texted(PHONE, "Sam Other", LATER + timedelta(minutes=1)).state is InboundState.TO_READ
    assert police.attendee_name == "Jo Sample"


def test_wild_22_a_wrong_number_is_answered_once_an_hour_and_then_read(police: Invitation) -> None:
    """In the wild, 22."""
    wrong = 11 if code(police) != 11 else 12
    states = [texted(PHONE, f"A{wrong}", LATER + timedelta(minutes=minute)).state for minute in (0, 10, 61)]
    assert states == [InboundState.NOTED, InboundState.TO_READ, InboundState.NOTED]
    assert answered(PHONE) == ["help", "help"] and police.state is InvitationState.INVITED


def test_a_number_of_another_phone_means_nothing_here(police: Invitation, discussion: Discussion) -> None:
    health = invited(discussion, "health-0-19")
    theirs = code(health)
    if theirs == code(police):
        pytest.skip("the two phones were given the same number")
    texted(PHONE, f"N{theirs}")
    assert (health.state, police.state) == (InvitationState.INVITED, InvitationState.INVITED)


def test_a_stranger_is_told_nothing_and_read_by_a_person(police: Invitation) -> None:
    kept = texted("+447700900777", f"A{code(police)} Jo Sample")
    assert (kept.state, kept.invitation, police.state) == (InboundState.TO_READ, None, InvitationState.INVITED)
    assert texts_to("+447700900777") == []


def test_after_the_start_they_hear_that_it_has_started(police: Invitation, discussion: Discussion, cast: Cast) -> None:
    number = code(police)
    holding.start(discussion, staff_act(cast, STARTS_AT, chair=True))
    kept = texted(PHONE, f"A{number} Jo Sample", STARTS_AT + timedelta(minutes=5))
    assert (police.state, kept.state) == (InvitationState.INVITED, InboundState.TO_READ)
    assert f"{discussion.reference} started at 3:30pm, so nothing was recorded. Join now" in last_text(PHONE)


def test_after_standing_down_they_hear_that_it_is_off(police: Invitation, discussion: Discussion, cast: Cast) -> None:
    changes.stand_down(discussion, "Not needed any more", discussion.revision, staff_act(cast, LATER))
    texted(PHONE, f"N{code(police)}", LATER + timedelta(minutes=5))
    assert "was stood down and will not be held" in last_text(PHONE)


def test_after_withdrawal_they_hear_that_they_are_not_needed(police: Invitation, cast: Cast) -> None:
    invitations.withdraw(police, WithdrawReason.WRONG_ONE, staff_act(cast, LATER))
    for minute in (5, 6):
        texted(PHONE, f"A{code(police)}", LATER + timedelta(minutes=minute))
    assert "you are no longer needed at" in last_text(PHONE) and answered(PHONE) == ["closed"]


def test_after_its_end_they_hear_that_it_is_over(police: Invitation) -> None:
    texted(PHONE, f"A{code(police)}", ENDS_AT + timedelta(minutes=1))
    assert "is over, so nothing was recorded" in last_text(PHONE)


def test_words_of_their_own_reach_the_convener(police: Invitation) -> None:
    kept = texted(PHONE, "Can somebody ring me about this please")
    assert (kept.kind, kept.state, kept.invitation) == (InboundKind.TEXT, InboundState.TO_READ, police)
    assert News.WROTE.words in " ".join(to_convener(police))
    told = db.session.query(Event).filter_by(invitation_id=police.id, verb=EventVerb.TEXT_CAME).one()
    assert told.text == "Police: a text came that a person has to read"


def test_the_same_text_handed_over_twice_is_one(police: Invitation) -> None:
    first, again = (texted(PHONE, f"A{code(police)}", sid="twilio:SM1") for _ in range(2))
    assert first.id == again.id and len(police.answers) == 1 and answered(PHONE) == ["recorded"]


def test_a_text_is_kept_whole_whatever_stands_in_it(police: Invitation) -> None:
    kept = texted(PHONE, "👍 naïve ‘quoted’ \u202e")
    assert kept.text == "👍 naïve ‘quoted’ \u202e" and kept.sender == PHONE and "naïve" not in kept.effect
    assert kept.channel is MessageChannel.SMS and (kept.raw or "").isascii()


def test_the_supervisors_answer_is_read_back_to_the_supervisor_and_confirmed_to_the_desk(
    police: Invitation, cast: Cast
) -> None:
    from_phone = "+447700900011"
    messages.queue(
        "supervisor",
        Recipient("Dee Sergeant", None, from_phone),
        police,
        MessageReason.CHASE,
        staff_act(cast, LATER),
        key="rung",
    )
    texted(from_phone, f"A{code(police, from_phone)} Jo Sample")
    assert police.attendee_name == "Jo Sample" and police.answers[-1].recorded_by == "Dee Sergeant"
    assert "Jo Sample will attend" in last_text(from_phone)
    assert [one.address for one in queued(police, "confirmation") if one.channel is MessageChannel.SMS] == [PHONE]


def test_an_echo_overtaken_by_a_later_answer_does_not_go_out(police: Invitation) -> None:
    texted(PHONE, f"A{code(police)}")
    texted(PHONE, f"N{code(police)}", LATER + timedelta(seconds=30))
    states = [one.state for one in texts_to(PHONE) if one.name == "recorded"]
    assert states == [MessageState.VOIDED, MessageState.QUEUED]
