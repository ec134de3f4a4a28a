"""Proves, with a real Dovecot, that the worker's look into the mailbox takes every mail in, once, whatever happens."""

import logging
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import event

from notifications.mailbox import ImapSecurity, Mailbox, MailboxUnavailable
from strategy.db import db, transaction
from strategy.models import Inbound, Invitation
from strategy.serving.examining import examine_mailbox
from strategy.vocabulary import InvitationState, Via
from strategy.worker import mailbox as step
from tests.cast import Cast
from tests.convened import convene, invited
from tests.inbound_mail import calendar_answer
from tests.system import people
from tests.system.dovecot import PASSWORD, USER, Dovecot
from tests.system.imap_door import Door
from tests.system.looking import HANDLED, by_token, counts, look, mail, settings, taken_in
from tests.system.product import Product, free_port
from tests.system.sign_in_server import SECRET, SignInServer


@pytest.fixture(scope="module")
def sign_ins() -> Iterator[SignInServer]:
    with SignInServer(USER) as server:
        yield server


@pytest.fixture(scope="module")
def running(open_folder: Path, sign_ins: SignInServer) -> Iterator[Dovecot]:
    folder = open_folder / "mailbox"
    folder.mkdir()
    with Dovecot(folder, token_info=sign_ins.token_info) as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Iterator[Dovecot]:
    """With nothing in the mailbox, not even the folder for what was taken in."""
    running.emptied()
    yield running


@pytest.fixture
def invitation(cast: Cast) -> int:
    """The police's, committed."""
    with transaction("tests", Via.COMMAND_LINE):
        found = invited(convene(cast), "police")
        db.session.flush()
        return found.id


def test_an_answer_that_waits_is_taken_in_once_and_moved(invitation: int, server: Dovecot) -> None:
    server.deliver(calendar_answer(db.session.get_one(Invitation, invitation), "DECLINED"))
    db.session.rollback()
    assert server.waiting(HANDLED) == 0
    assert [look(settings(server)), look(settings(server))] == [counts(1), counts(0)]
    assert db.session.get_one(Invitation, invitation).state is InvitationState.DECLINED
    assert (server.waiting(), server.waiting(HANDLED), len(taken_in())) == (0, 1, 1)


def test_what_people_have_read_is_taken_in_and_what_nobody_read_stays_unread(cast: Cast, server: Dovecot) -> None:
    server.deliver(mail("read"), mail("unread"))
    with server.signed_in() as box:
        box.select()
        box.store("1", "+FLAGS", "\\Seen")
    assert look(settings(server)) == counts(2)
    with server.signed_in() as box:
        box.select(HANDLED)
        assert box.search(None, "UNSEEN")[1] == [b"2"]
    assert taken_in() == ["read", "unread"]


@pytest.fixture(params=["MOVE", "UIDPLUS"])
def moving(request: pytest.FixtureRequest, server: Dovecot, open_folder: Path) -> Iterator[Dovecot]:
    """Servers that move in one step, and in three."""
    if request.param == "MOVE":
        yield server
        return
    folder = open_folder / f"uidplus-{free_port()}"
    folder.mkdir()
    with Dovecot(folder, capability="IMAP4rev1 UIDPLUS") as other:
        yield other


def test_what_a_person_has_marked_to_delete_is_left_alone(cast: Cast, moving: Dovecot) -> None:
    server = moving
    server.deliver(mail("deleted"), mail("waiting"))
    with server.signed_in() as box:
        box.select()
        box.store("1", "+FLAGS", "\\Deleted")
    assert look(settings(server)) == counts(1)
    assert (server.waiting(), server.waiting(HANDLED), taken_in()) == (1, 1, ["waiting"])


def test_a_connection_lost_between_storing_and_moving_takes_nothing_in_twice(cast: Cast, server: Dovecot) -> None:
    server.deliver(mail("one"), mail("two"))
    with Door(server.imap, b"MOVE", shut=True) as door:
        assert look(replace(settings(server), port=door.port)) == counts(0, 1)
        assert door.reached.is_set()
    assert (taken_in(), server.waiting()) == (["one"], 2)
    look(settings(server))
    assert (taken_in(), server.waiting(), server.waiting(HANDLED)) == (["one", "two"], 0, 2)


