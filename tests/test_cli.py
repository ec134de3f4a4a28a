"""The command line's contract with machines: one line of JSON, errors on stderr, exit 2 for bad input."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask

from strategy.cli import cli, main
from strategy.clock import now
from strategy.policy import example_text, parsed
from strategy.serving import examining
from tests.cast import Cast

ROOT = Path(__file__).parent.parent


def _deadline(*options: str) -> dict[str, str | bool | None]:
    result = CliRunner().invoke(cli, ["deadline", "--json", *options])
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    found: dict[str, str | bool | None] = json.loads(result.stdout)
    return found


def test_three_working_days_over_christmas() -> None:
    found = _deadline("--concern", "standard", "--start", "2026-12-23T16:30:00+00:00")
    assert found["clock_started_at"] == "2026-12-23T16:30:00Z"
    assert found["warn_at"] == "2026-12-24T17:00:00Z"
    assert found["due_at"] == "2026-12-30T17:00:00Z"  # 25 and 28 December 2026 are bank holidays
    assert list(found) == ["concern", "clock_started_at", "warn_at", "due_at", "rule", "source"]


def test_local_time_and_clock_hours_are_said_and_that_later_bank_holidays_are_not_counted() -> None:
    words = ["deadline", "--concern", "standard", "--start", "2026-07-01T09:00:00Z"]
    assert CliRunner().invoke(cli, words).stdout.splitlines()[1:] == [
        "In London: Monday 6 July 2026, 5pm, 5 days 7 h 0 min by the clock"
    ]
    late = CliRunner().invoke(cli, [*words[:-1], "2028-12-27T09:00:00Z"]).stdout.splitlines()
    assert late[2] == "Bank holidays are known until 26 December 2028; later ones are not counted."
    facts = CliRunner().invoke(cli, [*words[:-1], "2028-12-27T09:00:00Z", "--json"])
    assert facts.stderr.strip() == late[2] and json.loads(facts.stdout)["due_at"]
    # by the clock no bank holiday matters
    urgent = CliRunner().invoke(cli, ["deadline", "--concern", "serious-injury", "--start", "2029-12-27T09:00:00Z"])
    assert "Bank holidays" not in urgent.stdout


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
        (["--concern", "standard", "--start", "0001-01-01T00:00:00+05:00"], "too far away"),
        (["--concern", "standard", "--start", "9999-12-31T23:30:00-05:00"], "too far away"),
        (["--concern", "standard", "--start", "9999-12-30T23:30:00Z"], "too far away"),
        (["--concern", "standard"], "--start"),
    ],
)
def test_bad_input_is_said_on_stderr_with_exit_2(options: list[str], words: str) -> None:
    result = CliRunner().invoke(cli, ["deadline", *options])
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_policy_in_a_file_is_checked_without_database_or_settings(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(example_text(), encoding="utf-8")
    bad.write_text(example_text().replace('due = "3 wd"', 'due = "soon"', 1), encoding="utf-8")
    fine = CliRunner().invoke(cli, ["policy", "check", str(good)])
    assert (fine.exit_code, fine.stdout) == (0, "It is a policy.\n")
    found = CliRunner().invoke(cli, ["policy", "check", "--json", str(bad)])
    assert found.exit_code == 1
    line = bad.read_text(encoding="utf-8").splitlines().index('due = "soon"') + 1
    assert [(one["where"], one["line"]) for one in json.loads(found.stdout)] == [("targets.standard.due", line)]
    bad.write_bytes(b"\xff\xfe")
    assert CliRunner().invoke(cli, ["policy", "check", str(bad)]).exit_code == 2


def test_a_production_start_without_secrets_says_what_to_set(tmp_path: object) -> None:
    environ = {"PATH": os.environ["PATH"], "STRATEGY_ENV": "production", "STRATEGY_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", "from strategy.cli import main; main()", "tick"]
    result = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "STRATEGY_SECRET_KEY is missing" in result.stderr
    assert result.stdout == ""


def _run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command as a shell runs it, in a process of its own: seconds, so ``said`` where that proves as much."""
    command = [sys.executable, "-m", "strategy.cli", *words]
    whole = {"PATH": os.environ["PATH"], "STRATEGY_ENV": "test", "STRATEGY_DATA_KEYS": "k", **environ}
    return subprocess.run(command, env=whole, capture_output=True, text=True, check=False, cwd=ROOT)


