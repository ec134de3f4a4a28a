"""Pages: each asks, never decides. One file a journey; this list is the whole site."""

from strategy.views import calls, discussions, health, invitations, partner

BLUEPRINTS = (
    health.blueprint,
    discussions.blueprint,
    invitations.blueprint,
    calls.blueprint,
    partner.blueprint,
)
# Pages whose door is the link's own token: a form there needs no session.
TOKEN_BLUEPRINTS = (partner.blueprint,)
