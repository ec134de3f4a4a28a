"""Holds whether those who should be there are there, or will be. It blocks nothing: a chair may always go ahead.

A report is information received, never attendance, so it meets no need.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from strategy.rules.policy import Need
from strategy.vocabulary import NAMED, Course, InvitationState

_OPEN = frozenset({InvitationState.INVITED, InvitationState.NAME_NEEDED})


@dataclass(frozen=True, slots=True)
class QuorumResult:
    """Who was needed and not there. ``met`` only when nobody was missing, waived or not."""

    met: bool
    missing: tuple[Need, ...]
    waived: tuple[Need, ...]

    @property
    def needs_reason(self) -> bool:
        """Whether going ahead asks for a reason: somebody is missing whom no one has waived."""
        return bool(self.missing)

    @property
    def words(self) -> str:
        """The result as a sentence for the screen."""
        if self.met:
            return "Quorum met."
        parts = ["Quorum not met."]
        if self.missing:
            parts.append(f"Missing: {_listed(self.missing)}.")
        if self.waived:
            parts.append(f"Waived: {_listed(self.waived)}.")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a coming discussion stands. ``missing`` are the needs nobody named will meet; ``why`` says it in words."""

    course: Course
    why: str
    missing: tuple[Need, ...]


def assess(
    needs: Sequence[Need],
    present_roles: Collection[str],
    waived: Collection[str] = (),
    invited: Collection[str] = (),
) -> QuorumResult:
    """Judge a discussion that was held, by the roles present.

    ``waived`` and ``invited`` are role codes: a need is waived when every invited role that could meet it is.
    """
    absent = [need for need in needs if not set(need.roles) & set(present_roles)]
    excused = tuple(need for need in absent if _is_waived(need, waived, invited))
    return QuorumResult(
        met=not absent,
        missing=tuple(need for need in absent if need not in excused),
        waived=excused,
    )


def course(
    needs: Sequence[Need],
    states: Iterable[tuple[str, InvitationState]],
    waived: Collection[str],
    now: datetime,
    starts_at: datetime,
) -> Outlook:
    """Judge a discussion to come by what each invited role has said. A role may be invited more than once.

    A need that can still be answered leaves it at risk; one refused, never asked, or open at the start, not quorate.
    """
    said = [(role, state) for role, state in states if state is not InvitationState.WITHDRAWN]
    missing = list(_unmet(needs, said, waived))
    if not missing:
        return Outlook(Course.ON_COURSE, "Everyone required is named.", ())
    lost = now >= starts_at or any(not answers & _OPEN for _, answers in missing)
    return Outlook(
        course=Course.WILL_NOT_BE_QUORATE if lost else Course.AT_RISK,
        why=" ".join(f"{need.label}: {_said(answers)}." for need, answers in missing),
        missing=tuple(need for need, _ in missing),
    )


def _unmet(
    needs: Sequence[Need], said: Sequence[tuple[str, InvitationState]], waived: Collection[str]
) -> Iterator[tuple[Need, set[InvitationState]]]:
    """Each need for which nobody is named and none waived, with what its roles have said instead."""
    invited = {role for role, _ in said}
    for need in needs:
        answers: set[InvitationState] = {state for role, state in said if role in need.roles}
        if not answers & NAMED and not _is_waived(need, waived, invited):
            yield need, answers


def _is_waived(need: Need, waived: Collection[str], invited: Collection[str]) -> bool:
    could_meet = set(need.roles)
    return bool(could_meet & set(waived)) and not (could_meet & set(invited)) - set(waived)


def _said(answers: Collection[InvitationState]) -> str:
    if not answers:
        return "not invited"
    if InvitationState.NAME_NEEDED in answers:
        return "accepted, nobody named yet"
    if InvitationState.INVITED in answers:
        return "not answered"
    return "report only" if InvitationState.REPORT_ONLY in answers else "cannot attend"


def _listed(needs: Sequence[Need]) -> str:
    return ", ".join(need.label for need in needs)
