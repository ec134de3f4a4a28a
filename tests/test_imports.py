"""What the import contracts of pyproject.toml cannot say: where an import stands, and how pure the rules are."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = sorted([ROOT / "config.py", *(ROOT / "strategy").rglob("*.py"), *(ROOT / "notifications").rglob("*.py")])


def names_imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def imports_inside_functions(tree: ast.AST) -> list[int]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = (inner for function in functions for inner in ast.walk(function))
    return sorted({node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)})


def test_an_import_inside_a_function_is_seen() -> None:
    assert imports_inside_functions(ast.parse("def f():\n    if True:\n        from x import y\n")) == [3]


def test_no_import_stands_inside_a_function() -> None:
    found = {path.relative_to(ROOT).as_posix(): imports_inside_functions(ast.parse(path.read_text())) for path in OURS}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_rules_import_the_standard_library_and_the_vocabulary_alone() -> None:
    allowed = ("strategy.rules", "strategy.vocabulary")
    strangers = {
        (path.name, name)
        for path in (ROOT / "strategy/rules").rglob("*.py")
        for name in names_imported(ast.parse(path.read_text()))
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(allowed)
    }
    assert strangers == set()


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_modules_first_line_says_what_it_holds(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))
