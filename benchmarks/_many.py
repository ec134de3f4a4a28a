"""Holds the making of very many discussions: one, with all that hangs on it, copied within the database by SQL.

PostgreSQL only. The copies differ from the first in their ids and in what must be unique, and in nothing else.
"""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Integer, String, Table, UniqueConstraint, and_, func, text

from strategy.db import Base, db, transaction
from strategy.vocabulary import Via

_APART: Final = 1_000  # between the ids of two copies: more than any first one has
# In the order they depend on each other, each with what picks the first one's rows: {contact} and {discussion} are ids.
_TABLES: Final = {
    "contacts": "id = {contact}",
    "children": "contact_id = {contact}",
    "discussions": "id = {discussion}",
    "discussion_children": "discussion_id = {discussion}",
    "needs": "discussion_id = {discussion}",
    "invitations": "discussion_id = {discussion}",
    "messages": "discussion_id = {discussion}",
    "events": "discussion_id = {discussion}",
    "chases": "invitation_id IN (SELECT id FROM invitations WHERE discussion_id = {discussion})",
}


def copy(contact_id: int, discussion_id: int, first: int, last: int) -> None:
    """Copies number ``first`` to ``last``, both included, of that discussion; at least 1. Numbers must never repeat."""
    for name, picked in _TABLES.items():
        table = Base.metadata.tables[name]
        columns = [column for column in table.columns if column.key != "id" or _numbered(table)]
        named = ", ".join(f'"{column.name}"' for column in columns)
        values = ", ".join(_value(column, table) for column in columns)
        where = picked.format(contact=contact_id, discussion=discussion_id)
        db.session.execute(
            text(
                f"INSERT INTO {name} ({named}) SELECT {values} FROM {name}, generate_series({first}, {last}) AS k"
                f" WHERE {where} ORDER BY k"
            )
        )


def among(column: ColumnElement[int], ids: Collection[int], first: int, last: int) -> ColumnElement[bool]:
    """Whether it is the id of copy ``first`` to ``last`` of one of these."""
    number = func.floor(column / _APART)
    return and_((column % _APART).in_(ids), number >= first, number <= last)


def settle() -> None:
    """After copying: new rows get ids beyond all copies, and the planner knows what there is."""
    with transaction("bench", Via.COMMAND_LINE):
        for name in _TABLES:
            if _numbered(Base.metadata.tables[name]):
                db.session.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _numbered(table: Table) -> bool:
    return "id" in table.columns and isinstance(table.c.id.type, Integer)


def _value(column: Column[Any], table: Table) -> str:
    if _shifted(column):
        return f'"{column.name}" + k * {_APART}'
    keys = [key.columns for key in table.constraints if isinstance(key, UniqueConstraint)]
    if any(column.name in key and not any(map(_shifted, key)) for key in keys) and isinstance(column.type, String):
        return f"""left(md5("{column.name}" || k), {column.type.length})"""
    return f'"{column.name}"'


def _shifted(column: Column[Any]) -> bool:
    return column.key == "id" or any(key.column.table.name in _TABLES for key in column.foreign_keys)
