"""Holds the boxes of a policy's rows about who has to be there and who is suggested: quorum, need, role, invitation."""

from collections.abc import Callable
from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovSelect
from wtforms import BooleanField, DateField, Field, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from strategy.forms.booking import DayInput
from strategy.forms.choices import offered
from strategy.forms.form import Line
from strategy.forms.policy_areas import in_order
from strategy.forms.policy_rows import RowForm
from strategy.rules.policy_words import need_words
from strategy.vocabulary import DiscussionKind, Sector

_EFFECTIVE = "Agreed with effect from"
_SECTORS = [(sector.value, sector.words) for sector in Sector]


class QuorumForm(RowForm):
    """Who has to be there for one kind of discussion."""

    needs = SelectMultipleField(
        "Who has to be there?",
        validators=[InputRequired("Choose who has to be there")],
        widget=GovCheckboxesInput(),
        description="Each is a need: which roles can meet it, and from which day it is asked for, is the need's own.",
    )
    source = Line("Source", required="Enter where this quorum is agreed", most=400)
    effective = DateField(_EFFECTIVE, validators=[InputRequired("Enter the day it is agreed from")], widget=DayInput())

    def offer(self) -> None:
        """The policy's needs."""
        self.needs.choices = offered((need.code, need_words(need)) for need in self.policy.needs.values())


class NeedForm(RowForm):
    """Somebody who has to be there, and who can be that."""

    NAMES: ClassVar[dict[str, str]] = {"begins": "from", "ends": "until"}
    label = Line("Name", required="Enter what the need is called")
    sector = SelectField("Anybody of a whole sector meets it", widget=GovSelect(), default="")
    roles = SelectMultipleField("Or any one of these roles", widget=GovCheckboxesInput())
    begins = DateField(
        "First day it is needed",
        validators=[Optional()],
        widget=DayInput(),
        description="The day of the discussion, not of the booking. Empty: it is needed already.",
    )
    ends = DateField("Last day it is needed", validators=[Optional()], widget=DayInput(), description="Empty: no end.")
    source = Line("Source", most=400)
    effective = DateField(_EFFECTIVE, validators=[Optional()], widget=DayInput())

    def offer(self) -> None:
        """Sectors, and the policy's roles."""
        self.sector.choices = offered([("", "No whole sector"), *_SECTORS])
        self.roles.choices = offered((role.code, role.label) for role in self.policy.roles.values())

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: somebody can meet it."""
        super().validate(extra_validators)
        if not self.sector.data and not self.roles.data:
            self.complain("roles", "Choose who can meet it: a sector, or at least one role")
        return not self.errors


class RoleForm(RowForm):
    """A part somebody is invited in."""

    label = Line("Name", required="Enter what the role is called")
    sector = SelectField("Sector", choices=offered(_SECTORS), widget=GovSelect())
    ladder = SelectField("Ladder climbed when they are silent", widget=GovSelect())

    def offer(self) -> None:
        """The policy's ladders."""
        self.ladder.choices = offered((ladder.code, ladder.label) for ladder in self.policy.ladders.values())


class InviteForm(RowForm):
    """When a role is suggested. Concerns and circumstances are one list in the text."""

    role = SelectField("Who is suggested?", widget=GovSelect())
    concerns = SelectMultipleField("For which concerns?", widget=GovCheckboxesInput())
    circumstances = SelectMultipleField(
        "In which circumstances?",
        widget=GovCheckboxesInput(),
        description="One concern or circumstance is enough. None of either: always.",
    )
    kinds = SelectMultipleField(
        "Only for these kinds of discussion",
        choices=offered((kind.value, kind.words) for kind in DiscussionKind),
        widget=GovCheckboxesInput(),
        description="None: every kind.",
    )
    required = BooleanField("Required: chased until somebody answers", widget=GovCheckboxInput())
    why = Line("Why, as the booking says it", required="Enter why they are suggested", most=400)
    source = Line("Source", most=400)
    effective = DateField(_EFFECTIVE, validators=[Optional()], widget=DayInput())

    @classmethod
    def usual(cls, row: dict[str, Any]) -> dict[str, Any]:
        """The one list in both boxes; each shows what it offers."""
        when = row.get("when", [])
        return {**super().usual(row), "concerns": when, "circumstances": when}

    def offer(self) -> None:
        """The policy's roles, concerns and circumstances."""
        targets, circumstances = self.policy.targets, self.policy.circumstances
        wanted = [code for code, one in targets.items() if one.selectable or code in self.row.get("when", [])]
        self.role.choices = offered((role.code, role.label) for role in self.policy.roles.values())
        self.concerns.choices = offered((code, targets[code].label) for code in wanted)
        self.circumstances.choices = offered(circumstances.items())

    def said(self, read: Callable[[Field], Any]) -> dict[str, object | None]:
        """The two boxes as one list."""
        said = super().said(read)
        del said["concerns"], said["circumstances"]
        chosen = [*(read(self.concerns) or ()), *(read(self.circumstances) or ())]
        return {**said, "when": in_order(self.row.get("when", ()), chosen) or None}

    def box_of(self, key: str) -> str:
        """The list stands in two boxes; its faults at the first."""
        return "concerns" if key == "when" else super().box_of(key)
