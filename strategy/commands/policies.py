"""Holds what is done to a policy: draft it, publish it as a new version, take a coming one back.

Clocks that run keep the version they started under: nothing here touches a contact or a discussion.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Authority, PolicyDraft, PolicyVersion, User
from strategy.policy import parsed
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.policy_source import PolicyError
from strategy.rules.working_time import local_day
from strategy.vocabulary import EventVerb

LONGEST_REASON = 400  # characters, as the column has


@dataclass(frozen=True, slots=True)
class Publication:
    """A text to become the next version. ``effective_from`` is aware; None: from now on.

    ``newest`` is the number of the newest version its author knew of.
    """

    text: str
    reason: str
    newest: int
    effective_from: datetime | None = None


def publish(authority: Authority, new: Publication, act: Act) -> PolicyVersion:
    """Make the text the authority's next version, in force from its date. Raises Refused.

    Versions take effect in the order of their numbers: none may begin before one that is still to come.
    """
    reason, begins = _reason(new.reason), new.effective_from or act.at
    if begins < act.at:
        raise Refused("A policy cannot take effect in the past: choose now, or a day to come", "effective_from")
    _one_at_a_time(authority)
    last = _last(authority)
    if last is not None and last.number != new.newest:
        raise Refused(f"{last.author} published version {last.number} meanwhile: compare it with yours, then try again")
    _refuse_overtaking(authority, begins, act)
    number = new.newest + 1
    text = _numbered(new.text, number, begins)
    _refuse_the_same(authority, text, number, begins)
    version = PolicyVersion(authority=authority, number=number, text=text, author=act.by, reason=reason)
    version.effective_from, version.created_at = begins, act.at
    authority.nation = parsed(text).nation
    db.session.add(version)
    db.session.flush()
    words = f"Policy version {number} published, in force from {dates.full(begins)}"
    events.add(EventVerb.POLICY_PUBLISHED, words, act, authority=authority, facts={"version": number})
    return version


def withdraw(version: PolicyVersion, act: Act) -> None:
    """Take back a version before it takes effect. Raises Refused once it has, or when it has been taken back."""
    if version.withdrawn_at is not None:
        raise Refused("This version has been withdrawn already")
    if version.effective_from <= act.at:
        raise Refused("This version is in force, and clocks may run under it: publish another one instead")
    version.withdrawn_at = act.at
    words = f"Policy version {version.number} withdrawn before it took effect"
    events.add(EventVerb.POLICY_WITHDRAWN, words, act, authority=version.authority, facts={"version": version.number})


def begin_draft(user: User, base: PolicyVersion, text: str, act: Act) -> PolicyDraft:
    """A draft of this person's own, from a version's text or one brought along; the one they had is replaced."""
    discard_draft(user)
    last = _last(base.authority)
    draft = PolicyDraft(authority=base.authority, user_id=user.id, base=base, text=text, changed_at=act.at, revision=1)
    draft.newest = last.number if last else base.number
    db.session.add(draft)
    db.session.flush()
    return draft


def change_draft(draft: PolicyDraft, text: str, revision: int | None, act: Act) -> None:
    """Keep what was typed, right or wrong. Raises Refused when it was changed elsewhere since it was shown."""
    if revision != draft.revision:
        raise Refused("You changed this draft in another window. Nothing was saved: check it and try again")
    draft.text, draft.changed_at = text, act.at
    draft.revision += 1


def renew_draft(draft: PolicyDraft) -> None:
    """Take note of what was published meanwhile: its author has seen it, and may now publish after it."""
    last = _last(draft.authority)
    draft.newest = last.number if last else draft.newest
    draft.revision += 1


def discard_draft(user: User) -> None:
    """Forget this person's draft."""
    db.session.execute(delete(PolicyDraft).where(PolicyDraft.user_id == user.id))


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Refused("Say why the policy changes", "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"The reason must be {LONGEST_REASON} characters or fewer", "reason")
    return reason


def _one_at_a_time(authority: Authority) -> None:
    """Policies of one authority are published one after the other (a no-op where the whole database is locked)."""
    db.session.execute(select(Authority.id).where(Authority.id == authority.id).with_for_update(key_share=True))


def _last(authority: Authority) -> PolicyVersion | None:
    mine = select(func.max(PolicyVersion.number)).where(PolicyVersion.authority_id == authority.id)
    found = select(PolicyVersion).where(
        PolicyVersion.authority_id == authority.id, PolicyVersion.number == mine.scalar_subquery()
    )
    return db.session.scalar(found)


def _refuse_overtaking(authority: Authority, begins: datetime, act: Act) -> None:
    coming = select(PolicyVersion).where(
        PolicyVersion.authority_id == authority.id,
        PolicyVersion.withdrawn_at.is_(None),
        PolicyVersion.effective_from > max(begins, act.at),
    )
    later = db.session.scalar(coming.order_by(PolicyVersion.number.desc()).limit(1))
    if later is not None:
        words = f"Version {later.number} takes effect on {dates.day(later.effective_from)} and would undo this one"
        raise Refused(f"{words}: choose that day or a later one, or withdraw it first", "effective_from")


def _numbered(text: str, number: int, begins: datetime) -> str:
    """The text under its number and date, known to be a policy. Raises Refused with the first fault found."""
    try:
        parsed(text)
    except PolicyError as error:
        faults = len(error.problems)
        raise Refused(f"This text is no policy yet, {faults} to mend. {error.problems[0]}", "text") from None
    head = ("policy",)
    return edited(text, [Edit(head, "version", str(number)), Edit(head, "effective", local_day(begins))])


def _refuse_the_same(authority: Authority, text: str, number: int, begins: datetime) -> None:
    standing = select(PolicyVersion).where(
        PolicyVersion.authority_id == authority.id, PolicyVersion.withdrawn_at.is_(None)
    )
    before = db.session.scalar(standing.order_by(PolicyVersion.number.desc()).limit(1))
    if before is not None and _numbered(before.text, number, begins) == text:
        raise Refused(f"Nothing differs from version {before.number}")
