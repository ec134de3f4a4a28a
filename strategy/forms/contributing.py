"""Holds the form by which an agency writes what it knows. It is saved as typed, and sent when it is finished."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import Optional

from strategy.commands.contributing import Information
from strategy.forms.choices import offered
from strategy.forms.form import Form, Words, iso_moment
from strategy.models import ContributionDraft
from strategy.vocabulary import Basis


class ContributionForm(Form):
    """What an agency knows. The token is the authority, with the second step taken in this browser."""

    class Meta:
        csrf = False

    seen = HiddenField()
    text = Words("What does your agency know?", most=10_000)
    basis = RadioField(
        "Is this fact or opinion?",
        choices=offered((one.value, one.words) for one in Basis),
        validators=[Optional()],
        widget=GovRadioInput(),
        description="Send them one after the other if you have both.",
    )
    restricted = BooleanField("Restricted: ask us before it goes to others at the meeting", widget=GovCheckboxInput())
    third_party = BooleanField("It tells of somebody other than the family (a third party)", widget=GovCheckboxInput())

    @classmethod
    def of(cls, draft: ContributionDraft | None) -> "ContributionForm":
        """The form as it was left, by whoever left it so."""
        form = cls()
        if draft is None or form.is_submitted():
            return form
        return cls(
            seen=draft.changed_at.isoformat(),
            text=draft.text,
            basis=draft.basis.value if draft.basis else None,
            restricted=draft.restricted,
            third_party=draft.third_party,
        )

    def information(self) -> Information:
        """What was typed, as the command takes it."""
        return Information(
            text=self.text.data or "",
            basis=Basis(self.basis.data) if self.basis.data else None,
            restricted=self.restricted.data,
            third_party=self.third_party.data,
            seen=iso_moment(self.seen.data or ""),
        )
