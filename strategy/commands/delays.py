"""Holds the reason for our own delay once a discussion was held late. Before, it is booking's and changes'."""

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.models import Discussion
from strategy.policy import parsed
from strategy.vocabulary import DiscussionState, EventVerb


def explain(discussion: Discussion, code: str, act: Act) -> None:
    """Give, or change, the coded reason a discussion was held late, until it is signed. Raises Refused."""
    if discussion.state is not DiscussionState.HELD:
        raise Refused("The reason for a delay is given between the end and the signature", "reason")
    if discussion.started_at is None or not discussion.is_late(discussion.started_at):
        raise Refused("It was held in time: there is no delay to explain", "reason")
    reasons = parsed(discussion.policy.text).delay_reasons
    if code not in reasons:
        raise Refused("Choose a reason from the list", "reason")
    before, discussion.late_reason = discussion.late_reason, code
    discussion.revision += 1
    words = f"Held past its target: {reasons[code].lower()}"
    events.add(EventVerb.DELAY_EXPLAINED, words, act, discussion=discussion, facts={"before": before, "after": code})
