"""Each phone's own numbers: never two invitations with one at a phone within thirty days, whoever asks at once."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from strategy.act import Act
from strategy.commands import invitations, reply_codes
from strategy.db import db, transaction
from strategy.models import Discussion, Invitation, ReplyCode
from strategy.vocabulary import Via, WithdrawReason
from tests.cast import Cast
from tests.convened import BOOKED_AT, ENDS_AT, convene, invited, staff_act
from tests.texted import code, texts_to

PHONE = "+447700900321"  # nobody's yet


def act(at: datetime = BOOKED_AT) -> Act:
    return Act(by="tests", at=at, via=Via.COMMAND_LINE)


def test_a_phone_keeps_its_number_for_an_invitation(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    first = reply_codes.give(PHONE, "Desk", police, act())
    assert first is not None and 10 <= first <= 99
    assert reply_codes.give(PHONE, "Desk", police, act(BOOKED_AT + timedelta(hours=1))) == first


def test_two_invitations_of_one_phone_have_two_numbers(discussion: Discussion) -> None:
    given = [reply_codes.give(PHONE, "Desk", one, act()) for one in discussion.invitations]
    assert len(set(given)) == len(given) > 2


def test_a_number_comes_back_thirty_days_after_the_discussion_and_no_sooner(discussion: Discussion, cast: Cast) -> None:
    """Domain, section 12: whatever became of the invitation."""
    police, health = invited(discussion, "police"), invited(discussion, "health-0-19")
    number = reply_codes.give(PHONE, "Desk", police, act())
    hold(set(range(10, 1000)) - {number}, police, BOOKED_AT + timedelta(days=365))
    invitations.withdraw(police, WithdrawReason.WRONG_ONE, staff_act(cast))
    just_before = act(ENDS_AT + reply_codes.KEPT - timedelta(seconds=1))
    assert reply_codes.give(PHONE, "Desk", health, just_before) is None
    assert reply_codes.give(PHONE, "Desk", health, act(ENDS_AT + reply_codes.KEPT)) == number


def test_three_digits_when_two_are_used_up(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    hold(set(range(10, 100)), police, BOOKED_AT + timedelta(days=31))
    given = reply_codes.give(PHONE, "Desk", police, act())
    assert given is not None and 100 <= given <= 999


def hold(numbers: set[int], of: Invitation, until: datetime) -> None:
    """Other invitations have these numbers at the phone."""
    for number in sorted(numbers):
        db.session.add(
            ReplyCode(
                phone=PHONE,
                number=number,
                invitation=_copy(of),
                to_name="Desk",
                given_at=BOOKED_AT,
                free_from=until,
                asked_again=False,
            )
        )
    db.session.flush()


def _copy(of: Invitation) -> Invitation:
    """Another invitation like that one."""
    own = {"id", "token_hash", "mail_token_hash"}
    columns = {key.key: getattr(of, key.key) for key in of.__mapper__.column_attrs if key.key not in own}
    return Invitation(**columns)


def test_wild_24_who_cannot_reply_is_asked_for_no_reply(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the wild, 24: a sender that is a name cannot be answered."""
    monkeypatch.setitem(app.config, "TEXTS_ANSWERED", False)
    with transaction("tests", Via.COMMAND_LINE):
        police = invited(convene(cast), "police")
        said = texts_to(police.phone or "")[-1].text
        assert "Reply" not in said and "Answer by" in said and db.session.query(ReplyCode).count() == 0


def test_our_own_people_answer_behind_sign_in(discussion: Discussion) -> None:
    ours = [one for one in discussion.invitations if one.user_id is not None]
    assert (
        ours and not db.session.query(ReplyCode).filter(ReplyCode.invitation_id.in_([one.id for one in ours])).count()
    )


def test_two_who_ask_at_once_never_share_a_number(app: Flask, cast: Cast) -> None:
    """Two workers give one phone numbers for invitations whose numbers would begin at the same place."""
    with transaction("tests", Via.COMMAND_LINE):
        police = invited(convene(cast), "police")
        db.session.add_all([_copy(police) for _ in range(90)])
        db.session.flush()
        ids = [police.id, police.id + 90]  # ninety apart: both begin with the same number
    given = at_once(app, ids)
    assert len(given) == 2 and None not in given and len(set(given)) == 2


def test_two_who_ask_for_the_same_invitation_at_once_get_the_same_number(app: Flask, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        police_id = invited(convene(cast), "police").id
    given = at_once(app, [police_id, police_id])
    assert len(given) == 2 and None not in given and len(set(given)) == 1


def at_once(app: Flask, invitation_ids: list[int]) -> list[int | None]:
    """What two transactions are given that ask in the same moment; SQLite lets one writer in at a time."""
    together, given = Barrier(2), list[int | None]()

    def ask(invitation_id: int) -> None:
        with app.app_context(), transaction("tests", Via.COMMAND_LINE) as now:
            found = db.session.get(Invitation, invitation_id)
            assert found is not None
            if db.session.connection().dialect.name == "postgresql":
                together.wait(10)
            given.append(reply_codes.give(PHONE, "Desk", found, now))

    threads = [Thread(target=ask, args=(one,)) for one in invitation_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return given


def test_a_text_again_extends_how_long_the_number_is_held(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    number = code(police)
    later = BOOKED_AT + timedelta(days=20)
    assert reply_codes.give(police.phone or "", "Desk", police, act(later)) == number
    held = db.session.scalar(select(ReplyCode).where(ReplyCode.phone == police.phone, ReplyCode.number == number))
    assert held is not None and held.free_from == later + reply_codes.KEPT
