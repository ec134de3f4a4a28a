"""SMTP over real sockets: what goes on the wire, and what each failure means."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from notifications.channel import Rejected, Unavailable
from notifications.outcomes import Cause
from notifications.smtp import Security, SmtpChannel, SmtpSettings
from tests.notifications.mail_server import MailServer, authenticate
from tests.notifications.samples import DOMAIN, calendar, email, now


@pytest.fixture
def signing_in(free_port: int) -> Iterator[MailServer]:
    server = MailServer(free_port, authenticator=authenticate, auth_require_tls=False)
    server.start()
    yield server
    server.stop()


def channel_to(port: int, **changes: object) -> SmtpChannel:
    facts: dict[str, object] = {"port": port, "security": Security.NONE, "timeout_seconds": 2}
    return SmtpChannel(SmtpSettings("127.0.0.1", DOMAIN, **(facts | changes)), now)  # type: ignore[arg-type]  # a test's mix


def test_the_wire_carries_crlf_and_the_reference_is_the_message_id(smtp: SmtpChannel, mail_server: MailServer) -> None:
    assert smtp.send(email(text="one\n.two\nthree", calendar=calendar())).reference == "<m-17@council.example>"
    raw = mail_server.mailbox.raw[0]
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert b"\r\none\r\n.two\r\nthree\r\n" in raw
    assert b"Message-ID: <m-17@council.example>\r\n" in raw


def test_a_bounce_is_asked_to_name_our_id_and_the_address(smtp: SmtpChannel, mail_server: MailServer) -> None:
    smtp.send(email(to="duty+mash@police.example"))
    box = mail_server.mailbox
    assert box.mail_options[0].endswith(" RET=HDRS ENVID=m-17")
    assert box.rcpt_options[0].endswith(" NOTIFY=FAILURE,DELAY ORCPT=rfc822;duty+2Bmash@police.example")


def test_a_server_without_dsn_is_not_asked(smtp: SmtpChannel, mail_server: MailServer) -> None:
    mail_server.mailbox.offer_dsn = False
    smtp.send(email())
    assert "ENVID" not in mail_server.mailbox.mail_options[0]
    assert "ORCPT" not in mail_server.mailbox.rcpt_options[0]


def test_one_connection_serves_many_messages_even_after_a_refusal(smtp: SmtpChannel, mail_server: MailServer) -> None:
    box = mail_server.mailbox
    before = box.connections
    smtp.send(email())
    box.reply_to_rcpt = "550 5.1.1 unknown"
    with pytest.raises(Rejected):
        smtp.send(email())
    box.reply_to_rcpt = None
    smtp.send(email())
    assert box.connections - before == 1
    assert len(box.raw) == 2


def test_a_dropped_connection_is_opened_again_before_the_message(free_port: int) -> None:
    channel = channel_to(free_port)
    with closing(channel):
        for _ in range(2):
            server = MailServer(free_port)
            server.start()
            channel.send(email())
            assert len(server.mailbox.raw) == 1
            server.stop()


def test_a_refusal_after_data_rejects_and_the_next_message_goes(smtp: SmtpChannel, mail_server: MailServer) -> None:
    mail_server.mailbox.reply_to_data = "554 5.7.1 duty@police.example looks like spam"
    with pytest.raises(Rejected) as caught:
        smtp.send(email())
    assert caught.value.code == "554 5.7.1"
    assert not caught.value.dead_address
    assert "police" not in str(caught.value)
    mail_server.mailbox.reply_to_data = None
    smtp.send(email())
    assert len(mail_server.mailbox.raw) == 1


def test_a_server_closing_for_now_is_unavailable_and_tried_afresh(smtp: SmtpChannel, mail_server: MailServer) -> None:
    mail_server.mailbox.reply_to_mail = "421 4.3.2 shutting down"
    with pytest.raises(Unavailable) as caught:
        smtp.send(email())
    assert caught.value.cause is Cause.BUSY
    mail_server.mailbox.reply_to_mail = None
    smtp.send(email())
    assert len(mail_server.mailbox.raw) == 1


def test_our_own_address_refused_is_our_settings_not_the_message(smtp: SmtpChannel, mail_server: MailServer) -> None:
    mail_server.mailbox.reply_to_mail = "553 5.7.1 not owned by user"
    with pytest.raises(Unavailable) as caught:
        smtp.send(email())
    assert caught.value.cause is Cause.OUR_SETTINGS


def test_nobody_listening_is_unavailable(free_port: int) -> None:
    with pytest.raises(Unavailable) as caught:
        channel_to(free_port).send(email())
    assert caught.value.cause is Cause.PROVIDER


def test_a_silent_server_is_unavailable_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = channel_to(silent.getsockname()[1], timeout_seconds=0.2)
        with pytest.raises(Unavailable) as caught:
            channel.check()
    assert caught.value.cause is Cause.PROVIDER


def test_no_message_goes_unencrypted_where_tls_is_wanted(mail_server: MailServer) -> None:
    channel = channel_to(mail_server.port, security=Security.STARTTLS)
    with pytest.raises(Unavailable) as caught:
        channel.send(email())
    assert caught.value.cause is Cause.OUR_SETTINGS
    assert mail_server.mailbox.raw == []


def test_implicit_tls_to_a_plain_server_is_unavailable(mail_server: MailServer) -> None:
    with pytest.raises(Unavailable):
        channel_to(mail_server.port, security=Security.IMPLICIT, timeout_seconds=0.5).check()


def test_signing_in_works_and_a_wrong_password_is_our_settings(signing_in: MailServer) -> None:
    with closing(channel_to(signing_in.port, username="ours", password="right")) as right:
        right.check()
        right.send(email())
    wrong = channel_to(signing_in.port, username="ours", password="wrong")
    with pytest.raises(Unavailable) as caught:
        wrong.send(email())
    assert caught.value.cause is Cause.OUR_SETTINGS
    assert len(signing_in.mailbox.raw) == 1


def test_a_server_without_sign_in_is_our_settings(mail_server: MailServer) -> None:
    with pytest.raises(Unavailable) as caught:
        channel_to(mail_server.port, username="ours", password="right").check()
    assert caught.value.cause is Cause.OUR_SETTINGS


def test_the_password_shows_in_no_repr() -> None:
    assert "right" not in repr(SmtpSettings("mail.example", DOMAIN, username="ours", password="right"))
