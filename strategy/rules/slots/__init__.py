"""Holds the search for a time: which moments suit whom, how they rank, and the few worth proposing.

Everybody's time is one integer with a bit for each five minutes, so that a week of a hundred diaries is compared in
a few hundred operations (make bench-slots). Whose time it is, and where it comes from, is queries.availability's; how
several discussions share desks is rules.placing's.
"""

from strategy.rules.slots.parties import Availability, Cover, Covered, Missing, Party
from strategy.rules.slots.search import HORIZON, LEAD, Proposals, Question, Slot, judge, lead_for, propose, shorter
from strategy.rules.slots.steps import STEP, Grid, Span, runs

__all__ = [
    "HORIZON",
    "LEAD",
    "STEP",
    "Availability",
    "Cover",
    "Covered",
    "Grid",
    "Missing",
    "Party",
    "Proposals",
    "Question",
    "Slot",
    "Span",
    "judge",
    "lead_for",
    "propose",
    "runs",
    "shorter",
]
