"""Pages: each asks, never decides. One file a journey; this list is the whole site."""

from strategy.views import actions, health, holding, leaders, partner, record

BLUEPRINTS = (
    health.blueprint,
    partner.blueprint,
    holding.blueprint,
    record.blueprint,
    actions.blueprint,
    leaders.blueprint,
)
# Pages whose door is the link's own token: a form there needs no session.
TOKEN_BLUEPRINTS = (partner.blueprint,)
