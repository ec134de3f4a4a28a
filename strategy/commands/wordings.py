"""Holds what is done to an authority's own wording of a message: draft it, use it, go back, to ours or an earlier one.

What is queued keeps the words it was given: nothing here touches a message.
"""

from sqlalchemy import delete, select

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Authority, WordingDraft, WordingVersion
from strategy.queries import samples, wordings
from strategy.rules.wording import Wording, mark
from strategy.rules.wording_standards import STANDARDS, WHY_NOT
from strategy.vocabulary import EventVerb

LONGEST_REASON = 400  # characters, as the column has
_SHIPPED = 0  # the number of our own words, which no version has


def save_draft(authority: Authority, name: str, wording: Wording, act: Act) -> WordingDraft:
    """Keep a wording that passes the checks, to be looked at before it is used. Raises Refused."""
    one_at_a_time(authority)
    _check(authority, name, wording)
    newest, found = _number(authority, name), wordings.draft_of(authority.id, name)
    draft = found or WordingDraft(authority=authority, name=name)
    draft.subject, draft.mail, draft.text = wording.subject, wording.mail, wording.text
    draft.author, draft.changed_at, draft.newest = act.by, act.at, newest
    db.session.add(draft)
    db.session.flush()
    return draft


def discard(authority: Authority, name: str) -> None:
    """Forget the draft of a message's words."""
    db.session.execute(delete(WordingDraft).where(WordingDraft.authority_id == authority.id, WordingDraft.name == name))


def use(authority: Authority, name: str, seen: str, reason: str, act: Act) -> WordingVersion:
    """Make the draft the words from now on. ``seen`` is the mark of the draft looked at. Raises Refused."""
    one_at_a_time(authority)
    draft = wordings.draft_of(authority.id, name)
    wording = None if draft is None else wordings.wording_of(draft)
    if draft is None or wording is None:
        raise Refused("There is no draft any more: somebody used it, or threw it away")
    if mark(wording) != seen:
        raise Refused(f"{draft.author} changed the draft while you looked at it: look at it again, then use it")
    newest = wordings.newest(authority.id, name)
    if newest is not None and newest.number != draft.newest:
        words = f"{newest.author} used version {newest.number} after this draft was saved"
        raise Refused(f"{words}: compare the two, save the draft again if it is to count, then use it")
    _check(authority, name, wording)
    version = _next(authority, name, wording, reason, act)
    discard(authority, name)
    _tell(authority, f"has the council’s own words, version {version.number}", version, act)
    return version


def go_back(authority: Authority, name: str, number: int, newest: int, reason: str, act: Act) -> WordingVersion:
    """Use an earlier version again; 0 is our words. ``newest`` is the newest its author knew. Raises Refused."""
    one_at_a_time(authority)
    if _number(authority, name) != newest:
        raise Refused("Somebody changed these words meanwhile: look at them again, then go back if it is still right")
    wording = wordings.numbered(authority.id, name, number)
    if wording is None:
        raise Refused("There is no such earlier version")
    if wording == (wordings.numbered(authority.id, name, newest)):
        raise Refused("These words are in use already: nothing would change")
    if number == _SHIPPED:
        version = _next(authority, name, None, reason, act)
        said = f"has our own words again, as version {version.number}"
    else:
        _check(authority, name, wording)
        version = _next(authority, name, wording, reason, act)
        said = f"has the words of version {number} again, as version {version.number}"
    _tell(authority, said, version, act)
    return version


def one_at_a_time(authority: Authority) -> None:
    """Words of one authority are changed one after the other (a no-op where the whole database is locked)."""
    db.session.execute(select(Authority.id).where(Authority.id == authority.id).with_for_update(key_share=True))


def _check(authority: Authority, name: str, wording: Wording) -> None:
    if name not in STANDARDS:
        raise Refused(WHY_NOT.get(name, "There is no such message"))
    for fault in wordings.amiss(authority, name, wording):
        raise Refused(fault.words, fault.part.value)


def _number(authority: Authority, name: str) -> int:
    newest = wordings.newest(authority.id, name)
    return 0 if newest is None else newest.number


def _next(authority: Authority, name: str, wording: Wording | None, reason: str, act: Act) -> WordingVersion:
    if not reason.strip():
        raise Refused("Say why the words change", "reason")
    version = WordingVersion(
        authority=authority,
        name=name,
        number=_number(authority, name) + 1,
        subject=None if wording is None else wording.subject,
        mail=None if wording is None else wording.mail,
        text=None if wording is None else wording.text,
        author=act.by,
        reason=reason[:LONGEST_REASON],
        created_at=act.at,
    )
    db.session.add(version)
    db.session.flush()
    return version


def _tell(authority: Authority, said: str, version: WordingVersion, act: Act) -> None:
    facts = {"message": version.name, "version": version.number}
    events.add(
        EventVerb.WORDS_CHANGED, f"“{samples.EVERY[version.name]}” {said}", act, authority=authority, facts=facts
    )
