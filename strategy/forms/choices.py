"""Holds how the options of radio buttons and lists are handed to WTForms. Which options there are is the form's."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published type stubs

from strategy.queries.directory import Option

NOBODY = ("", "Do not invite")
OPEN = "choose"  # what a list sends when nobody has chosen yet; nothing is asked of anybody on the strength of it
_ASKED = "Desks, and people who are asked"
_CHIEFS = "Somebody else: managers told when nobody answers"


class GroupedSelect(GovSelect):
    """A list with headings in it, which the vendor's template does not know."""

    template = "layout/grouped_select.html"

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """What the template reads: the vendor's, and the options under their headings."""
        params: dict[str, Any] = {"errorMessage": None, **super().map_gov_params(field, **kwargs)}
        params["label"] = {"classes": "", **params["label"]}
        return params | {"groups": [(heading, list(options)) for heading, options in field.iter_groups()]}


def offered(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Options from (value, words) pairs; WTForms no longer wants the bare tuples."""
    return [SelectChoice(value, words) for value, words in pairs]


def to_ask(options: Sequence[Option], words: Mapping[str, str], prompt: str | None = None) -> list[Any]:
    """Nobody, then who can be asked, then those a ladder is for; before all ``prompt``, when a person must choose."""
    first = [(OPEN, prompt)] if prompt and options else []
    groups = [
        SelectChoice(one.value, words[one.value], optgroup=_CHIEFS if one.is_chief else _ASKED) for one in options
    ]
    return [*offered([*first, NOBODY]), *sorted(groups, key=lambda one: one.optgroup == _CHIEFS)]
