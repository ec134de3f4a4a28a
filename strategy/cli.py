"""Holds the command line: `strategy …`. Each command asks; JSON alone goes to stdout, errors to stderr (exit 2)."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn, TextIO

import click
from sqlalchemy.exc import DBAPIError

from config import ConfigurationError
from strategy import dates, holidays
from strategy.act import Refused
from strategy.commands.authorities import NewAuthority
from strategy.policy import example_text, parsed
from strategy.rules.policy import UnknownTarget
from strategy.rules.policy_remarks import remarks
from strategy.rules.policy_source import PolicyError, Problem
from strategy.rules.targets import Deadline, deadline
from strategy.serving import asking, entering, examining, processes, receiving, sheet_words
from strategy.serving.moments import MOMENT, iso
from strategy.vocabulary import Mode, Nation

_MIGRATE = "If it is new or older than the program, run `strategy migrate`."
_TEMPORARY_FAILURE = 75  # EX_TEMPFAIL of sysexits.h: mail servers keep the mail and try again
as_json = click.option("--json", "as_json", is_flag=True, help="One line of JSON, for machines.")


@click.group()
@click.version_option(package_name="strategy-discussions")
def cli() -> None:
    """Strategy Discussions: convene, chase and record strategy discussions."""


@cli.command("deadline")
@click.option("--concern", required=True, help="A target's code, like standard or serious-injury.")
@click.option("--start", required=True, type=MOMENT, help="When its clock started.")
@click.option("--nation", default=Nation.ENGLAND_AND_WALES.value, type=click.Choice([n.value for n in Nation]))
@as_json
def deadline_of(concern: str, start: datetime, nation: str, as_json: bool) -> None:
    """When something is due under the example policy. Needs no database and no settings."""
    policy = parsed(example_text())
    try:
        found = deadline(concern, start, policy, policy.calendar(holidays.of(Nation(nation))))
    except UnknownTarget:
        raise click.BadParameter(f"there is no {concern!r}; known: {', '.join(policy.targets)}") from None
    except OverflowError:
        raise click.BadParameter("that start is too far away to count from") from None
    uncounted = holidays.uncounted(found.due_at, found.rule, Nation(nation))
    if as_json and uncounted:  # the facts' names are a contract; a warning goes where warnings go
        click.echo(uncounted, err=True)
    _say(_deadline_facts(found), as_json, "\n".join(_deadline_words(found, Nation(nation))))


@cli.command("run")
def run() -> None:
    """Serve the pages and chase, in one process."""
    processes.serve()


@cli.command("worker")
def worker() -> None:
    """Chase only: any number of these may run against one PostgreSQL."""
    processes.work()


@cli.command("tick")
@as_json
def tick(as_json: bool) -> None:
    """Do all that is due now, once."""
    done = processes.tick_once()
    _say(done, as_json, ", ".join(f"{name} {value}" for name, value in done.items()))


@cli.command("owed")
@click.option("--until", required=True, type=MOMENT, help="Up to when; a past moment lists what is overdue.")
@as_json
def owed(until: datetime, as_json: bool) -> None:
    """What would be sent and climbed by then, oldest first. Writes nothing."""
    steps = asking.owed_until(until)
    lines = [f"{s['at']}  {s['discussion']}  {s['agency']}: {s['step']} to {s['to_role']}" for s in steps]
    _say(steps, as_json, "\n".join(lines) or "Nothing is owed by then.")


@cli.command("slots")
@click.option("--discussion", help="The reference of a discussion, for another time of it.")
@click.option("--contact", help="The reference of a contact that is to be booked.")
@click.option("--waiting", is_flag=True, help="All who wait: how they could share the desks.")
@click.option("--length", type=click.IntRange(5, 240), help="Minutes; as it is now when left out, for a contact 45.")
@click.option("--mode", type=click.Choice([m.value for m in (Mode.VIDEO, Mode.PHONE, Mode.IN_PERSON)]))
@click.option("--authority", help="The authority's code, where several use that reference.")
@as_json
def slots(
    discussion: str | None,
    contact: str | None,
    waiting: bool,
    length: int | None,
    mode: str | None,
    authority: str | None,
    as_json: bool,
) -> None:
    """When those asked could meet, best first: who is missing and why. Writes nothing."""
    if sum((discussion is not None, contact is not None, waiting)) != 1:
        raise click.UsageError("Say --discussion, --contact or --waiting, one of them.")
    found = asking.slots_for(discussion, contact, length, Mode(mode) if mode else None, authority)
    _say(found.facts, as_json, "\n".join(found.lines))


@cli.command("contact-sheet")
@click.option("--authority", required=True, help="The authority's code.")
def contact_sheet(authority: str) -> None:
    """Every number to ring, as one HTML file that needs no server: keep it on a shared drive, each night anew."""
    click.echo(asking.contact_sheet(authority), nl=False)


@cli.command("doctor")
@as_json
def doctor(as_json: bool) -> None:
    """Look at settings, database, channels, clock and the last tick; exit 1 when something is wrong."""
    found = examining.examine()
    lines = [f"{'ok ' if item['ok'] else 'BAD'}  {item['what']}: {item['words']}" for item in found]
    _say(found, as_json, "\n".join(lines))
    if not all(item["ok"] for item in found):
        sys.exit(1)


@cli.command("migrate")
def migrate() -> None:
    """Bring the database to the newest schema."""
    processes.migrate()
    click.echo("The database is at the newest schema.")


@cli.command("create-authority")
@click.option("--code", required=True, help="A short word of your own, like exampleshire.")
@click.option("--name", required=True)
@click.option("--short-name", required=True, help="As texts say it: 20 characters at most.")
@click.option("--phone", required=True, help="The call-back number on its website.")
@click.option("--nation", default=Nation.ENGLAND_AND_WALES.value, type=click.Choice([n.value for n in Nation]))
def create_authority(code: str, name: str, short_name: str, phone: str, nation: str) -> None:
    """Begin an authority, under the example policy."""
    entering.create_authority(NewAuthority(code, name, short_name, phone, Nation(nation)))
    click.echo(f"{name} can begin: add people with `strategy create-user --authority {code}`.")


@cli.command("create-user")
@click.option("--email", required=True)
@click.option("--name", required=True, help="As colleagues know them.")
@click.option("--job-title", required=True)
@click.option("--authority", required=True, help="The authority's code.")
@click.option("--role", "roles", multiple=True, required=True, help="Repeat for several.")
@click.password_option(help="Asked for when left out.")
def create_user(email: str, name: str, job_title: str, authority: str, roles: tuple[str, ...], password: str) -> None:
    """Let somebody of an authority sign in."""
    entering.create_user(email, name, job_title, authority, roles, password)
    click.echo(f"{email} can sign in.")


@cli.command("receive-mail")
@click.option("--dry-run", is_flag=True, help="Only say what it is: no database and no settings are needed.")
@as_json
def receive_mail(dry_run: bool, as_json: bool) -> None:
    """Take in one mail from standard input, for a mail server's pipe: exit 0 once it is stored, whatever it was.

    Exit 75 when it could not be stored, so that the mail server tries again.
    """
    raw = sys.stdin.buffer.read()
    try:
        found = receiving.told(raw) if dry_run else receiving.taken_in(raw)
    except Exception as error:
        _try_again(error)
    _say(found, as_json, f"{found['kind']}: {found['effect'] or 'not taken in'}")


@cli.group("policy")
def policy_group() -> None:
    """A partnership's policy as text."""


