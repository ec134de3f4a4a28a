"""Two people edit one thing at once: the second is told what changed and by whom, keeps their typing, and chooses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from functools import partial

import pytest
from flask.testing import FlaskClient

from strategy.act import Act
from strategy.commands import directory_desks, directory_people, directory_terms, rotas
from strategy.commands.rotas import NewShift
from strategy.db import db, transaction
from strategy.forms.directory import DeskForm
from strategy.models import Agency, Desk, Person, Shift, User
from strategy.vocabulary import Via
from tests.cast import Cast
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def admin(browsers: None, cast: Cast, sign_in: SignIn) -> Walker:
    return Walker(sign_in(cast.admin))


def by_bo(do: Callable[[Act], object]) -> None:
    """Another administrator does something meanwhile."""
    with transaction("Bo Second", Via.STAFF) as act:
        do(act)
    fresh()


def fresh() -> None:
    db.session.rollback()
    db.session.expire_all()


def desk_changed(cast: Cast, act: Act, **values: str) -> None:
    desk = db.session.get_one(Desk, cast.police_desk.id)
    kept = DeskForm.kept(desk) | values
    hours = {day: kept[day] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    entry = directory_desks.DeskEntry(kept["name"], kept["roles"], kept["email"], kept["phone"], hours, True)
    directory_desks.edit(desk, entry, act)


def test_of_two_who_edit_a_desk_the_second_sees_what_the_first_did_and_loses_no_word(admin: Walker, cast: Cast) -> None:
    page = f"/directory/desks/{cast.police_desk.id}"
    admin.open(page)
    by_bo(lambda act: desk_changed(cast, act, name="Front desk", email="front@police.example", sat="closed"))
    told = admin.send("Save", email="mine@police.example", lines="3")
    assert "Bo Second changed this while you had it open" in told.words
    assert "Theirs: Front desk" in told.words and "Theirs: closed" in told.words
    assert "front@police.example In the form below Yours: mine@police.example" in told.words
    assert "Front desk of Exampleshire Police changed" in told.words
    fresh()
    assert db.session.get_one(Desk, cast.police_desk.id).email == "front@police.example"  # nothing was saved
    admin.send("Save")
    fresh()
    desk = db.session.get_one(Desk, cast.police_desk.id)
    assert (desk.name, desk.email, desk.lines, desk.hours["sat"]) == ("Front desk", "mine@police.example", 3, [])


def test_changed_again_before_the_second_saves_they_are_asked_again(admin: Walker, cast: Cast) -> None:
    admin.open(f"/directory/desks/{cast.police_desk.id}")
    for name in ("Front desk", "Back desk"):
        by_bo(partial(desk_changed, cast, name=name))
        assert f"Theirs: {name}" in admin.send("Save", lines="3").words
    assert "The desk is changed" in admin.send("Save").words


def test_a_page_that_does_not_say_what_it_showed_saves_nothing_and_keeps_what_was_typed(
    admin: Walker, cast: Cast
) -> None:
    page = f"/directory/people/{cast.sergeant.id}"
    for seen in ("", "[]", '{"values": 3}', "[" * 5000, '{"at": "x", "values": {}}'):
        admin.open(page)
        told = admin.send("Save", seen=seen, name="Dee New")
        assert "save again" in told.words and "Dee New" in str(told.forms)
    admin.send("Save")
    fresh()
    assert db.session.get_one(Person, cast.sergeant.id).name == "Dee New"


def test_people_agencies_cover_and_shifts_ask_too(admin: Walker, cast: Cast) -> None:
    person, school = cast.sergeant, cast.school_desk.agency_id
    entry = directory_people.PersonEntry(person.name, "Acting inspector", 1, 0, person.email, person.phone)
    turn = NewShift(cast.sergeant, time(9), time(17), date(2026, 9, 1), None, ["mon"])
    by_bo(lambda act: rotas.add_shift(db.session.merge(cast.police_desk), turn, act))
    shift_id = db.session.query(Shift).one().id

    def meanwhile(act: Act) -> None:
        directory_people.edit(db.session.get_one(Person, person.id), entry, act)
        agency = db.session.get_one(Agency, school)
        directory_terms.cover(agency, db.session.get_one(Person, cast.headteacher.id), act)
        db.session.get_one(Agency, cast.police_desk.agency_id).name = "Other Police"
        later = replace(turn, person=db.session.get_one(Person, cast.sergeant.id), opens=time(8))
        rotas.change_shift(db.session.get_one(Shift, shift_id), later, act)

    opened = {
        f"/directory/people/{person.id}": ("Save", {"name": "Dee New"}, "Theirs: Acting inspector"),
        f"/directory/{school}/cover": ("Save", {"cover": f"desk:{cast.health_desk.id}"}, "Yours: Exampleshire Health"),
        f"/directory/{cast.police_desk.agency_id}/edit": ("Save", {"sector": "health"}, "Theirs: Other Police"),
        f"/rotas/desks/{cast.police_desk.id}/shifts/{shift_id}": (
            "Save this shift",
            {"closes": "18:00"},
            "Theirs: 08:00",
        ),
    }
    walkers = {page: Walker(admin.client) for page in opened}
    for page, walker in walkers.items():
        walker.open(page)
    by_bo(meanwhile)
    for page, (button, typed, words) in opened.items():
        assert words in walkers[page].send(button, typed).words, page
        fresh()
