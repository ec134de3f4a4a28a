"""Takes what an agency writes behind its link, after the second step: a draft, then information in its own name.

It marks nobody as there: information received is never attendance (domain section 2).
"""

from dataclasses import dataclass
from datetime import datetime

from notifications.addresses import display_phone
from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Contribution, ContributionDraft, Invitation, SecondStep
from strategy.queries import contributing
from strategy.vocabulary import Basis, EventVerb

_MEANWHILE = "changed this draft while you had it open. Copy what you typed, open the page again and put both together"


@dataclass(frozen=True, slots=True)
class Information:
    """What was typed. ``seen`` is when the draft shown was last changed, None for none."""

    text: str
    basis: Basis | None
    restricted: bool
    third_party: bool
    seen: datetime | None = None


def keep(invitation: Invitation, step: SecondStep | None, typed: Information, act: Act) -> ContributionDraft:
    """Save it as typed, to come back to. Raises Refused when it is not theirs to write, or another wrote meanwhile."""
    who = _refuse(invitation, step, typed)
    draft = contributing.draft(invitation)
    if draft is None:
        draft = ContributionDraft(invitation=invitation)
        db.session.add(draft)
    draft.text, draft.basis = typed.text, typed.basis
    draft.restricted, draft.third_party = typed.restricted, typed.third_party
    draft.written_by, draft.changed_at = who, act.at
    return draft


def send(invitation: Invitation, step: SecondStep | None, typed: Information, act: Act) -> Contribution:
    """Put it before the chair, in the agency's name and whoever wrote it. Raises Refused, at the field."""
    who = _refuse(invitation, step, typed)
    if not typed.text.strip():
        raise Refused("Write what your agency knows", "text")
    if typed.basis is None:
        raise Refused("Choose whether this is fact or opinion", "basis")
    sent = Contribution(
        discussion=invitation.discussion,
        invitation=invitation,
        text=typed.text.strip(),
        written_by=who,
        via=act.via,
        at=act.at,
        basis=typed.basis,
        restricted=typed.restricted,
        third_party=typed.third_party,
    )
    db.session.add(sent)
    draft = contributing.draft(invitation)
    if draft is not None:
        db.session.delete(draft)
    db.session.flush()
    words = f"{invitation.role_words} sent information"
    events.add(EventVerb.INFORMATION_SHARED, words, act, invitation=invitation)
    return sent


def _refuse(invitation: Invitation, step: SecondStep | None, typed: Information) -> str:
    """Who writes. Raises Refused."""
    ring = display_phone(invitation.discussion.authority.phone)
    if step is None:
        raise Refused("Your half hour is over. Ask for a new code in another tab, then press the button here again")
    if not contributing.possible(invitation):
        raise Refused(f"The record is signed, so nothing can be added here. Ring {ring}")
    draft = contributing.draft(invitation)
    if draft is not None and draft.written_by != step.who and draft.changed_at != typed.seen:
        raise Refused(f"{draft.written_by} {_MEANWHILE}")
    return step.who
