"""Who may see what: roles, the authority's own rows, tokens, and that only transactions write."""

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from strategy import access
from strategy.db import db, transaction
from strategy.models import AccessEntry, Agency
from strategy.vocabulary import Sector, StaffRole, Via
from tests.cast import Cast
from tests.signed_in import signed_in_as


def test_nobody_signed_in_is_sent_to_sign_in(app: Flask, cast: Cast) -> None:
    @access.staff()
    def page() -> str:
        return "seen"

    with app.test_request_context("/"), pytest.raises(Unauthorized):
        page()


def test_a_role_opens_only_its_pages(app: Flask, cast: Cast) -> None:
    @access.staff(StaffRole.LEADER)
    def page() -> str:
        return "seen"

    with signed_in_as(app, cast.leader):
        assert page() == "seen"
    with signed_in_as(app, cast.social_worker), pytest.raises(Forbidden):
        page()


def test_another_authoritys_row_does_not_exist(app: Flask, cast: Cast) -> None:
    agency_id = cast.police_desk.agency_id
    with signed_in_as(app, cast.social_worker):
        assert access.permitted(Agency, agency_id).id == agency_id
    with signed_in_as(app, cast.outsider), pytest.raises(NotFound):
        access.permitted(Agency, agency_id)


def test_looking_leaves_a_line_in_the_access_log(app: Flask, cast: Cast) -> None:
    agency = cast.police_desk.agency
    with signed_in_as(app, cast.social_worker):
        access.looked(agency)
    db.session.rollback()  # leave the moment at which this test began to read
    entry = db.session.query(AccessEntry).one()
    assert (entry.who, entry.what, entry.row_id) == ("Sam Worker", "agencies", agency.id)


def test_nothing_can_be_written_outside_a_transaction(app: Flask, cast: Cast) -> None:
    db.session.add(Agency(authority=cast.authority, name="Stray", sector=Sector.HEALTH))
    with pytest.raises(DBAPIError):
        db.session.commit()
    db.session.rollback()
    assert db.session.query(Agency).filter_by(name="Stray").count() == 0


def test_a_transaction_that_fails_leaves_nothing(app: Flask, cast: Cast) -> None:
    with pytest.raises(RuntimeError), transaction("tests", Via.COMMAND_LINE):
        db.session.add(Agency(authority=cast.authority, name="Stray", sector=Sector.HEALTH))
        db.session.flush()
        raise RuntimeError
    assert db.session.query(Agency).filter_by(name="Stray").count() == 0
