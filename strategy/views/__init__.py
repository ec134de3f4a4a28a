"""Pages: each asks, never decides. One file a journey; this list is the whole site."""

from strategy.views import (
    actions,
    afterwards,
    ask,
    asked,
    booking,
    calls,
    contact_imports,
    contacts,
    discussions,
    handovers,
    health,
    hold_now,
    holding,
    invitations,
    leaders,
    outbox,
    partner,
    record,
    today,
    waiting,
)

BLUEPRINTS = (
    today.blueprint,
    waiting.blueprint,
    contact_imports.blueprint,
    contacts.blueprint,
    handovers.blueprint,
    asked.blueprint,
    booking.blueprint,
    hold_now.blueprint,
    discussions.blueprint,
    invitations.blueprint,
    calls.blueprint,
    holding.blueprint,
    record.blueprint,
    actions.blueprint,
    leaders.blueprint,
    partner.blueprint,
    afterwards.blueprint,
    ask.blueprint,
    outbox.blueprint,
    health.blueprint,
)
# Pages whose door is the link's own token, or that are open to all: a form there needs no session.
TOKEN_BLUEPRINTS = (partner.blueprint, afterwards.blueprint, ask.blueprint)
