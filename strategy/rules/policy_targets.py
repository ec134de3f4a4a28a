"""Holds the reading of a policy's targets, follow-ons included. The rest of a policy is read in policy_reading."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from strategy.rules.policy import FollowOn, Need, Span, Target
from strategy.rules.policy_source import Table, known
from strategy.vocabulary import ClockStart, FollowOnStart, SpanUnit

# The product itself asks for these by name, and by the event that starts each: a contact's decision, a record, a
# conference, an assessment, the fallback. None: any event that can start a discussion's clock.
_ALWAYS: Mapping[str, ClockStart | None] = {
    "standard": None,
    "referral-decision": ClockStart.CONTACT_RECEIVED,
    "record": ClockStart.DISCUSSION_HELD,
    "icpc": ClockStart.DISCUSSION_HELD,
    "assessment": ClockStart.CONTACT_RECEIVED,
}
# A working day ends at close of business: one that begins just before midnight may leave no more than this to warn in.
_LOST_OF_THE_FIRST_DAY = 8
_NOT_ITS_OWN = "a discussion's clock cannot wait for the discussion to be held"


def targets_of(
    table: Table, floor: int, needs: Mapping[str, Need], circumstances: Collection[str]
) -> dict[str, Target]:
    """Every target by its code. ``floor`` is the least time, in hours, that "same day" leaves."""
    targets = {code: _target(code, row, floor, needs, circumstances) for code, row in table.each()}
    for code in _ALWAYS:
        if code not in targets:
            near = get_close_matches(code, [one for one in targets if one not in _ALWAYS], n=1)
            meant = f": is {near[0]!r} meant to be it?" if near else ""
            table.complain(near[0] if near else "", f"there must be a target called {code!r}, asked for by name{meant}")
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
        follow_ons=tuple(_follow_ons(row)),
    )
    known(row, "needs", target.needs, needs)
    known(row, "circumstances", target.circumstances, circumstances)
    if row.is_sound:
        _check(row, target)
    row.finish()
    return target


def _follow_ons(row: Table) -> Iterator[FollowOn]:
    for one in row.rows("follow_on", required=False):
        follow = FollowOn(
            after=one.span("after", days=True),
            warn=one.span("warn", days=True) if "warn" in one.values else None,
            starts=one.word("from", FollowOnStart),
            label=one.text("label"),
            meeting=one.flag("meeting"),
            repeats=one.flag("repeats"),
        )
        if follow.warn and (follow.warn.unit is not follow.after.unit or follow.warn.count >= follow.after.count):
            one.complain("warn", "must come before it is due, and be counted as that is")
        if one.values.get("repeats") is True and one.values.get("from") == FollowOnStart.CLOCK.value:
            one.complain("repeats", 'counts from the discussion before it: write from = "discussion-held"')
        one.finish()
        yield follow


def _check(row: Table, target: Target) -> None:
    if target.is_date and {span.unit for span in (target.warn, target.due) if span} != {SpanUnit.WORKING_DAYS}:
        row.complain("due", "a date is counted in working days")
    if target.warn and not _comes_first(target.warn, target.due):
        row.complain("warn", "must come before it is due")
    asked = _ALWAYS.get(target.code)
    if asked and target.starts is not asked:
        row.complain("starts", f"the clock of {target.code!r} starts with {asked.value!r}")
    elif not asked and target.starts is ClockStart.DISCUSSION_HELD:
        row.complain("starts", f"{_NOT_ITS_OWN}: only 'record' and 'icpc' do")


def _comes_first(warn: Span, due: Span) -> bool:
    """Whether a warning comes before the due time whenever the clock starts; of "same day", not after its floor."""
    if warn.unit is due.unit:
        return warn.count < due.count
    if warn.unit is SpanUnit.WORKING_DAYS:
        return False
    most = due.count if due.unit is SpanUnit.SAME_DAY else 24 * due.count - _LOST_OF_THE_FIRST_DAY
    return warn.count <= most
