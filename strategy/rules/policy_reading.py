"""Holds the reading of a policy from TOML: every fault is found at once, each with its table, key and line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. ``where`` is the table and key, as in "targets.standard.due"; ``line`` counts from 1 when known."""

    where: str
    what: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where} (line {self.line})"
        return f"{place}: {self.what}"


class PolicyError(ValueError):
    """The text is no policy. ``problems`` lists every fault found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
