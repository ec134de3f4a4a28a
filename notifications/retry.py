"""When to try a send again, and when to stop. Pure: no clock, no sleep, its randomness handed in."""

import random
from datetime import timedelta
from enum import StrEnum

_FIRST = timedelta(seconds=15)


class Urgency(StrEnum):
    """How long a message stays worth sending."""

    URGENT = "urgent"
    ROUTINE = "routine"


# Urgent: waits of 15 s doubling to 2 minutes, at most ten minutes in all; then the other channel or a person
# takes over. Routine: doubling to 30 minutes, one and a quarter to two and a half hours in all, which
# outlasts greylisting and a mail server's restart.
CAP = {Urgency.URGENT: timedelta(minutes=2), Urgency.ROUTINE: timedelta(minutes=30)}
ATTEMPTS = {Urgency.URGENT: 8, Urgency.ROUTINE: 12}


def next_delay(
    attempt: int,
    rng: random.Random,
    urgency: Urgency = Urgency.ROUTINE,
    retry_after: timedelta | None = None,
) -> timedelta:
    """The wait after failed attempt number `attempt` (the first is 1). Raises ValueError below 1.

    Doubling to the cap with the upper half random, so that a queue does not come back as one wave, and no
    sooner than the provider asked; a provider's wish beyond the cap is honoured to the cap only.
    """
    if attempt < 1:
        raise ValueError("attempts count from 1")
    cap = CAP[urgency]
    # Beyond 16 doublings every cap is long passed, and the power would only overflow.
    whole = min(cap, _FIRST * (1 << min(attempt - 1, 16)))
    jittered = whole / 2 + (whole / 2) * rng.random()
    return max(jittered, min(retry_after or timedelta(), cap))


def exhausted(attempt: int, urgency: Urgency = Urgency.ROUTINE) -> bool:
    """Whether attempt number `attempt` was the last one."""
    return attempt >= ATTEMPTS[urgency]
