"""Answers whom a booking should ask: what the rules suggest, joined with who in the directory answers for each role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from strategy.models import Contact
from strategy.policy import calendar_of, parsed
from strategy.queries.directory import Directory, Option
from strategy.rules.invitees import Circumstances, suggest
from strategy.rules.policy import Need, Policy, Role
from strategy.vocabulary import DiscussionKind

# Asked among the authority's own staff, on their own questions.
OWN = frozenset({"chair", "social-worker", "minute-taker"})


@dataclass(frozen=True, slots=True)
class InviteeRow:
    """A role to ask: why, whether it is required, who answers for it and whom to take unless told otherwise.

    ``needs`` are the needs of the quorum this role would meet.
    """

    role: Role
    why: str
    required: bool
    needs: tuple[Need, ...]
    options: tuple[Option, ...]
    best: Option | None


def rows(
    contact: Contact, circumstances: Circumstances, directory: Directory, now: datetime, added: Iterable[str] = ()
) -> list[InviteeRow]:
    """A row for each role suggested, each need nothing suggested meets, and each role somebody added."""
    policy = parsed(contact.policy.text)
    needs = needs_of(policy, circumstances.kind, contact.concerns)
    wanted = _wanted(policy, circumstances, needs, added)
    calendar = calendar_of(contact.policy.text)
    return [
        InviteeRow(
            role=policy.roles[role],
            why=why,
            required=required,
            needs=tuple(need for need in needs if role in need.roles),
            options=directory.options(role),
            best=directory.best(role, now, calendar, urgent=contact.urgent),
        )
        for role, (why, required) in wanted.items()
        if role not in OWN
    ]


def _wanted(
    policy: Policy, circumstances: Circumstances, needs: Sequence[Need], added: Iterable[str]
) -> dict[str, tuple[str, bool]]:
    """Each role to show, why, and whether it is required."""
    wanted = {one.role: (one.why, one.required) for one in suggest(circumstances, policy)}
    for need in needs:
        if not set(need.roles) & (wanted.keys() | OWN):
            wanted[need.roles[0]] = (f"The quorum needs: {need.label}.", True)
    for role in added:
        if role in policy.roles:
            wanted.setdefault(role, ("Added by you.", False))
    return wanted


def needs_of(policy: Policy, kind: DiscussionKind, concerns: Sequence[str]) -> tuple[Need, ...]:
    """The quorum of that kind of discussion, with what the concerns add."""
    return policy.needs_of(kind, tuple(concerns))
