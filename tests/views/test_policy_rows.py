"""The rows of a draft policy, each part added to, changed and taken from through its page."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.db import db
from strategy.models import PolicyDraft, User
from strategy.policy import example_text, parsed
from strategy.rules.policy import Policy
from strategy.rules.policy_changes import changes
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.policy_rows import AREAS
from strategy.vocabulary import DiscussionKind
from tests.cast import Cast
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]
DRAFT = "/policy/draft"


@pytest.fixture
def drafting(cast: Cast, sign_in: SignIn) -> Walker:
    """An administrator with a draft from version 1."""
    client = sign_in(cast.admin)
    client.post(f"{DRAFT}/from/{cast.policy.id}", data={"submission": uuid4().hex})
    return Walker(client)


def draft() -> PolicyDraft:
    db.session.rollback()
    return db.session.scalars(select(PolicyDraft)).one()


def policy() -> Policy:
    return parsed(draft().text)


def differences() -> list[tuple[str, str, str, str]]:
    found = changes(parsed(example_text()), policy())
    return [(one.about, one.what, one.before, one.after) for one in found]


def keep(walker: Walker, address: str, **typed: str | list[str]) -> str:
    """What the page says that comes after keeping what was typed there."""
    walker.open(f"{DRAFT}/{address}")
    return walker.send("Keep in the draft", typed).words


def take_away(walker: Walker, address: str) -> str:
    """What the page says that comes after removing that row."""
    walker.open(f"{DRAFT}/remove/{address}")
    return walker.send("Remove it from the draft").words


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


@pytest.mark.parametrize(
    ("address", "typed", "words"),
    [
        ("needs/gp", {"roles": []}, "Choose who can meet it"),
        ("needs/gp", {"begins": "2027-02-01", "ends": "2027-01-01"}, "Last day it is needed must not come before"),
        ("needs/gp", {"begins": "soon"}, "Not a valid date"),
        ("needs/gp", {"label": ""}, "Enter what the need is called"),
        ("needs/gp", {"label": " "}, "Name is missing"),
        (
            "add/needs",
            {"label": "GP", "roles": ["health-gp"], "code": "gp"},
            "There is a need with the code gp already",
        ),
        ("add/roles", {"label": "!", "code": ""}, "Enter a code of small letters"),
        ("add/roles", {"label": "Nurse", "code": "A nurse"}, "Enter a code of small letters"),
        ("ladders/police", {"after_2": "soon"}, "Wait before rung 2 &#39;soon&#39; is no span"),
        ("ladders/police", {"title_1": ""}, "Enter who is told at rung 1"),
        ("ladders/police", {"title_4": "", "after_4": "", "title_3": "", "after_3": ""}, "Chasing: the ladder"),
        ("ladders/police", {"after_4": ""}, "Enter the wait before rung 4"),
        ("invitations/0", {"why": ""}, "Enter why they are suggested"),
        ("delay-reasons/other", {"label": ""}, "Enter what it says"),
        ("targets/complex", {"then_after": "soon"}, "Within 'soon' is no span"),
        ("targets/complex", {"then_label": ""}, "Enter what the second discussion is called"),
        ("targets/icpc", {"due": "24 h"}, "Due a date is counted in working days"),
    ],
)
def test_bad_values_are_refused_in_words_at_their_box_and_what_was_typed_stays(
    drafting: Walker, address: str, typed: dict[str, Any], words: str
) -> None:
    said = keep(drafting, address, **typed)
    assert words.replace("&#39;", "'") in said
    assert "There is a problem" in said
    fields = drafting.page.forms[-1].fields
    shown = {name: fields.get(name, []) for name in typed}
    assert shown == {name: value if isinstance(value, list) else [value.strip()] for name, value in typed.items()}
    assert draft().text == example_text()


def test_what_is_still_named_elsewhere_is_not_taken_away_and_the_page_says_where(drafting: Walker) -> None:
    for address, words in (
        ("roles/housing", "“Who can meet a need: Housing” still names it: change that first."),
        ("roles/chair", "A booking always asks for this role."),
        ("needs/gp", ""),
        ("ladders/police", "“Roles: Police” still names it"),
        ("circumstances/repeat-s47", "“A meeting, not a phone call” still names it"),
        ("targets/standard", "there must be a target called 'standard'"),
    ):
        page = drafting.open(f"{DRAFT}/remove/{address}")
        assert words in page.words
        assert ("It cannot be removed yet" in page.words) is bool(words), address
        if words:
            submission = {"submission": [uuid4().hex], "revision": ["1"]}
            assert "There is a problem" in drafting.post(f"{DRAFT}/remove/{address}", submission).words
    assert draft().text == example_text()


def test_the_last_reason_stays(drafting: Walker) -> None:
    text = edited(example_text(), [Edit((), "delay_reasons", {"other": "Other"})])
    drafting.open(f"{DRAFT}/text")
    drafting.send("Keep in the draft", {"text": text})
    page = drafting.open(f"{DRAFT}/remove/delay-reasons/other")
    assert "It is the last reason: one has to stay." in page.words


def test_a_reason_the_program_gives_by_itself_says_so_before_it_goes(drafting: Walker) -> None:
    assert "given by itself" in drafting.open(f"{DRAFT}/remove/absence-reasons/held-early").words
    assert "given by itself" not in drafting.open(f"{DRAFT}/remove/absence-reasons/no-capacity").words


def test_a_row_changed_in_another_window_is_not_written_over(drafting: Walker) -> None:
    drafting.open(f"{DRAFT}/remove/invitations/0")
    older = drafting.page
    keep(drafting, "delay-reasons/other", label="Something else")
    drafting.page = older
    assert "in another window" in drafting.send("Remove it from the draft").words
    assert len(policy().invite_rules) == len(parsed(example_text()).invite_rules)


def test_only_administrators_of_the_authority_come_to_these_pages(cast: Cast, sign_in: SignIn) -> None:
    leader, admin = sign_in(cast.leader), sign_in(cast.admin)
    for address in ("needs", "add/needs", "needs/gp", "remove/needs/gp"):
        assert leader.get(f"{DRAFT}/{address}").status_code == 403, address
        assert admin.get(f"{DRAFT}/{address}").status_code == 404, "there is no draft"


def test_a_draft_with_faults_leads_to_its_text(drafting: Walker) -> None:
    drafting.open(f"{DRAFT}/text")
    drafting.send("Keep in the draft", {"text": "[policy]"})
    for address in ("needs", "add/needs", "needs/gp", "remove/needs/gp", "meetings"):
        assert drafting.open(f"{DRAFT}/{address}").url == f"{DRAFT}/text", address
