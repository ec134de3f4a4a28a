"""Attaches papers to a discussion and withdraws them. Nothing overwrites or removes one: a newer one stands beside it.

What is in a paper, its title and its kind stand in no event: the trail says that there was one, by its number.
"""

from collections.abc import Collection
from dataclasses import dataclass

from notifications.addresses import display_phone
from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Discussion, Invitation, Paper, PaperReader, SecondStep
from strategy.queries import contributing, papers
from strategy.rules.papers import MOST_OF_A_DISCUSSION, NoPaper, format_of
from strategy.vocabulary import DiscussionState, EventVerb, PaperKind


@dataclass(frozen=True, slots=True)
class NewPaper:
    """What was sent. ``readers`` are ids of the invitations that see a ``restricted`` one; else all do."""

    title: str
    kind: PaperKind
    content: bytes
    restricted: bool = False
    readers: Collection[int] = ()


def attach(discussion: Discussion, new: NewPaper, act: Act) -> Paper:
    """Our own staff attach one. Raises Refused, at the field."""
    if discussion.state is DiscussionState.STOOD_DOWN:
        raise Refused("This discussion was stood down")
    chosen = [one for one in papers.agencies(discussion) if one.id in new.readers]
    if new.restricted and not chosen:
        raise Refused("Choose which agencies see it, or let all see it", "readers")
    paper = _row(discussion, new, act)
    if new.restricted:
        paper.readers = [PaperReader(invitation=one) for one in chosen]
    db.session.add(paper)
    db.session.flush()
    events.add(EventVerb.PAPER_ATTACHED, f"Paper {paper.id} was attached", act, discussion=discussion)
    return paper


def attach_for(invitation: Invitation, step: SecondStep | None, new: NewPaper, act: Act) -> Paper:
    """An agency attaches one in its own name, until the record is signed. Raises Refused, at the field."""
    ring = display_phone(invitation.discussion.authority.phone)
    if step is None:
        raise Refused("Your half hour is over. Ask for a new code, then choose the file again")
    if not contributing.possible(invitation):
        raise Refused(f"The record is signed, so nothing can be added here. Ring {ring}")
    paper = _row(invitation.discussion, new, act)
    paper.invitation, paper.by = invitation, step.who
    db.session.add(paper)
    db.session.flush()
    words = f"{invitation.role_words} attached paper {paper.id}"
    events.add(EventVerb.PAPER_ATTACHED, words, act, invitation=invitation)
    return paper


def withdraw(paper: Paper, reason: str, act: Act) -> None:
    """Show it to no agency any more; it is kept, with who withdrew it and why. Raises Refused."""
    if paper.withdrawn_at is not None:
        raise Refused("It was withdrawn already")
    if not reason.strip():
        raise Refused("Say why it is withdrawn", "reason")
    paper.withdrawn_at, paper.withdrawn_by, paper.withdrawn_reason = act.at, act.by, reason.strip()
    events.add(EventVerb.PAPER_WITHDRAWN, f"Paper {paper.id} was withdrawn", act, discussion=paper.discussion)


def _row(discussion: Discussion, new: NewPaper, act: Act) -> Paper:
    """Raises Refused for what is no paper, and where there is no room."""
    if not new.title.strip():
        raise Refused("Say what it is", "title")
    try:
        known = format_of(new.content)
    except NoPaper as error:
        raise Refused(error.reason, "file") from None
    if papers.used(discussion) + len(new.content) > MOST_OF_A_DISCUSSION:
        most = MOST_OF_A_DISCUSSION // 1_000_000
        raise Refused(f"The papers of one discussion may have {most} MB together, and this is too much", "file")
    return Paper(
        discussion=discussion,
        title=new.title.strip(),
        kind=new.kind,
        format=known,
        size=len(new.content),
        content=new.content,
        restricted=new.restricted,
        by=act.by,
        via=act.via,
        at=act.at,
    )
