"""The whole story through the pages, from the contact to the leaders' gap, with time moved, on both databases."""

from tests.journeys.story import Story, link
from tests.walking import Walker

WORKER, CHAIR = "sam.worker@exampleshire.example", "terry.example@exampleshire.example"


def test_a_contact_is_taken_all_the_way_to_the_gap_it_leaves(story: Story) -> None:
    story.book()
    story.tick()
    assert story.reached() >= {"mash@police.example", "+447700900001", "dsl@school.example", WORKER, CHAIR}
    _health_answers(story)
    story.tick_until("14:10")
    assert story.sent("ds@police.example"), "police were not chased"

    story.at("15:32")
    walker = story.staff(story.cast.social_worker)
    _hold(story, walker)
    story.forget()
    story.tick()
    told = story.sent("desk019@health.example")
    assert told and "action" in told[0].text
    assert not any("medical" in one.text or "4471" in one.text for one in told)
    _sign(story)

    story.at("2026-11-28 10:00")
    leader = story.staff(story.cast.leader)
    over_time = leader.open("/leaders/over-time?from=2026-11-01&to=2026-11-30")
    assert "Exampleshire Police" in over_time.words
    gap = leader.follow("1 no word, Exampleshire Police")
    assert story.discussion.reference in gap.words
    assert "No child is waiting" in story.staff(story.cast.social_worker).open("/waiting").words


def test_police_who_did_not_come_are_asked_why_up_their_ladder_until_they_say(story: Story) -> None:
    story.book()
    story.tick()
    _health_answers(story)
    story.at("15:32")
    _hold(story, story.staff(story.cast.social_worker))
    story.forget()
    story.tick()
    asked = story.sent("mash@police.example")
    assert asked and "4471" not in asked[0].text
    story.forget()
    story.at("2026-12-01 16:59")  # the second working day after Friday ends on Tuesday at 5pm
    story.tick()
    assert not story.sent("ds@police.example")
    story.at("2026-12-01 17:01")
    story.tick()
    absence = story.texts_to("+447700900011")[0]
    assert not story.sent("di@police.example")
    sergeant = story.partner(absence)
    assert "Nobody from your agency joined" in sergeant.page.words
    sergeant.send(
        "Send reason", by_name="Dee Sergeant", by_role="Detective Sergeant", reason="no-capacity", note="A rota is set."
    )
    assert "Recorded" in sergeant.page.words
    story.forget()
    story.tick()
    story.at("2026-12-18 17:00")
    story.tick()
    assert not {one for one in story.reached() if "police" in one}
    assert link(absence)


def _health_answers(story: Story) -> None:
    nurse = story.partner(story.texts_to("+447700900002")[0])
    nurse.send("Send answer", by_name="Nat Nurse", by_role="Named nurse", response="attend")
    assert "Recorded: Nat Nurse" in nurse.page.words


def _hold(story: Story, walker: Walker) -> None:
    """Health came, police and school did not; a decision, an action; finished a quarter of an hour later."""
    walker.open(f"/discussions/{story.discussion.id}")
    walker.follow("Hold it")
    walker.send("Start now")
    for words in ("Here: Chair (social care manager)", "Here: Social worker", "Here: Health 0–19 / school nurse"):
        walker.send(words)
    assert "Police" in walker.page.words
    walker.send("Add decision", {"decision-code": "threshold-met", "decision-rationale": "Two reports in a week."})
    health = str(story.asked("health-0-19").id)
    action = {"action-what": "Check the medical is booked", "action-invitation_id": health}
    walker.send("Add action", action | {"action-owner": "Nat Nurse", "action-due_at": "2026-11-30T12:00"})
    story.at("15:47")
    walker.send("Finish the discussion")
    walker.send("Finish the discussion", rest_did_not_attend="y", ended_at="2026-11-27T15:47")
    assert "There is a problem" in walker.page.words, "a missing quorum asks for a reason"
    walker.send(
        "Finish the discussion",
        rest_did_not_attend="y",
        without_quorum_reason="The child could not wait",
        follow_up_at="2026-11-30T10:00",
    )
    assert "Record" in walker.page.words and story.discussion.quorum_met is False


def _sign(story: Story) -> None:
    chair = story.staff(story.cast.chair)
    chair.open(f"/discussions/{story.discussion.id}/record")
    chair.send("Sign the record")
    assert story.discussion.signed_at is not None
