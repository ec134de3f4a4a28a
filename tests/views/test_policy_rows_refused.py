"""What a draft policy's rows do not take, and why; who may come to them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from strategy.models import User
from strategy.policy import example_text, parsed
from strategy.rules.policy_editing import Edit, edited
from tests.cast import Cast
from tests.views.drafting import DRAFT, draft, keep, policy
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]


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
