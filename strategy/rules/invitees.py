"""Holds whom to suggest inviting, and why. Which desk or person answers for a role is the directory's to say."""

from collections.abc import Collection
from dataclasses import dataclass

from strategy.rules.policy import InviteRule, Policy
from strategy.vocabulary import DiscussionKind


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known when booking. ``concerns`` are target codes, ``flags`` codes of the policy's circumstances."""

    kind: DiscussionKind = DiscussionKind.INITIAL
    concerns: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A role to invite. ``why`` is the reasons of every rule that asked for it, a sentence each."""

    role: str
    required: bool
    why: str


_HOLIDAYS = "school-holidays"


def with_terms(flags: frozenset[str], in_term: Collection[bool | None]) -> frozenset[str]:
    """The flags with "school-holidays" as the term dates of the schools concerned say; ``in_term`` None: not known.

    One school in holidays is enough. That none is, is believed only when the dates of all are known; otherwise what
    somebody ticked stands.
    """
    if False in in_term:
        return flags | {_HOLIDAYS}
    return flags - {_HOLIDAYS} if in_term and None not in in_term else flags


def suggest(circumstances: Circumstances, policy: Policy) -> tuple[Suggestion, ...]:
    """Whom to invite: each role once, the required first, otherwise in the policy's own order."""
    asking: dict[str, list[InviteRule]] = {}
    for rule in policy.invite_rules:
        if _applies(rule, circumstances):
            asking.setdefault(rule.role, []).append(rule)
    suggestions = [
        Suggestion(role, any(rule.required for rule in rules), " ".join(dict.fromkeys(rule.why for rule in rules)))
        for role, rules in asking.items()
    ]
    return tuple(sorted(suggestions, key=lambda one: not one.required))


def _applies(rule: InviteRule, circumstances: Circumstances) -> bool:
    if rule.kinds and circumstances.kind not in rule.kinds:
        return False
    return not rule.when or bool(set(rule.when) & (circumstances.concerns | circumstances.flags))
