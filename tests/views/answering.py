"""Holds what tests of a partner's link share: an answer, and how to find the police's invitation and its link."""

from strategy.db import db, transaction
from strategy.keys import keys
from strategy.models import Discussion, Invitation
from strategy.vocabulary import Attendance, DiscussionState, Via
from tests.convened import ENDS_AT, STARTS_AT, invited

JO = {"by_name": "Jo Sample", "by_role": "Detective Constable", "response": "attend"}


def discussion_of(discussion_id: int) -> Discussion:
    db.session.rollback()
    return db.session.get_one(Discussion, discussion_id)


def police_of(discussion_id: int) -> Invitation:
    return invited(discussion_of(discussion_id), "police")


def token_of(discussion_id: int) -> str:
    police = police_of(discussion_id)
    return keys().token(police.id, police.generation)


def police_id(convened: int) -> int:
    return next(one.id for one in db.session.get_one(Discussion, convened).invitations if one.role == "police")


def mark_absent(convened: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        held = db.session.get_one(Discussion, convened)
        held.state, held.started_at, held.ended_at = DiscussionState.HELD, STARTS_AT, ENDS_AT
        invited(held, "police").attendance = Attendance.DID_NOT_ATTEND