def test_a_worker_killed_between_storing_and_moving_takes_nothing_in_twice(
    installed: Callable[..., Product], server: Dovecot
) -> None:
    server.deliver(mail("one"), mail("two"))
    with Door(server.imap, b"MOVE", lambda: product.kill(product.processes[0]), shut=True) as door:
        product = installed(
            IMAP_HOST="127.0.0.1",
            IMAP_PORT=str(door.port),
            IMAP_SECURITY="none",
            IMAP_USERNAME=USER,
            IMAP_PASSWORD=PASSWORD,
        )
        killed = product.start("tick")
        assert killed.wait(120) == -signal.SIGKILL
        assert (_kept_by(product), server.waiting()) == (["one"], 2)
        product.command("tick")
    assert (_kept_by(product), server.waiting(), server.waiting(HANDLED)) == (["one", "two"], 0, 2)


def _kept_by(product: Product) -> list[str]:
    with people.inside(product):
        return taken_in()


def test_two_workers_at_once_take_each_mail_in_once(app: Flask, cast: Cast, server: Dovecot) -> None:
    subjects = [f"mail {number:02}" for number in range(20)]
    server.deliver(*map(mail, subjects))
    start = Barrier(2)

    def work() -> dict[str, int]:
        with app.app_context():
            start.wait(10)
            return look(settings(server))

    with ThreadPoolExecutor(2) as pool:
        done = [future.result(60) for future in [pool.submit(work), pool.submit(work)]]
    assert sum(one["mails_taken_in"] for one in done) == 20 and not any(one["mails_failed"] for one in done)
    assert (sorted(taken_in()), server.waiting()) == (subjects, 0)


