"""Holds what the command line puts in: authorities, who signs in, lists and sheets. Each is one command's deed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from flask_security import hash_password
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.clock import now
from strategy.commands import authorities, contact_imports, directory_imports, users
from strategy.db import db, transaction
from strategy.models import Authority, PolicyVersion, User
from strategy.policy import example_text
from strategy.queries import contact_imports as contact_lists
from strategy.queries import directory_imports as directory_sheets
from strategy.queries import policies
from strategy.queries.contact_imports import Plan
from strategy.rules import contact_sheet, directory_sheet
from strategy.rules.directory_plan import Plan as DirectoryPlan
from strategy.serving.starting import application_ready
from strategy.sheets import MOST_BYTES, Unreadable
from strategy.vocabulary import StaffRole, Via

_SHORTEST_PASSWORD = 12

Reading = TypeVar("Reading")


def create_authority(entry: authorities.NewAuthority) -> None:
    """Begin an authority under the example policy. Raises Refused for a taken code or bad values."""
    with application_ready(), transaction("command line", Via.COMMAND_LINE) as act:
        authorities.begin(entry, example_text(), act)


def create_user(email: str, name: str, title: str, authority: str, roles: Sequence[str], password: str) -> None:
    """Let somebody sign in. Raises click.BadParameter for an unknown authority or role, or a taken address."""
    unknown = set(roles) - {role.value for role in StaffRole}
    if unknown:
        raise click.BadParameter(f"there is no role {', '.join(sorted(unknown))}; known: {', '.join(StaffRole)}")
    if len(password) < _SHORTEST_PASSWORD:
        raise click.BadParameter(f"a password needs at least {_SHORTEST_PASSWORD} characters")
    with application_ready(), transaction("command line", Via.COMMAND_LINE) as act:
        home = db.session.scalar(select(Authority).where(Authority.code == authority))
        if home is None:
            raise click.BadParameter(f"there is no authority {authority!r}")
        held = [StaffRole(role) for role in roles]
        entry = users.NewUser(email=email, full_name=name, job_title=title, password=hash_password(password))
        users.create(entry, home, held, act)


def import_contacts(file: Path, authority: str, by: str, dry_run: bool) -> dict[str, Any]:
    """Bring in a list of open contacts for somebody who signs in there, or only look. Raises Refused; the counts.

    A dry run leaves nothing behind.
    """
    with application_ready():
        # read before the transaction, in which everybody else who writes would wait for it
        at = now()
        reading = _read(lambda policy: contact_lists.read_file(_bytes(file), file.name, policy, at), authority, by)
        with transaction("command line", Via.COMMAND_LINE) as act:
            return _counts(_bring_in(reading, _sender(authority, by), dry_run, act))


def import_directory(file: Path, authority: str, by: str, dry_run: bool) -> dict[str, Any]:
    """Bring in a sheet of the directory for an administrator there, or only look. Raises Refused; what it does.

    A dry run leaves nothing behind.
    """
    with application_ready():
        if not _sender(authority, by).holds(StaffRole.ADMINISTRATOR):
            raise Refused("Only an administrator brings in the directory.")
        reading = _read(lambda policy: directory_sheets.read_file(_bytes(file), file.name, policy), authority, by)
        with transaction("command line", Via.COMMAND_LINE) as act:
            return directory_sheets.facts(_bring_in_directory(reading, _sender(authority, by), dry_run, act))


def _read(read: Callable[[PolicyVersion], Reading], authority: str, by: str) -> Reading:
    """What a file says, by the policy in force there. Raises Refused for what is no such file."""
    try:
        return read(policies.in_force(_sender(authority, by).authority_id, now()))
    except (Unreadable, contact_sheet.WrongHeading, directory_sheet.WrongHeading) as error:
        raise Refused(error.reason) from None


def _bytes(file: Path) -> bytes:
    """As much of it as tells that it is too large."""
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _bring_in(reading: contact_sheet.Reading, sender: User, dry_run: bool, act: Act) -> Plan:
    policy = policies.in_force(sender.authority_id, act.at)
    source = contact_imports.keep(reading, sender, act)
    plan = contact_lists.plan(source)
    if dry_run:
        db.session.delete(source)
    elif plan.added:
        contact_imports.confirm(source, plan.seen, sender, policy, act)
    else:
        contact_imports.drop(source)
    return plan


def _bring_in_directory(reading: directory_sheet.Reading, sender: User, dry_run: bool, act: Act) -> DirectoryPlan:
    policy = policies.in_force(sender.authority_id, act.at)
    source = directory_imports.keep(reading, sender, act)
    plan = directory_sheets.plan(source, policy)
    if dry_run:
        db.session.delete(source)
    elif plan.added or plan.changed:
        directory_imports.confirm(source, plan.seen, sender, policy, act)
    else:
        directory_imports.drop(source)
    return plan


def _sender(authority: str, by: str) -> User:
    """Who signs in there with that address. Raises Refused."""
    found = db.session.scalar(select(User).join(User.authority).where(User.email == by, Authority.code == authority))
    if found is None or not found.active:
        raise Refused(f"Nobody signs in at {authority} with that address.")
    return found


def _counts(plan: Plan) -> dict[str, Any]:
    """How many rows of which kind, as the page counts them, which rows, and why some are refused.

    Never what stood in them: it would be children's, and a terminal's words end in logs.
    """
    lists = ("added", "unchanged", "changed", "closed", "duplicates")
    refused = [{"row": one.row, "column": one.column, "why": one.words} for one in plan.refused]
    return {
        **{name: len(getattr(plan, name)) for name in lists},
        "refused_rows": len({one.row for one in plan.refused}),
        "additions": [{"row": one.row} for one in plan.added],
        "differences": [{"row": one.entry.row, "columns": list(one.differs)} for one in plan.changed],
        "refused": refused,
    }
