"""The house's own rules: guarded routes, whole vocabularies, short functions. Who imports whom is import-linter's."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from strategy import vocabulary
from strategy.access import guard_of
from strategy.vocabulary.words import Word

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for folder in ("strategy", "notifications")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
VENDORS = {"security", "static"}  # Flask-Security guards its own routes
ENUMS = [found for found in vars(vocabulary).values() if isinstance(found, type) and issubclass(found, Word)]
MOVES: dict[str, Mapping[Word, frozenset[Word]]] = {
    name: found for name, found in vars(vocabulary).items() if name.endswith("_MOVES")
}


def test_every_route_is_guarded_or_public_on_purpose(empty_app: Flask) -> None:
    bare = [
        rule.rule
        for rule in empty_app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] not in VENDORS
        and rule.endpoint != "asset"
        and guard_of(empty_app.view_functions[rule.endpoint]) is None
    ]
    assert bare == []


def test_public_routes_are_these_and_no_others(empty_app: Flask) -> None:
    public = {
        rule.endpoint
        for rule in empty_app.url_map.iter_rules()
        if guard_of(empty_app.view_functions[rule.endpoint]) == "public"
    }
    known = {
        "health",
        "partner",
        "second_step",
        "contributing",
        "agency_actions",
        "agency_papers",
        "agency_record",
        "desk_board",
        "afterwards",
        "entries",
        "outbox",
        "playing",
        "ask",
        "webhooks",
        "inbound_texts",
        "calendar_feeds",
    }
    assert {endpoint.split(".")[0] for endpoint in public} <= known


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_member_has_words_and_fits_its_column(enum: type[Word]) -> None:
    for member in enum:
        assert member.words
        assert len(member.value) <= 32


@pytest.mark.parametrize("name", MOVES)
def test_every_state_has_its_moves(name: str) -> None:
    moves = MOVES[name]
    every = set(type(next(iter(moves))))
    assert set(moves) == every
    assert all(then <= every for then in moves.values())


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def _length(function: ast.FunctionDef) -> int:
    """Lines of the body, without signature and docstring; a call spread over lines (a row, a SELECT) counts as one."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    inside = {
        line
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Call | ast.Dict | ast.Tuple) and node.end_lineno
        for line in range(node.lineno + 1, node.end_lineno + 1)
    }
    every = {line for statement in body for line in range(statement.lineno, (statement.end_lineno or 0) + 1)}
    return len(every - inside)


def _is_view(function: ast.FunctionDef) -> bool:
    return any("blueprint." in ast.unparse(decorator) for decorator in function.decorator_list)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_stay_short_and_views_shorter(path: Path) -> None:
    long = [
        f"{function.name}: {_length(function)}"
        for function in _functions(path)
        if _length(function) > (15 if _is_view(function) else 25)
    ]
    assert long == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_holds(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
