"""Pages: each asks, never decides. One file a journey; this list is the whole site."""

from strategy.views import health, outbox, partner

BLUEPRINTS = (health.blueprint, outbox.blueprint, partner.blueprint)
# Pages whose door is the link's own token: a form there needs no session.
TOKEN_BLUEPRINTS = (partner.blueprint,)
