"""States by rank, and providers' codes as ours."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import twilio_codes
from notifications.channel import Rejected, Unavailable
from notifications.outcomes import Cause, Fault, State, later, rank
from notifications.smtp_codes import Stage, enhanced, problem
from strategy.vocabulary import MessageState
from strategy.vocabulary.message import MESSAGE_MOVES

WORDS = {State(word.value): word for word in MessageState}
STATES = st.sampled_from(list(State))
REPORTS = st.lists(st.sampled_from(sorted(set(twilio_codes.STATES.values()), key=rank)), max_size=8)


@given(st.data(), REPORTS)
def test_any_order_and_repetition_of_reports_ends_the_same(data: st.DataObject, reports: list[State]) -> None:
    shuffled = data.draw(st.permutations(reports + reports[:2]))
    assert reduce(later, reports, State.SENDING) == reduce(later, shuffled, State.SENDING)


@given(STATES, STATES)
def test_a_report_never_takes_a_message_back(current: State, reported: State) -> None:
    assert rank(later(current, reported)) >= rank(current)
    assert later(later(current, reported), reported) == later(current, reported)


def test_the_order_is_that_of_a_messages_life() -> None:
    assert sorted(State, key=rank) == [
        State.QUEUED,
        State.SENDING,
        State.SENT,
        State.DELIVERED,
        State.BOUNCED,
        State.FAILED,
        State.VOIDED,
    ]


def test_the_states_are_the_vocabularys() -> None:
    assert {state.value for state in State} == {state.value for state in MessageState}


@given(REPORTS)
def test_reports_make_only_moves_a_message_may_make(reports: list[State]) -> None:
    state = State.SENDING
    for reported in reports:
        after = later(state, reported)
        assert after == state or WORDS[after] in MESSAGE_MOVES[WORDS[state]]
        state = after


@pytest.mark.parametrize(
    ("code", "cause", "dead", "retry"),
    [
        ("21211", Cause.NO_SUCH_ADDRESS, True, False),
        ("21614", Cause.NOT_A_MOBILE, True, False),
        ("30006", Cause.NOT_A_MOBILE, True, False),
        ("21610", Cause.OPTED_OUT, True, False),
        ("30003", Cause.UNREACHABLE, False, False),
        ("30004", Cause.REFUSED, False, False),
        ("30005", Cause.NO_SUCH_ADDRESS, True, False),
        ("30007", Cause.REFUSED, False, False),
        ("20429", Cause.BUSY, False, True),
        ("20003", Cause.OUR_SETTINGS, False, True),
        ("99999", Cause.UNKNOWN, False, False),
    ],
)
def test_a_twilio_code_has_a_cause(code: str, cause: Cause, dead: bool, retry: bool) -> None:
    found = twilio_codes.fault(code)
    assert (found.cause, found.dead_address, found.retry) == (cause, dead, retry)


@pytest.mark.parametrize(
    ("status", "cause"),
    [(429, Cause.BUSY), (500, Cause.PROVIDER), (503, Cause.PROVIDER), (401, Cause.OUR_SETTINGS), (400, Cause.UNKNOWN)],
)
def test_an_unknown_twilio_code_is_judged_by_its_http_status(status: int, cause: Cause) -> None:
    assert twilio_codes.fault(77777, status).cause is cause


@pytest.mark.parametrize(
    ("code", "text", "stage", "cause"),
    [
        (550, b"5.1.1 no such user", Stage.RECIPIENT, Cause.NO_SUCH_ADDRESS),
        (550, b"No such user", Stage.RECIPIENT, Cause.NO_SUCH_ADDRESS),
        (556, b"5.1.10 null MX", Stage.RECIPIENT, Cause.NO_SUCH_ADDRESS),
        (550, b"5.2.1 closed", Stage.RECIPIENT, Cause.NO_SUCH_ADDRESS),
        (550, b"5.7.1 policy", Stage.RECIPIENT, Cause.REFUSED),
        (550, b"spam", Stage.DATA, Cause.REFUSED),
        (554, b"5.7.26 unauthenticated", Stage.DATA, Cause.REFUSED),
        (552, b"5.2.2 over quota", Stage.RECIPIENT, Cause.MAILBOX_FULL),
        (552, b"5.3.4 too big", Stage.SENDER, Cause.CONTENT),
        (552, b"too big", Stage.DATA, Cause.CONTENT),
    ],
)
def test_a_permanent_smtp_reply_rejects_the_message(code: int, text: bytes, stage: Stage, cause: Cause) -> None:
    found = problem(code, text, stage)
    assert isinstance(found, Rejected)
    assert found.cause is cause
    assert found.dead_address is (cause is Cause.NO_SUCH_ADDRESS)


@pytest.mark.parametrize(
    ("code", "text", "stage", "cause"),
    [
        (450, b"4.2.0 greylisted", Stage.RECIPIENT, Cause.BUSY),
        (452, b"4.2.2 mailbox full", Stage.RECIPIENT, Cause.BUSY),
        (421, b"closing", Stage.CONNECT, Cause.BUSY),
        (454, b"4.7.0 try later", Stage.SIGN_IN, Cause.BUSY),
        (535, b"5.7.8 bad credentials", Stage.SIGN_IN, Cause.OUR_SETTINGS),
        (530, b"5.7.0 must sign in", Stage.SENDER, Cause.OUR_SETTINGS),
        (553, b"5.7.1 not your address", Stage.SENDER, Cause.OUR_SETTINGS),
        (550, b"5.1.8 bad sender domain", Stage.RECIPIENT, Cause.OUR_SETTINGS),
        (554, b"no service", Stage.CONNECT, Cause.PROVIDER),
    ],
)
def test_an_smtp_reply_about_us_or_for_now_keeps_the_message(
    code: int, text: bytes, stage: Stage, cause: Cause
) -> None:
    found = problem(code, text, stage)
    assert isinstance(found, Unavailable)
    assert found.cause is cause


@pytest.mark.parametrize(
    ("text", "status"),
    [(b"5.1.1 x", "5.1.1"), (b" 4.7.12", "4.7.12"), (b"x 5.1.1", None), (b"55.1.1", None), (b"", None)],
)
def test_an_enhanced_code_stands_at_the_start_of_a_reply(text: bytes, status: str | None) -> None:
    assert enhanced(text) == status


def test_every_reason_is_a_sentence_for_staff() -> None:
    for fault in twilio_codes.FAULTS.values():
        assert isinstance(fault, Fault)
        assert fault.reason[0].isupper()
        assert not fault.reason.endswith(".")
