"""The page behind an entry's own link: right, changed, no longer here, away; no other link opens it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from strategy.clock import in_london, now
from strategy.commands import entries
from strategy.db import db, transaction
from strategy.keys import keys
from strategy.limits import limiter
from strategy.models import AccessEntry, Away, Desk, Person, Verification
from strategy.vocabulary import VerificationState, Via
from tests.browser import markup, plain
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _unhurried(browsers: None) -> None:
    limiter.reset()


def token(entry: Desk | Person) -> str:
    with transaction("tests", Via.COMMAND_LINE):
        entries.link(entry)
        return keys().entry_token(entry.__tablename__, entry.id, entry.link_generation)


@pytest.fixture
def link(cast: Cast) -> str:
    """The sergeant's page."""
    return f"/d/{token(cast.sergeant)}"


def post(client: FlaskClient, path: str, **typed: str) -> int:
    return client.post(path, data={"submission": uuid4().hex, **typed}).status_code


def fresh(cast: Cast) -> Person:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Person, cast.sergeant.id)


def test_looking_changes_nothing_but_the_access_log(client: FlaskClient, link: str, cast: Cast) -> None:
    page = plain(client.get(link))
    assert "Is this still you?" in page and "ds@police.example" in page and "07700 900011" in page
    assert fresh(cast).verified_at is None
    entry = db.session.query(AccessEntry).one()
    assert (entry.who, entry.what, entry.row_id) == ("link", "people", cast.sergeant.id)


def test_yes_is_one_press_and_is_read_back(client: FlaskClient, link: str, cast: Cast) -> None:
    assert post(client, link) == 303
    assert fresh(cast).verified_at is not None
    assert "the entry is right." in plain(client.get(link))


def test_changed_details_wait_for_an_administrator(client: FlaskClient, link: str, cast: Cast) -> None:
    typed = {"name": "Dee Sergeant", "job_title": "Inspector", "email": "nobody", "phone": "07700 900388"}
    refused = client.post(f"{link}/changed", data=typed | {"submission": uuid4().hex})
    assert refused.status_code == 200 and "Enter an email address like" in plain(refused)
    assert post(client, f"{link}/changed", **(typed | {"email": "dee@police.example"})) == 303
    assert "looked at before it counts" in plain(client.get(link))
    assert fresh(cast).email == "ds@police.example"
    said = db.session.query(Verification).one()
    assert (said.state, said.proposed["phone"]) == (VerificationState.CHANGED, "+447700900388")


def test_no_longer_here_with_or_without_a_successor(client: FlaskClient, link: str, cast: Cast) -> None:
    assert post(client, f"{link}/left") == 303
    fresh(cast)
    assert db.session.query(Verification).one().proposed == {}
    who = {"name": "Nia New", "job_title": "Sergeant", "email": "nia@police.example"}
    assert post(client, f"{link}/left", **who) == 303
    assert fresh(cast).active
    assert db.session.query(Verification).one().proposed["name"] == "Nia New"


def test_away_until_somebody_covers_and_back_again(client: FlaskClient, link: str, cast: Cast) -> None:
    begins, ends = in_london(now()), in_london(now() + timedelta(days=3))
    typed = {"starts_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{ends:%Y-%m-%dT%H:%M}"}
    assert post(client, f"{link}/away", cover_id=str(cast.inspector.id), **typed) == 303
    assert "You are away Ina Inspector is asked instead of you until" in plain(client.get(link))
    fresh(cast)
    gone = db.session.query(Away).one()
    assert (gone.entered_by, gone.cover_id) == ("Dee Sergeant", cast.inspector.id)
    assert post(client, f"{link}/back/{gone.id}") == 303
    assert "You are away" not in plain(client.get(link))


def test_nobody_takes_back_the_time_away_of_somebody_else(client: FlaskClient, link: str, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE) as act:
        gone = Away(
            person=cast.inspector,
            starts_at=act.at,
            ends_at=act.at + timedelta(days=1),
            entered_at=act.at,
            entered_by="x",
        )
        db.session.add(gone)
    assert post(client, f"{link}/back/{gone.id}") == 200
    fresh(cast)
    assert db.session.query(Away).one().taken_back_at is None


def test_a_desk_has_a_page_too_and_is_never_away(client: FlaskClient, cast: Cast) -> None:
    link = f"/d/{token(cast.police_desk)}"
    page = plain(client.get(link))
    assert "Is this still the right desk?" in page and "Are you away?" not in page
    assert client.get(f"{link}/away").status_code == 404
    assert post(client, link) == 303


def test_no_other_link_opens_it_nor_does_it_open_another_page(client: FlaskClient, link: str, cast: Cast) -> None:
    invitations_own = keys().token(cast.sergeant.id, 1)
    as_a_desk = keys().entry_token("desks", cast.sergeant.id, 1)
    for wrong in (f"/d/{invitations_own}", f"/d/{as_a_desk}", link.replace("/d/", "/a/"), "/d/AAAAAAAAAAAAA"):
        assert client.get(wrong).status_code == 404
        assert "This link does not work" in plain(client.get(wrong))


def test_a_link_sent_before_the_address_changed_or_to_somebody_out_of_use_is_dead(
    client: FlaskClient, link: str, cast: Cast
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        entries.reach(cast.sergeant, "new@police.example", None)
    assert client.get(link).status_code == 404
    assert post(client, link) == 404
    newer = f"/d/{token(cast.sergeant)}"
    assert client.get(newer).status_code == 200
    with transaction("tests", Via.COMMAND_LINE):
        cast.sergeant.active = False
    assert client.get(newer).status_code == 404


def test_no_session_begins_and_the_live_token_is_kept_nowhere(client: FlaskClient, link: str, cast: Cast) -> None:
    response = client.post(link, data={"submission": uuid4().hex})
    assert "Set-Cookie" not in response.headers
    assert response.location.endswith(link)
    db.session.rollback()
    stored = db.session.execute(db.text("SELECT location FROM submissions")).scalars().all()
    assert stored == ["done"]
    assert link.rpartition("/")[2] not in markup(client.get("/d/AAAAAAAAAAAAA"))
