"""The pages that bring in a list of open contacts, from the example to the undoing."""

import io
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from strategy import sheets
from strategy.commands import access_lists
from strategy.db import WRITING, db, transaction
from strategy.models import Contact, ContactImport, Event, Handover, User
from strategy.vocabulary import EventVerb, Via
from tests.browser import plain
from tests.cast import Cast
from tests.commands.stories import waiting_child

SignIn = Callable[[User], FlaskClient]
ADDRESS = "/waiting/import"

pytestmark = pytest.mark.usefixtures("browsers")


@pytest.fixture
def browser(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.admin)


def send(browser: FlaskClient, data: bytes, name: str = "open.csv") -> Any:
    file = {"submission": uuid4().hex, "file": (io.BytesIO(data), name)}
    return browser.post(ADDRESS, data=file, content_type="multipart/form-data", follow_redirects=True)


def press(browser: FlaskClient, address: str, **more: str) -> Any:
    return browser.post(address, data={"submission": uuid4().hex, **more}, follow_redirects=True)


def seen(page: str) -> str:
    return page.split('name="seen"')[1].split('value="')[1].split('"')[0]


def contacts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Contact.id))) or 0


def test_the_example_can_be_sent_as_it_is(browser: FlaskClient) -> None:
    example = browser.get(f"{ADDRESS}/example.csv")
    assert example.mimetype == "text/csv"
    page = send(browser, example.data)
    assert "Nothing added yet" in plain(page) and "1 to add" in plain(page)
    assert "is nobody's who works here" in page.text.replace("&#39;", "'")  # an administrator receives no contact
    assert contacts() == 0


def test_looked_at_confirmed_seen_on_waiting_and_undone(browser: FlaskClient, cast: Cast) -> None:
    rows = b"case reference;received at;child\n4500-A;24/11/2026 08:00;Secret\n"
    page = send(browser, rows.replace(b"24/11/2026 08:00", _yesterday()))
    assert "Columns not read and not kept: child" in plain(page) and "Secret" not in page.text
    address = f"{ADDRESS}/{_only().id}"
    added = press(browser, address, seen=seen(page.text))
    assert "1 row was brought in" in plain(added)
    waits = plain(browser.get("/waiting"))
    assert "4500-A" in waits and "Not said" in waits and "Nobody yet" in waits
    assert "What it had added was taken away again" in plain(press(browser, f"{address}/undo"))
    assert contacts() == 0


def test_a_case_started_meanwhile_refuses_the_confirmation_and_shows_the_list_anew(
    browser: FlaskClient, cast: Cast
) -> None:
    page = send(browser, b"case reference,received at\n4500-A," + _yesterday())
    with transaction("Sam Worker", Via.STAFF) as act:
        waiting_child(cast, act, case="4500-A")
    again = press(browser, f"{ADDRESS}/{_only().id}", seen=seen(page.text))
    assert "Something changed since you looked at this list" in plain(again)
    assert "0 to add, 0 here already, 1 here and different" in plain(again)
    assert contacts() == 1


@pytest.fixture
def secret(cast: Cast) -> int:
    """A restricted contact on case 9999-S that only the chair and the social worker may open; its id."""
    with transaction("Sam Worker", Via.STAFF) as act:
        closed, origin = (waiting_child(cast, act, case=case) for case in ("9999-S", "9000-O"))
        access_lists.restrict(closed, origin, [cast.chair, cast.social_worker], act)
        db.session.flush()
        return closed.id


def test_a_list_that_probes_for_a_restricted_case_looks_as_it_would_for_any_other(
    browser: FlaskClient, secret: int
) -> None:
    probed = send(browser, b"case reference,received at\n9999-S," + _yesterday()).text
    other = send(browser, b"case reference,received at\n8888-T," + _yesterday()).text
    assert _bare(probed) == _bare(other.replace("8888-T", "9999-S"))
    assert "1 to add, 0 here already" in " ".join(probed.split())
    press(browser, f"{ADDRESS}/{_all()[0].id}", seen=seen(probed))
    press(browser, f"{ADDRESS}/{_all()[1].id}", seen=seen(other))
    one, two = (browser.get(f"{ADDRESS}/{source.id}").text for source in _all())
    assert _bare(one) == _bare(two)
    assert str(secret) not in re.findall(r"/contacts/(\d+)", probed + one)


