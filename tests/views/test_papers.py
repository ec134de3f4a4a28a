"""Papers: attached by staff and agencies, opened behind the second step by name, withdrawn and never overwritten."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from strategy.commands import implicated, papers
from strategy.commands.implicated import Whom
from strategy.commands.papers import NewPaper
from strategy.db import db, transaction
from strategy.keys import keys
from strategy.models import AccessEntry, Discussion, Event, Paper, User
from strategy.vocabulary import DiscussionState, InvitationState, PaperKind, Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import LATER, invited, staff_act
from tests.views.stepping import opened

pytestmark = pytest.mark.usefixtures("identified")

PDF = b"%PDF-1.7\nRobin Zebedee was seen."
SAID = {"title": "Chronology of Robin", "kind": "chronology", "seen_by": "all"}
OTHER = "Health visitor report"


def _send(browser: FlaskClient, address: str, content: bytes = PDF, **changed: Any) -> TestResponse:
    data = SAID | changed | {"file": (io.BytesIO(content), "Robin Zebedee.html")}
    return browser.post(address, data=data, content_type="multipart/form-data")


def _put(convened: int, cast: Cast, *, only: str | None = None, title: str = OTHER) -> int:
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        readers = [invited(discussion, only).id] if only else []
        new = NewPaper(title, PaperKind.REPORT, PDF, bool(only), readers)
        return papers.attach(discussion, new, staff_act(cast, LATER)).id


@pytest.fixture
def worker(cast: Cast, convened: int, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(cast.social_worker)


def test_staff_attach_one_and_agencies_find_it_behind_the_step_only(
    convened: int, client: FlaskClient, worker: FlaskClient, mailed: str
) -> None:
    assert _send(worker, f"/discussions/{convened}/papers").status_code == 303
    assert "Chronology of Robin" in plain(worker.get(f"/discussions/{convened}/papers"))
    assert "1 attached" in plain(worker.get(f"/discussions/{convened}"))
    for address in (f"{mailed}/papers", f"{mailed}/papers/1/file"):
        assert client.get(address).location == f"{mailed}/who"
    assert "Papers (1)" in plain(opened(client, mailed))
    assert "Chronology of Robin" in plain(client.get(f"{mailed}/papers"))
    assert client.get(f"{mailed}/papers/1/file").data == PDF


def test_a_paper_goes_out_as_a_file_that_no_browser_shows(
    convened: int, client: FlaskClient, worker: FlaskClient, mailed: str
) -> None:
    _send(worker, f"/discussions/{convened}/papers", b"<html><script>alert(1)</script></html>")
    opened(client, mailed)
    for answer in (client.get(f"{mailed}/papers/1/file"), worker.get("/papers/1/file")):
        head = answer.headers
        assert head["Content-Type"] == "text/plain; charset=utf-8"
        name = head["Content-Disposition"]
        assert name.startswith("attachment; ") and name.endswith('-paper-1.txt"') and "Robin" not in name
        assert head["X-Content-Type-Options"] == "nosniff" and head["Cache-Control"] == "no-store"
        assert head["Content-Security-Policy"].endswith("; sandbox")


def test_it_lies_encrypted_and_no_trail_names_it(convened: int, worker: FlaskClient) -> None:
    _send(worker, f"/discussions/{convened}/papers")
    db.session.rollback()
    title, content = db.session.execute(text("SELECT title, content FROM papers")).one()
    assert "Robin" not in title and b"Robin" not in bytes(content)
    said = " ".join(one.text for one in db.session.query(Event))
    assert "Paper 1 was attached" in said and "Robin" not in said and "hronology" not in said


def test_each_opening_is_by_name_and_staff_see_who(
    convened: int, client: FlaskClient, worker: FlaskClient, mailed: str, cast: Cast
) -> None:
    number = _put(convened, cast)
    opened(client, mailed)
    client.get(f"{mailed}/papers/{number}/file")
    db.session.rollback()
    look = db.session.query(AccessEntry).filter_by(what="papers").one()
    assert look.row_id == number and look.who.endswith("Jo Sample, Detective Constable")
    assert "Jo Sample, Detective Constable" in plain(worker.get(f"/discussions/{convened}/papers"))


def test_a_restricted_one_is_there_for_whoever_was_chosen_and_for_nobody_else(
    convened: int, client: FlaskClient, mailed: str, cast: Cast
) -> None:
    ours, theirs = _put(convened, cast, only="police"), _put(convened, cast, only="health-0-19", title="Not yours")
    opened(client, mailed)
    page = plain(client.get(f"{mailed}/papers"))
    assert OTHER in page and "Not yours" not in page
    assert client.get(f"{mailed}/papers/{ours}/file").status_code == 200
    assert client.get(f"{mailed}/papers/{theirs}/file").status_code == 404


def test_a_paper_of_another_discussion_does_not_open(
    convened: int, client: FlaskClient, mailed: str, cast: Cast
) -> None:
    opened(client, mailed)
    assert client.get(f"{mailed}/papers/999/file").status_code == 404


def test_an_agency_attaches_its_own_which_others_see_if_it_says_so(
    convened: int, client: FlaskClient, worker: FlaskClient, mailed: str
) -> None:
    opened(client, mailed)
    assert "Choose who sees it" in markup(_send(client, f"{mailed}/papers", seen_by=""))
    assert _send(client, f"{mailed}/papers", seen_by="chosen").status_code == 303
    db.session.rollback()
    paper = db.session.query(Paper).one()
    assert (paper.by, paper.via, paper.restricted) == ("Jo Sample, Detective Constable", Via.LINK, True)
    assert "Chronology of Robin" in plain(client.get(f"{mailed}/papers"))
    page = plain(worker.get(f"/discussions/{convened}/papers"))
    assert "Jo Sample, Detective Constable" in page and "us and the agency it is from" in page
    health = invited(db.session.get_one(Discussion, convened), "health-0-19")
    theirs = f"/a/{keys().mail_token(health.id, health.generation)}"
    opened(client, theirs)
    assert "Chronology of Robin" not in plain(client.get(f"{theirs}/papers"))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"MZ\x00 a program", "none of these"), (b"", "empty")],
)
def test_what_is_no_paper_is_refused_at_the_field(
    convened: int, worker: FlaskClient, content: bytes, said: str
) -> None:
    page = markup(_send(worker, f"/discussions/{convened}/papers", content))
    assert said in page and 'id="file-error"' in page
    assert db.session.query(Paper).count() == 0


def test_a_discussions_papers_have_a_most_together(
    convened: int, worker: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(convened, cast)
    monkeypatch.setattr(papers, "MOST_OF_A_DISCUSSION", 2 * len(PDF) - 1)
    assert "too much" in markup(_send(worker, f"/discussions/{convened}/papers"))


def test_withdrawn_it_is_kept_and_no_agency_is_shown_it(
    convened: int, client: FlaskClient, worker: FlaskClient, mailed: str, cast: Cast
) -> None:
    number = _put(convened, cast)
    opened(client, mailed)
    assert "Say why" in markup(worker.post(f"/papers/{number}/withdraw", data={}))
    assert worker.post(f"/papers/{number}/withdraw", data={"reason": "The wrong child"}).status_code == 303
    assert OTHER not in plain(client.get(f"{mailed}/papers"))
    assert client.get(f"{mailed}/papers/{number}/file").status_code == 404
    page = plain(worker.get(f"/discussions/{convened}/papers"))
    assert "Withdrawn" in page and "The wrong child" in page and worker.get(f"/papers/{number}/file").data == PDF
    assert "withdrawn already" in markup(worker.post(f"/papers/{number}/withdraw", data={"reason": "Again"}))


@pytest.mark.parametrize("how", ["withdrawn", "stood-down", "implicated"])
def test_whoever_loses_the_second_step_loses_the_papers(
    how: str, convened: int, client: FlaskClient, mailed: str, cast: Cast
) -> None:
    number = _put(convened, cast)
    opened(client, mailed)
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        if how == "implicated":
            implicated.name(discussion.contact, Whom(desk=cast.police_desk), "Reads it", staff_act(cast, LATER))
        elif how == "withdrawn":
            invited(discussion, "police").state = InvitationState.WITHDRAWN
        else:
            discussion.state = DiscussionState.STOOD_DOWN
    for address in (f"{mailed}/papers", f"{mailed}/papers/{number}/file"):
        assert client.get(address).status_code == 303
    assert _send(client, f"{mailed}/papers").status_code == 303
    db.session.rollback()
    assert db.session.query(Paper).count() == 1


def test_nobody_of_another_authority_or_without_the_work_opens_one(
    convened: int, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    number = _put(convened, cast)
    assert sign_in(cast.outsider).get(f"/papers/{number}/file").status_code == 404
    assert sign_in(cast.admin).get(f"/papers/{number}/file").status_code == 403


def test_a_paper_of_a_restricted_contact_is_there_for_its_access_list_alone(
    convened: int, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    number = _put(convened, cast)
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(Discussion, convened).contact.restricted = True
    assert sign_in(cast.chair).get(f"/papers/{number}/file").status_code == 404
