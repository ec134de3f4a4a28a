"""Holds the one shape of a form for a row of a policy: its boxes are named as its keys are in the text.

What boxes each kind of row has is in policy_convening, policy_targets and policy_ladders.
"""

import re
from collections.abc import Callable
from typing import Any, ClassVar, Self
from unicodedata import normalize

from wtforms import BooleanField, Field, SelectMultipleField

from strategy.act import Refused
from strategy.forms.form import LINE, Line
from strategy.forms.policy_areas import AreaForm, in_order, written_span
from strategy.rules.policy import Policy
from strategy.rules.policy_editing import Edit
from strategy.rules.policy_rows import Area, place_words
from strategy.rules.policy_source import PolicyError
from strategy.rules.policy_toml import loaded

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_CODE = 40
_NOT_THEIRS = frozenset({"csrf_token", "submission", "revision", "code"})
Read = Callable[[Field], Any]


class SpanLine(Line):
    """A length of time as policy writes it."""


class UsuallyField(BooleanField):
    """A box that is ticked unless the text says false."""


class RowForm(AreaForm):
    """One row: ``key`` is its code, or its place where rows have none; None for one to be added."""

    NAMES: ClassVar[dict[str, str]] = {}  # a box's name, where its key in the text may not be one or is another
    code = Line(
        "Code",
        most=_LONGEST_CODE,
        description="Small letters, digits and hyphens: how the text names it. Empty: made from the name.",
    )
    area: Area
    key: str | int | None
    policy: Policy
    row: dict[str, Any]

    @classmethod
    def of(cls, area: Area, text: str, policy: Policy, key: str | int | None, revision: int) -> Self:
        """The form of one row of a draft, or of a new one; ``policy`` is what ``text`` says."""
        said = {} if key is None else loaded(text)[area.table][key]
        row = said if isinstance(said, dict) else {"label": said}
        form = cls(data={**cls.usual(row), "revision": revision})
        form.area, form.policy, form.key, form.row = area, policy, key, row
        if key is not None or area.table == "invite":
            del form.code
        form.offer()
        return form

    @classmethod
    def usual(cls, row: dict[str, Any]) -> dict[str, Any]:
        """What the boxes show for that row."""
        names = {key: name for name, key in cls.NAMES.items()}
        return {names.get(key, key): value for key, value in row.items()}

    def offer(self) -> None:
        """Fill the lists to choose from."""

    def said(self, read: Read) -> dict[str, object | None]:
        """The row's keys as the boxes say them; None for what is left out of the text. ``read`` reads one box."""
        return {key: self._value(self[name], key, read(self[name])) for name, key in self._keys()}

    def edits(self) -> list[Edit]:
        """A whole row where it is new, else what differs from what it said."""
        now = self.said(lambda field: field.data)
        table = (self.area.table,)
        if self.key is None:
            return [Edit(table, self._new_key(), {key: value for key, value in now.items() if value is not None})]
        before = self.said(lambda field: field.object_data)
        return [Edit((*table, self.key), key, value) for key, value in now.items() if value != before[key]]

    def refuse_faults(self, error: PolicyError) -> None:
        """Show what is wrong with this row at its boxes; what it would break elsewhere, in words, for the whole."""
        key = self._new_key() if self.key is None else self.key
        own = f"{self.area.table}[{key}]." if isinstance(key, int) else f"{self.area.table}.{key}."
        for problem in error.problems:
            where = f"{problem.where}."
            name = self.box_of(where[len(own) :].rstrip(".")) if where.startswith(own) else ""
            if name in self._fields:
                self.complain(name, f"{self[name].label.text} {problem.what}")
            else:
                self.form_errors.append(f"{place_words(problem.where, self.policy)}: {problem.what}")

    def box_of(self, key: str) -> str:
        """The box that a key of the row is typed in."""
        return next((name for name, own in self._keys() if own == key), key)

    def _keys(self) -> list[tuple[str, str]]:
        """Each box with its key."""
        return [(name, self.NAMES.get(name, name)) for name in self._fields if name not in _NOT_THEIRS]

    def _value(self, field: Field, key: str, data: Any) -> object | None:
        if isinstance(field, UsuallyField):
            return None if data or data is None else False
        if isinstance(field, SelectMultipleField):
            return in_order(self.row.get(key, ()), data or ()) or None
        if isinstance(field, SpanLine):
            return written_span(data)
        return None if data in ("", False) else data

    def _new_key(self) -> str | int:
        """Where a row more goes: after the last, or under a code nobody has. Raises Refused, at the code."""
        if self.area.table == "invite":
            return len(self.policy.invite_rules)
        code = self.code.data or _made_code(self["label"].data or "")
        if not _CODE.fullmatch(code):
            raise Refused("Enter a code of small letters, digits and hyphens, like no-chair", "code")
        if any(row.key == code for row in self.area.rows(self.policy)):
            raise Refused(f"There is {self.area.one} with the code {code} already", "code")
        return code


class LabelForm(RowForm):
    """A row that is a code and its words: a reason, a circumstance."""

    label = Line("What it says", required="Enter what it says", most=LINE)

    def edits(self) -> list[Edit]:
        """The words under their code."""
        key = self._new_key() if self.key is None else self.key
        return [Edit((self.area.table,), key, self.label.data)]

    def box_of(self, key: str) -> str:
        """Its one box."""
        return "label"


def _made_code(label: str) -> str:
    """A code from a name: "No chair (yet)" is "no-chair-yet"."""
    bare = normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:_LONGEST_CODE].strip("-")
