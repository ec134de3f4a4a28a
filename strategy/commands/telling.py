"""Holds what follows when a message arrived, or when neither mail nor text got through: who is asked to ring."""

from datetime import datetime

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import calls, chases, events, lost_codes, messages
from strategy.db import db
from strategy.models import Event, Invitation, Message
from strategy.vocabulary import EventVerb, MessageReason, MessageState, News

# Messages that ask the invitee themselves; those to people further up the ladder are CHASE and ABSENCE.
_INVITING = frozenset({MessageReason.INVITE, MessageReason.UPDATE})
_ASKING = _INVITING | {MessageReason.CHASE, MessageReason.ABSENCE}
# Goes to an address that was wrong: where nothing arrives, nothing has to be taken back.
_MISDIRECTED = "misdirected"
_LOST = frozenset({MessageState.FAILED, MessageState.BOUNCED})


def arrived(message: Message, act: Act, *, again: bool = True) -> None:
    """It reached them: the first arrival starts the notice given, and they are no longer beyond reach.

    ``again`` False says that nothing was ever heard of this message before, and spares looking whether it was.
    """
    invitation = message.invitation
    if invitation is None or message.reason not in _ASKING or (again and _known(message, invitation)):
        return
    facts = {"reason": message.reason, "message": message.id, "channel": message.channel}
    words = f"{message.to_name} told by {message.channel.words.lower()}"
    events.add(EventVerb.TOLD, words, act, invitation=invitation, facts=facts)
    if not _to_invitee(message, invitation):
        return
    invitation.first_delivered_at = invitation.first_delivered_at or act.at
    if invitation.undeliverable:
        invitation.undeliverable = False
        chases.replan(invitation, act)


def failed(message: Message, act: Act) -> None:
    """It did not reach them. While the other channel of the same step may still, nothing more is done."""
    invitation = message.invitation
    if message.reason is MessageReason.SECOND_STEP:
        lost_codes.tell(message, act)
        return
    if invitation is None or message.name == _MISDIRECTED or message.reason is MessageReason.TEXT_REPLY:
        return  # whoever texted sees that nothing comes back
    if _to_invitee(message, invitation):
        # what a mail server took and then sent back had counted as arrived
        invitation.first_delivered_at = _first_arrival(invitation)
    if _other_may_arrive(message):
        return
    ours = message.user_id is not None
    facts = {"reason": "staff" if ours else message.reason, "message": message.id}
    words = f"{message.to_name} could not be told: no email or text got through"
    events.add(EventVerb.NOT_TOLD, words, act, invitation=invitation, facts=facts)
    if _to_invitee(message, invitation):
        invitation.undeliverable = True
    if ours:
        return  # staff see it on screen; a message about a message that failed would fail with it
    chases.replan(invitation, act)
    # Asked for after replanning, which takes calls away from whoever has answered.
    calls.ask(invitation, message.to_name, message.reason_facts.get("ring"), _say(message), act, key=_step(message))
    _tell_convener(invitation, message, act)


def _tell_convener(invitation: Invitation, message: Message, act: Act) -> None:
    news = News.ACTION_UNDELIVERED if message.reason is MessageReason.ACTION else News.UNDELIVERABLE
    messages.tell_convener(invitation, news, act, key=f"lost:{message.id}", urgent=True)


def _known(message: Message, invitation: Invitation) -> bool:
    """Whether this message's arrival is written down already: a receipt may follow what counted as arrived."""
    told = select(Event.id).where(Event.invitation_id == invitation.id, Event.verb == EventVerb.TOLD)
    return db.session.scalar(told.where(Event.facts["message"].as_integer() == message.id).limit(1)) is not None


def _first_arrival(invitation: Invitation) -> datetime | None:
    """When the first of those messages to the invitee arrived that have not come back since."""
    sent = select(Message).where(Message.invitation_id == invitation.id, Message.state.not_in(_LOST))
    stands = {one.id for one in db.session.scalars(sent) if _to_invitee(one, invitation)}
    told = select(Event).where(Event.invitation_id == invitation.id, Event.verb == EventVerb.TOLD)
    arrivals = db.session.scalars(told.order_by(Event.at, Event.id))
    return next((event.at for event in arrivals if event.facts.get("message") in stands), None)


def _to_invitee(message: Message, invitation: Invitation) -> bool:
    """Whether it went to the invitee, rather than to a deputy, the convener or somebody further up the ladder."""
    return message.reason in _INVITING and message.address in (invitation.email, invitation.phone)


def _step(message: Message) -> str:
    """What both channels' rows of one step have in common."""
    return message.dedupe_key.rpartition("/")[0]


def _other_may_arrive(message: Message) -> bool:
    others = select(Message).where(Message.dedupe_key.startswith(f"{_step(message)}/", autoescape=True))
    return any(other.state not in _LOST for other in db.session.scalars(others) if other.id != message.id)


_SAY = {
    MessageReason.CANCEL: "Neither email nor text reached them: tell them it is cancelled.",
    MessageReason.ACTION: "Neither email nor text reached them: tell them of their action.",
    MessageReason.RECORD: "Neither email nor text reached them: tell them that the record can be read.",
    MessageReason.ABSENCE: "Neither email nor text reached them: ask why nobody came.",
    MessageReason.CONFIRMATION: "Neither email nor text reached them: confirm what is recorded.",
}


def _say(message: Message) -> str:
    return _SAY.get(message.reason, "Neither email nor text reached them: ask who is coming.")
