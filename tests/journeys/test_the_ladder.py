"""Silence, answers, failures and changes, each from the booking page to what the partners received; time is moved."""

import pytest

from notifications.channel import Rejected
from notifications.outcomes import Cause, Fault
from tests.journeys.story import Story, calendar, link

DESK = {"mash@police.example", "+447700900001"}
SERGEANT = {"ds@police.example", "+447700900011"}
INSPECTOR = {"di@police.example", "+447700900012"}
CHIEF = {"dci@police.example", "+447700900013"}
NURSE = {"desk019@health.example", "+447700900002"}
OURS = {
    "sam.worker@exampleshire.example",
    "terry.example@exampleshire.example",
    "+447700900900",
    "+447700900901",
}
GONE = Rejected(Fault(Cause.NO_SUCH_ADDRESS, "No such address"))


@pytest.fixture
def police_alone(story: Story) -> Story:
    """Booked at 12:50pm for 3:30pm and told; health has named somebody, police say nothing."""
    story.book()
    story.tick()
    nurse = story.partner(story.texts_to("+447700900002")[0])
    nurse.send("Send answer", by_name="Nat Nurse", by_role="Named nurse", response="attend")
    assert "Recorded: Nat Nurse" in nurse.page.words
    story.tick_until("12:52")  # one phone gets a text a minute: the confirmation waits its turn
    story.forget()
    return story


def test_silence_climbs_to_the_top_rung_and_then_asks_the_chair_to_ring(police_alone: Story) -> None:
    story = police_alone
    for before, due, expected in [
        ("13:29", "13:30", DESK),
        ("14:09", "14:10", SERGEANT),
        ("14:49", "14:50", INSPECTOR),
        ("15:13", "15:14", CHIEF),
    ]:
        story.tick_until(before)
        told = OURS | NURSE  # of a doubtful quorum, and that it begins soon
        assert story.reached() <= told, f"somebody was chased before {due}"
        story.at(due)
        story.tick()
        assert story.reached() - told == expected
        assert all("4471" not in one.text for address in expected for one in story.sent(address))
        story.forget()
    assert not story.calls()
    story.tick_until("15:29")
    assert [call.for_user_id for call in story.calls()] == [story.cast.chair.id]
    assert story.reached() == {"terry.example@exampleshire.example", "+447700900900"}
    words = story.look()
    for done in ("Reminded", "Dee Sergeant", "Ina Inspector", "Chris Chief"):
        assert done in words
    assert "MASH desk" in story.staff(story.cast.chair).open("/calls").words


def test_a_named_attendee_ends_the_chase_in_the_middle_of_the_ladder(police_alone: Story) -> None:
    story = police_alone
    story.tick_until("14:10")
    text = story.texts_to("+447700900011")[0]
    sergeant = story.partner(text)
    assert "Who is answering?" in sergeant.page.words and "4471" not in sergeant.page.words
    sergeant.send("Send answer", by_name="Dee Sergeant", by_role="Detective Sergeant", response="attend")
    story.forget()
    story.tick_until("15:29")
    assert not story.reached() & (SERGEANT | INSPECTOR | CHIEF)
    assert story.reached() >= DESK  # the confirmation goes to whom the invitation went
    assert "Dee Sergeant" in story.look()


def test_a_desk_that_declines_is_passed_over_at_once_and_its_deputy_ends_the_chase(police_alone: Story) -> None:
    story = police_alone
    story.at("13:00")
    desk = story.partner(story.mail_before("mash@police.example"))
    desk.send("Send answer", by_name="Jo Desk", by_role="Duty officer", response="cannot-attend", reason="All on shift")
    story.tick()
    assert story.reached() >= SERGEANT
    assert "sam.worker@exampleshire.example" in story.reached()  # the convener hears of it at once
    assert not story.reached() & INSPECTOR
    sergeant = story.partner(story.texts_to("+447700900011")[0])
    sergeant.send(
        "Send answer",
        by_name="Dee Sergeant",
        by_role="Detective Sergeant",
        response="deputy",
        attendee_name="Pat Deputy",
        attendee_role="Detective constable",
        attendee_contact="07700 900077",
    )
    story.forget()
    story.tick_until("15:29")
    assert "+447700900077" in story.reached()
    assert not story.reached() & (SERGEANT | INSPECTOR | CHIEF)
    assert "Pat Deputy" in story.look()


