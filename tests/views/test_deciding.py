"""Deciding a contact of which nobody has said the concerns, as the case system's list leaves them."""

from datetime import timedelta
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.clock import in_london, now
from strategy.commands import contacts
from strategy.db import db, transaction
from strategy.models import Contact, PolicyVersion
from strategy.rules.policy_editing import Edit, edited
from strategy.vocabulary import Via, Waiting
from tests.cast import Cast


def the_contact() -> Contact:
    db.session.rollback()
    return db.session.scalars(select(Contact)).one()


def test_deciding_one_nobody_has_said_the_concerns_of_asks_when_a_concern_was_identified(
    browser: FlaskClient, cast: Cast
) -> None:
    with transaction("Ada Admin", Via.STAFF) as act:
        entry = contacts.NewContact("4471-A", act.at - timedelta(hours=1), [], unsaid=True)
        contact = contacts.start_clock(entry, cast.authority, cast.policy, cast.social_worker, act)
        address = f"/contacts/{contact.id}/decide"
    assert "When was the concern identified?" not in browser.get(address).text
    with transaction("tests", Via.COMMAND_LINE):
        version = db.session.get_one(PolicyVersion, cast.policy.id)
        version.text = edited(version.text, [Edit(("targets", "complex"), "starts", "concern-identified")])
    assert "When was the concern identified?" in browser.get(address).text
    local = in_london(now())
    form = {"revision": the_contact().revision, "decided_by": "Sam Worker", "decided_at": f"{local:%Y-%m-%dT%H:%M}"}
    refused = browser.post(address, data=form | {"concerns": ["complex"], "submission": uuid4().hex})
    assert "Enter when the concern was identified" in refused.text
    assert the_contact().state is Waiting.RECEIVED
    began = f"{local - timedelta(minutes=30):%Y-%m-%dT%H:%M}"
    typed_now = form | {"concerns": ["complex"], "concern_identified_at": began, "submission": uuid4().hex}
    assert browser.post(address, data=typed_now).status_code == 303
    assert (the_contact().state, the_contact().concerns) == (Waiting.DECIDED, ["complex"])


def test_deciding_one_nobody_has_said_the_concerns_of_keeps_those_chosen(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Ada Admin", Via.STAFF) as act:
        entry = contacts.NewContact("4471-A", act.at - timedelta(hours=1), [], unsaid=True)
        contact = contacts.start_clock(entry, cast.authority, cast.policy, cast.social_worker, act)
        address, revision = f"/contacts/{contact.id}/decide", contact.revision
    form = {"revision": revision, "decided_by": "Sam Worker", "decided_at": f"{in_london(now()):%Y-%m-%dT%H:%M}"}
    browser.post(address, data=form | {"concerns": ["standard"], "submission": uuid4().hex})
    assert (the_contact().state, the_contact().concerns) == (Waiting.DECIDED, ["standard"])
