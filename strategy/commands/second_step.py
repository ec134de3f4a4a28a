"""Sends a code to a registered channel, takes it, and closes what it opened. It shows nothing itself."""

from sqlalchemy import select

from notifications.addresses import display_phone
from strategy.act import Act, Refused
from strategy.commands import asked_codes, calls, events, messages
from strategy.commands.messages import Recipient
from strategy.db import db
from strategy.keys import keys
from strategy.models import Invitation, SecondStep
from strategy.queries import codes, second_step
from strategy.queries.second_step import Way
from strategy.rules.second_step import HOUR, TRIES, too_often
from strategy.vocabulary import EventVerb, MessageChannel, MessageReason

_MESSAGES = {MessageReason.SECOND_STEP}


def ask(
    invitation: Invitation, came_by: MessageChannel | None, way: str, browser: str, who: tuple[str, str], act: Act
) -> SecondStep:
    """Send a code to the channel chosen, which voids all sent before. ``who`` is name and role, as typed.

    ``browser`` is the secret of the browser that asks. Raises Refused, at the field: too soon, too often, or not one
    of the channels other than the link's own.
    """
    _refuse(invitation, browser, act)
    chosen = next((one for one in second_step.ways(invitation, came_by) if one.key == way), None)
    if chosen is None:
        raise Refused("Choose where the code should go", "way")
    _refuse_often(invitation, act)
    _void(invitation, act)
    step = _row(invitation, chosen, browser, who, act)
    words = f"{invitation.role_words}: {step.who} asked for a code by {chosen.channel.words.lower()}"
    events.add(EventVerb.CODE_ASKED, words, act, invitation=invitation)
    _send(step, act)
    return step


def enter(invitation: Invitation, code: str, browser: str, act: Act) -> bool:
    """Whether the code is the one this browser was sent, still good, and unused; each wrong one counts.

    Raises nothing for a wrong one, since what is counted must be kept. Raises Refused when nothing may be seen.
    """
    _refuse(invitation, browser, act)
    step = second_step.waiting(invitation, browser, act.at)
    if step is None:
        _note_wrong(invitation, "no code was waiting in that browser", act)
        return False
    step.tries += 1
    if not keys().takes(code, step.nonce):
        _note_wrong(invitation, f"try {step.tries} of {TRIES} of {step.who}", act)
        return False
    step.opened_at = act.at
    messages.void(act, invitation=invitation, reasons=_MESSAGES)
    calls.drop_kind(invitation, codes.CALL, act)  # nobody waits for a code any more
    words = f"{invitation.role_words}: {step.who} took the second step, and can see who it is about"
    events.add(EventVerb.IDENTITY_OPENED, words, act, invitation=invitation)
    return True


def close(invitation: Invitation, browser: str, act: Act) -> None:
    """Whoever looked has finished: nothing is shown in this browser without another code."""
    asked_codes.close(SecondStep, SecondStep.invitation_id == invitation.id, browser, act)


def _refuse(invitation: Invitation, browser: str, act: Act) -> None:
    ring = display_phone(invitation.discussion.authority.phone)
    if not second_step.possible(invitation, act.at):
        raise Refused(f"This link shows nothing about a child. Ring {ring}")
    asked_codes.refuse_cookieless(browser, ring)


def _refuse_often(invitation: Invitation, act: Act) -> None:
    """Raises Refused. A code that is known to be lost keeps nobody waiting, and counts as one of the hour's."""
    asked = select(SecondStep).where(SecondStep.invitation_id == invitation.id, SecondStep.asked_at > act.at - HOUR)
    found = db.session.scalars(asked.order_by(SecondStep.asked_at)).all()
    last = found[-1].asked_at if found and not codes.was_lost(found[-1]) else None
    why = too_often(len(found), last, act.at, display_phone(invitation.discussion.authority.phone))
    if why is not None:
        raise Refused(why)


def _void(invitation: Invitation, act: Act) -> None:
    asked_codes.void(SecondStep, SecondStep.invitation_id == invitation.id, act)
    messages.void(act, invitation=invitation, reasons=_MESSAGES)


def _row(invitation: Invitation, way: Way, browser: str, who: tuple[str, str], act: Act) -> SecondStep:
    known = asked_codes.facts(way, browser, who, act)
    step = SecondStep(invitation=invitation, generation=invitation.generation, **known)
    db.session.add(step)
    db.session.flush()
    return step


def _send(step: SecondStep, act: Act) -> None:
    by_mail = step.channel is MessageChannel.EMAIL
    recipient = Recipient(step.invitation.invitee, step.address if by_mail else None, None if by_mail else step.address)
    messages.queue(
        "code",
        recipient,
        step.invitation,
        MessageReason.SECOND_STEP,
        act,
        key=str(step.id),
        urgent=True,
        second_step=step,
    )


def _note_wrong(invitation: Invitation, how: str, act: Act) -> None:
    words = f"{invitation.role_words}: a wrong code was typed ({how})"
    events.add(EventVerb.CODE_REFUSED, words, act, invitation=invitation)
