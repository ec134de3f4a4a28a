"""Policies: published as versions, in force from their day, and never changing what runs already."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import authorities, contacts, policies
from strategy.commands.authorities import NewAuthority
from strategy.commands.policies import Publication
from strategy.db import db, transaction
from strategy.models import Authority, Event, PolicyDraft, PolicyVersion
from strategy.policy import calendar_of, example_text, parsed
from strategy.queries import policies as asked
from strategy.rules.policy_editing import Edit, edited
from strategy.vocabulary import EventVerb, Nation, Via
from tests.cast import Cast
from tests.commands.stories import waiting_child
from tests.convened import convene

NOW = datetime(2026, 11, 27, 12, 50, tzinfo=UTC)
SHORTER = edited(example_text(), [Edit(("targets", "standard"), "due", "2 wd")])

OTHER = edited(SHORTER, [Edit(("targets", "standard"), "urgent", True)])

ActMaker = Callable[..., Act]


def publish(cast: Cast, act: Act, text: str = SHORTER, **changes: object) -> PolicyVersion:
    entry = Publication(text, **{"reason": "Agreed by the partnership in November", "newest": 1, **changes})  # type: ignore[arg-type]  # a test's shorthand
    return policies.publish(cast.authority, entry, act)


def refusal(cast: Cast, act: Act, text: str = SHORTER, **changes: object) -> Refused:
    with pytest.raises(Refused) as caught:
        publish(cast, act, text, **changes)
    return caught.value


def test_a_published_policy_is_the_next_version_with_author_reason_and_day(
    writing: None, cast: Cast, act: ActMaker
) -> None:
    version = publish(cast, act(by="Ada Admin", at=NOW))
    assert (version.number, version.author, version.effective_from) == (2, "Ada Admin", NOW)
    assert version.reason == "Agreed by the partnership in November"
    policy = parsed(version.text)
    assert (policy.label, policy.effective) == ("Exampleshire policy 2", date(2026, 11, 27))
    assert "† marks a figure" in version.text  # comments are kept
    event = db.session.scalars(select(Event).where(Event.verb == EventVerb.POLICY_PUBLISHED)).one()
    assert event.text == "Policy version 2 published, in force from Friday 27 November 2026, 12:50pm"
    assert (event.authority_id, event.contact_id) == (cast.authority.id, None)


def test_what_runs_keeps_its_version_and_what_starts_takes_the_new_one(
    writing: None, cast: Cast, act: ActMaker
) -> None:
    discussion = convene(cast, NOW)
    running = waiting_child(cast, act(at=NOW), case="4471-B")
    due, rule, booked = running.due_at, running.rule, discussion.due_at
    version = publish(cast, act(at=NOW))
    assert (running.due_at, running.rule, running.policy.number) == (due, rule, 1)
    assert (discussion.due_at, discussion.policy.number, discussion.contact.policy.number) == (booked, 1, 1)
    contacts.reclassify(running, ["unborn"], act(at=NOW))
    contacts.reclassify(running, ["standard"], act(at=NOW))
    assert (running.due_at, running.rule) == (due, "3 working days")
    assert asked.in_force(cast.authority.id, NOW) is version


def test_a_version_for_a_day_to_come_is_in_force_from_that_day(writing: None, cast: Cast, act: ActMaker) -> None:
    day = datetime(2027, 1, 1, tzinfo=UTC)
    version = publish(cast, act(at=NOW), effective_from=day)
    assert parsed(version.text).effective == date(2027, 1, 1)
    assert asked.in_force(cast.authority.id, day - timedelta(seconds=1)).number == 1
    assert asked.in_force(cast.authority.id, day) is version


def test_a_coming_version_is_not_overtaken_but_can_be_taken_back(writing: None, cast: Cast, act: ActMaker) -> None:
    day = datetime(2027, 1, 1, tzinfo=UTC)
    coming = publish(cast, act(at=NOW), effective_from=day)
    refused = refusal(cast, act(at=NOW), OTHER, newest=2)
    assert refused.field == "effective_from"
    assert "Version 2 takes effect on Friday 1 January 2027" in refused.reason
    policies.withdraw(coming, act(at=NOW))
    assert asked.in_force(cast.authority.id, day).number == 1
    assert publish(cast, act(at=NOW), OTHER, newest=2).number == 3
    with pytest.raises(Refused, match="already"):
        policies.withdraw(coming, act(at=NOW))


def test_a_version_in_force_is_not_taken_back(writing: None, cast: Cast, act: ActMaker) -> None:
    with pytest.raises(Refused, match="in force"):
        policies.withdraw(publish(cast, act(at=NOW)), act(at=NOW))


def test_two_who_publish_at_once_do_not_undo_each_other(writing: None, cast: Cast, act: ActMaker) -> None:
    publish(cast, act(by="Ada Admin", at=NOW))
    assert "Ada Admin published version 2 meanwhile" in refusal(cast, act(at=NOW), newest=1).reason


def test_of_two_who_publish_in_the_same_second_one_wins_and_the_other_is_told(app: Flask, cast: Cast) -> None:
    together, said = Barrier(2), list[str]()

    def run(text: str) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction("Ada Admin", Via.STAFF) as act:
                    authority = db.session.get_one(Authority, authority_id)
                    policies.publish(authority, Publication(text, "Agreed", 1), act)
                    said.append("published")
            except Refused as refused:
                said.append(refused.reason)
            db.session.remove()

    authority_id = cast.authority.id
    db.session.rollback()
    others = [Thread(target=run, args=(text,)) for text in (SHORTER, OTHER)]
    for one in others:
        one.start()
    for one in others:
        one.join()
    assert sorted(said)[1] == "published"
    assert "meanwhile" in sorted(said)[0]


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"reason": "  "}, "Say why", "reason"),
        ({"reason": "x" * 401}, "400 characters", "reason"),
        ({"effective_from": NOW - timedelta(days=1)}, "in the past", "effective_from"),
        ({"text": example_text()}, "Nothing differs from version 1", None),
        ({"text": "no policy"}, "1 to mend. the file (line 1)", "text"),
        ({"text": SHORTER.replace('due = "2 wd"', 'due = "soon"')}, "targets.standard.due (line ", "text"),
    ],
)
def test_what_cannot_be_published_is_refused_at_its_field(
    writing: None, cast: Cast, act: ActMaker, changes: dict[str, object], words: str, field: str | None
) -> None:
    refused = refusal(cast, act(at=NOW), **changes)  # type: ignore[arg-type]  # a test's shorthand
    assert words in refused.reason
    assert refused.field == field


def test_a_draft_keeps_what_was_typed_right_or_wrong(writing: None, cast: Cast, act: ActMaker) -> None:
    draft = policies.begin_draft(cast.admin, cast.policy, example_text(), act(at=NOW))
    policies.change_draft(draft, "half a th", 1, act(at=NOW))
    assert (draft.text, draft.revision, draft.newest) == ("half a th", 2, 1)
    with pytest.raises(Refused, match="another window"):
        policies.change_draft(draft, "an older page", 1, act(at=NOW))
    policies.begin_draft(cast.admin, cast.policy, "brought along", act(at=NOW))
    assert [one.text for one in db.session.scalars(select(PolicyDraft))] == ["brought along"]
    policies.discard_draft(cast.admin)
    assert db.session.scalars(select(PolicyDraft)).all() == []


def test_a_draft_renewed_may_follow_what_was_published_meanwhile(writing: None, cast: Cast, act: ActMaker) -> None:
    draft = policies.begin_draft(cast.admin, cast.policy, OTHER, act(at=NOW))
    publish(cast, act(at=NOW))
    policies.renew_draft(draft)
    assert publish(cast, act(at=NOW), draft.text, newest=draft.newest).number == 3


def test_an_authority_begins_under_the_holidays_of_its_own_nation(writing: None, act: ActMaker) -> None:
    entry = NewAuthority("glen", "Glen Council", "Glen Council", "01632 960123", Nation.SCOTLAND)
    text = authorities.begin(entry, example_text(), act(at=NOW)).policies[0].text
    assert calendar_of(text).add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 5)
