"""Answers what whoever has taken the second step can open now. What stands there each part's own query knows."""

from dataclasses import dataclass

from strategy.models import Invitation
from strategy.queries import circulation, contributing, owed, papers
from strategy.vocabulary import Share


@dataclass(frozen=True, slots=True)
class There:
    """What can be opened. ``writable``: information can still be sent; ``sent``: some was.

    ``papers`` and ``actions`` are how many.
    """

    writable: bool
    sent: bool
    share: Share
    papers: int
    actions: int


def there(invitation: Invitation) -> There:
    """What this agency's people can open behind the second step, as things are now."""
    return There(
        writable=contributing.possible(invitation),
        sent=bool(contributing.sent(invitation)),
        share=circulation.share(invitation),
        papers=len(papers.shown_to(invitation)),
        actions=len(owed.owed(invitation)),
    )
