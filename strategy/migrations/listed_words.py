"""Changes the words a column's CHECK lists, whatever other migrations have made of the list. Holds no migration."""

import re
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations


def add(table: str, column: str, words: Iterable[str]) -> None:
    """Let the column hold these words too."""
    _replace(table, column, sorted({*checks_of(table)[f"ck_{table}_{column}"], *words}))


def take_away(table: str, column: str, words: Sequence[str]) -> None:
    """Let it hold them no longer; rows that do, which only the newer schema can say, are lost."""
    gone = sa.text(f"DELETE FROM {table} WHERE {column} IN :words")
    op.execute(gone.bindparams(sa.bindparam("words", words, expanding=True)))
    _replace(table, column, [word for word in checks_of(table)[f"ck_{table}_{column}"] if word not in words])


def give_again(batch: BatchOperations, table: str, checks: Mapping[str, Sequence[str]]) -> None:
    """Copied by SQLite, a table loses its CHECKs: give those that stay again, as ``checks_of`` read them before."""
    for name, words in checks.items() if op.get_bind().dialect.name == "sqlite" else ():
        batch.create_check_constraint(op.f(name), sa.column(name.removeprefix(f"ck_{table}_")).in_(words))


def _replace(table: str, column: str, words: Sequence[str]) -> None:
    name = f"ck_{table}_{column}"
    staying = {other: listed for other, listed in checks_of(table).items() if other != name}
    with op.batch_alter_table(table) as batch:
        if op.get_bind().dialect.name != "sqlite":
            batch.drop_constraint(op.f(name), type_="check")
        batch.create_check_constraint(op.f(name), sa.column(column).in_(words))
        give_again(batch, table, staying)


def checks_of(table: str) -> dict[str, list[str]]:
    """The words each of the table's CHECKs lists, as the database has it."""
    found = sa.inspect(op.get_bind()).get_check_constraints(table)
    return {str(check["name"]): re.findall(r"'([^']*)'", check["sqltext"]) for check in found}
