"""Holds the reading of a policy from TOML: all faults at once, each with its table, key and line. It judges no case."""

from collections.abc import Collection, Mapping
from datetime import date, time
from types import MappingProxyType
from typing import TypedDict

from strategy.rules.policy import (
    NOBODY_TOLD_MINUTES,
    ChaseFigures,
    InviteRule,
    Ladder,
    Need,
    Policy,
    Quorum,
    Role,
    Rung,
)
from strategy.rules.policy_emergency_duty import emergency_duty_of
from strategy.rules.policy_source import PolicyError, Problem, Source, Table, known
from strategy.rules.policy_targets import targets_of
from strategy.rules.policy_watching import watching_of
from strategy.vocabulary import DiscussionKind, Nation, Sector, SpanUnit

__all__ = ["PolicyError", "Problem", "parse"]

# What a policy without the key means: these came later than the first policies.
_OPENS = time(9)
_LEAST_NOTICE_MINUTES = 15
_IMMEDIATE_RISK = 1


def parse(toml_text: str) -> Policy:
    """The policy a TOML text holds. Raises PolicyError with every fault found."""
    source = Source(toml_text)
    root = source.root()
    policy = _policy(root)
    root.finish()
    if source.problems:
        raise PolicyError(tuple(source.problems))
    return policy


def _policy(root: Table) -> Policy:
    head = root.table("policy")
    ladders = _ladders(root.table("ladders"))
    roles = _roles(root.table("roles"), ladders)
    needs = _needs(root.table("needs"), roles)
    circumstances = root.table("circumstances").labels()
    targets = targets_of(root.table("targets"), _floor(head), needs, circumstances)
    policy = Policy(
        **_head(head),
        targets=MappingProxyType(targets),
        roles=MappingProxyType(roles),
        needs=MappingProxyType(needs),
        quorums=MappingProxyType(_quorums(root.table("quorums"), needs)),
        ladders=MappingProxyType(ladders),
        chase=_chase(root.table("chase"), ladders),
        absence_reasons=MappingProxyType(root.table("absence_reasons").labels()),
        delay_reasons=MappingProxyType(root.table("delay_reasons").labels()),
        circumstances=MappingProxyType(circumstances),
        **_meetings(root, circumstances),
        emergency_duty=emergency_duty_of(root),
        watch=watching_of(root),
        invite_rules=tuple(_invite(row, roles, {*targets, *circumstances}) for row in root.rows("invite")),
    )
    head.finish()
    return policy


class _Head(TypedDict):
    name: str
    version: str
    effective: date
    nation: Nation
    open_of_business: time
    close_of_business: time
    closure_days: frozenset[date]


def _head(head: Table) -> _Head:
    opens, closes = head.hour("open_of_business", _OPENS), head.hour("close_of_business")
    if opens >= closes:
        head.complain("close_of_business", "must come after the opening on the same day")
    return {
        "name": head.text("name"),
        "version": head.text("version"),
        "effective": head.day("effective"),
        "nation": head.word("nation", Nation),
        "open_of_business": opens,
        "close_of_business": closes,
        "closure_days": head.days("closure_days"),
    }


def _floor(head: Table) -> int:
    """The least time, in hours, that "same day" leaves."""
    floor = head.span("same_day_floor")
    if floor.unit is not SpanUnit.HOURS:
        head.complain("same_day_floor", "must be in hours")
    return floor.count


def _roles(table: Table, ladders: Mapping[str, Ladder]) -> dict[str, Role]:
    roles = {}
    for code, row in table.each():
        roles[code] = Role(code, row.text("label"), row.word("sector", Sector), row.text("ladder"))
        known(row, "ladder", (roles[code].ladder,), ladders)
        row.finish()
    return roles


def _needs(table: Table, roles: Mapping[str, Role]) -> dict[str, Need]:
    needs = {}
    for code, row in table.each():
        named = row.texts("roles", required="sector" not in row.values)
        known(row, "roles", named, roles)
        if "sector" in row.values:
            sector = row.word("sector", Sector)
            named += tuple(role.code for role in roles.values() if role.sector is sector and role.code not in named)
        begins, ends = row.day_or_none("from"), row.day_or_none("until")
        if begins and ends and ends < begins:
            row.complain("until", "must not come before the day it begins")
        needs[code] = Need(code, row.text("label"), named, begins, ends, **_agreed(row))
        row.finish()
    return needs


class _Agreed(TypedDict):
    source: str
    effective: date | None


def _agreed(row: Table) -> _Agreed:
    """Where a row is agreed, and since when; it need not say."""
    return {"source": row.text("source", ""), "effective": row.day_or_none("effective")}


