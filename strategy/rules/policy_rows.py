"""Holds the parts of a policy that are rows alike: what each row says in words, and what hinders taking one away.

Which boxes a row is written in is the forms'; how its lines change is policy_editing's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from strategy.rules.notice import BEYOND_THEM, OURS_TO_SAY
from strategy.rules.policy import Policy, Target
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.policy_reading import parse
from strategy.rules.policy_source import PolicyError, Problem
from strategy.rules.policy_words import agreed_words, follow_on_words, listed, need_words, occasion_words, rung_words

# Roles that a booking always asks, whatever a policy suggests.
_ALWAYS_ASKED = frozenset({"chair", "social-worker", "minute-taker"})
_UNDEFINED = "is not defined"
_ELSEWHERE = {
    "meetings": "A meeting, not a phone call",
    "chase": "Chasing",
    "watch": "Watching",
    "policy": "Working time",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a page lists it: ``key`` its code, or its place where rows have none, and what it says, line by line.

    ``agreed`` is its source and effective date in words, empty where the policy gives none.
    """

    key: str | int
    name: str
    says: tuple[str, ...]
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a row cannot be taken away, as a sentence; ``slug`` and ``key`` name the row to change first, if any."""

    words: str
    slug: str = ""
    key: str | int = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A table of rows. ``slug`` is its name in an address; ``fixed``: rows are changed, never added or taken away.

    ``one`` is one row in words ("a need"); ``lead`` says what the rows are for.
    """

    slug: str
    table: str
    title: str
    one: str
    lead: str
    rows: Callable[[Policy], Iterator[Row]]
    fixed: bool = False


def hindrances(text: str, area: Area, key: str | int, policy: Policy) -> tuple[Hindrance, ...]:
    """Why that row cannot be taken away yet; nothing where it can. ``policy`` is what ``text`` says."""
    if area.fixed:
        return (Hindrance(f"{area.title}: a row can be changed, not taken away."),)
    if area.table == "roles" and key in _ALWAYS_ASKED:
        return (Hindrance("A booking always asks for this role."),)
    if len(list(area.rows(policy))) < 2:
        return (Hindrance(f"It is the last {area.one.split(' ', 1)[1]}: one has to stay."),)
    try:
        parse(edited(text, [Edit((area.table,), key, None)]))
    except PolicyError as error:
        return tuple(dict.fromkeys(_why(problem, policy) for problem in error.problems))
    return ()


def consequence(area: Area, key: str | int) -> str:
    """What else taking that row away would mean, or nothing."""
    if area.table == "absence_reasons" and key in BEYOND_THEM | OURS_TO_SAY:
        return "This reason is given by itself where it was our own doing. Without it, the agency is asked for one."
    if area.table == "delay_reasons" and key == "waiting-for-partner":
        return "A discussion moved to a time that a partner offered is given this reason. Without it, no such move."
    return ""


def place_words(where: str, policy: Policy) -> str:
    """Where a fault is, as the pages call it: "Invitations: Housing" for "invite[32].role"."""
    found = _place(where, policy)
    if found:
        return f"{found[0].title}: {found[1].name}"
    table = where.partition(".")[0]
    titles = {area.table: area.title for area in AREAS.values()} | _ELSEWHERE
    return titles.get(table, where)


def _place(where: str, policy: Policy) -> tuple[Area, Row] | None:
    for area in AREAS.values():
        for row in area.rows(policy):
            path = f"{area.table}[{row.key}]" if isinstance(row.key, int) else f"{area.table}.{row.key}"
            if where == path or where.startswith(f"{path}."):
                return area, row
    return None


def _why(problem: Problem, policy: Policy) -> Hindrance:
    place, found = place_words(problem.where, policy), _place(problem.where, policy)
    if problem.what.endswith(_UNDEFINED):
        words = f"“{place}” still names it: change that first."
        return Hindrance(words, found[0].slug, found[1].key) if found else Hindrance(words)
    return Hindrance(f"{place}: {problem.what}.")


def _targets(policy: Policy) -> Iterator[Row]:
    steps = [target for target in policy.targets.values() if not target.selectable]
    for target in (*policy.concerns, *steps):
        yield Row(target.code, target.label, tuple(_target(policy, target)), _agreed(target))


def _target(policy: Policy, target: Target) -> Iterator[str]:
    warn = f", warning after {target.warn}" if target.warn else ", no warning"
    yield f"{'Urgent: due' if target.urgent else 'Due'} {target.due} from {target.starts.words}{warn}"
    if target.must_be_meeting:
        yield "A meeting, not a phone call"
    yield from (f"Then: {follow_on_words(one)}" for one in target.follow_ons)
    if target.needs:
        yield f"Also has to be there: {listed([policy.needs[need].label for need in target.needs])}"