@policy_group.command("check")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@as_json
def policy_check(file: TextIO, as_json: bool) -> None:
    """Whether a file (- for what is piped in) is a policy: exit 1 with every fault and its line when not.

    Needs no database and no settings.
    """
    try:
        text = file.read()
    except UnicodeDecodeError:
        raise click.BadParameter("it is no text in UTF-8") from None
    problems = _problems(text)
    found = [{"where": one.where, "line": one.line, "what": one.what} for one in problems]
    _say(found, as_json, "\n".join(_judged(text, problems)))
    if problems:
        sys.exit(1)


@policy_group.command("export")
@click.option("--authority", required=True, help="The authority's code.")
def policy_export(authority: str) -> None:
    """The text of the policy in force now."""
    click.echo(asking.policy_text(authority), nl=False)


def _problems(text: str) -> tuple[Problem, ...]:
    try:
        parsed(text)
    except PolicyError as error:
        return error.problems
    return ()


def _judged(text: str, problems: Sequence[Problem]) -> list[str]:
    return [str(one) for one in problems] or ["It is a policy.", *remarks(parsed(text))]


@cli.command("import-contacts")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--authority", required=True, help="The authority's code.")
@click.option("--by", required=True, help="The email address of whoever sends it, as they sign in.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@as_json
def import_contacts(file: Path, authority: str, by: str, dry_run: bool, as_json: bool) -> None:
    """Bring in the case system's list of open contacts, CSV or XLSX."""
    done = entering.import_contacts(file, authority, by, dry_run)
    _say(done, as_json, "\n".join(sheet_words.contacts(done)))


@cli.command("import-directory")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--authority", required=True, help="The authority's code.")
@click.option("--by", required=True, help="The email address of an administrator there.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@as_json
def import_directory(file: Path, authority: str, by: str, dry_run: bool, as_json: bool) -> None:
    """Bring in a sheet of the directory, CSV or XLSX: agencies, desks and people added and changed."""
    done = entering.import_directory(file, authority, by, dry_run)
    _say(done, as_json, "\n".join(sheet_words.directory(done)))


def main() -> None:
    """Run the command line; what it refuses is said on stderr, with exit code 2."""
    try:
        cli(standalone_mode=True)
    except ConfigurationError as error:
        _refuse(error.problems)
    except Refused as refused:
        _refuse([refused.reason])
    except DBAPIError as error:
        # Names only: a database's own words may hold what stood in a row.
        _refuse([f"The database cannot be used ({type(error.orig).__name__}). Is DATABASE_URL right? {_MIGRATE}"])


def _refuse(problems: list[str]) -> NoReturn:
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(2)


def _try_again(error: Exception) -> NoReturn:
    """Whatever it was, no mail may be lost over it. Names only, save where the words are ours."""
    ours = isinstance(error, receiving.NotStored | ConfigurationError)
    click.echo(f"Not stored: {error if ours else type(error).__name__}", err=True)
    sys.exit(_TEMPORARY_FAILURE)


def _say(facts: object, as_json: bool, words: str) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else words)


def _deadline_facts(found: Deadline) -> dict[str, str | None]:
    return {
        "concern": found.concern,
        "clock_started_at": iso(found.clock_started_at),
        "warn_at": None if found.warn_at is None else iso(found.warn_at),
        "due_at": iso(found.due_at),
        "rule": found.rule,
        "source": found.source,
    }


def _deadline_words(found: Deadline, nation: Nation) -> list[str]:
    """The moment as machines say it, then as London's clocks do, with the clock's own hours, then what is not known."""
    elapsed = f", {found.elapsed} by the clock" if found.elapsed else ""
    uncounted = holidays.uncounted(found.due_at, found.rule, nation)
    due = dates.full(found.due_at) if isinstance(found.due_at, datetime) else dates.on(found.due_at)
    return [
        f"Due {iso(found.due_at)}: {found.rule} ({found.source})",
        f"In London: {due}{elapsed}",
        *([uncounted] if uncounted else []),
    ]


if __name__ == "__main__":
    main()