def _quorums(table: Table, needs: Mapping[str, Need]) -> dict[DiscussionKind, Quorum]:
    quorums = {}
    for kind in DiscussionKind:
        row = table.table(kind.value)
        codes = row.texts("needs", required=True)
        known(row, "needs", codes, needs)
        named = tuple(needs[code] for code in codes if code in needs)
        quorums[kind] = Quorum(kind, named, row.text("source"), row.day("effective"))
        row.finish()
    table.finish()
    return quorums


class _Meetings(TypedDict):
    meeting_circumstances: tuple[str, ...]
    meeting_source: str
    meeting_effective: date | None


def _meetings(root: Table, circumstances: Collection[str]) -> _Meetings:
    """Circumstances in which it must be a meeting, whatever the concern; none where the table is left out."""
    if "meetings" not in root.values:
        return {"meeting_circumstances": (), "meeting_source": "", "meeting_effective": None}
    row = root.table("meetings")
    codes = row.texts("circumstances", required=True)
    known(row, "circumstances", codes, circumstances)
    source, effective = row.text("source"), row.day_or_none("effective")
    row.finish()
    return {"meeting_circumstances": codes, "meeting_source": source, "meeting_effective": effective}


def _ladders(table: Table) -> dict[str, Ladder]:
    ladders = {}
    for code, row in table.each():
        rungs = tuple(_rung(number, rung) for number, rung in enumerate(row.rows("rungs")))
        ladders[code] = Ladder(code, row.text("label"), rungs, row.text("source"), row.day_or_none("effective"))
        row.finish()
    return ladders


def _rung(number: int, row: Table) -> Rung:
    if number == 0 and "after" in row.values:
        row.complain("after", "the first rung is told at once")
    rung = Rung(number, row.text("title"), row.span("after") if number else None)
    row.finish()
    return rung


def _chase(row: Table, ladders: Mapping[str, Ladder]) -> ChaseFigures:
    figures = ChaseFigures(
        shares=row.shares("shares"),
        first_within_minutes=row.whole("first_within_minutes"),
        minimum_gap_minutes=row.whole("minimum_gap_minutes"),
        desk_accepted_skips=row.share("desk_accepted_skips"),
        chair_call_every_minutes=row.whole("chair_call_every_minutes"),
        chair_call_after=row.span("chair_call_after"),
        short_notice_minutes=row.whole("short_notice_minutes"),
        least_notice_minutes=row.whole("least_notice_minutes", _LEAST_NOTICE_MINUTES),
        source=row.text("source"),
        immediate_risk_rung=row.whole("immediate_risk_rung", _IMMEDIATE_RISK, least=0),
        effective=row.day_or_none("effective"),
        nobody_told_minutes=row.whole("nobody_told_minutes", NOBODY_TOLD_MINUTES),
    )
    if row.is_sound:
        _check_chase(row, figures, ladders)
    row.finish()
    return figures


def _check_chase(row: Table, figures: ChaseFigures, ladders: Mapping[str, Ladder]) -> None:
    shares = figures.shares
    if list(shares) != sorted(set(shares)) or any(not 0 < share < 1 for share in shares):
        row.complain("shares", "must rise, each between 0 and 1")
    if figures.desk_accepted_skips not in shares[1:]:
        row.complain("desk_accepted_skips", "must be one of the shares after the first")
    if figures.immediate_risk_rung >= len(shares):
        row.complain("immediate_risk_rung", "must be one of the rungs climbed before the discussion")
    if figures.chair_call_every_minutes < figures.minimum_gap_minutes:
        row.complain("chair_call_every_minutes", "must not be shorter than the minimum gap")
    if "least_notice_minutes" in row.values and figures.least_notice_minutes > figures.short_notice_minutes:
        row.complain("least_notice_minutes", "must not be longer than what is short notice")
    for ladder in ladders.values():
        if len(ladder.rungs) < len(shares):
            row.complain("shares", f"the ladder {ladder.code!r} has only {len(ladder.rungs)} rungs")


def _invite(row: Table, roles: Mapping[str, Role], occasions: Collection[str]) -> InviteRule:
    kinds = {kind.value: kind for kind in DiscussionKind}
    rule = InviteRule(
        role=row.text("role"),
        when=row.texts("when"),
        kinds=frozenset(kinds[kind] for kind in row.texts("kinds") if kind in kinds),
        required=row.flag("required"),
        why=row.text("why"),
        **_agreed(row),
    )
    known(row, "role", (rule.role,), roles)
    known(row, "when", rule.when, occasions)
    known(row, "kinds", row.texts("kinds"), kinds)
    row.finish()
    return rule