class _Said(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., _Said]:
    """The same entry point in this process, for an installation of the test's own."""
    for name in os.environ:
        if name.startswith(("STRATEGY_", "DATABASE_URL")):
            monkeypatch.delenv(name)
    settings = {"ENV": "test", "DATA_KEYS": "k", "DATA_DIR": str(tmp_path), "PASSWORD_SALT": "salt"}
    for name, value in settings.items():
        monkeypatch.setenv(f"STRATEGY_{name}", value)

    def run(*words: str) -> _Said:
        monkeypatch.setattr(sys, "argv", ["strategy", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return _Said(int(ended.value.code or 0), *capsys.readouterr())

    return run


def test_a_database_without_its_schema_is_said_and_then_made(said: Callable[..., _Said], tmp_path: Path) -> None:
    before = _run("tick", STRATEGY_DATA_DIR=str(tmp_path))
    assert before.returncode == 2
    assert "strategy migrate" in before.stderr
    assert "Traceback" not in before.stderr
    assert _run("migrate", STRATEGY_DATA_DIR=str(tmp_path)).returncode == 0
    after = said("tick", "--json")
    assert after.returncode == 0
    assert json.loads(after.stdout)["sent"] == 0
    assert json.loads(said("owed", "--until", "2027-01-01T00:00:00Z", "--json").stdout) == []


def test_an_authority_and_its_first_person_begin_on_the_command_line(
    said: Callable[..., _Said], tmp_path: Path
) -> None:
    assert said("migrate").returncode == 0
    new = ["create-authority", "--code", "sampleton", "--name", "Sampleton Council", "--phone", "01632 960123"]
    too_long = said(*new, "--short-name", "A name no text has room for")
    assert (too_long.returncode, too_long.stdout) == (2, "")
    assert "between 1 and 20" in too_long.stderr
    assert said(*new, "--short-name", "Sampleton").returncode == 0
    assert "already" in said(*new, "--short-name", "Sampleton").stderr
    assert said("policy", "export", "--authority", "sampleton").stdout == example_text()
    assert "no authority" in said("policy", "export", "--authority", "nowhere").stderr
    person = ["create-user", "--email", "jo@sampleton.example", "--name", "Jo Sample", "--job-title", "Manager"]
    person += [
        "--authority",
        "sampleton",
        "--role",
        "chair",
        "--role",
        "administrator",
        "--password",
        "a long enough sentence",
    ]
    assert said(*person).returncode == 0
    assert "already signs in" in said(*person).stderr
    assert "12 characters" in said(*person[:-1], "short").stderr
    _bring_in_a_list(tmp_path / "open.csv", said)
    _bring_in_a_directory(tmp_path / "partners.csv", said)
    sheet = said("contact-sheet", "--authority", "sampleton").stdout
    assert sheet.startswith("<!DOCTYPE html>") and "Sample Police" in sheet and "Jo Sample" in sheet
    assert "no authority" in said("contact-sheet", "--authority", "nowhere").stderr
    night = ["create-user", "--email", "nell@sampleton.example", "--name", "Nell", "--job-title", "Night worker"]
    night += ["--authority", "sampleton", "--password", "a long enough sentence", "--role", "edt"]
    assert "Give social-worker or chair too" in said(*night).stderr
    assert said(*night, "--role", "social-worker").returncode == 0


def _bring_in_a_list(file: Path, said: Callable[..., _Said]) -> None:
    """The case system's list: brought in, and then nothing new in it."""
    file.write_text(f"case reference,received at\nEX-1,{now() - timedelta(hours=2):%Y-%m-%dT%H:%MZ}\nEX-2,soon\n")
    command = ["import-contacts", str(file), "--authority", "sampleton", "--by", "jo@sampleton.example", "--json"]
    done = json.loads(said(*command).stdout)
    assert (done["added"], done["unchanged"], [one["row"] for one in done["refused"]]) == (1, 0, [3])
    assert (done["refused_rows"], done["additions"], done["differences"]) == (1, [{"row": 2}], [])
    again = json.loads(said(*command, "--dry-run").stdout)
    assert (again["added"], again["unchanged"]) == (0, 1)


def _bring_in_a_directory(file: Path, said: Callable[..., _Said]) -> None:
    """A sheet of partners: looked at, brought in, as before; what is no sheet is said on stderr."""
    desk = "Sample Police,police,desk,Duty,police,always\nSample Police,police,desk,Night,astrologer,never\n"
    file.write_text(f"agency,sector,kind,name,roles answered,hours\n{desk}")
    command = ["import-directory", str(file), "--authority", "sampleton", "--by", "jo@sampleton.example", "--json"]
    for dry in (["--dry-run"], []):
        done = json.loads(said(*command, *dry).stdout)
        assert (done["added"], done["changed"], done["unchanged"]) == (1, 0, 0)
        assert [(one["row"], one["column"]) for one in done["refused"]] == [(3, "roles answered"), (3, "hours")]
        assert done["refused_rows"] == 1  # one row with two faults is refused once, as the page counts
        assert [(one["row"], one["entry"], one["values"]["hours"]) for one in done["additions"]] == [
            (2, "Duty", "always")
        ]
    assert json.loads(said(*command).stdout)["unchanged"] == 1
    file.write_text("agency,kind,name,email\nSample Police,desk,Duty,duty@police.example\n")
    plain = said(*command[:-1], "--dry-run").stdout.splitlines()
    assert plain == [
        "added 0, changed 1, unchanged 0, refused 0",
        "row 2, Sample Police: Duty (desk) changes email nothing -> duty@police.example",
    ]
    file.write_text("agency,name\n")
    bad = said(*command)
    assert (bad.returncode, bad.stdout) == (2, "") and "“kind”" in bad.stderr


def test_wild_21_the_doctor_says_when_the_bank_holidays_run_out(app: Flask, cast: Cast) -> None:
    def known() -> dict[str, object]:
        return next(one for one in examining.examine_database() if str(one["what"]).startswith("bank holidays"))

    assert known()["ok"]
    with time_machine.travel("2028-07-10T10:00:00Z", tick=False):
        assert not known()["ok"]
        assert "install a newer version" in str(known()["words"])


def test_the_doctor_names_what_is_wrong(said: Callable[..., _Said]) -> None:
    assert said("migrate").returncode == 0
    ill = said("doctor", "--json")
    assert ill.returncode == 1
    found = {entry["what"]: entry["ok"] for entry in json.loads(ill.stdout)}
    assert found == {
        "settings": True,
        "pages": True,
        "database": True,
        "last tick": False,
        "clock": True,
        "email channel": True,
        "text channel": True,
    }
    assert said("tick").returncode == 0
    assert said("doctor").returncode == 0
