"""Does what follows when a one-time code did not arrive: somebody waits for it, so a person rings. It sends no code."""

from strategy.act import Act
from strategy.commands import calls, events, messages
from strategy.db import db
from strategy.models import Message, SecondStep
from strategy.queries import codes, second_step
from strategy.vocabulary import EventVerb, News

_SAY = (
    "Somebody is waiting for a code: it did not reach them. Ring this number and no other, put the directory right, "
    "and have them ask again. Never read a code out."
)


def tell(message: Message, act: Act) -> None:
    """Ask for a call at once, and tell the convener; one call for each invitation, however many codes are lost.

    Nothing where the code was used, a newer one was asked for, or nothing may be seen by that link any more.
    """
    invitation = message.invitation
    step = db.session.get(SecondStep, message.reason_facts.get("second_step", 0))
    if invitation is None or step is None or step.opened_at is not None or step.voided_at is not None:
        return
    if not second_step.possible(invitation, act.at):
        return
    words = f"{invitation.role_words}: the code for {step.who} did not arrive by {step.channel.words.lower()}"
    events.add(EventVerb.CODE_LOST, words, act, invitation=invitation)
    if codes.call_waits(invitation):
        return
    whom, key = f"{step.who} ({invitation.invitee})", f"{codes.CALL}:{step.id}"
    calls.ask(invitation, whom, codes.number(invitation), _SAY, act, key=key)
    messages.tell_convener(invitation, News.CODE_LOST, act, key=key, urgent=True)
