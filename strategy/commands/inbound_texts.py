"""Takes in one text: kept whole and once, whatever it says, then given to whoever understands it.

Kept comes first: a fault in what follows puts the text on a person's list and loses nothing.
"""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass

from notifications import addresses
from strategy.act import Act, Refused
from strategy.commands import inbound, opting_out, text_answers
from strategy.commands.inbound import Done, note
from strategy.db import db
from strategy.models import Inbound
from strategy.queries import inbound as queries
from strategy.queries import reply_codes
from strategy.rules import text_replies
from strategy.rules.text_replies import Keyword, Said
from strategy.vocabulary import InboundKind, InboundState, MessageChannel

_LONGEST = 2000  # characters kept of a text; ten fragments joined are 1,530

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it was handed over. ``provider_id`` is the same whenever the same text is handed over again.

    ``opt_out`` is what the provider made of it by itself, where it did: START, STOP or HELP.
    """

    sender: str
    to: str
    body: str
    provider_id: str
    opt_out: str | None = None


def receive(text: Text, act: Act) -> Inbound:
    """Keep one text and do what follows from it; the text as kept.

    The same text again changes nothing: providers hand over twice what they are not sure of. Raises Refused only where
    no authority has begun, so that nobody could read it.
    """
    before = queries.stored(fingerprint(text))
    if before is not None:
        return before
    phone = _canonical(text.sender)
    kept = _keep(text, phone, act)
    inbound.file(kept, _done(kept, text, phone, act))
    if kept.state is InboundState.TO_READ:
        inbound.tell_convener(kept, act)
    return kept


def fingerprint(text: Text) -> str:
    """The same for the same text handed over twice."""
    return hashlib.sha256(f"text\n{text.provider_id}".encode()).hexdigest()


def _canonical(sender: str) -> str:
    """The number as messages are addressed; what is none (a short code, a name) as it came."""
    try:
        return addresses.phone(sender)
    except addresses.InvalidAddress:
        return sender.strip()[:32]


def _keep(text: Text, phone: str, act: Act) -> Inbound:
    authority = queries.authority_for([phone])
    if authority is None:
        raise Refused("No authority has begun here, so that nobody could read the text.")
    kept = Inbound(
        authority_id=authority.id,
        channel=MessageChannel.SMS,
        kind=InboundKind.TEXT,
        state=InboundState.TO_READ,
        fingerprint=fingerprint(text),
        sender=phone,
        text=text.body[:_LONGEST],
        raw=json.dumps(asdict(text))[: _LONGEST * 8],
        facts={},
        effect="",
        received_at=act.at,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _done(kept: Inbound, text: Text, phone: str, act: Act) -> Done:
    """Do what follows, all of it or nothing: a fault leaves the text for a person to read."""
    try:
        with db.session.begin_nested():
            return _understood(kept, text, phone, act)
    except Refused as refused:
        return Done(InboundState.TO_READ, f"Could not be recorded: {refused.reason}")
    except Exception as error:
        # Names only: an error's own words may hold what stood in the text.
        log.error("inbound %s could not be followed up (%s)", kept.id, type(error).__name__)
        return Done(InboundState.TO_READ, "Something unforeseen went wrong when it was followed up: please read it.")


def _understood(kept: Inbound, text: Text, phone: str, act: Act) -> Done:
    said = text_replies.read(text.body)
    keyword = _keyword(text, said, phone)
    if keyword is not None:
        return _carriers(kept, keyword, phone, act)
    done = text_answers.understood(kept, said, phone, act)
    return _for_a_person(kept, phone, act) if done is None else done


def _keyword(text: Text, said: Said, phone: str) -> Keyword | None:
    """A carrier's word. A bare yes is one (opt in) where that phone had opted out, and else a person's."""
    if text.opt_out:
        return next((one for one in Keyword if one == text.opt_out.lower()), said.keyword)
    if said.yes and reply_codes.texts_stopped(phone):
        return Keyword.START
    return said.keyword


def _carriers(kept: Inbound, keyword: Keyword, phone: str, act: Act) -> Done:
    """STOP, START, HELP: acted on, and never answered by us, since carriers do (in-the-wild 22)."""
    if keyword is Keyword.HELP:
        return _for_a_person(kept, phone, act)
    kept.kind = InboundKind.OPT_OUT if keyword is Keyword.STOP else InboundKind.OPT_IN
    follow = opting_out.stop if keyword is Keyword.STOP else opting_out.start
    return follow(phone, act)


def _for_a_person(kept: Inbound, phone: str, act: Act) -> Done:
    """Nothing we understand: the thread is that of the soonest invitation open at that phone."""
    codes = list(reply_codes.of(phone, act.at).values())
    code = reply_codes.nearest(codes, act.at)
    found = code.invitation if code is not None else next(iter(reply_codes.open_at(phone, act.at)), None)
    if found is None:
        return Done(InboundState.TO_READ, "Somebody texted whom we have asked nothing: please read it.")
    note(found, f"{found.role_words}: a text came that a person has to read", kept, act)
    return Done(InboundState.TO_READ, "Somebody texted in their own words: please read it.", found)