def _quorums(policy: Policy) -> Iterator[Row]:
    for kind, quorum in policy.quorums.items():
        yield Row(kind.value, kind.words, tuple(need_words(need) for need in quorum.needs), _agreed(quorum))


def _needs(policy: Policy) -> Iterator[Row]:
    for need in policy.needs.values():
        met_by = listed([policy.roles[role].label for role in need.roles])
        asked = _asked_for(policy, need.code)
        yield Row(need.code, need_words(need), (f"Met by any one of: {met_by}", *asked), _agreed(need))


def _asked_for(policy: Policy, code: str) -> Iterator[str]:
    kinds = [quorum.kind.words for quorum in policy.quorums.values() if code in {need.code for need in quorum.needs}]
    concerns = [target.short for target in policy.targets.values() if code in target.needs]
    if kinds:
        yield f"Quorum of: {listed(kinds)}"
    if concerns:
        yield f"Added by the concern: {listed(concerns)}"
    if not kinds and not concerns:
        yield "Asked for by nothing yet"


def _roles(policy: Policy) -> Iterator[Row]:
    for role in policy.roles.values():
        yield Row(role.code, role.label, (role.sector.words, f"Ladder: {policy.ladders[role.ladder].label}"))


def _ladders(policy: Policy) -> Iterator[Row]:
    for ladder in policy.ladders.values():
        rungs = tuple(f"{rung.number}: {rung_words(rung)}" for rung in ladder.rungs)
        yield Row(ladder.code, ladder.label, rungs, _agreed(ladder))


def _invites(policy: Policy) -> Iterator[Row]:
    for place, rule in enumerate(policy.invite_rules):
        words = occasion_words(policy, rule)
        yield Row(place, policy.roles[rule.role].label, (words[0].upper() + words[1:], rule.why), _agreed(rule))


def _labels(table: str) -> Callable[[Policy], Iterator[Row]]:
    def rows(policy: Policy) -> Iterator[Row]:
        labels: Mapping[str, str] = getattr(policy, table)
        for code, label in labels.items():
            yield Row(code, label, tuple(_used(policy, table, code)))

    return rows


def _used(policy: Policy, table: str, code: str) -> Iterable[str]:
    if table == "circumstances":
        roles = [policy.roles[rule.role].label for rule in policy.invite_rules if code in rule.when]
        yield f"Suggests: {listed(list(dict.fromkeys(roles)))}"
        if code in policy.meeting_circumstances:
            yield "A meeting, not a phone call"


def _agreed(row: object) -> str:
    return agreed_words(getattr(row, "source", ""), getattr(row, "effective", None))


def _by_slug(areas: Sequence[Area]) -> Mapping[str, Area]:
    return {area.slug: area for area in areas}


AREAS = _by_slug(
    [
        Area("targets", "targets", "Targets", "a target", "By when a discussion, or a step, is due.", _targets),
        Area(
            "quorums",
            "quorums",
            "Quorum by kind of discussion",
            "a quorum",
            "Who has to be there. A quorum that is missed never blocks.",
            _quorums,
            fixed=True,
        ),
        Area(
            "needs",
            "needs",
            "Who can meet a need",
            "a need",
            "A quorum is made of needs. Any one of its roles meets a need; parts of health can be "
            "needs of their own. A need can begin or end on a day.",
            _needs,
        ),
        Area("roles", "roles", "Roles", "a role", "What somebody is invited as, and whose ladder is climbed.", _roles),
        Area(
            "invitations",
            "invite",
            "Invitations",
            "a suggestion",
            "Whom a booking suggests, for which concern, circumstance or kind of discussion.",
            _invites,
        ),
        Area(
            "circumstances",
            "circumstances",
            "Circumstances",
            "a circumstance",
            "What a booking asks, to know whom to suggest and whether it must be a meeting.",
            _labels("circumstances"),
        ),
        Area(
            "ladders",
            "ladders",
            "Ladders",
            "a ladder",
            "An agency's own line of people to tell, lowest first, and how long each waits once a discussion is over.",
            _ladders,
        ),
        Area(
            "absence-reasons",
            "absence_reasons",
            "Reasons for an absence",
            "a reason",
            "Why somebody did not come.",
            _labels("absence_reasons"),
        ),
        Area(
            "delay-reasons",
            "delay_reasons",
            "Reasons for a delay",
            "a reason",
            "Why a discussion was late.",
            _labels("delay_reasons"),
        ),
    ]
)
