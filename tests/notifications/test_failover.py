"""Several providers for one kind: who is asked, who is passed over for how long, and which failure is told."""

from datetime import datetime, timedelta

import pytest

from notifications.channel import NotSent, Rejected, Sent, Unavailable
from notifications.failover import CalendarApart, Failover
from notifications.memory import MemoryChannel
from notifications.messages import Sms
from notifications.outcomes import Cause, Fault
from tests.notifications.samples import NOW, calendar, email, sms


class Provider(MemoryChannel):
    """A memory channel with a name, which counts how often it was asked and may fail every time."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.asked = 0
        self.failing: NotSent | None = None

    def send(self, message: Sms) -> Sent:  # type: ignore[override]  # texts alone
        self.asked += 1
        if self.failing is not None:
            raise self.failing
        return super().send(message)


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


def down(cause: Cause = Cause.PROVIDER, wait: timedelta | None = None) -> Unavailable:
    return Unavailable(Fault(cause, "Down"), retry_after=wait)


def refused(cause: Cause) -> Rejected:
    return Rejected(Fault(cause, "Refused"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def first() -> Provider:
    return Provider("first")


@pytest.fixture
def second() -> Provider:
    return Provider("second")


@pytest.fixture
def both(first: Provider, second: Provider, clock: Clock) -> Failover[Sms]:
    return Failover([first, second], clock)


def test_the_first_is_asked_and_the_reference_tells_who_took_it(
    both: Failover[Sms], first: Provider, second: Provider
) -> None:
    assert both.send(sms()).reference == "first:memory-1"
    first.failing = down()
    assert both.send(sms()).reference == "second:memory-1"
    assert (both.name, second.asked) == ("first,second", 1)


@pytest.mark.parametrize("cause", [Cause.PROVIDER, Cause.OUR_SETTINGS])
def test_a_dead_first_provider_is_passed_over_for_a_minute_then_tried_once(
    both: Failover[Sms], first: Provider, second: Provider, clock: Clock, cause: Cause
) -> None:
    first.failing = down(cause)
    for _ in range(5):
        both.send(sms())
    assert (first.asked, second.asked) == (1, 5)
    clock.at += timedelta(seconds=61)
    both.send(sms())
    both.send(sms())
    assert (first.asked, second.asked) == (2, 7)
    clock.at += timedelta(seconds=61)
    first.failing = None
    assert both.send(sms()).reference.startswith("first:")
    assert both.send(sms()).reference.startswith("first:")


def test_while_one_message_tries_it_again_the_others_go_on_passing_it(
    both: Failover[Sms], first: Provider, clock: Clock
) -> None:
    first.failing = down()
    both.send(sms())
    clock.at += timedelta(seconds=61)
    assert [part.name for part in both._in_order()] == ["first", "second"]
    assert [part.name for part in both._in_order()] == ["second", "first"]


def test_a_busy_first_provider_is_asked_again_for_the_next_message(both: Failover[Sms], first: Provider) -> None:
    first.fail_next(down(Cause.BUSY))
    assert both.send(sms()).reference.startswith("second:")
    assert both.send(sms()).reference.startswith("first:")


@pytest.mark.parametrize(("asked", "aside"), [(90, 90), (9_000, 600), (1, 60)])
def test_a_provider_that_asks_for_a_wait_is_given_it_within_bounds(
    both: Failover[Sms], first: Provider, clock: Clock, asked: int, aside: int
) -> None:
    first.fail_next(down(wait=timedelta(seconds=asked)))
    both.send(sms())
    clock.at += timedelta(seconds=aside - 1)
    assert both.send(sms()).reference.startswith("second:")
    clock.at += timedelta(seconds=2)
    assert both.send(sms()).reference.startswith("first:")


def test_with_all_down_one_that_came_back_is_found(both: Failover[Sms], first: Provider, second: Provider) -> None:
    first.failing = second.failing = down()
    with pytest.raises(Unavailable):
        both.send(sms())
    second.failing = None
    assert both.send(sms()).reference.startswith("second:")


@pytest.mark.parametrize("cause", [Cause.NO_SUCH_ADDRESS, Cause.NOT_A_MOBILE, Cause.OPTED_OUT])
def test_nobody_else_is_asked_about_a_dead_address_or_a_stop(
    both: Failover[Sms], first: Provider, second: Provider, cause: Cause
) -> None:
    first.failing = refused(cause)
    with pytest.raises(Rejected) as caught:
        both.send(sms())
    assert (caught.value.cause, second.asked) == (cause, 0)


@pytest.mark.parametrize("cause", [Cause.CONTENT, Cause.REFUSED, Cause.UNKNOWN])
def test_what_one_refuses_for_reasons_of_its_own_another_may_take(
    both: Failover[Sms], first: Provider, second: Provider, cause: Cause
) -> None:
    first.failing = refused(cause)
    assert both.send(sms()).reference.startswith("second:")
    second.failing = refused(Cause.UNKNOWN)
    with pytest.raises(Rejected) as caught:
        both.send(sms())
    assert caught.value.cause is cause


@pytest.mark.parametrize(
    ("one", "other", "cause", "wait"),
    [
        (down(wait=timedelta(seconds=9)), down(Cause.BUSY, timedelta(seconds=5)), Cause.BUSY, timedelta(seconds=5)),
        (down(wait=timedelta(seconds=9)), down(Cause.BUSY), Cause.BUSY, None),
        (refused(Cause.UNKNOWN), down(), Cause.PROVIDER, None),
        (down(), refused(Cause.UNKNOWN), Cause.PROVIDER, None),
        (down(Cause.OUR_SETTINGS), down(), Cause.OUR_SETTINGS, None),
    ],
)
def test_as_long_as_any_may_take_it_later_it_waits(
    both: Failover[Sms],
    first: Provider,
    second: Provider,
    one: NotSent,
    other: NotSent,
    cause: Cause,
    wait: timedelta | None,
) -> None:
    first.failing, second.failing = one, other
    with pytest.raises(Unavailable) as caught:
        both.send(sms())
    assert (caught.value.cause, caught.value.retry_after) == (cause, wait)


def test_a_dead_address_found_by_the_second_ends_the_message(
    both: Failover[Sms], first: Provider, second: Provider
) -> None:
    first.failing, second.failing = down(), refused(Cause.NO_SUCH_ADDRESS)
    with pytest.raises(Rejected) as caught:
        both.send(sms())
    assert caught.value.dead_address


def test_a_calendar_part_goes_one_way_and_plain_mail_the_other() -> None:
    by_server, by_notify = MemoryChannel(), MemoryChannel()
    mail = CalendarApart(by_server, by_notify)
    mail.send(email(id="m-1", calendar=calendar()))
    mail.send(email(id="m-2"))
    assert ([one.id for one in by_server.sent], [one.id for one in by_notify.sent]) == (["m-1"], ["m-2"])