def test_what_reaches_nobody_becomes_a_call_and_the_next_rung_is_told(story: Story) -> None:
    story.mails.dead["mash@police.example"] = GONE
    story.texts.dead["+447700900001"] = GONE
    story.book()
    story.tick()
    story.tick()
    call = story.calls()[0]
    assert (call.whom, call.number) == ("Exampleshire Police: MASH desk", "+447700900001")
    assert "sam.worker@exampleshire.example" in {mail.to for mail in story.mails.sent if "police" in mail.text.lower()}
    assert "Reaches nobody" in story.look()
    story.tick_until("12:56")
    assert story.reached() >= SERGEANT
    assert not story.reached() & (INSPECTOR | CHIEF)
    worker = story.staff(story.cast.social_worker)
    worker.open("/calls")
    worker.follow("Ring Exampleshire Police")
    worker.send("Save", outcome="reached")
    worker.send("Record answer", by_name="Jo Desk", response="attend", attendee_name="Jo Desk", attendee_role="DC")
    assert not story.calls()
    story.forget()
    story.tick_until("15:29")
    assert not story.reached() & (SERGEANT | INSPECTOR | CHIEF)


def test_one_dead_channel_is_no_failure_while_the_other_arrives(story: Story) -> None:
    story.mails.dead["mash@police.example"] = GONE
    story.book()
    story.tick()
    assert not story.calls() and not story.asked("police").undeliverable
    assert story.texts_to("+447700900001")


def test_standing_down_in_the_middle_of_the_ladder_ends_everything(police_alone: Story) -> None:
    story = police_alone
    story.tick_until("13:40")
    invited = story.mail_before("mash@police.example")
    story.forget()
    chair = story.staff(story.cast.chair)
    chair.open(f"/discussions/{story.discussion.id}")
    chair.follow("Stand it down")
    chair.send("Stand it down", reason="The child was found to live in another authority.")
    story.tick()
    cancelled = [one for one in story.mails.sent if one.to == "mash@police.example"][0]
    event, was = calendar(cancelled), calendar(invited)
    assert (event["UID"], event["STATUS"]) == (was["UID"], "CANCELLED")
    assert event.sequence == was.sequence + 1
    story.forget()
    story.tick_until("16:30")
    assert story.reached() == set() and not story.calls()
    assert "will not take place" in story.partner(invited).page.words
    assert "4471-A" in story.staff(story.cast.social_worker).open("/waiting").words  # the child waits again


def test_a_move_in_the_middle_of_the_ladder_begins_it_again_for_the_new_time(police_alone: Story) -> None:
    story = police_alone
    story.tick_until("14:00")
    invited = story.mail_before("mash@police.example")
    story.forget()
    chair = story.staff(story.cast.chair)
    chair.open(f"/discussions/{story.discussion.id}")
    chair.follow("Move it")
    reason = "waiting-for-partner"
    times = {"starts_at": "2026-11-27T17:00", "ends_at": "2026-11-27T17:45"}
    chair.send("Move it and tell everybody", times, reason=reason)
    assert "5pm to 5:45pm" in chair.page.words
    story.tick()
    moved = next(one for one in story.mails.sent if one.to == "mash@police.example")
    event, was = calendar(moved), calendar(invited)
    assert (event["UID"], event.sequence) == (was["UID"], was.sequence + 1)
    assert event.start.isoformat() == "2026-11-27T17:00:00+00:00"
    assert link(moved) == link(invited)
    assert "5pm to 5:45pm" in story.partner(invited).page.words  # the old link shows what is true now
    story.forget()
    story.tick_until("14:44")
    assert not story.reached(), "the old time's rung was climbed"
    story.at("14:45")  # a quarter of the three hours from 2pm to 5pm
    story.tick()
    assert story.reached() >= DESK and not story.reached() & SERGEANT


def test_a_worker_dead_for_three_hours_takes_one_sensible_step(story: Story) -> None:
    story.book("2026-11-27T17:30")
    story.tick()
    story.forget()
    story.at("16:00")  # since 12:50pm nobody came round: rungs 0 (1:50pm) and 1 (3:10pm) were slept through
    story.tick()
    assert story.reached() >= SERGEANT and not story.reached() & (DESK | INSPECTOR)
    assert [len(story.sent(address)) for address in sorted(SERGEANT)] == [1, 1]
    story.forget()
    story.tick_until("16:19")
    assert not story.reached() & (DESK | SERGEANT | INSPECTOR)
    story.at("16:20")
    story.tick()
    assert story.reached() >= INSPECTOR and not story.reached() & CHIEF
