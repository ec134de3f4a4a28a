"""`strategy slots`: times for a discussion, a contact and all who wait, as machines read them and as people do."""

import json
from collections.abc import Callable
from datetime import timedelta

import click
import pytest
from click.testing import CliRunner

from strategy import finding
from strategy.act import Act
from strategy.cli import cli
from strategy.commands import booking
from strategy.db import transaction
from strategy.models import Discussion
from strategy.vocabulary import DiscussionState, Mode, Via
from tests.cast import Cast
from tests.commands.stories import THURSDAY, plan, waiting_child

ActMaker = Callable[..., Act]


@pytest.fixture
def discussion(cast: Cast, act: ActMaker) -> Discussion:
    now = act(at=THURSDAY)
    with transaction("Sam Worker", Via.STAFF):
        return booking.book(waiting_child(cast, now), plan(cast, THURSDAY), cast.social_worker, now)


def test_a_contact_gets_five_times_and_who_is_missing_and_why(
    cast: Cast, act: ActMaker, discussion: Discussion
) -> None:
    with transaction("Sam Worker", Via.STAFF):
        reference = waiting_child(cast, act(at=THURSDAY), case="4480-C").reference
    found = finding.for_contact(reference.lower(), None, 30, None, THURSDAY)
    assert len(found.facts) == len(found.lines) == 5
    first = json.loads(json.dumps(found.facts))[0]
    assert first == {
        "starts_at": "2026-11-26T12:00:00Z",
        "ends_at": "2026-11-26T12:30:00Z",
        "everyone": True,
        "quorum": True,
        "lacking": [],
        "missing": [],
        "through": [],
        "notice_minutes": 120,
        "short_notice": False,
        "minutes_before_target": 7500,
    }
    assert found.lines[0].startswith("Today midday, everyone can")
    assert "4480" not in " ".join(found.lines)


def test_at_night_it_says_who_is_missing_and_whom_to_ring(cast: Cast, act: ActMaker) -> None:
    night = THURSDAY + timedelta(hours=10)
    with transaction("Sam Worker", Via.STAFF):
        reference = waiting_child(cast, act(at=night), "immediate-risk").reference
    found = finding.for_contact(reference, "exampleshire", None, Mode.PHONE, night)
    assert len(found.facts) == 3
    assert found.facts[0]["lacking"] == ["Health"]
    assert found.facts[0]["missing"] == [
        {"role": "health-0-19", "who": "Exampleshire Health Trust: 0-19 desk", "required": True, "why": "shut"}
    ]
    assert "  Exampleshire Police: MASH desk: 07700 900001" in found.lines


def test_a_discussion_gets_times_of_its_own_length(cast: Cast, discussion: Discussion) -> None:
    found = finding.for_discussion(discussion.reference, None, None, None, THURSDAY)
    assert found.facts[0]["ends_at"] == "2026-11-26T12:45:00Z"
    with transaction("Sam Worker", Via.STAFF):
        discussion.state = DiscussionState.HELD
    with pytest.raises(click.BadParameter, match="not still to be held"):
        finding.for_discussion(discussion.reference, None, None, None, THURSDAY)
    with pytest.raises(click.BadParameter, match="not waiting"):
        finding.for_contact(discussion.contact.reference, None, None, None, THURSDAY)


def test_all_who_wait_get_a_place(cast: Cast, act: ActMaker) -> None:
    with transaction("Sam Worker", Via.STAFF):
        reference = waiting_child(cast, act(at=THURSDAY)).reference
    found = finding.for_waiting("exampleshire", THURSDAY)
    assert [one["contact"] for one in found.facts] == [reference]
    assert found.facts[0]["in_time"] is True
    assert found.lines == [f"{reference}  Today 10:15am, meets its target"]
    assert finding.for_waiting("elsewhere", THURSDAY).lines == ["Nobody waits for a discussion."]
    with pytest.raises(click.BadParameter, match="exampleshire, elsewhere"):
        finding.for_waiting(None, THURSDAY)


def test_of_a_restricted_contact_the_plan_gives_no_particulars(cast: Cast, act: ActMaker) -> None:
    with transaction("Sam Worker", Via.STAFF):
        contact = waiting_child(cast, act(at=THURSDAY))
        contact.restricted, reference = True, contact.reference
    found = finding.for_waiting("exampleshire", THURSDAY)
    assert found.lines == ["restricted  Today 10:15am, meets its target"]
    assert found.facts == [
        {"contact": None, "restricted": True, "starts_at": "2026-11-26T10:15:00Z", "due_at": None, "in_time": True}
    ]
    assert reference not in json.dumps(found.facts)


def test_at_night_the_out_of_hours_desk_stands_in_and_no_bell_needs_ringing(cast: Cast, act: ActMaker) -> None:
    night = THURSDAY + timedelta(hours=10)
    with transaction("Sam Worker", Via.STAFF):
        cast.health_desk.out_of_hours = cast.police_desk
        reference = waiting_child(cast, act(at=night), "immediate-risk").reference
    found = finding.for_contact(reference, "exampleshire", None, Mode.PHONE, night)
    assert found.facts[0]["through"] == [{"role": "health-0-19", "who": "Exampleshire Police: MASH desk"}]
    assert "through their out-of-hours desk" in found.lines[0] and not any("ring:" in line for line in found.lines)


def test_what_is_not_there_and_what_is_there_twice_are_told_apart(cast: Cast, discussion: Discussion) -> None:
    with pytest.raises(click.BadParameter, match="there is no discussion"):
        finding.for_discussion("0000", None, None, None, THURSDAY)
    with pytest.raises(click.BadParameter, match="there is no discussion"):
        finding.for_discussion(discussion.reference, "elsewhere", None, None, THURSDAY)


@pytest.mark.parametrize("options", [[], ["--discussion", "K7QD", "--waiting"], ["--contact", "K7QD", "--length", "2"]])
def test_bad_input_is_said_on_stderr_with_exit_2(options: list[str]) -> None:
    result = CliRunner().invoke(cli, ["slots", *options])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
