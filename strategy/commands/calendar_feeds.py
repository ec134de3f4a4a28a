"""Holds making a calendar feed's address and taking it back. What stands in a feed is its query's affair."""

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.keys import digest
from strategy.models import CalendarFeed, Desk, User
from strategy.queries import calendar_feeds as queries
from strategy.vocabulary import EventVerb


def make(owner: Desk | User, act: Act) -> CalendarFeed:
    """An address for them to subscribe to. Raises Refused while another one stands."""
    if queries.standing(owner) is not None:
        raise Refused("There is an address already: take it back first")
    feed = CalendarFeed(
        authority_id=owner.authority_id if isinstance(owner, User) else owner.agency.authority_id,
        desk_id=owner.id if isinstance(owner, Desk) else None,
        user_id=owner.id if isinstance(owner, User) else None,
        made_by=act.by,
        made_at=act.at,
    )
    db.session.add(feed)
    db.session.flush()
    feed.token_hash = digest(queries.token(feed))
    _note(feed, "can be subscribed to as a calendar now", act)
    return feed


def revoke(feed: CalendarFeed, act: Act) -> None:
    """From now on nothing is at its address. Raises Refused when it was taken back already."""
    if feed.revoked_at is not None:
        raise Refused("This address was taken back already")
    feed.revoked_at, feed.revoked_by = act.at, act.by
    _note(feed, "cannot be subscribed to any more at the address there was", act)


def _note(feed: CalendarFeed, what: str, act: Act) -> None:
    """On the trail of whose it is; never the address."""
    agency = feed.desk.agency if feed.desk is not None else None
    facts = {} if feed.desk_id is None else {"desk_id": feed.desk_id}
    text = f"The discussions of {feed.owner} {what}"
    events.add(EventVerb.DIARY_CHANGED, text, act, agency=agency, authority=feed.authority, facts=facts)
