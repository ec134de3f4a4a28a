"""Holds the reading of the emergency duty team's figures from a policy's text."""

from strategy.rules.nights import EMERGENCY_DUTY, EmergencyDuty
from strategy.rules.policy_source import Table

_TABLE = "emergency_duty"


def emergency_duty_of(root: Table) -> EmergencyDuty:
    """The figures of a policy; one without the table works by ours."""
    if _TABLE not in root.values:
        return EMERGENCY_DUTY
    row = root.table(_TABLE)
    found = EmergencyDuty(
        accept_within_minutes=row.whole("accept_within_minutes"),
        handover_at=row.hour("handover_at"),
        source=row.text("source"),
        effective=row.day_or_none("effective"),
    )
    row.finish()
    return found
