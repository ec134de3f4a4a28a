"""Holds one mail made of several to the same desk. Which those are is bundling's; their words are compose's."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


def of(notices: Sequence[tuple[str, str]], board: str) -> tuple[str, str]:
    """Subject and text of one mail of several, each given as subject and text with its links filled in.

    ``board`` is the address of the desk's board, empty for none.
    """
    subject = _environment().get_template("subject.txt").render(notices=notices).strip()
    return subject, _environment().get_template("email.txt").render(notices=notices, board=board).strip() + "\n"


@cache
def _environment() -> Environment:
    # plain text: there is nothing to escape
    loader = PackageLoader("strategy", "templates/bundles")
    return Environment(loader=loader, autoescape=False, undefined=StrictUndefined, trim_blocks=True)
