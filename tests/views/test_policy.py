"""The pages of the policy, as an administrator changes it and a leader reads it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.clock import now
from strategy.db import db, transaction
from strategy.models import PolicyDraft, PolicyVersion, User
from strategy.policy import example_text, parsed
from strategy.vocabulary import Via
from tests.cast import Cast
from tests.commands.stories import waiting_child
from tests.counting import statements

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def admin(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.admin)


@pytest.fixture
def drafting(admin: FlaskClient, cast: Cast) -> FlaskClient:
    """An administrator with a draft from version 1."""
    send(admin, f"/policy/draft/from/{cast.policy.id}")
    return admin


def send(browser: FlaskClient, address: str, **typed: Any) -> Any:
    return browser.post(address, data={"submission": uuid4().hex, **typed})


def kept() -> PolicyDraft:
    db.session.rollback()
    return db.session.scalars(select(PolicyDraft)).one()


def versions() -> list[PolicyVersion]:
    db.session.rollback()
    return list(db.session.scalars(select(PolicyVersion).join(PolicyVersion.authority).order_by(PolicyVersion.id)))


def standard(**changes: Any) -> dict[str, Any]:
    """The boxes of the standard target as they stand, with changes; None leaves one out."""
    usual = {
        "revision": kept().revision,
        "label": parsed(example_text()).targets["standard"].label,
        "order": "1",
        "local": "y",
        "due": "3 wd",
        "warn": "1 wd",
        "starts": "decision",
        "source": "Northumberland",
        "effective": "2026-04-01",
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def test_a_leader_reads_every_area_of_a_version_and_changes_nothing(cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in(cast.leader)
    assert "Version 1 is in force" in leader.get("/policy").text
    page = leader.get(f"/policy/{cast.policy.id}").text
    for words in (
        "Any concern without a stricter one",
        "Northumberland LSCB 2017",
        "Then: A full meeting within 72 hours of the start of the clock",
        "Education (from 1 December 2027)",
        "Detective inspector, after 5 working days",
        "25% of the time to the start",
        "09:00 to 17:00",
        "The bank holidays of England and Wales are known until",
        "Waiting for a partner",
        "A section 47 enquiry was made before",
    ):
        assert words in page, words
    assert "Begin a draft" not in page
    assert send(leader, f"/policy/draft/from/{cast.policy.id}").status_code == 403
    assert leader.get("/policy/draft").status_code == 403


def test_workers_and_other_authorities_see_nothing_of_it(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.social_worker).get("/policy").status_code == 403
    theirs = next(one.id for one in versions() if one.authority_id != cast.authority.id)
    admin = sign_in(cast.admin)
    for address in (f"/policy/{theirs}", f"/policy/{theirs}.toml", f"/policy/compare?from={theirs}"):
        assert admin.get(address).status_code == 404, address
    assert send(admin, f"/policy/draft/from/{theirs}").status_code == 404


def test_a_version_is_exported_as_the_file_it_is(admin: FlaskClient, cast: Cast) -> None:
    answer = admin.get(f"/policy/{cast.policy.id}.toml")
    assert answer.text == example_text()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="exampleshire-policy-1.toml"'


def test_a_target_is_changed_in_a_form_and_published(drafting: FlaskClient, cast: Cast) -> None:
    assert send(drafting, "/policy/draft/targets/standard", **standard(due="2wd")).location == "/policy/draft/targets"
    page = drafting.get("/policy/draft").text
    assert "3 working days" in page
    assert "2 working days" in page
    preview = drafting.get("/policy/draft/publish").text
    assert "Would be due at another time" in preview
    answer = send(
        drafting, "/policy/draft/publish", when="now", reason="Agreed on 3 November", revision=kept().revision
    )
    new = versions()[-1]
    assert answer.location == f"/policy/{new.id}"
    assert (new.number, new.author, new.reason) == (2, "Ada Admin", "Agreed on 3 November")
    assert str(parsed(new.text).targets["standard"].due) == "2 working days"
    assert "# --- Roles: what somebody is invited as" in new.text
    assert db.session.scalars(select(PolicyDraft)).all() == []
    assert "Version 2 is in force" in drafting.get("/policy").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due": "soon"}, "Due &#39;soon&#39; is no span"),
        ({"due": ""}, "Enter when it is due"),
        ({"warn": "9 wd"}, "Warning must come before it is due"),
        ({"source": ""}, "Enter where this figure comes from"),
        ({"effective": "never"}, "Not a valid date"),
        ({"starts": "discussion-held"}, "cannot wait for the discussion"),
        ({"revision": 99}, "in another window"),
    ],
)
def test_a_fault_is_said_at_its_box_and_nothing_typed_is_lost(
    drafting: FlaskClient, changes: dict[str, Any], words: str
) -> None:
    answer = send(drafting, "/policy/draft/targets/standard", **standard(advice="Typed by hand", **changes))
    assert answer.status_code == 200
    assert words in answer.text
    assert "Typed by hand" in answer.text
    assert kept().text == example_text()


def test_working_time_is_changed_in_a_form(drafting: FlaskClient) -> None:
    page = drafting.get("/policy/draft/hours").text
    assert 'value="09:00"' in page
    hours = {"nation": "scotland", "open_of_business": "08:30", "close_of_business": "16:30", "revision": 1}
    wrong = send(drafting, "/policy/draft/hours", **hours, closure_days="24/12/2026\nChristmas")
    assert "“Christmas” is no date" in wrong.text
    assert "24/12/2026" in wrong.text
    early = send(drafting, "/policy/draft/hours", **{**hours, "close_of_business": "08:00"})
    assert "Closes must come after the opening" in early.text
    send(drafting, "/policy/draft/hours", **hours, closure_days="24/12/2026\n2026-12-29\n")
    policy = parsed(kept().text)
    assert policy.nation.value == "scotland"
    assert f"{policy.open_of_business:%H:%M}" == "08:30"
    assert sorted(day.isoformat() for day in policy.closure_days) == ["2026-12-24", "2026-12-29"]


def test_the_chasing_is_changed_in_a_form(drafting: FlaskClient) -> None:
    figures: dict[str, Any] = {
        "shares": "20, 50%, 80",
        "desk_accepted_skips": "50",
        "first_within_minutes": "30",
        "minimum_gap_minutes": "5",
        "chair_call_every_minutes": "15",
        "chair_call_after": "1 wd",
        "short_notice_minutes": "120",
        "least_notice_minutes": "20",
        "immediate_risk_rung": "1",
        "nobody_told_minutes": "15",
        "source": "Agreed",
        "revision": 1,
    }
    assert "must rise" in send(drafting, "/policy/draft/chasing", **{**figures, "shares": "50, 20"}).text
    assert "numbers with commas" in send(drafting, "/policy/draft/chasing", **{**figures, "shares": "a lot"}).text
    empty = send(drafting, "/policy/draft/chasing", **{**figures, "minimum_gap_minutes": ""})
    assert "enter a whole number" in empty.text
    send(drafting, "/policy/draft/chasing", **figures)
    chase = parsed(kept().text).chase
    assert (chase.shares, chase.first_within_minutes, chase.least_notice_minutes) == ((0.2, 0.5, 0.8), 30, 20)


def test_a_text_with_faults_is_kept_and_each_fault_named_with_its_line(drafting: FlaskClient) -> None:
    wrong = example_text().replace('due = "3 wd"', 'due = "3 days"', 1).replace("urgent = true", "urgent = 1", 1)
    answer = send(drafting, "/policy/draft/text", text=wrong, revision=1)
    assert answer.location == "/policy/draft/text"
    page = drafting.get("/policy/draft/text").text
    line = wrong.splitlines().index('due = "3 days"') + 1
    assert f"targets.standard.due (line {line})" in page
    assert "It reads: due = &#34;3 days&#34;" in page
    assert "mend 2 faults" in page
    assert kept().text == wrong
    for address in ("/policy/draft", "/policy/draft/publish", "/policy/draft/hours", "/policy/draft/targets/standard"):
        assert drafting.get(address).location == "/policy/draft/text", address
    assert send(drafting, "/policy/draft/text", text=example_text(), revision=2).location == "/policy/draft"


def test_text_that_was_changed_in_another_window_is_not_written_over(drafting: FlaskClient) -> None:
    send(drafting, "/policy/draft/text", text=example_text() + "# mine", revision=1)
    answer = send(drafting, "/policy/draft/text", text=example_text() + "# older", revision=1)
    assert "in another window" in answer.text
    assert "# older" in answer.text
    assert kept().text.endswith("# mine\n")


def test_an_exported_file_is_imported_and_previewed(admin: FlaskClient) -> None:
    text = example_text().replace('due = "3 wd"', 'due = "4 wd"', 1)
    assert "Choose a file, or paste" in send(admin, "/policy/draft/import").text
    binary = send(admin, "/policy/draft/import", file=(BytesIO(b"\xff\xfe\x00"), "policy.toml"))
    assert "no text in UTF-8" in binary.text
    answer = send(admin, "/policy/draft/import", file=(BytesIO(text.encode()), "policy.toml"))
    assert answer.location == "/policy/draft/publish"
    assert "4 working days" in admin.get("/policy/draft/publish").text
    pasted = send(admin, "/policy/draft/import", text="[policy]")
    assert pasted.location == "/policy/draft/text"
    assert "takes its place" in admin.get("/policy/draft/import").text


def test_the_preview_lists_what_runs_and_says_that_it_keeps_its_version(drafting: FlaskClient, cast: Cast) -> None:
    def preview() -> tuple[str, int]:
        with statements() as seen:
            return drafting.get("/policy/draft/publish").text, seen.count

    with transaction("Sam Worker", Via.STAFF) as act:
        waiting_child(cast, act)
    page, few = preview()
    assert "For the 1 clock running now it changes nothing: they keep theirs." in page
    with transaction("Sam Worker", Via.STAFF) as act:
        for number in range(5):
            waiting_child(cast, act, case=f"case-{number}")
    page, many = preview()
    assert "For the 6 clocks running now" in page
    assert page.count("Keeps version 1") == 6
    assert many == few


def test_a_day_to_come_must_be_named_and_may_be_taken_back(drafting: FlaskClient) -> None:
    send(drafting, "/policy/draft/targets/standard", **standard(due="2 wd"))
    revision = kept().revision
    missing = send(drafting, "/policy/draft/publish", when="other", reason="Agreed", revision=revision)
    assert "Enter the day it takes effect" in missing.text
    past = send(drafting, "/policy/draft/publish", when="other", day="2020-01-01", reason="Agreed", revision=revision)
    assert "cannot take effect in the past" in past.text
    day = (now() + timedelta(days=40)).date()
    send(drafting, "/policy/draft/publish", when="other", day=day.isoformat(), reason="Agreed", revision=revision)
    coming = versions()[-1]
    assert "To come" in drafting.get("/policy").text
    assert "Version 1 is in force" in drafting.get("/policy").text
    assert send(drafting, f"/policy/{coming.id}/withdraw").location == "/policy"
    assert f"Version {coming.number} is withdrawn" in drafting.get("/policy").text
    assert "Withdrawn" in drafting.get(f"/policy/{coming.id}").text
    again = send(drafting, f"/policy/{coming.id}/withdraw")
    assert "withdrawn already" in again.text


def test_publishing_after_somebody_else_did_is_refused_until_it_was_seen(
    drafting: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    send(drafting, "/policy/draft/targets/standard", **standard(due="2 wd"))
    with transaction("Olga Other", Via.STAFF):
        other = db.session.get_one(PolicyVersion, cast.policy.id)
        text = other.text.replace("minimum_gap_minutes = 5", "minimum_gap_minutes = 7")
        version = PolicyVersion(authority_id=other.authority_id, number=2, text=text, author="Olga Other", reason="x")
        version.effective_from = version.created_at = now()
        db.session.add(version)
    typed = {"when": "now", "reason": "Agreed", "revision": kept().revision}
    answer = send(drafting, "/policy/draft/publish", **typed)
    assert "Olga Other published version 2 meanwhile" in answer.text
    assert "Version 2 was published since you began" in answer.text
    send(drafting, "/policy/draft/renew", revision=kept().revision)
    send(drafting, "/policy/draft/publish", **{**typed, "revision": kept().revision})
    assert versions()[-1].number == 3


def test_two_versions_are_compared_in_words_and_line_by_line(drafting: FlaskClient, cast: Cast) -> None:
    send(drafting, "/policy/draft/targets/standard", **standard(due="2 wd", source="Agreed <b>here</b>"))
    send(drafting, "/policy/draft/publish", when="now", reason="Agreed", revision=kept().revision)
    page = drafting.get("/policy/compare").text
    assert "between version 1 and version 2" in page
    assert "standard, due" in page
    assert "Agreed &lt;b&gt;here&lt;/b&gt;" in page
    first = cast.policy.id
    assert (
        "Nothing differs between version 1 and version 1"
        in drafting.get(f"/policy/compare?from={first}&to={first}").text
    )
    assert drafting.get("/policy/compare?from=x").status_code == 404
    assert drafting.get("/policy/draft/targets/nothing").status_code == 404


def test_a_draft_is_gone_on_with_or_discarded_and_is_nobody_elses(drafting: FlaskClient, cast: Cast) -> None:
    send(drafting, "/policy/draft/text", text=example_text() + "# kept", revision=1)
    send(drafting, f"/policy/draft/from/{cast.policy.id}")
    assert kept().text.endswith("# kept\n")
    assert "Go on with your draft" in drafting.get("/policy").text
    send(drafting, "/policy/draft/discard")
    assert drafting.get("/policy/draft").status_code == 404
    assert "Change the policy" in drafting.get("/policy").text
