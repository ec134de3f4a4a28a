"""Tells agencies that a signed record can be read, and takes that they have read it. What is in it is record.py's."""

from notifications.addresses import display_phone
from strategy.act import Act, Refused
from strategy.commands import events, messages, recipients
from strategy.db import db
from strategy.models import Discussion, Invitation, RecordReading, SecondStep
from strategy.queries import circulation
from strategy.vocabulary import EventVerb, MessageReason, Share


def circulate(discussion: Discussion, act: Act, *, added: bool = False) -> int:
    """Tell each agency that gets the record, or its outcome, that it can be read; how many. Nothing of it is told.

    ``added``: something was added to it since. Of that nobody is told more than once a day.
    """
    told = 0
    key = f"added:{act.at:%Y%m%d}" if added else "signed"
    for invitation, share in circulation.getting(discussion):
        told += bool(
            messages.queue(
                "record",
                recipients.now(invitation, act.at),
                invitation,
                MessageReason.RECORD,
                act,
                key=key,
                urgent=False,
                outcome_only=share is Share.OUTCOME,
                added=added,
            )
        )
    return told


def read(invitation: Invitation, step: SecondStep | None, act: Act) -> RecordReading:
    """Somebody there says they have read it. Raises Refused: not opened to them, or nothing to read."""
    if step is None:
        raise Refused("Your half hour is over. Ask for a new code, and open the record again")
    if circulation.share(invitation) is Share.NOTHING:
        ring = display_phone(invitation.discussion.authority.phone)
        raise Refused(f"There is no record here for your agency. Ring {ring}")
    reading = RecordReading(invitation=invitation, by=step.who, at=act.at)
    db.session.add(reading)
    words = f"{invitation.role_words}: {step.who} has read the record"
    events.add(EventVerb.RECORD_READ, words, act, invitation=invitation)
    return reading
