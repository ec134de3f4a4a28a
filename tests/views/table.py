"""Holds how tests press and read the hold page."""

from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from strategy.clock import in_london
from strategy.db import db
from strategy.models import Invitation
from tests.booked import STARTS
from tests.walking import Walker

NOW = STARTS + timedelta(minutes=10)  # of those who sit at the table


def local(moment: object) -> str:
    return in_london(moment).strftime("%Y-%m-%dT%H:%M")  # type: ignore[arg-type]  # only aware moments come here


def marked(invitation: Invitation, value: str) -> dict[str, str]:
    return {f"mark-{invitation.id}-attendance": value}


def tap(client: FlaskClient, invitation: Invitation, value: str, **typed: str) -> TestResponse:
    """Press a button of that invitation's row on a page just read, with what is typed in other boxes."""
    address = f"/discussions/{invitation.discussion_id}/hold"
    walker = Walker(client)
    db.session.rollback()
    form = next(one for one in walker.open(address).forms if one.action.endswith("/hold/keep"))
    mark = f"mark-{invitation.id}-attendance"
    assert any(button.name == mark and button.value == value for button in form.buttons)
    fields = {name: values[0] for name, values in form.fields.items()} | typed | {mark: value}
    return post(client, f"{address}/attendance/{invitation.id}", **fields)


def post(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    db.session.rollback()  # what the test reads next is read afresh
    return client.post(address, data=fields, follow_redirects=True)


def get(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def fresh(invitation: Invitation) -> Invitation:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Invitation, invitation.id)
