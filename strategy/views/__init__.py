"""Pages: each asks, never decides. One file a journey; this list is the whole site."""

from strategy.views import booking, contacts, health, hold_now, partner, today

BLUEPRINTS = (
    health.blueprint,
    today.blueprint,
    contacts.blueprint,
    booking.blueprint,
    hold_now.blueprint,
    partner.blueprint,
)
# Pages whose door is the link's own token: a form there needs no session.
TOKEN_BLUEPRINTS = (partner.blueprint,)
