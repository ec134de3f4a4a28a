"""Holds the people of a system test's installation, put there by the product's own code. No assertion."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_security import hash_password
from sqlalchemy import select, update

from config import read
from strategy.app import create_app
from strategy.db import db, transaction
from strategy.models import Desk, Person, PolicyVersion, User
from strategy.vocabulary import Via
from tests.cast import Cast, make_cast
from tests.system.product import Product

PASSWORD = "a long enough password of the tests"
WORKER = "sam.worker@exampleshire.example"
CHAIR = "terry.example@exampleshire.example"
LEADER = "lee.leader@exampleshire.example"


def settle(product: Product, template: Path) -> None:
    """Make its database, with the shared cast (tests/cast.py) in it; its staff sign in with PASSWORD.

    On SQLite it is a copy of ``template``, which is made when it is not there: migrating takes seconds.
    """
    own = product.folder / "data" / "strategy.db"
    if "DATABASE_URL" in product.settings:
        _settle(product)
    elif template.exists():
        own.parent.mkdir(mode=0o700)
        shutil.copy(template, own)
    else:
        _settle(product)
        shutil.copy(own, template)


def _settle(product: Product) -> None:
    product.command("migrate")
    with inside(product), transaction("tests", Via.COMMAND_LINE) as act:
        make_cast(act)
        password = hash_password(PASSWORD)
        db.session.flush()
        db.session.execute(update(User).values(password=password))


@contextmanager
def inside(product: Product) -> Iterator[Flask]:
    """The installation's application in this process: for what no page shows, or what came before the story."""
    app = create_app(read(product.environment))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def cast() -> Cast:
    """The cast as its rows are now, inside an application."""
    staff = {user.email: user for user in db.session.scalars(select(User))}
    desks = {desk.email: desk for desk in db.session.scalars(select(Desk))}
    others = {person.name: person for person in db.session.scalars(select(Person))}
    worker = staff[WORKER]
    return Cast(
        authority=worker.authority,
        policy=db.session.scalars(select(PolicyVersion).filter_by(authority_id=worker.authority_id)).one(),
        social_worker=worker,
        chair=staff[CHAIR],
        leader=staff[LEADER],
        admin=staff["ada.admin@exampleshire.example"],
        outsider=staff["olly.outsider@elsewhere.example"],
        police_desk=desks["mash@police.example"],
        sergeant=others["Dee Sergeant"],
        inspector=others["Ina Inspector"],
        chief_inspector=others["Chris Chief"],
        health_desk=desks["desk019@health.example"],
        named_nurse=others["Nat Nurse"],
        school_desk=desks["dsl@school.example"],
        headteacher=others["Hal Head"],
    )
