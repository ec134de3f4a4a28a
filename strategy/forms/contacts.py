"""Holds the forms about a contact: start its clock, decide, close, reclassify, keep the child safe."""

from datetime import datetime
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from strategy.commands.contact_facts import Facts
from strategy.commands.contacts import NewContact
from strategy.forms.choices import offered
from strategy.forms.form import Form, Line, LondonMoment, Words
from strategy.forms.meanwhile import SharedForm
from strategy.models import Contact
from strategy.rules.clocks import asks_identified
from strategy.rules.policy import Policy
from strategy.vocabulary import FamilyTold

CASE = 40  # characters in a case system's reference
LEVEL = 40
DECIDED = (("now", "Now, by me"), ("not-yet", "Not yet"), ("other", "At another time, or by somebody else"))


class Concerns(SelectMultipleField):
    """The concerns of a policy, its common ones first."""

    def __init__(self, label: str = "What is the concern?", **extra: Any) -> None:
        """Choices are set by ``offer``."""
        super().__init__(
            label,
            choices=[],
            validators=[InputRequired("Choose at least one concern")],
            widget=GovCheckboxesInput(),
            **extra,
        )

    def offer(self, policy: Policy) -> None:
        """Take the choices from a policy."""
        self.choices = offered((target.code, target.label) for target in policy.concerns)


def _identified() -> LondonMoment:
    return LondonMoment(
        "When was the concern identified?",
        description="The clock of some concerns starts then. Leave it empty for the others.",
    )


class AsksConcerns(Form):
    """A form on which concerns are chosen, and which asks what the clocks of those chosen need to know."""

    concerns = Concerns()
    concern_identified_at = _identified()

    def offer(self, policy: Policy) -> None:
        """Take the concerns from a policy, and ask when one was identified only where policy starts a clock so."""
        self.concerns.offer(policy)
        if not asks_identified(policy):
            del self.concern_identified_at

    @property
    def identified_at(self) -> datetime | None:
        """When the concern was identified, if that was asked and said."""
        field = self._fields.get("concern_identified_at")
        return None if field is None else field.moment


class StartClockForm(AsksConcerns):
    """The one page that starts a clock."""

    case_reference = Line(
        "Case reference", required="Enter the case reference", most=CASE, description="From the case system. No names."
    )
    received_at = LondonMoment("When did the contact come in?", required="Enter when the contact came in")
    decided = RadioField(
        "Was it decided that a strategy discussion is needed?",
        choices=offered(DECIDED),
        validators=[InputRequired("Say whether it has been decided")],
        widget=GovRadioInput(),
    )
    decided_at = LondonMoment("When was it decided?")
    decided_by = Line("Who decided?")
    concerns = Concerns()  # named again, here, so that the summary of errors follows the page
    concern_identified_at = _identified()
    safety = Words(
        "What keeps the child safe until then, and who sees to it?",
        description="Can wait, but not overnight.",
    )
    another = BooleanField("This is another contact on the same case", widget=GovCheckboxInput())

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: decided at another time or by somebody else says when and by whom."""
        super().validate(extra_validators)
        if self.decided.data == "other":
            if self.decided_at.moment is None and not self.decided_at.errors:
                self.complain("decided_at", "Enter when it was decided")
            if not self.decided_by.data and not self.decided_by.errors:
                self.complain("decided_by", "Enter who decided")
        return not self.errors

    def entry(self, now: datetime, me: str) -> NewContact:
        """What was typed, as the command takes it; ``me`` decided when the person says so."""
        decided_at, decided_by = {
            "now": (now, me),
            "other": (self.decided_at.moment, self.decided_by.data),
        }.get(self.decided.data, (None, None))
        return NewContact(
            case_reference=self.case_reference.data or "",
            received_at=self.received_at.moment or now,
            concerns=self.concerns.data or [],
            decided_at=decided_at,
            decided_by=decided_by,
            concern_identified_at=self.identified_at,
            safety=self.safety.data or None,
            another=self.another.data,
        )


class ContactForm(Form):
    """What every edit of a contact carries: the revision it was shown at."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired("Open the contact again")])

    def show_at(self, revision: int) -> None:
        """Carry the contact's present revision: whoever has been told of a change may now save over it."""
        self.revision.raw_data, self.revision.data = None, revision


class UnsaidForm(AsksConcerns, ContactForm):
    """The concerns of a contact from the case system's list, which did not say any."""


class DecisionForm(ContactForm):
    """When it was decided, and by whom."""

    decided_at = LondonMoment("When was it decided?", required="Enter when it was decided")
    decided_by = Line("Who decided?", required="Enter who decided")


class FactsFields(Form):
    """Why the threshold is met, and whether the family has been told."""

    document = Line("Threshold document", description="The partnership’s own, as you call it.")
    level = Line("Level in it", most=LEVEL)
    threshold_why = Words("Why is the threshold met?")
    family_told = RadioField(
        "Has the family been told?",
        choices=offered([("", "Not recorded yet"), *((one.value, one.words) for one in FamilyTold)]),
        default="",
        widget=GovRadioInput(),
    )
    family_why = Words(
        "Why, or why not?", description="Needed when they have not been told. Unsafe: say what would happen."
    )

    def facts(self) -> Facts:
        """What was typed, as the command takes it."""
        return Facts(
            document=self.document.data or None,
            level=self.level.data or None,
            threshold_why=self.threshold_why.data or None,
            family_told=FamilyTold(self.family_told.data) if self.family_told.data else None,
            family_why=self.family_why.data or None,
        )


class DecideForm(DecisionForm, FactsFields):
    """Decide an undecided contact; the facts can be said at once, or later."""


class DecideUnsaidForm(UnsaidForm, DecideForm):
    """Decide a contact nobody has said the concerns of."""


class FactsForm(SharedForm, FactsFields):
    """Say the facts of a contact, or say them anew."""

    @staticmethod
    def kept(contact: Contact) -> dict[str, Any]:
        """What was said last."""
        said = contact.said[-1] if contact.said else None
        names = ("document", "level", "threshold_why", "family_told", "family_why")
        values = {name: getattr(said, name, None) for name in names}
        return values | {"family_told": said.family_told.value if said and said.family_told else ""}


class NotNeededForm(ContactForm):
    """Close a contact."""

    reason = Words("Why is no strategy discussion needed?", required="Say why no discussion is needed")


class ReopenForm(ContactForm):
    """Undo the closing of a contact."""

    undo = HiddenField(default="yes")


class ReclassifyForm(AsksConcerns, ContactForm):
    """Change the concerns."""


class SafetyForm(SharedForm):
    """Say what keeps the child safe."""

    safety = Words(
        "What keeps the child safe until the discussion, and who sees to it?",
        required="Say what keeps the child safe until then, and by whom",
    )

    @staticmethod
    def kept(contact: Contact) -> dict[str, Any]:
        """What is written."""
        return {"safety": contact.safety}
