"""Holds what a policy says, in words: the facts a page shows and two versions are compared by. It judges nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time

from strategy.rules.policy import FollowOn, InviteRule, Need, Policy, Rung, Target
from strategy.rules.watch_figures import WatchFigures

NOT_SAID = "not set"
AREAS = ("Working time", "Targets", "Who has to be there", "Invitations", "Ladders", "Chasing", "Reasons and words")

# What is said, by area, what it is about, and which of its facts: ("Targets", "standard", "due").
Facts = Mapping[tuple[str, str, str], str]


def facts(policy: Policy) -> Facts:
    """All that a policy says, in the order a reader would look for it."""
    return dict(_all(policy))


def _all(policy: Policy) -> Iterator[tuple[tuple[str, str, str], str]]:
    areas = dict(zip(AREAS, (_time, _targets, _needs, _invitations, _ladders, _chasing, _reasons), strict=True))
    for area, said in areas.items():
        for about, what, words in said(policy):
            yield (area, about, what), words


Said = Iterator[tuple[str, str, str]]


def _time(policy: Policy) -> Said:
    yield "The authority", "nation", policy.nation.words
    yield "The authority", "open", f"{_hour(policy.open_of_business)} to {_hour(policy.close_of_business)}"
    yield "The authority", "closure days", listed([day_words(day) for day in sorted(policy.closure_days)])


def _targets(policy: Policy) -> Said:
    for code, target in policy.targets.items():
        for what, words in target_facts(policy, target):
            yield code, what, words


def target_facts(policy: Policy, target: Target) -> Iterator[tuple[str, str]]:
    """What one target says: pairs of which fact, and its words."""
    yield "name", target.label
    yield "short name", target.short
    yield "due", f"{target.due}{' (a date)' if target.is_date else ''}"
    yield "warning", str(target.warn) if target.warn else NOT_SAID
    yield "clock starts with", target.starts.words
    yield "urgent", _yes(target.urgent)
    yield "closure days lengthen it", _yes(target.local)
    yield "may be chosen as a concern", f"yes, in place {target.order}" if target.selectable else "no"
    yield "must be a meeting", _yes(target.must_be_meeting)
    yield "asks for", listed([policy.needs[need].label for need in target.needs])
    yield "says to be so", listed([policy.circumstances[code] for code in target.circumstances])
    yield "follow-on", listed([follow_on_words(one) for one in target.follow_ons])
    yield "advice", target.advice or NOT_SAID
    yield "source", target.source
    yield "effective", day_words(target.effective)


def follow_on_words(one: FollowOn) -> str:
    """A follow-on in words: "A full meeting within 72 hours of the start of the clock"."""
    again = ", again and again" if one.repeats else ""
    warned = f", warning after {one.warn}" if one.warn else ""
    by_phone = " (not by phone)" if one.meeting else ""
    return f"{one.label} within {one.after} of {one.starts.words}{by_phone}{again}{warned}"


def _needs(policy: Policy) -> Said:
    for kind, quorum in policy.quorums.items():
        about = f"Quorum: {kind.words}"
        yield about, "needs", listed([need_words(need) for need in quorum.needs])
        yield about, "source", quorum.source
        yield about, "effective", day_words(quorum.effective)
    for need in policy.needs.values():
        met_by = listed([policy.roles[role].label for role in need.roles])
        yield f"Need: {need.code}", "met by any of", f"{need_words(need)}: {met_by}"
        yield from _agreed(f"Need: {need.code}", need)
    meeting = [policy.circumstances[code] for code in policy.meeting_circumstances]
    yield "A meeting, not a phone call", "circumstances", listed(meeting)
    if policy.meeting_source:
        yield "A meeting, not a phone call", "source", agreed_words(policy.meeting_source, policy.meeting_effective)


def _agreed(about: str, row: Need | InviteRule) -> Said:
    if row.source or row.effective:
        yield about, "source", agreed_words(row.source, row.effective)


def agreed_words(source: str, effective: date | None) -> str:
    """Where something is agreed and since when: "Northumberland, from 1 April 2026"; empty where nothing says so."""
    return ", ".join(part for part in (source, f"from {day_words(effective)}" if effective else "") if part)


def need_words(need: Need) -> str:
    """A need with the days it begins and ends: "Education (from 1 December 2027)"."""
    days = [f"from {day_words(need.begins)}"] if need.begins else []
    days += [f"until {day_words(need.ends)}"] if need.ends else []
    return f"{need.label} ({', '.join(days)})" if days else need.label


def _invitations(policy: Policy) -> Said:
    for role in policy.roles.values():
        yield role.code, "role", f"{role.label} ({role.sector.words}; ladder: {policy.ladders[role.ladder].label})"
        rules = [rule for rule in policy.invite_rules if rule.role == role.code]
        yield role.code, "suggested", listed([_with_source(invite_words(policy, rule), rule) for rule in rules])


def _with_source(words: str, rule: InviteRule) -> str:
    agreed = agreed_words(rule.source, rule.effective)
    return f"{words} ({agreed})" if agreed else words


def invite_words(policy: Policy, rule: InviteRule) -> str:
    """When and why somebody is suggested: "required for everything: The social worker's manager chairs."."""
    return f"{occasion_words(policy, rule)}: {rule.why}"


def occasion_words(policy: Policy, rule: InviteRule) -> str:
    """When somebody is suggested: "offered for Child at nursery", "required for unborn, only at final discussions"."""
    known = {**{code: target.short for code, target in policy.targets.items()}, **policy.circumstances}
    kinds = listed([f"{kind.words.lower()} discussions" for kind in sorted(rule.kinds, key=lambda kind: kind.value)])
    when = listed([known[code] for code in rule.when])
    occasion = f"{when}, only at {kinds}" if rule.when and rule.kinds else when if rule.when else kinds
    return f"{'required' if rule.required else 'offered'} for {occasion if rule.when or rule.kinds else 'everything'}"


def _ladders(policy: Policy) -> Said:
    for ladder in policy.ladders.values():
        yield ladder.code, "name", ladder.label
        for rung in ladder.rungs:
            yield ladder.code, f"rung {rung.number}", rung_words(rung)
        yield ladder.code, "source", agreed_words(ladder.source, ladder.effective)


def rung_words(rung: Rung) -> str:
    """A rung with its wait: "Detective sergeant, after 2 working days"."""
    return f"{rung.title}, after {rung.after}" if rung.after else rung.title


def _chasing(policy: Policy) -> Said:
    chase = policy.chase
    for number, share in enumerate(chase.shares):
        yield "Before the discussion", f"rung {number}", f"{share:.0%} of the time to the start"
    yield "Before the discussion", "the first within", f"{chase.first_within_minutes} minutes"
    yield "Before the discussion", "never closer together than", f"{chase.minimum_gap_minutes} minutes"
    yield "Before the discussion", "accepted without a name skips", f"{chase.desk_accepted_skips:.0%}"
    yield "Before the discussion", "immediate risk begins at", f"rung {chase.immediate_risk_rung}"
    yield "The chair's calls", "before the discussion, every", f"{chase.chair_call_every_minutes} minutes"
    yield "The chair's calls", "afterwards, after", str(chase.chair_call_after)
    yield "Nobody told", "the convener is told after, and again every", f"{chase.nobody_told_minutes} minutes"
    yield "Notice", "short under", f"{chase.short_notice_minutes} minutes of open time"
    yield "Notice", "nobody could come under", f"{chase.least_notice_minutes} minutes"
    yield "Chasing", "source", agreed_words(chase.source, chase.effective)
    duty = policy.emergency_duty
    yield (
        "Out of hours",
        "handed over and not accepted is said after, and again every",
        f"{duty.accept_within_minutes} minutes",
    )
    yield "Out of hours", "the morning's list is out at", _hour(duty.handover_at)
    yield "Out of hours", "source", agreed_words(duty.source, duty.effective)
    yield from _watching(policy.watch)


def _watching(watch: WatchFigures) -> Said:
    yield "At the start", "who is not there is told after", f"{watch.not_joined_minutes} minutes"
    least, most = watch.reminder_least_minutes, watch.reminder_most_minutes
    words = f"{watch.reminder_share:.0%} of the time left before the start, {least} to {most} minutes"
    yield "Reminders", "whoever comes, with", words
    yield "Reminders", "owners of actions, before they are due", f"{watch.action_before_hours} hours"
    yield "Reminders", "owners of actions, after they were due", f"{watch.action_after_hours} hours"
    yield "Quorum", "at risk is told of from", f"{watch.near_start_minutes} minutes before the start"
    yield "Quorum", "what changes is told of when it has lasted", f"{watch.settle_minutes} minutes"
    for whom, share in zip(("the worker", "their managers", "the leaders"), watch.target_shares, strict=False):
        yield "Children who wait", f"{whom}, on the way from warning to target", f"{share:.0%}"
    yield "Children who wait", "past it, again every", f"{watch.target_again_hours} hours"
    yield "Children who wait", "a decision is near after", f"{watch.decision_warns:.0%} of its time"
    yield "Watching", "source", agreed_words(watch.source, watch.effective)


def _reasons(policy: Policy) -> Said:
    groups = {
        "Why somebody did not come": policy.absence_reasons,
        "Why we were late": policy.delay_reasons,
        "Circumstances": policy.circumstances,
    }
    for about, words in groups.items():
        for code, label in words.items():
            yield about, code, label


def day_words(day: date) -> str:
    """A date: "1 December 2027"."""
    return f"{day.day} {day:%B %Y}"


def _hour(hour: time) -> str:
    return f"{hour:%H:%M}"


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def listed(parts: Sequence[str]) -> str:
    """Several things in words, or "none"."""
    return "; ".join(parts) if parts else "none"
