"""What a guarded fetch goes to, for how long, for how much; and that nobody is led inside by a name or a redirect."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notifications.destinations import Guard, NotRead, Unacceptable, Unreachable, checked, is_public, looked_at
from notifications.guarded import Request, fetch
from tests.notifications import diary_server
from tests.notifications.certificates import make_certificate
from tests.notifications.diary_server import CALENDAR, DiaryServer, says, sends_on


@pytest.fixture(scope="module")
def running() -> Iterator[DiaryServer]:
    server = DiaryServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(running: DiaryServer) -> DiaryServer:
    running.pages = {"/diary.ics": diary_server.published}
    running.seen.clear()
    return running


def guard(server: DiaryServer, **changes: Any) -> Guard:
    facts: dict[str, Any] = {"allowed_hosts": frozenset({server.host}), "plain_http": True, "seconds": 5.0}
    return Guard(**facts | changes)


def reason(url: str, rules: Guard) -> str:
    with pytest.raises(NotRead) as caught:
        fetch(Request(url), rules)
    return caught.value.reason


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254",
        "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.8"]
)
def test_no_way_of_writing_a_private_address_is_let_through(host: str) -> None:
    assert "private network" in reason(f"https://{host}/diary.ics", Guard())


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _names("93.184.215.14", "10.0.0.8"))
    assert "private network" in reason("https://calendar.example/diary.ics", Guard())


def test_the_name_is_asked_once_and_that_very_address_connected_to(
    server: DiaryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.server_port
    asked: list[str] = []
    answers = iter(["127.0.0.1", "10.0.0.8"])

    def rebinding(host: str, *_: Any, **__: Any) -> list[Any]:
        if host.endswith(".example"):
            asked.append(host)
            return _named(next(answers), port)
        return real(host, *_, **__)

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    rules = guard(server, allowed_hosts=frozenset({"calendar.example"}))
    assert fetch(Request(f"http://calendar.example:{port}/diary.ics"), rules).body == CALENDAR
    assert asked == ["calendar.example"]
    assert server.seen[0][1]["Host"] == f"calendar.example:{port}"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://calendar.example/x", "file:///etc/passwd", "https://", "https:///x", "nonsense", "https://[::1/x",
        "https://calendar.example:99999/", "https://someone:secret@calendar.example/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(Unacceptable):
        checked(url, Guard())


def test_http_is_refused_where_it_is_not_allowed_for_that_very_server(server: DiaryServer) -> None:
    assert "https://" in reason(server.url("/diary.ics"), guard(server, plain_http=False))
    assert "https://" in reason(server.url("/diary.ics"), guard(server, allowed_hosts=frozenset({"other.example"})))


def test_a_redirect_is_followed_and_checked_like_the_first_address(server: DiaryServer) -> None:
    server.pages["/old"] = sends_on("/diary.ics")
    assert fetch(Request(server.url("/old")), guard(server)).body == CALENDAR
    for inside in ("https://127.0.0.1:1/secret", "https://169.254.169.254/latest/meta-data", "https://[::1]/x"):
        server.pages["/inside"] = sends_on(inside)
        assert "private network" in reason(server.url("/inside"), guard(server))
    server.pages["/file"] = sends_on("file:///etc/passwd")
    assert "not a web address" in reason(server.url("/file"), guard(server))


def test_redirects_in_a_circle_end(server: DiaryServer) -> None:
    server.pages["/round"] = sends_on("/round")
    assert "without end" in reason(server.url("/round"), guard(server))
    assert len(server.seen) == 4


def test_a_password_is_not_shown_to_another_server(server: DiaryServer) -> None:
    other = DiaryServer()
    other.start()
    try:
        server.pages["/here"] = sends_on("/diary.ics")
        server.pages["/there"] = sends_on(other.url("/diary.ics"))
        rules = guard(server, allowed_hosts=frozenset({server.host, other.host}))
        for path in ("/here", "/there"):
            fetch(Request(server.url(path), username="mash", password="secret"), rules)
        assert all("Authorization" in headers for _, headers in server.seen)
        assert [("Authorization" in headers) for _, headers in other.seen] == [False]
    finally:
        other.stop()


def test_a_body_without_end_is_left_at_the_bound(server: DiaryServer) -> None:
    server.pages["/endless"] = diary_server.endless
    assert "too large" in reason(server.url("/endless"), guard(server, most_bytes=1024 * 1024))


def test_a_small_answer_that_unpacks_to_much_is_left_at_the_bound(server: DiaryServer) -> None:
    packed = diary_server.bomb(20 * 1024 * 1024)
    assert len(packed) < 64 * 1024
    server.pages["/bomb"] = says(packed, Content_Encoding="gzip")
    assert "larger than" in reason(server.url("/bomb"), guard(server))


def test_a_packed_answer_is_unpacked(server: DiaryServer) -> None:
    server.pages["/packed"] = says(gzip.compress(CALENDAR), Content_Encoding="gzip")
    assert fetch(Request(server.url("/packed")), guard(server)).body == CALENDAR


@pytest.mark.parametrize("coding", ["br", "gzip, gzip"])
def test_an_answer_packed_otherwise_is_refused(server: DiaryServer, coding: str) -> None:
    server.pages["/odd"] = says(CALENDAR, Content_Encoding=coding)
    assert "packs" in reason(server.url("/odd"), guard(server))


def test_a_server_that_drips_is_left_when_the_whole_time_is_over(server: DiaryServer) -> None:
    server.pages["/slow"] = diary_server.dripping
    began = time.monotonic()
    assert "too long" in reason(server.url("/slow"), guard(server, seconds=0.4))
    assert time.monotonic() - began < 4


def test_an_answer_that_stops_in_the_middle_is_no_answer(server: DiaryServer) -> None:
    server.pages["/half"] = diary_server.half
    with pytest.raises(Unreachable, match="middle"):
        fetch(Request(server.url("/half")), guard(server))


def test_a_server_that_is_not_there_may_come_back(free_port: int) -> None:
    rules = Guard(allowed_hosts=frozenset({"127.0.0.1"}), plain_http=True)
    with pytest.raises(Unreachable, match="cannot be reached"):
        fetch(Request(f"http://127.0.0.1:{free_port}/"), rules)


def test_a_server_that_speaks_no_tls_is_not_asked_without(server: DiaryServer) -> None:
    rules = guard(server)
    assert "cannot be reached" in reason(f"https://{server.host}/diary.ics", rules)
    assert server.seen == []


def test_the_name_must_be_proved_though_the_number_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    server = DiaryServer(certificate.context)
    server.start()
    monkeypatch.setattr(socket, "getaddrinfo", _only_here(socket.getaddrinfo))
    try:
        trusting = ssl.create_default_context(cafile=str(certificate.file))
        hosts = frozenset({"calendar.example", "other.example"})
        rules = Guard(allowed_hosts=hosts, tls=trusting)
        address = f"https://calendar.example:{server.server_port}/diary.ics"
        assert fetch(Request(address), rules).body == CALENDAR
        assert "prove who it is" in reason(address.replace("calendar", "other", 1), rules)
        assert "prove who it is" in reason(address, Guard(allowed_hosts=hosts))
    finally:
        server.stop()


def test_no_reason_holds_the_address(server: DiaryServer) -> None:
    server.pages["/secret-token"] = says(b"", Content_Encoding="br")
    assert "secret-token" not in reason(server.url("/secret-token"), guard(server))
    assert server.host not in reason(server.url("/secret-token"), guard(server))


def _only_here(real: Any) -> Any:
    """Every name ending in .example stands for this machine."""
    return lambda host, *rest, **more: real("127.0.0.1" if host.endswith(".example") else host, *rest, **more)


def _named(address: str, port: int) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]


def _names(*addresses: str) -> Any:
    return lambda host, port, *_, **__: [one for address in addresses for one in _named(address, port)]


def test_a_name_system_that_does_not_answer_costs_no_more_than_the_time_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: ended.wait(20) and [])
    before = time.monotonic()
    assert reason("https://diary.example/diary.ics", Guard(seconds=0.2)) == "The server took too long to answer."
    assert time.monotonic() - before < 10
    ended.set()


@pytest.mark.parametrize("url", ["http://a.example/", "https://10.1.2.3/", "https://[fe80::1]/", "https://localhost/"])
def test_what_is_refused_as_written_is_refused_with_the_same_words_when_it_is_fetched(url: str) -> None:
    with pytest.raises(Unacceptable) as written:
        looked_at(url, Guard())
    assert reason(url, Guard()) == written.value.reason


def test_a_name_is_not_asked_for_to_look_at_an_address() -> None:
    assert looked_at("https://nowhere.invalid/a.ics?b", Guard()) == ("https", "nowhere.invalid", 443, "/a.ics?b")
    allowed = Guard(frozenset({"10.1.2.3"}), plain_http=True)
    assert looked_at("http://10.1.2.3/", allowed)[0] == "http"
