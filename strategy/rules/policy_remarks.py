"""Holds what in a policy is allowed and looks like a slip. What is no policy at all is policy_reading's to say."""

from strategy.rules.policy import Policy, Span
from strategy.vocabulary import SpanUnit

# Nothing the sources ask for is longer than the assessment's 45 working days, or the 28 days of a follow-on.
_LONGEST_WORKING_DAYS = 60
_LONGEST_HOURS = 24 * 14


def remarks(policy: Policy) -> tuple[str, ...]:
    """A sentence for each target that is due so late that it is hardly meant, in the policy's order."""
    return tuple(
        f"{target.label}: due after {target.due}. No national or local limit known here is as long: is it meant?"
        for target in policy.targets.values()
        if _is_long(target.due)
    )


def _is_long(span: Span) -> bool:
    if span.unit is SpanUnit.WORKING_DAYS:
        return span.count > _LONGEST_WORKING_DAYS
    return span.unit is SpanUnit.HOURS and span.count > _LONGEST_HOURS
