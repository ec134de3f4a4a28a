"""Out of a desk's hours whoever stands in for it is asked, locked and told; back in its hours, the desk itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from strategy.act import Act, Refused
from strategy.commands import booking, changes, implicated, invitations
from strategy.commands.changes import Occasion
from strategy.commands.implicated import Whom
from strategy.commands.inviting import Invitee
from strategy.commands.lines import NOTHING
from strategy.db import db, transaction
from strategy.models import Agency, Contact, Desk, Discussion, Invitation
from strategy.policy import calendar_of
from strategy.queries import proposals, sharing, standing_in
from strategy.queries.availability import Wanted
from strategy.queries.proposals import Shape
from strategy.rules.slots import propose
from strategy.vocabulary import InvitationState, Mode, Sector, Via
from tests.cast import ALWAYS, OFFICE, Cast
from tests.commands.stories import plan, waiting_child
from tests.convened import queued, send_everything, staff_act

ActMaker = Callable[..., Act]
EVENING = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)  # a Thursday
EIGHT = EVENING + timedelta(minutes=90)
MORNING = datetime(2026, 11, 27, 10, tzinfo=UTC)
LENGTH = timedelta(minutes=45)
ROOM = "https://video.example/room"


@pytest.fixture
def night_desk(cast: Cast) -> Desk:
    """The police desk keeps office hours, and another answers at night."""
    with transaction("tests", Via.COMMAND_LINE):
        cast.police_desk.hours, agency = OFFICE, cast.police_desk.agency
        cast.health_desk.hours = ALWAYS
        return _cover(cast.police_desk, agency, "Out-of-hours desk", "night@police.example", "+447700900099")


def _cover(desk: Desk, agency: Agency, name: str, email: str, phone: str) -> Desk:
    desk.out_of_hours = Desk(agency=agency, name=name, roles=[], email=email, phone=phone, hours=ALWAYS, lines=1)
    db.session.flush()
    return desk.out_of_hours


def _contact(cast: Cast, act: ActMaker, case: str = "4471-A") -> Contact:
    return waiting_child(cast, act(at=EVENING), "immediate-risk", case=case)


def _asked(cast: Cast) -> tuple[Invitee, ...]:
    return Invitee("police", True, desk=cast.police_desk), Invitee("health-0-19", True, desk=cast.health_desk)


def _book(cast: Cast, act: ActMaker, starts_at: datetime, case: str = "4471-A") -> Discussion:
    wanted = plan(cast, EVENING, starts_at=starts_at, ends_at=starts_at + LENGTH, invitees=_asked(cast))
    late = "no-chair" if starts_at > EVENING + timedelta(hours=2) else None
    contact = _contact(cast, act, case)
    return booking.book(
        contact, replace(wanted, late_reason=late, alongside=NOTHING), cast.social_worker, act(at=EVENING)
    )


def _move(discussion: Discussion, cast: Cast, starts_at: datetime, at: datetime) -> None:
    to = Occasion(starts_at, starts_at + LENGTH, Mode.VIDEO, ROOM)
    changes.move(discussion, to, "other", discussion.revision, staff_act(cast, at))


def _police(discussion: Discussion) -> list[Invitation]:
    return [one for one in discussion.invitations if one.role == "police"]


def test_a_time_in_the_evening_is_proposed_with_the_desk_that_answers_then(
    cast: Cast, act: ActMaker, night_desk: Desk
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        contact = _contact(cast, act)
        wanted = proposals.covered([Wanted("police", "Police", "MASH desk", True, desk=cast.police_desk)], contact)
        found = propose(proposals.for_contact(contact, wanted, (), Shape(LENGTH, Mode.PHONE), EVENING))
        assert found.fits and found.slots[0].everyone
        assert [one.cover.name for one in found.slots[0].covered] == ["Exampleshire Police: Out-of-hours desk"]


def test_the_invitation_goes_to_the_desk_that_answers_at_the_time_of_the_discussion(
    cast: Cast, act: ActMaker, night_desk: Desk
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        [police] = _police(_book(cast, act, EIGHT))
        assert (police.desk, police.stands_in_for) == (night_desk, cast.police_desk)
        assert police.email == "night@police.example"
        assert {message.address for message in queued(police, "invite")} == {"night@police.example", "+447700900099"}
        [by_day] = _police(_book(cast, act, MORNING, "4480-C"))
        assert (by_day.desk, by_day.stands_in_for) == (cast.police_desk, None)


def test_the_line_that_is_locked_is_the_desk_that_is_really_asked(cast: Cast, act: ActMaker, night_desk: Desk) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        cast.health_desk.lines = 2
        _book(cast, act, EIGHT)
        with pytest.raises(Refused, match="Out-of-hours desk is asked to"):
            _book(cast, act, EIGHT, "4480-C")
        db.session.rollback()


def test_moved_into_its_hours_the_desk_is_asked_and_the_other_told_it_is_off(
    cast: Cast, act: ActMaker, night_desk: Desk
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        discussion = _book(cast, act, EIGHT)
        send_everything()
        _move(discussion, cast, MORNING, EVENING + timedelta(minutes=5))
        before, now = _police(discussion)
        assert (before.state, before.replaced_by) == (InvitationState.WITHDRAWN, now)
        assert (now.desk, now.stands_in_for, now.state) == (cast.police_desk, None, InvitationState.INVITED)
        off = queued(before, "cancel")
        assert off and all("26 Nov" in message.text for message in off)
        assert any("27 Nov" in message.text for message in queued(now, "invite"))
        _move(discussion, cast, MORNING + timedelta(hours=10), EVENING + timedelta(minutes=6))
        again = _police(discussion)[-1]
        assert (again.desk, again.stands_in_for) == (night_desk, cast.police_desk)
        wanted = proposals.wanted_of(discussion)
        assert {one.desk for one in wanted if one.role == "police"} == {cast.police_desk}


def test_whoever_is_implicated_never_stands_in_and_the_next_of_the_line_does(
    cast: Cast, act: ActMaker, night_desk: Desk
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        elsewhere = Agency(authority=cast.authority, name="Exampleshire Out of Hours", sector=Sector.POLICE)
        db.session.add(elsewhere)
        last = _cover(night_desk, elsewhere, "Duty line", "duty@hours.example", "+447700900088")
        contact = _contact(cast, act)
        calendar = calendar_of(contact.policy.text)
        assert standing_in.right(cast.police_desk, contact, EIGHT, EIGHT + LENGTH, calendar) is night_desk
        implicated.name(contact, Whom(desk=night_desk), "Named by the family", act(at=EVENING))
        assert standing_in.right(cast.police_desk, contact, EIGHT, EIGHT + LENGTH, calendar) is last
        elsewhere.active = False
        assert standing_in.right(cast.police_desk, contact, EIGHT, EIGHT + LENGTH, calendar) is cast.police_desk


def test_somebody_added_is_the_desk_that_answers_then_and_a_replacement_whoever_was_chosen(
    cast: Cast, act: ActMaker, night_desk: Desk
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        discussion = _book(cast, act, EIGHT)
        with pytest.raises(Refused, match="already invited"):
            invitations.add(discussion, _asked(cast)[0], act(at=EVENING))
        new = invitations.replace(_police(discussion)[0], _asked(cast)[0], act(at=EVENING))
        assert (new.desk, new.stands_in_for) == (cast.police_desk, None)


def test_the_plan_for_all_who_wait_knows_who_stands_in(cast: Cast, act: ActMaker, night_desk: Desk) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        _contact(cast, act)
        _contact(cast, act, "4480-C")
        cast.health_desk.lines = 2
    places = sharing.plan(cast.authority.id, EVENING)
    assert [one.starts_at for one in places] == [EVENING + timedelta(minutes=15), EVENING + timedelta(minutes=60)]
