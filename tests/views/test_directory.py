"""The directory's pages: who sees them, who edits, what stands at a field, and an outsider who sees nothing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from strategy.clock import in_london, now
from strategy.commands import verification
from strategy.commands.verification import Details
from strategy.db import db, transaction
from strategy.models import Agency, Away, Desk, HolidayCover, Person, Role, Served, Term, User, Verification
from strategy.vocabulary import Sector, StaffRole, VerificationState, Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.counting import statements
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]
HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")
DESK = {"name": "Duty desk", "email": "duty@police.example", "phone": "07700 900301", "roles": "police", **HOURS}


@pytest.fixture
def admin(browsers: None, cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.admin)


@pytest.fixture
def neighbour(browsers: None, cast: Cast, sign_in: SignIn) -> FlaskClient:
    """An administrator of the other authority."""
    with transaction("tests", Via.COMMAND_LINE):
        role = db.session.query(Role).filter_by(name=StaffRole.ADMINISTRATOR.value).one()
        cast.outsider.roles.append(role)
    return sign_in(cast.outsider)


def share(cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        cast.police_desk.agency.served.append(Served(authority_id=cast.outsider.authority_id))


def fresh() -> None:
    db.session.rollback()
    db.session.expire_all()


def pages(cast: Cast) -> dict[str, int]:
    """Each page of the police's entry, and what its keeper's administrator gets there."""
    return {
        f"/directory/{cast.police_desk.agency_id}": 200,
        f"/directory/{cast.police_desk.agency_id}/edit": 200,
        f"/directory/{cast.police_desk.agency_id}/desks/new": 200,
        f"/directory/{cast.police_desk.agency_id}/people/new": 200,
        f"/directory/{cast.police_desk.agency_id}/terms": 200,
        f"/directory/{cast.police_desk.agency_id}/cover": 200,
        f"/directory/desks/{cast.police_desk.id}": 200,
        f"/directory/people/{cast.sergeant.id}": 200,
        f"/directory/people/{cast.sergeant.id}/away": 200,
    }


def test_its_administrator_opens_every_page_of_an_entry(admin: FlaskClient, cast: Cast) -> None:
    wanted = pages(cast) | {
        "/directory": 200,
        "/directory/new": 200,
        "/directory/repairs": 200,
        "/directory/rounds": 200,
    }
    assert {path: admin.get(path).status_code for path in wanted} == wanted


def test_an_outsider_of_an_authority_that_is_not_served_finds_nothing(neighbour: FlaskClient, cast: Cast) -> None:
    paths = pages(cast)
    assert {path: neighbour.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    assert "Exampleshire Police" not in plain(neighbour.get("/directory"))
    for deed in (f"/directory/{cast.police_desk.agency_id}/retire", f"/directory/people/{cast.sergeant.id}/retire"):
        assert neighbour.post(deed).status_code == 404
    assert neighbour.post(f"/directory/{cast.police_desk.agency_id}/leave").status_code == 404


def test_an_authority_that_is_served_sees_the_entry_and_who_keeps_it_and_cannot_edit_it(
    neighbour: FlaskClient, cast: Cast
) -> None:
    share(cast)
    first, *others = pages(cast)
    page = plain(neighbour.get(first))
    assert "Kept by Exampleshire Council" in page and "07700 900001" in page
    assert {neighbour.get(path).status_code for path in others} == {404}
    rota = plain(neighbour.get(f"/rotas/desks/{cast.police_desk.id}"))
    assert "MASH desk" in rota and "Add a shift" not in rota
    assert neighbour.get(f"/rotas/desks/{cast.police_desk.id}/shifts/new").status_code == 404
    assert neighbour.get("/rotas/who", query_string={"desk": cast.police_desk.id}).status_code == 200
    assert "Exampleshire Police" in plain(neighbour.get("/directory"))
    assert neighbour.post(f"{first}/retire").status_code == 404
    assert neighbour.post(f"{first}/leave", data={"submission": uuid4().hex}).status_code == 303
    assert neighbour.get(first).status_code == 404


def test_social_workers_see_contact_numbers_and_edit_nothing(browsers: None, cast: Cast, sign_in: SignIn) -> None:
    worker = sign_in(cast.social_worker)
    first, *others = pages(cast)
    page = plain(worker.get(first))
    assert "07700 900011" in page and "Take out of use" not in page and "Edit" not in page
    assert {worker.get(path).status_code for path in (*others, "/directory/repairs", "/directory/rounds")} == {403}


def test_an_agency_with_its_first_desk_and_person_is_entered(admin: FlaskClient, cast: Cast) -> None:
    made = admin.post("/directory/new", data={"name": "Sample Trust", "sector": "health", "submission": uuid4().hex})
    page = plain(admin.get(made.location))
    assert "No desk" in page and "Nobody on rung 1" in page
    fresh()
    agency_id = db.session.query(Agency).filter_by(name="Sample Trust").one().id
    desk = DESK | {"roles": ["health-0-19", "health-visitor"], "submission": uuid4().hex}
    assert admin.post(f"/directory/{agency_id}/desks/new", data=desk).status_code == 303
    person = {"name": "Nia New", "job_title": "Named nurse", "rung": "1", "rung_order": "0", "phone": "07700 900302"}
    person |= {"desk_id": "0", "deputy_id": "0", "submission": uuid4().hex}
    assert admin.post(f"/directory/{agency_id}/people/new", data=person).status_code == 303
    page = plain(admin.get(made.location))
    assert "Monday to Friday: 09:00-17:00" in page and "07700 900301" in page
    assert "1: Named nurse or doctor Who Nia New, Named nurse" in page
    assert "Nia New added to Sample Trust (Ada Admin)" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"phone": "12345"}, "Enter the whole phone number"),
        ({"email": "nobody"}, "Enter an email address like"),
        ({"mon": "mornings"}, "Enter when it opens and closes"),
        ({"roles": []}, "Choose at least one role"),
        ({"name": "MASH desk"}, "has a desk MASH desk already"),
    ],
)
def test_an_error_stands_at_its_field_and_what_was_typed_stays(
    admin: FlaskClient, cast: Cast, changed: dict[str, object], words: str
) -> None:
    data = DESK | {"submission": uuid4().hex} | changed
    response = admin.post(f"/directory/{cast.police_desk.agency_id}/desks/new", data=data)
    page = markup(response)
    assert response.status_code == 200 and "There is a problem" in page
    assert page.count(words) == 2  # in the summary and at the field
    assert f'value="{changed.get("name", "Duty desk")}"' in page


def test_taking_out_of_use_is_one_button_and_another_takes_it_back(admin: FlaskClient, cast: Cast) -> None:
    where, key = f"/directory/{cast.police_desk.agency_id}", uuid4().hex
    for thing in ("", f"desks/{cast.police_desk.id}", f"people/{cast.sergeant.id}"):
        path = f"/directory/{thing}" if thing else where
        assert admin.post(f"{path}/retire", data={"submission": f"{key}-a"}).status_code == 303
        assert "Out of use" in plain(admin.get(where))
        refused = admin.post(f"{path}/retire", data={"submission": f"{key}-b"})
        assert refused.status_code == 200 and "out of use already" in plain(refused)
        assert admin.post(f"{path}/reactivate", data={"submission": f"{key}-c"}).status_code == 303
        assert "Out of use" not in plain(admin.get(where))
        key = uuid4().hex


def test_the_list_is_searched_by_name_sector_and_what_is_missing(admin: FlaskClient, cast: Cast) -> None:
    def found(**asked: str) -> set[str]:
        page = plain(admin.get("/directory", query_string=asked))
        names = {"Exampleshire Police", "Exampleshire Health Trust", "Sample Primary School"}
        return {name for name in names if name in page}

    assert len(found()) == 3
    assert found(q="mash") == {"Exampleshire Police"}
    assert found(q="nat nurse") == {"Exampleshire Health Trust"}
    assert found(sector="education") == {"Sample Primary School"}
    assert found(gap="no-mobile") == {"Sample Primary School"}
    assert found(gap="no-out-of-hours") == {"Exampleshire Health Trust"}
    assert found(q="nowhere") == set()
    assert found(sector="nonsense", gap="<script>") == found()
    assert found(retired="y") == set()


def test_the_list_costs_the_same_for_any_number_of_agencies(admin: FlaskClient, cast: Cast) -> None:
    admin.get("/directory")
    with statements() as few:
        admin.get("/directory")
    with transaction("tests", Via.COMMAND_LINE):
        for number in range(5):
            agency = Agency(authority=cast.authority, name=f"School {number}", sector=Sector.EDUCATION)
            db.session.add(Desk(agency=agency, name="Office", roles=["education"], hours={}))
            db.session.add(Person(agency=agency, name="Head", job_title="Headteacher", rung=1))
    with statements() as many:
        admin.get("/directory")
    assert many.count == few.count


def test_terms_and_holiday_cover_are_entered_and_a_term_removed(admin: FlaskClient, cast: Cast) -> None:
    where = f"/directory/{cast.school_desk.agency_id}"
    term = {"name": "Autumn", "starts_on": "2026-09-01", "ends_on": "2026-12-18"}
    assert admin.post(f"{where}/terms", data=term | {"submission": uuid4().hex}).status_code == 303
    again = plain(admin.post(f"{where}/terms", data=term | {"submission": uuid4().hex}))
    assert "These days lie in another term" in again
    walker = Walker(admin)
    walker.open(f"{where}/cover")
    walker.send("Save", cover=f"person:{cast.headteacher.id}")
    page = plain(admin.get(where))
    assert "Tue 1 Sep 2026 to Fri 18 Dec 2026" in page and "Sample Primary School: Hal Head" in page
    fresh()
    term_id = db.session.query(Term).one().id
    assert admin.post(f"/directory/terms/{term_id}/remove", data={"submission": uuid4().hex}).status_code == 303
    walker.open(f"{where}/cover")
    walker.send("Save", cover="")
    fresh()
    assert db.session.query(Term).count() == db.session.query(HolidayCover).count() == 0


def test_staff_enter_that_somebody_is_away_and_take_it_back(admin: FlaskClient, cast: Cast) -> None:
    begins, ends = in_london(now()), in_london(now() + timedelta(days=3))
    data = {"starts_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{ends:%Y-%m-%dT%H:%M}"}
    data |= {"cover_id": str(cast.inspector.id), "submission": uuid4().hex}
    assert admin.post(f"/directory/people/{cast.sergeant.id}/away", data=data).status_code == 303
    page = plain(admin.get(f"/directory/{cast.police_desk.agency_id}"))
    assert "Ina Inspector covers (07700 900012)" in page
    fresh()
    gone = db.session.query(Away).one().id
    assert admin.post(f"/directory/away/{gone}/back", data={"submission": uuid4().hex}).status_code == 303
    assert "covers" not in plain(admin.get(f"/directory/{cast.police_desk.agency_id}"))


def test_a_round_is_started_followed_and_what_was_said_taken_over(admin: FlaskClient, cast: Cast) -> None:
    asking = {"agency_id": str(cast.police_desk.agency_id), "months": "0", "submission": uuid4().hex}
    started = admin.post("/directory/rounds", data=asking)
    assert "0 of 4 have answered" in plain(admin.get(started.location))
    twice = plain(admin.post("/directory/rounds", data=asking | {"submission": uuid4().hex}))
    assert "There is nobody to ask" in twice
    with transaction("tests", Via.LINK) as act:
        verification.change(cast.sergeant, Details("Dee Sergeant", "Inspector", "new@police.example"), act)
    assert "1 answer waits for you" in plain(admin.get("/directory"))
    assert "new@police.example (was ds@police.example)" in plain(admin.get("/directory/rounds"))
    fresh()
    said = db.session.query(Verification).filter_by(state=VerificationState.CHANGED).one().id
    path = f"/directory/rounds/said/{said}"
    assert admin.post(f"{path}/accept", data={"submission": uuid4().hex}).status_code == 303
    assert "Nothing waits to be decided" in plain(admin.post(f"{path}/decline", data={"submission": uuid4().hex}))
    assert admin.post(f"{started.location}/again", data={"submission": uuid4().hex}).status_code == 303
    fresh()
    assert db.session.get_one(Person, cast.sergeant.id).email == "new@police.example"


def test_rounds_of_another_authority_do_not_exist(admin: FlaskClient, neighbour: FlaskClient, cast: Cast) -> None:
    asking = {"agency_id": "0", "months": "0", "submission": uuid4().hex}
    started = admin.post("/directory/rounds", data=asking)
    fresh()
    said = db.session.query(Verification).first()
    assert said is not None
    assert neighbour.get(started.location).status_code == 404
    for deed in (f"{started.location}/again", f"/directory/rounds/said/{said.id}/accept"):
        assert neighbour.post(deed).status_code == 404
