"""Holds whether those who should be there are there, or will be. It blocks nothing: a chair may always go ahead.

A report is information received, never attendance, so it meets no need.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from strategy.rules.policy import Need
from strategy.vocabulary import NAMED, Course, InvitationState, QuorumOutcome

_OPEN = frozenset({InvitationState.INVITED, InvitationState.NAME_NEEDED})

_WORDS = {
    InvitationState.INVITED: "not answered",
    InvitationState.NAME_NEEDED: "accepted, nobody named yet",
    InvitationState.DECLINED: "cannot attend",
    InvitationState.REPORT_ONLY: "report only",
    InvitationState.NOT_OURS: "not their child, they say",
}


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

    def outcome(self, *, excepted: bool) -> QuorumOutcome:
        """What is recorded. An exception a manager authorised counts only where somebody was really missing."""
        if self.met:
            return QuorumOutcome.MET
        return QuorumOutcome.EXCEPTION if excepted and self.missing else QuorumOutcome.NOT_MET

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
class Heard:
    """What one invitation has said. ``label`` names its role; ``unreached``: neither mail nor text got through.

    ``required`` is whether it was asked for as required, which can be more than the quorum needs; ``climbed`` that
    everybody up its ladder has been told.
    """

    role: str
    state: InvitationState
    label: str = ""
    required: bool = False
    unreached: bool = False
    climbed: bool = False

    @property
    def words(self) -> str:
        """The state as half a sentence."""
        silent = self.state is InvitationState.INVITED
        said = "not reached, no email or text got through" if silent and self.unreached else _WORDS[self.state]
        return f"{said}, and everybody up their ladder has been told" if self.climbed else said


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a coming discussion stands; ``why`` says it in words.

    ``missing`` are the needs nobody named will meet; ``also`` are roles asked for as required beyond the quorum, of
    whom nobody is named: without them it is at risk, and quorate all the same.
    """

    course: Course
    why: str
    missing: tuple[Need, ...]
    also: tuple[Need, ...] = ()

    @property
    def lacking(self) -> tuple[Need, ...]:
        """Everything required that nobody named will meet, the quorum's first."""
        return self.missing + self.also


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
    heard: Iterable[Heard],
    waived: Collection[str],
    now: datetime,
    starts_at: datetime,
) -> Outlook:
    """Judge a discussion to come by what each invitation has said. A role may be invited more than once.

    A need that can still be answered leaves it at risk; one refused, never asked, waived, or open at the start, not
    quorate. Somebody required beyond the quorum (domain section 4) puts it at risk and no more.
    """
    standing = [one for one in heard if one.state is not InvitationState.WITHDRAWN]
    unmet = list(_unmet(needs, standing))
    invited = {one.role for one in standing}
    missing = [(need, asked) for need, asked in unmet if not _is_waived(need, waived, invited)]
    without = [need for need, _ in unmet if _is_waived(need, waived, invited)]
    also = list(_required_besides(standing, waived, {role for need, _ in missing for role in need.roles}))
    if not missing and not also and not without:
        return Outlook(Course.ON_COURSE, "Everyone required is named.", ())
    lost = missing and (now >= starts_at or any(not _open(asked) for _, asked in missing))
    words = [f"{need.label}: {_said(asked)}." for need, asked in missing + also]
    waiver = [f"Going ahead without {_listed(without)}: waived by the chair."] if without else []
    return Outlook(
        course=Course.WILL_NOT_BE_QUORATE if lost or without else Course.AT_RISK,
        why=" ".join([*words, *waiver]),
        missing=tuple(need for need, _ in missing),
        also=tuple(need for need, _ in also),
    )


def _unmet(needs: Sequence[Need], standing: Sequence[Heard]) -> Iterator[tuple[Need, list[Heard]]]:
    """Each need for which nobody is named, with those asked for it."""
    for need in needs:
        asked = [one for one in standing if one.role in need.roles]
        if not _named(asked):
            yield need, asked


def _required_besides(
    standing: Sequence[Heard], waived: Collection[str], said: Collection[str]
) -> Iterator[tuple[Need, list[Heard]]]:
    """Each role asked for as required for which nobody is named, but for those ``said`` of a need already."""
    wanted = {one.role: one.label for one in standing if one.required}
    for role, label in wanted.items():
        asked = [one for one in standing if one.role == role]
        if role not in said and role not in waived and not _named(asked):
            yield Need(role, label or role, (role,)), asked


def _named(asked: Iterable[Heard]) -> bool:
    return any(one.state in NAMED for one in asked)


def _open(asked: Iterable[Heard]) -> bool:
    return any(one.state in _OPEN for one in asked)


def _is_waived(need: Need, waived: Collection[str], invited: Collection[str]) -> bool:
    could_meet = set(need.roles)
    return bool(could_meet & set(waived)) and not (could_meet & set(invited)) - set(waived)


def _said(asked: Sequence[Heard]) -> str:
    """What those asked have said; each by name where they differ, for one refusal must not hide behind a silence."""
    if not asked:
        return "not invited"
    words = {one.words for one in asked}
    return words.pop() if len(words) == 1 else ", ".join(f"{one.label or one.role} {one.words}" for one in asked)


def _listed(needs: Sequence[Need]) -> str:
    return ", ".join(need.label for need in needs)
