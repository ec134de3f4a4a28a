"""Who else may see or change what is held: leaders read, outsiders find nothing, no other discussion is marked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.db import begin_writing, db
from strategy.models import AccessEntry, Action, Discussion, User
from tests.booked import STARTS, asked, booked
from tests.cast import Cast
from tests.views.table import NOW
from tests.views.table import fresh as _fresh
from tests.views.table import get as _get
from tests.views.table import local as _local
from tests.views.table import marked as _marked
from tests.views.table import post as _post

SignIn = Callable[[User], FlaskClient]

pytestmark = pytest.mark.usefixtures("at_the_table")


def test_an_outsider_sees_nothing_and_changes_nothing(running: Discussion, cast: Cast, sign_in: SignIn) -> None:
    outsider, police = sign_in(cast.outsider), asked(running, "police")
    for address in ("hold", "hold/finish", "record", f"absences/{police.id}"):
        assert outsider.get(f"/discussions/{running.id}/{address}").status_code == 404
    answer = outsider.post(f"/discussions/{running.id}/hold/attendance/{police.id}", data=_marked(police, "attended"))
    assert answer.status_code == 404
    assert _fresh(police).attendance is None


def test_a_leader_reads_the_record_and_holds_nothing(running: Discussion, cast: Cast, sign_in: SignIn) -> None:
    leader = sign_in(cast.leader)
    assert "Record of" in _get(leader, f"/discussions/{running.id}/record")
    assert leader.get(f"/discussions/{running.id}/hold").status_code == 403
    db.session.rollback()
    looked = db.session.scalars(select(AccessEntry)).all()
    assert [(entry.who, entry.what, entry.page) for entry in looked] == [("Lee Leader", "discussions", "record.shown")]


def test_a_leader_reads_an_action_and_ends_none(
    running: Discussion, chair: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    fields = {
        "action-what": "Ring the ward",
        "action-invitation_id": str(asked(running, "police").id),
        "action-due_at": _local(NOW + timedelta(days=1)),
    }
    _post(chair, f"/discussions/{running.id}/record/actions", **fields)
    action = db.session.scalars(select(Action)).one()
    leader = sign_in(cast.leader)
    page = _get(leader, f"/actions/{action.id}")
    assert "Ring the ward" in page
    assert "Mark as done" not in page
    assert leader.post(f"/actions/{action.id}", data={"evidence": "Seen", "done": "y"}).status_code == 403


def test_an_invitation_of_another_discussion_is_not_marked_here(
    running: Discussion, cast: Cast, chair: FlaskClient
) -> None:
    begin_writing()
    other = booked(cast, case="9-B", starts_at=STARTS + timedelta(hours=3))
    db.session.commit()
    foreign = asked(other, "police")
    answer = _post(chair, f"/discussions/{running.id}/hold/attendance/{foreign.id}", **_marked(foreign, "attended"))
    assert answer.status_code == 404
