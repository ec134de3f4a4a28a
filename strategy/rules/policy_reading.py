"""Holds the reading of a policy from TOML: all faults at once, each with its table, key and line. It judges no case."""

from collections.abc import Collection, Mapping
from datetime import date, time
from types import MappingProxyType
from typing import TypedDict

from strategy.rules.policy import (
    ChaseFigures,
    InviteRule,
    Ladder,
    Need,
    Policy,
    Quorum,
    Role,
    Rung,
    Target,
)
from strategy.rules.policy_source import PolicyError, Problem, Source, Table
from strategy.vocabulary import ClockStart, DiscussionKind, Nation, Sector, SpanUnit

__all__ = ["PolicyError", "Problem", "parse"]

# The product itself asks for these by name: a contact's decision, a record, a conference, an assessment, the fallback.
_ALWAYS = ("standard", "referral-decision", "record", "icpc", "assessment")


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
    targets = _targets(root.table("targets"), _floor(head), needs, circumstances)
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
        invite_rules=tuple(_invite(row, roles, {*targets, *circumstances}) for row in root.rows("invite")),
    )
    head.finish()
    return policy


class _Head(TypedDict):
    name: str
    version: str
    effective: date
    nation: Nation
    close_of_business: time
    closure_days: frozenset[date]


def _head(head: Table) -> _Head:
    return {
        "name": head.text("name"),
        "version": head.text("version"),
        "effective": head.day("effective"),
        "nation": head.word("nation", Nation),
        "close_of_business": head.hour("close_of_business"),
        "closure_days": head.days("closure_days"),
    }


def _floor(head: Table) -> int:
    """The least time, in hours, that "same day" leaves."""
    floor = head.span("same_day_floor")
    if floor.unit is not SpanUnit.HOURS:
        head.complain("same_day_floor", "must be in hours")
    return floor.count


def _targets(table: Table, floor: int, needs: Mapping[str, Need], circumstances: Collection[str]) -> dict[str, Target]:
    targets = {code: _target(code, row, floor, needs, circumstances) for code, row in table.each()}
    for code in _ALWAYS:
        if code not in targets:
            table.complain("", f"there must be a target called {code!r}")
    return targets


def _target(code: str, row: Table, floor: int, needs: Mapping[str, Need], circumstances: Collection[str]) -> Target:
    target = Target(
        code=code,
        label=row.text("label"),
        short=row.text("short", code.replace("-", " ")),
        starts=row.word("starts", ClockStart, ClockStart.DECISION),
        warn=row.span("warn") if "warn" in row.values else None,
        due=row.span("due", floor),
        urgent=row.flag("urgent"),
        is_date=row.flag("date"),
        local=row.flag("local", True),
        selectable="order" in row.values,
        order=row.whole("order", 1),
        must_be_meeting=row.flag("must_be_meeting"),
        needs=row.texts("needs"),
        advice=row.text("advice", ""),
        source=row.text("source"),
        effective=row.day("effective"),
        circumstances=row.texts("circumstances"),
    )
    _known(row, "needs", target.needs, needs)
    _known(row, "circumstances", target.circumstances, circumstances)
    if row.is_sound:
        _check_spans(row, target)
    row.finish()
    return target


def _check_spans(row: Table, target: Target) -> None:
    if target.is_date and {span.unit for span in (target.warn, target.due) if span} != {SpanUnit.WORKING_DAYS}:
        row.complain("due", "a date is counted in working days")
    if target.warn and target.warn.unit is target.due.unit and target.warn.count >= target.due.count:
        row.complain("warn", "must come before it is due")


def _roles(table: Table, ladders: Mapping[str, Ladder]) -> dict[str, Role]:
    roles = {}
    for code, row in table.each():
        roles[code] = Role(code, row.text("label"), row.word("sector", Sector), row.text("ladder"))
        _known(row, "ladder", (roles[code].ladder,), ladders)
        row.finish()
    return roles


def _needs(table: Table, roles: Mapping[str, Role]) -> dict[str, Need]:
    needs = {}
    for code, row in table.each():
        named = row.texts("roles", required="sector" not in row.values)
        _known(row, "roles", named, roles)
        if "sector" in row.values:
            sector = row.word("sector", Sector)
            named += tuple(role.code for role in roles.values() if role.sector is sector and role.code not in named)
        needs[code] = Need(code, row.text("label"), named)
        row.finish()
    return needs


def _quorums(table: Table, needs: Mapping[str, Need]) -> dict[DiscussionKind, Quorum]:
    quorums = {}
    for kind in DiscussionKind:
        row = table.table(kind.value)
        codes = row.texts("needs", required=True)
        _known(row, "needs", codes, needs)
        known = tuple(needs[code] for code in codes if code in needs)
        quorums[kind] = Quorum(kind, known, row.text("source"), row.day("effective"))
        row.finish()
    table.finish()
    return quorums


def _ladders(table: Table) -> dict[str, Ladder]:
    ladders = {}
    for code, row in table.each():
        rungs = tuple(_rung(number, rung) for number, rung in enumerate(row.rows("rungs")))
        ladders[code] = Ladder(code, row.text("label"), rungs, row.text("source"))
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
        source=row.text("source"),
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
    if figures.chair_call_every_minutes < figures.minimum_gap_minutes:
        row.complain("chair_call_every_minutes", "must not be shorter than the minimum gap")
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
    )
    _known(row, "role", (rule.role,), roles)
    _known(row, "when", rule.when, occasions)
    _known(row, "kinds", row.texts("kinds"), kinds)
    row.finish()
    return rule


def _known(row: Table, key: str, codes: tuple[str, ...], known: Collection[str]) -> None:
    for code in codes:
        if code and code not in known:
            row.complain(key, f"{code!r} is not defined")
