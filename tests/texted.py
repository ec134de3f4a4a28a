"""Holds texts as phones send them, in answer to ours, and takes them in; what was texted back."""

from datetime import datetime
from itertools import count

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import inbound_texts
from strategy.commands.inbound_texts import Text
from strategy.db import db
from strategy.models import Inbound, Invitation, Message, ReplyCode
from strategy.vocabulary import MessageChannel, Via
from tests.convened import LATER

_ids = count()


def texted(
    phone: str, body: str, at: datetime = LATER, *, sid: str | None = None, opt_out: str | None = None
) -> Inbound:
    """A text from that phone, taken in. In the caller's transaction."""
    act = Act(by="Text that came in", at=at, via=Via.SMS)
    return inbound_texts.receive(Text(phone, "+441632960555", body, sid or f"test:{next(_ids)}", opt_out), act)


def code(invitation: Invitation, phone: str | None = None) -> int:
    """The number with which the invitation's phone (or another) answers it."""
    asked = select(ReplyCode.number).where(
        ReplyCode.invitation_id == invitation.id, ReplyCode.phone == (phone or invitation.phone)
    )
    found = db.session.scalar(asked)
    assert found is not None
    return found


def answered(phone: str) -> list[str]:
    """The names of the texts that answered that phone's, oldest first."""
    return [one.name for one in texts_to(phone) if one.name in {"recorded", "closed", "help", "ask-again"}]


def texts_to(phone: str) -> list[Message]:
    """Every text of ours to that phone, oldest first."""
    asked = select(Message).where(Message.address == phone, Message.channel == MessageChannel.SMS)
    return list(db.session.scalars(asked.order_by(Message.id)))


def last_text(phone: str) -> str:
    """The words of our last text to that phone."""
    return texts_to(phone)[-1].text
