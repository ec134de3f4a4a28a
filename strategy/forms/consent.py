"""Holds the questions about both managers' agreement to a phone call or a series of calls instead of a meeting."""

from strategy.commands.agreements import LACKING, Agreed, Consent
from strategy.forms.form import Form, Line, LondonMoment, Words
from strategy.vocabulary import ManagerSide

_SIDES = ((ManagerSide.SOCIAL_CARE, "care"), (ManagerSide.PARTNER, "partner"))


class ConsentForm(Form):
    """A form that asks it among other things. Nothing here is required by itself: ``check_consent`` says when it is."""

    care_name = Line("Social care’s manager who agrees: name")
    care_role = Line("Their job title")
    partner_name = Line("The police’s manager, or another agency’s, who agrees: name")
    partner_role = Line("Their rank or job title, and agency")
    agreed_at = LondonMoment("When they agreed", description="Leave empty if it was just now.")
    without_agreement_reason = Words(
        "If not both agree: why it goes ahead this way", most=1000, description="It never waits for an agreement."
    )

    def consent(self) -> Consent:
        """Who agrees, and why it goes ahead where not both do."""
        agreed = []
        for side, name in _SIDES:
            who, role = self[f"{name}_name"].data, self[f"{name}_role"].data
            if who and role:
                agreed.append(Agreed(side, who, role, self.agreed_at.moment))
        return Consent(tuple(agreed), self.without_agreement_reason.data or None)

    def check_consent(self, needed: bool) -> None:
        """Complain about a manager without a title, and where it is ``needed`` about an agreement that is missing."""
        for _, name in _SIDES:
            if bool(self[f"{name}_name"].data) != bool(self[f"{name}_role"].data):
                lacking = "role" if self[f"{name}_name"].data else "name"
                words = {"role": "Enter the manager’s job title", "name": "Enter the manager’s name"}
                self.complain(f"{name}_{lacking}", words[lacking])
        if needed and not self.consent().enough:
            self.complain("without_agreement_reason", LACKING)