def test_a_restricted_case_is_not_added_twice_and_only_who_may_open_it_reads_that_a_list_had_it(
    browser: FlaskClient, cast: Cast, secret: int, sign_in: SignIn
) -> None:
    rows = b"case reference,received at,receiving worker email\n"
    rows += b"".join(b"%s,%s,%s\n" % (case, _yesterday(), cast.chair.email.encode()) for case in (b"9999-S", b"8888-T"))
    page = send(browser, rows)
    done = plain(press(browser, f"{ADDRESS}/{_only().id}", seen=seen(page.text)))
    assert "2 rows were brought in" in done and "not added a second time" in done
    assert contacts() == 3  # the restricted one, the one it came from, and the new one
    about = db.session.scalars(select(Event).where(Event.verb == EventVerb.CONTACT_IMPORTED)).all()
    assert {event.contact_id == secret for event in about} == {True, False}
    told = next(event for event in about if event.contact_id == secret)
    assert told.by == cast.admin.full_name and "nothing was added; it differs in received at" in told.text
    assert db.session.scalars(select(Handover.contact_id)).all() != [secret]
    assert "list of open contacts has this case too" in sign_in(cast.chair).get(f"/contacts/{secret}").text
    press(browser, f"{ADDRESS}/{_only().id}/undo")
    assert contacts() == 2 and db.session.get(Event, told.id) is not None


def test_who_may_open_it_sees_that_it_is_here_already(cast: Cast, secret: int, sign_in: SignIn) -> None:
    page = send(sign_in(cast.chair), b"case reference,received at\n9999-S," + _yesterday())
    assert "0 to add, 0 here already, 1 here and different" in plain(page)
    assert f"/contacts/{secret}" in page.text


def test_worked_on_since_it_cannot_be_undone_and_says_by_what(browser: FlaskClient, cast: Cast) -> None:
    page = send(browser, b"case reference,received at\n4500-A," + _yesterday())
    address = f"{ADDRESS}/{_only().id}"
    press(browser, address, seen=seen(page.text))
    with transaction("Sam Worker", Via.STAFF):
        contact = db.session.scalars(select(Contact)).one()
        contact.revision += 1
        reference = contact.reference
    assert reference in plain(browser.get(address))
    assert "Something was done since" in plain(press(browser, f"{address}/undo"))
    assert contacts() == 1


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "open.csv", "The file is empty"),
        (b"PK\x03\x04junk", "open.xlsx", "The workbook cannot be opened"),
        (b"case,when\n1,2", "open.csv", "must name the column “case reference”"),
    ],
)
def test_what_is_no_list_is_said_at_the_file(browser: FlaskClient, data: bytes, name: str, words: str) -> None:
    assert words in plain(send(browser, data, name))
    db.session.rollback()
    assert db.session.scalar(select(func.count(ContactImport.id))) == 0


def test_while_a_file_is_read_everybody_else_can_write(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    read, written = sheets.read, []

    def slowly(data: bytes, filename: str) -> sheets.Sheet:
        with db.engine.connect().execution_options(**WRITING) as other, other.begin():
            written.append(other.execute(text("UPDATE authorities SET name = name")).rowcount)
        return read(data, filename)

    monkeypatch.setattr(sheets, "read", slowly)
    assert "1 to add" in plain(send(browser, b"case reference,received at\n4500-A," + _yesterday()))
    assert len(written) == 1 and written[0] > 0


def test_no_file_at_all_is_asked_for(browser: FlaskClient) -> None:
    assert "Choose a file" in plain(press(browser, ADDRESS))


def test_a_list_not_wanted_is_forgotten(browser: FlaskClient) -> None:
    send(browser, b"case reference,received at\n4500-A," + _yesterday())
    address = f"{ADDRESS}/{_only().id}"
    assert "No list has been brought in yet." in plain(press(browser, f"{address}/drop"))
    assert browser.get(address).status_code == 404


def test_only_managers_and_administrators_send_lists_and_only_their_own(
    browser: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    send(browser, b"case reference,received at\n4500-A," + _yesterday())
    address = f"{ADDRESS}/{_only().id}"
    assert sign_in(cast.social_worker).get(ADDRESS).status_code == 403
    assert sign_in(cast.leader).get(address).status_code == 403
    assert sign_in(cast.outsider).get(address).status_code == 404
    assert sign_in(cast.chair).get(address).status_code == 200


def _all() -> Sequence[ContactImport]:
    db.session.rollback()
    return db.session.scalars(select(ContactImport).order_by(ContactImport.id)).all()


def _bare(page: str) -> str:
    """A page without what differs from one sending to the next: tokens, fingerprints, numbers of lists, times."""
    page = re.sub(r'value="[^"]*"|nonce-\S+|datetime="[^"]*"', "", page)
    return re.sub(r"/waiting/import/\d+", "", page)


def _only() -> ContactImport:
    db.session.rollback()
    return db.session.scalars(select(ContactImport)).one()


def _yesterday() -> bytes:
    with transaction("tests", Via.COMMAND_LINE) as act:
        return f"{act.at.replace(hour=8).replace(day=1) if act.at.day > 1 else act.at:%Y-%m-%dT%H:%MZ}".encode()
