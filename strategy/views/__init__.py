"""Pages: each asks, never decides. One file a journey; this list is the whole site."""

from strategy.views import (
    actions,
    afterwards,
    booking,
    calls,
    contacts,
    discussions,
    health,
    hold_now,
    holding,
    invitations,
    leaders,
    outbox,
    partner,
    policy,
    policy_draft,
    record,
    rota_editing,
    rota_imports,
    rotas,
    today,
)

BLUEPRINTS = (
    today.blueprint,
    contacts.blueprint,
    booking.blueprint,
    hold_now.blueprint,
    discussions.blueprint,
    invitations.blueprint,
    calls.blueprint,
    holding.blueprint,
    record.blueprint,
    actions.blueprint,
    leaders.blueprint,
    policy.blueprint,
    policy_draft.blueprint,
    rotas.blueprint,
    rota_editing.blueprint,
    rota_imports.blueprint,
    partner.blueprint,
    afterwards.blueprint,
    outbox.blueprint,
    health.blueprint,
)
# Pages whose door is the link's own token: a form there needs no session.
TOKEN_BLUEPRINTS = (partner.blueprint, afterwards.blueprint)
