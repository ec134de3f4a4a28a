"""The command line's contract with machines: one line of JSON, errors on stderr, exit 2 for bad input."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from strategy.cli import cli
from strategy.policy import example_text, parsed


def _deadline(*options: str) -> dict[str, str | None]:
    result = CliRunner().invoke(cli, ["deadline", "--json", *options])
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    found: dict[str, str | None] = json.loads(result.stdout)
    return found


def test_three_working_days_over_christmas() -> None:
    found = _deadline("--concern", "standard", "--start", "2026-12-23T16:30:00+00:00")
    assert found["clock_started_at"] == "2026-12-23T16:30:00Z"
    assert found["warn_at"] == "2026-12-24T17:00:00Z"
    assert found["due_at"] == "2026-12-30T17:00:00Z"  # 25 and 28 December 2026 are bank holidays
    assert list(found) == ["concern", "clock_started_at", "warn_at", "due_at", "rule", "source"]


def test_scotland_counts_its_own_holidays() -> None:
    start = ("--concern", "standard", "--start", "2026-12-31T16:30:00+00:00")
    assert _deadline(*start)["due_at"] == "2027-01-06T17:00:00Z"
    assert _deadline(*start, "--nation", "scotland")["due_at"] == "2027-01-07T17:00:00Z"


def test_a_conference_is_due_on_a_date() -> None:
    found = _deadline("--concern", "icpc", "--start", "2022-06-02T10:00:00+01:00")
    assert found["due_at"] == "2022-06-24"


@pytest.mark.parametrize("code", parsed(example_text()).targets)
def test_every_code_answers_without_database_or_settings(code: str) -> None:
    found = _deadline("--concern", code, "--start", "2027-03-27T23:30:00Z")
    assert found["concern"] == code
    assert found["due_at"]
    assert found["source"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--concern", "nonsense", "--start", "2026-12-23T16:30:00Z"], "there is no 'nonsense'"),
        (["--concern", "standard", "--start", "yesterday"], "is not an ISO date and time"),
        (["--concern", "standard", "--start", "2026-12-23T16:30:00"], "has no offset"),
        (["--concern", "standard", "--start", "2026-12-23T16:30:00Z", "--nation", "france"], "nation"),
        (["--concern", "standard"], "--start"),
    ],
)
def test_bad_input_is_said_on_stderr_with_exit_2(options: list[str], words: str) -> None:
    result = CliRunner().invoke(cli, ["deadline", *options])
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_production_start_without_secrets_says_what_to_set(tmp_path: object) -> None:
    environ = {"PATH": os.environ["PATH"], "STRATEGY_ENV": "production", "STRATEGY_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "from strategy.cli import main; main()", "tick"]
    result = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "STRATEGY_SECRET_KEY is missing" in result.stderr
    assert result.stdout == ""
