"""The rows of a draft policy, each part added to, changed and taken from through its page."""

from collections.abc import Mapping
from typing import Any

import pytest

from strategy.policy import example_text, parsed
from strategy.rules.policy_rows import AREAS
from strategy.vocabulary import DiscussionKind
from tests.views.drafting import DRAFT, differences, draft, keep, policy, take_away
from tests.walking import Walker


def test_every_row_kept_as_it_was_shown_leaves_the_text_as_it_was(drafting: Walker) -> None:
    for slug, area in AREAS.items():
        rows = list(area.rows(parsed(example_text())))
        for row in (rows[0], rows[-1]):
            assert "Kept in your draft" in keep(drafting, f"{slug}/{row.key}"), (slug, row.key)
    for address in ("hours", "meetings", "chasing"):
        keep(drafting, address)
    assert draft().text == example_text()


def test_the_draft_leads_to_every_part_and_each_part_to_its_rows(drafting: Walker) -> None:
    leading = {href for _, href in drafting.open(DRAFT).links}
    for slug, area in AREAS.items():
        assert f"{DRAFT}/{slug}" in leading
        page = drafting.open(f"{DRAFT}/{slug}")
        addresses = {href for _, href in page.links}
        for row in area.rows(policy()):
            assert row.name in page.words
            assert f"{DRAFT}/{slug}/{row.key}" in addresses
            assert (f"{DRAFT}/remove/{slug}/{row.key}" in addresses) is not area.fixed
        assert (f"{DRAFT}/add/{slug}" in addresses) is not area.fixed


# What is typed into a new row, the code it gets, what is changed in it then, and how the compare page says the first.
ROWS: Mapping[str, tuple[dict[str, Any], str, dict[str, Any], tuple[str, str, str]]] = {
    "needs": (
        {"label": "School nurse", "roles": ["health-0-19"], "begins": "2027-01-01", "source": "Agreed in June"},
        "school-nurse",
        {"ends": "2027-12-31"},
        ("Need: school-nurse", "met by any of", "School nurse (from 1 January 2027): Health 0–19 / school nurse"),
    ),
    "roles": (
        {"label": "Virtual school", "sector": "education", "ladder": "education", "code": "virtual"},
        "virtual",
        {"ladder": "partner"},
        ("virtual", "role", "Virtual school (Education; ladder: Education)"),
    ),
    "ladders": (
        {
            "label": "Housing",
            **{f"title_{number}": f"Rung {number}" for number in range(4)},
            **{f"after_{number}": "2wd" for number in range(1, 4)},
            "source": "Agreed",
            "effective": "2026-06-01",
        },
        "housing",
        {"title_3": "Director of housing", "after_3": "24 h"},
        ("housing", "rung 1", "Rung 1, after 2 working days"),
    ),
    "circumstances": (
        {"label": "Lives in a hostel"},
        "lives-in-a-hostel",
        {"label": "Lives in a hostel or refuge"},
        ("Circumstances", "lives-in-a-hostel", "Lives in a hostel"),
    ),
    "absence-reasons": (
        {"label": "On strike", "code": "strike"},
        "strike",
        {"label": "Industrial action"},
        ("Why somebody did not come", "strike", "On strike"),
    ),
    "delay-reasons": (
        {"label": "No interpreter"},
        "no-interpreter",
        {"label": "No interpreter or signer"},
        ("Why we were late", "no-interpreter", "No interpreter"),
    ),
    "targets": (
        {
            "label": "Fire setting",
            "due": "2wd",
            "order": "21",
            "needs": ["housing"],
            "source": "Ours",
            "effective": "2026-06-01",
        },
        "fire-setting",
        {"must_be_meeting": "y", "warn": "1 wd"},
        ("fire-setting", "due", "2 working days"),
    ),
}


@pytest.mark.parametrize("slug", ROWS)
def test_a_row_is_added_changed_and_taken_away_and_the_text_is_as_before(drafting: Walker, slug: str) -> None:
    typed, code, changed, (about, what, words) = ROWS[slug]
    assert "Kept in your draft" in keep(drafting, f"add/{slug}", **typed)
    assert (about, what, "", words) in differences()
    added = draft().text
    assert "Kept in your draft" in keep(drafting, f"{slug}/{code}", **changed)
    assert len(draft().text.splitlines()) - len(added.splitlines()) in (0, 1, 2)
    assert "Nobody works under it" in drafting.open(DRAFT).words
    for name, value in changed.items():
        page = drafting.open(f"{DRAFT}/{slug}/{code}")
        assert page.forms[-1].fields[name] == [value], name
    assert "Kept in your draft" in take_away(drafting, f"{slug}/{code}")
    assert draft().text == example_text()


