"""Holds the emergency exception: a named manager lets a discussion go ahead without its quorum. What it is followed up
by is series.py's.
"""

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Discussion, EmergencyException, User
from strategy.vocabulary import DiscussionState, EventVerb, StaffRole

MANAGERS = (StaffRole.CHAIR, StaffRole.LEADER)


def grant(discussion: Discussion, authoriser: User, reason: str, act: Act, *, held: bool = False) -> EmergencyException:
    """Record who authorised it and why, before or while it is held; given again, the last word counts.

    ``held``: also once it was, where a mark put right shows that its quorum was missing.

    The authoriser is a manager of the authority, and neither its chair, its social worker nor whoever records it:
    nobody excuses their own discussion. Raises Refused.
    """
    if discussion.state is not DiscussionState.CONVENED and not (held and discussion.state is DiscussionState.HELD):
        raise Refused(f"This discussion is already {discussion.state.words.lower()}")
    _refuse_authoriser(discussion, authoriser, act)
    if not reason.strip():
        raise Refused("Say why it cannot wait for those who are missing", "reason")
    found = discussion.exception or EmergencyException()
    found.authoriser_id, found.reason = authoriser.id, reason.strip()
    found.authorised_by = f"{authoriser.full_name}, {authoriser.job_title}"
    found.recorded_by, found.at = act.by, act.at
    found.discussion = discussion
    db.session.add(found)
    db.session.flush()
    words = f"Emergency exception: {authoriser.full_name} authorises it to go ahead without its quorum"
    events.add(EventVerb.EXCEPTION_RECORDED, words, act, discussion=discussion, facts={"authoriser": authoriser.id})
    return found


def take_back(discussion: Discussion, act: Act) -> None:
    """Take it back while the discussion is still to come or runs: those missing were found. Raises Refused."""
    if discussion.state is not DiscussionState.CONVENED or discussion.exception is None:
        raise Refused("There is no emergency exception to take back")
    db.session.delete(discussion.exception)
    discussion.exception = None
    events.add(EventVerb.EXCEPTION_RECORDED, "The emergency exception was taken back", act, discussion=discussion)


def _refuse_authoriser(discussion: Discussion, authoriser: User, act: Act) -> None:
    if authoriser.authority_id != discussion.authority_id or not authoriser.holds(*MANAGERS):
        raise Refused("Choose a manager from the list", "authoriser")
    if authoriser.id in (discussion.chair_id, discussion.social_worker_id):
        raise Refused("Choose a manager who neither chairs this discussion nor works on it", "authoriser")
    if authoriser.id == act.user_id:
        raise Refused("Nobody authorises what they record themselves: choose another manager", "authoriser")