def test_a_mail_that_cannot_be_stored_stays_and_keeps_nobody_out(
    cast: Cast, server: Dovecot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(step, "_LONGEST_TURN", 0)  # one mail a turn
    server.deliver(*(mail(f"poison {number}") for number in range(4)), *map(mail, "abcde"))
    box = Mailbox(settings(server))

    def refuse(_mapper: object, _connection: object, row: Inbound) -> None:
        if (row.subject or "").startswith("poison"):
            raise ValueError(row.subject)

    event.listen(Inbound, "before_insert", refuse)
    try:
        turns = [look(box) for _ in range(9)]
    finally:
        event.remove(Inbound, "before_insert", refuse)
    assert sum(one["mails_taken_in"] for one in turns) == 5
    assert (taken_in(), server.waiting()) == (list("abcde"), 4)
    assert "could not be stored (ValueError)" in caplog.text and "poison" not in caplog.text
    for _ in range(4):  # what was wrong is put right
        look(box)
    assert (len(taken_in()), server.waiting()) == (9, 0)


def test_five_hundred_mails_in_one_go(cast: Cast, server: Dovecot) -> None:
    server.deliver(*(mail(f"mail {number:03}") for number in range(500)))
    box = Mailbox(replace(settings(server), every_seconds=3600))
    took = 0
    while new := look(box)["mails_taken_in"]:  # a turn cut short is followed by the next at once, no other is
        took += new
    assert took == 500
    assert (taken_in(), server.waiting()) == ([f"mail {number:03}" for number in range(500)], 0)
    assert server.waiting(HANDLED) == 500


def test_a_mail_that_vanishes_meanwhile_harms_nobody(cast: Cast, server: Dovecot) -> None:
    server.deliver(mail("gone"), mail("there"))

    def vanish() -> None:
        with server.signed_in() as box:
            box.select()
            box.store("1", "+FLAGS", "\\Deleted")
            box.expunge()

    with Door(server.imap, b"UID FETCH", vanish) as door:
        assert look(replace(settings(server), port=door.port)) == counts(1)
    assert (taken_in(), server.waiting()) == (["there"], 0)


def test_a_folder_that_cannot_be_made_keeps_no_mail_out(
    cast: Cast, server: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    server.deliver(mail("one"), mail("two"))
    box = Mailbox(replace(settings(server), handled_folder="INBOX//no"))
    assert (look(box), taken_in(), server.waiting()) == (counts(0, 2), ["one", "two"], 2)
    assert "is stored and could not be put away" in caplog.text
    assert (look(box), taken_in()) == (counts(0, 2), ["one", "two"])


def test_implicit_tls_trusts_whom_it_is_told_to(cast: Cast, server: Dovecot) -> None:
    server.deliver(mail("over TLS"))
    safe = replace(settings(server), port=server.imaps, security=ImapSecurity.IMPLICIT)
    with pytest.raises(MailboxUnavailable, match="certificate"):
        Mailbox(safe).check()
    assert look(replace(safe, ca_file=str(server.certificate))) == counts(1)


def test_starttls_signs_in_once_it_is_encrypted(cast: Cast, server: Dovecot) -> None:
    server.deliver(mail("over STARTTLS"))
    safe = replace(settings(server), security=ImapSecurity.STARTTLS, ca_file=str(server.certificate))
    assert look(safe) == counts(1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "wrong"}, "does not accept the user name and password"),
        ({"port": free_port()}, "cannot be reached (ConnectionRefusedError)"),
        ({"folder": "Nowhere"}, "has no such folder to read"),
    ],
)
def test_what_is_wrong_is_said_in_doctor_and_log_and_the_tick_goes_on(
    app: Flask, server: Dovecot, changes: dict[str, object], sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = replace(settings(server), **changes)  # type: ignore[arg-type]  # one changed field of many kinds
    assert look(wrong) == counts(0, 1)
    assert sentence in caplog.text and USER not in caplog.text and "wrong" not in caplog.text
    [told] = examine_mailbox(Mailbox(wrong))
    assert (told["ok"], sentence in told["words"]) == (False, True)


def test_a_server_that_goes_in_the_middle_loses_nothing(
    cast: Cast, server: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    server.deliver(mail("one"))
    with Door(server.imap, b"UID FETCH", server.stop, shut=True) as door:
        assert look(replace(settings(server), port=door.port)) == counts(0, 1)
    assert "the mailbox could not be read: The mail server" in caplog.text
    assert (look(settings(server)), taken_in()) == (counts(0, 1), [])
    server.start()
    assert (look(settings(server)), taken_in()) == (counts(1), ["one"])


def test_a_token_signs_in_and_is_kept_until_it_ends(cast: Cast, server: Dovecot, sign_ins: SignInServer) -> None:
    box, before = Mailbox(by_token(server, sign_ins)), len(sign_ins.given)
    server.deliver(mail("one"))
    assert [look(box), look(box)] == [counts(1), counts(0)]
    assert len(sign_ins.given) == before + 1
    sign_ins.valid.clear()  # taken back before its time: a new one is asked for
    server.deliver(mail("two"))
    assert (look(box), len(sign_ins.given)) == (counts(1), before + 2)


def test_a_token_about_to_end_is_renewed(app: Flask, server: Dovecot, sign_ins: SignInServer) -> None:
    box, before = Mailbox(by_token(server, sign_ins)), len(sign_ins.given)
    sign_ins.lasts = 30
    try:
        assert [look(box), look(box)] == [counts(0), counts(0)]
    finally:
        sign_ins.lasts = 3600
    assert len(sign_ins.given) == before + 2


def test_no_token_and_one_that_is_refused_are_told_apart(
    app: Flask, server: Dovecot, sign_ins: SignInServer, caplog: pytest.LogCaptureFixture
) -> None:
    sign_ins.refusing = True
    try:
        assert look(by_token(server, sign_ins)) == counts(0, 1)
    finally:
        sign_ins.refusing = False
    assert "No token was given to sign in with (HTTPError)" in caplog.text
    stranger = replace(by_token(server, sign_ins), username="somebody@else.example")
    assert look(stranger) == counts(0, 1)
    assert "does not accept the token" in caplog.text
    assert SECRET not in caplog.text and not any(token in caplog.text for token in sign_ins.given)
