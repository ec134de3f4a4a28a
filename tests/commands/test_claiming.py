"""Claiming: in small batches along an index, texts in turns, nothing for a provider that is down but a probe."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy import text as sql

from strategy.act import Act
from strategy.commands import circuits, claiming, messages, sending
from strategy.commands.circuits import FAILURES, PROBE_EVERY
from strategy.commands.messages import Recipient
from strategy.commands.sending import Outcome
from strategy.db import db
from strategy.models import Circuit, Discussion, Message
from strategy.queries import outbox
from strategy.queries.outgoing import Outgoing
from strategy.vocabulary import MessageChannel, MessageReason, MessageState, Via
from tests.convened import BOOKED_AT, invited

PHONE = "+447700900001"
DOWN = "The SMS provider cannot be reached"


def worker(seconds: float = 0) -> Act:
    return Act(by="Strategy discussions", at=BOOKED_AT + timedelta(seconds=seconds), via=Via.WORKER)


def text(discussion: Discussion, key: str, *, urgent: bool = False, phone: str = PHONE) -> Message:
    """One more text to the police desk."""
    desk = Recipient("MASH desk", None, phone)
    police = invited(discussion, "police")
    (message,) = messages.queue("chase", desk, police, MessageReason.CHASE, worker(), key=key, urgent=urgent)
    db.session.flush()
    return message


def alone(discussion: Discussion) -> None:
    """Nothing else lies in the outbox."""
    messages.void(worker(), discussion=discussion)


def claimed(seconds: float = 0, limit: int = 100) -> list[Outgoing]:
    return claiming.claim(limit, worker(seconds)).outgoing


def sent(outgoing: list[Outgoing], seconds: float = 0) -> None:
    for one in outgoing:
        assert sending.settle(one.id, one.attempt, Outcome(state=MessageState.SENT, told=True), worker(seconds))


def fail(times: int, seconds: float = 0, channel: MessageChannel = MessageChannel.SMS) -> bool:
    return [circuits.heard(channel, DOWN, worker(seconds)) for _ in range(times)][-1]


def test_wild_24_a_phone_gets_one_text_a_minute_and_the_others_wait_and_say_why(discussion: Discussion) -> None:
    alone(discussion)
    first, second = text(discussion, "1"), text(discussion, "2")
    batch = claiming.claim(100, worker())
    assert [one.id for one in batch.outgoing] == [first.id]
    assert batch.waiting == 1
    assert (second.state, second.attempt) == (MessageState.QUEUED, 0)
    assert second.waits_for is not None and "one text a minute" in second.waits_for
    assert list(outbox.waiting(discussion.authority_id)) == [second]
    sent(batch.outgoing)
    assert claimed(59) == []
    assert [one.id for one in claimed(60)] == [second.id]
    assert second.waits_for is None


def test_wild_24_five_in_a_quarter_of_an_hour_and_the_sixth_is_not_lost(discussion: Discussion) -> None:
    alone(discussion)
    six = [text(discussion, str(number)).id for number in range(6)]
    went: dict[int, int] = {}
    for minute in range(16):
        out = claimed(minute * 60)
        sent(out, minute * 60)
        went |= {one.id: minute for one in out}
    assert [went.get(number) for number in six] == [0, 1, 2, 3, 4, 15]


def test_wild_24_the_first_text_of_an_urgent_discussion_to_a_phone_jumps_the_queue(discussion: Discussion) -> None:
    alone(discussion)
    text(discussion, "routine")
    sent(claimed())
    waits = text(discussion, "waits")
    assert claimed(1) == []
    db.session.execute(update(Message).values(discussion_id=None))  # it was another discussion's
    urgent = text(discussion, "urgent", urgent=True)
    assert [one.id for one in claimed(2)] == [urgent.id]
    again = text(discussion, "again", urgent=True)
    assert claimed(3) == []  # the second of the same discussion waits like any other
    db.session.refresh(waits)
    assert {waits.state, again.state} == {MessageState.QUEUED}


def test_another_phone_does_not_wait(discussion: Discussion) -> None:
    alone(discussion)
    both = [text(discussion, "1").id, text(discussion, "2", phone="+447700900002").id]
    assert [one.id for one in claimed()] == both


def test_mail_knows_no_turns(discussion: Discussion) -> None:
    alone(discussion)
    desk, police = Recipient("MASH desk", "mash@police.example", None), invited(discussion, "police")
    for key in "123":
        messages.queue("chase", desk, police, MessageReason.CHASE, worker(), key=key)
    assert len(claimed()) == 3


def test_so_many_failures_in_a_row_make_a_channel_quiet_and_one_good_answer_ends_it(discussion: Discussion) -> None:
    alone(discussion)
    text(discussion, "1")
    assert not fail(FAILURES - 1)
    assert not circuits.heard(MessageChannel.SMS, None, worker())  # it answered: the count begins anew
    assert not fail(FAILURES - 1, 10)
    assert fail(1, 20)
    (quiet,) = outbox.quiet()
    assert (quiet.channel, quiet.words, quiet.since) == (MessageChannel.SMS, "Texts", worker(10).at)
    assert claimed(21) == []
    circuits.heard(MessageChannel.SMS, None, worker(22))
    assert outbox.quiet() == []
    assert len(claimed(23)) == 1


def test_while_a_provider_is_down_one_message_an_interval_tries_and_the_other_channel_goes_on(
    discussion: Discussion,
) -> None:
    texts = [one for one in db.session.query(Message) if one.channel is MessageChannel.SMS]
    mails = [one.id for one in db.session.query(Message) if one.channel is MessageChannel.EMAIL]
    fail(FAILURES)
    assert sorted(one.id for one in claimed(1)) == sorted(mails)
    later = PROBE_EVERY.total_seconds()
    probes = claimed(later)
    assert [(one.id, one.probe) for one in probes] == [(texts[0].id, True)]
    assert claimed(later + 1) == []  # the probe is under way, and no other sender tries as well


def test_a_probe_into_a_dead_provider_costs_no_attempt(discussion: Discussion) -> None:
    alone(discussion)
    message = text(discussion, "1")
    fail(FAILURES)
    for number in range(1, 30):
        moment = PROBE_EVERY.total_seconds() * number
        message.not_before = BOOKED_AT
        (probe,) = claimed(moment)
        assert probe.tries == 1
        failed = Outcome(state=MessageState.QUEUED, problem=DOWN, trouble=DOWN, excused=True)
        sending.settle(probe.id, probe.attempt, failed, worker(moment))
        fail(1, moment)
    assert (message.state, message.attempt - message.excused) == (MessageState.QUEUED, 0)


def test_an_urgent_message_waits_ten_minutes_for_a_dead_provider_and_no_longer(discussion: Discussion) -> None:
    alone(discussion)
    urgent, routine = text(discussion, "1", urgent=True), text(discussion, "2")
    fail(FAILURES)
    ten = outbox.PATIENCE.total_seconds()
    assert outbox.outwaited(worker(ten - 1).at) == {}
    ((number, words),) = outbox.outwaited(worker(ten).at).items()
    assert number == urgent.id and "Texts are not going out" in words
    assert sending.give_up(number, words, worker(ten))
    assert not sending.give_up(number, words, worker(ten))
    assert (urgent.state, routine.state) == (MessageState.FAILED, MessageState.QUEUED)
    assert invited(discussion, "police").undeliverable is False  # a chase: the invitee themselves were told otherwise


def test_what_was_claimed_and_not_begun_goes_back_as_if_never_taken(discussion: Discussion) -> None:
    alone(discussion)
    message = text(discussion, "1")
    claiming.put_back(claimed(), worker())
    db.session.refresh(message)
    assert (message.state, message.attempt, message.taken_at) == (MessageState.QUEUED, 0, None)
    assert len(claimed()) == 1


def test_a_claim_takes_no_more_than_it_was_asked_for_and_leaves_the_rest_untouched(discussion: Discussion) -> None:
    everything = db.session.query(Message).count()
    assert len(claimed(limit=2)) == 2
    db.session.expire_all()
    assert db.session.query(Message).filter_by(state=MessageState.QUEUED).count() == everything - 2


def test_the_claim_walks_its_index_and_sorts_nothing(discussion: Discussion) -> None:
    sqlite_here = db.session.connection().dialect.name == "sqlite"
    _settled(1_000)  # a planner that knows of a nearly empty table may take any way
    plan = "\n".join(_plan(BOOKED_AT, sqlite_here))
    assert "ix_messages_due" in plan, plan
    assert "SORT" not in plan.upper() and "TEMP B-TREE" not in plan.upper(), plan


def _settled(number: int) -> None:
    """So many messages more that went out long ago; the database knows how many of which there are."""
    model = db.session.query(Message).first()
    assert model is not None
    row = {column.key: getattr(model, column.key) for column in Message.__table__.columns if column.key != "id"}
    gone = {"state": MessageState.DELIVERED}
    db.session.execute(insert(Message), [row | gone | {"dedupe_key": f"settled/{one}"} for one in range(number)])
    db.session.execute(sql("ANALYZE messages"))


def _plan(now: datetime, sqlite_here: bool) -> list[str]:
    statement = claiming.due(MessageChannel.EMAIL, urgent=False, limit=20, now=now)
    dialect = db.session.connection().dialect
    written = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    if not sqlite_here:  # with a handful of rows any plan is as good as any other: ask which is possible
        db.session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        db.session.connection().exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    explain = "EXPLAIN QUERY PLAN " if sqlite_here else "EXPLAIN "
    return [str(row) for row in db.session.connection().exec_driver_sql(explain + written.replace("%", "%%"))]


def test_the_row_of_a_channel_is_made_once(discussion: Discussion) -> None:
    circuits.locked(MessageChannel.SMS)
    circuits.locked(MessageChannel.SMS)
    assert len(db.session.scalars(select(Circuit)).all()) == 1