def test_a_suggestion_is_added_changed_and_taken_away(drafting: Walker) -> None:
    last = len(policy().invite_rules)
    typed: dict[str, Any] = {
        "role": "housing",
        "concerns": ["missing"],
        "circumstances": ["nursery"],
        "why": "Knows the flat.",
    }
    assert "Kept" in keep(drafting, "add/invitations", **typed)
    assert policy().invite_rules[-1].when == ("missing", "nursery")
    ((about, what, before, after),) = differences()
    assert (about, what) == ("housing", "suggested")
    assert after == f"{before}; offered for missing; Child at nursery: Knows the flat."
    assert "Kept" in keep(drafting, f"invitations/{last}", required="y", kinds=["complex"], concerns=[])
    rule = policy().invite_rules[-1]
    assert (rule.required, rule.when, {kind.value for kind in rule.kinds}) == (True, ("nursery",), {"complex"})
    words = drafting.open(f"{DRAFT}/invitations").words
    assert "Required for Child at nursery, only at complex or organised abuse discussions Knows the flat." in words
    assert "Kept" in take_away(drafting, f"invitations/{last}")
    assert draft().text == example_text()


def test_a_quorum_is_changed_and_its_comments_and_sources_stay(drafting: Walker) -> None:
    needs = ["social-worker", "chair", "police", "health", "education", "gp"]
    keep(drafting, "quorums/initial", needs=needs, effective="2026-09-01")
    assert [need.code for need in policy().quorums[DiscussionKind.INITIAL].needs] == needs
    lines = {line for line in draft().text.splitlines() if line.startswith("#")}
    assert lines == {line for line in example_text().splitlines() if line.startswith("#")}
    assert {(about, what) for about, what, _, _ in differences()} == {
        ("Quorum: Initial", "needs"),
        ("Quorum: Initial", "effective"),
    }
    assert "Choose who has to be there" in keep(drafting, "quorums/initial", needs=[])
    for address in ("add/quorums", "remove/quorums/initial", "quorums/nothing", "nothing", "nothing/at-all"):
        page = drafting.open(f"{DRAFT}/{address}")
        assert page.status == 404 or "can be changed, not taken away" in page.words, address


def test_the_discussion_that_follows_a_concern_is_changed_taken_away_and_put_back(drafting: Walker) -> None:
    keep(drafting, "targets/complex", then_after="3wd", then_warn="1wd")
    assert str(policy().targets["complex"].follow_ons[0].after) == "3 working days"
    keep(drafting, "targets/complex", then_after="", then_label="", then_warn="")
    assert policy().targets["complex"].follow_ons == ()
    again = {"then_after": "72 h", "then_warn": "48 h", "then_label": "A full meeting"}
    keep(drafting, "targets/complex", then_meeting="y", **again)
    assert differences() == []


def test_what_must_be_a_meeting_is_said_in_one_place(drafting: Walker) -> None:
    page = drafting.open(f"{DRAFT}/meetings")
    concerns = page.forms[-1].fields["concerns"]
    keep(
        drafting,
        "meetings",
        concerns=[*concerns, "standard"],
        circumstances=["residential"],
    )
    assert policy().targets["standard"].must_be_meeting
    assert policy().meeting_circumstances == ("residential",)
    keep(drafting, "meetings", concerns=concerns, circumstances=[])
    assert policy().meeting_circumstances == ()
    assert "Enter where this is agreed" in keep(drafting, "meetings", circumstances=["nursery"])
    keep(drafting, "meetings", circumstances=["repeat-s47"], source="Cambridgeshire, Kent, West Mercia, Durham")
    assert differences() == []


def test_the_rung_immediate_risk_begins_at_is_a_figure_of_the_chasing(drafting: Walker) -> None:
    refused = keep(drafting, "chasing", immediate_risk_rung="4")
    assert "Immediate risk begins at rung must be one of the rungs climbed before the discussion" in refused
    keep(drafting, "chasing", immediate_risk_rung="0", effective="2026-09-01")
    assert policy().chase.immediate_risk_rung == 0
    assert ("Before the discussion", "immediate risk begins at", "rung 1", "rung 0") in differences()
