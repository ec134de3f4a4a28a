"""Forms about restricted contacts: starting a linked one, and its access list. They decide nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField

from strategy.commands.contacts import NewContact
from strategy.forms.choices import offered
from strategy.forms.contacts import CASE, Concerns
from strategy.forms.form import Form, Line, LondonMoment, Words
from strategy.forms.series import as_choices
from strategy.forms.who import SOCIAL_WORKERS
from strategy.models import User
from strategy.rules.policy import Policy
from strategy.vocabulary import StaffRole


class LinkedForm(Form):
    """The separate contact of a child alleged to have caused harm, and who may open it from the first moment."""

    case_reference = Line(
        "That child’s case reference",
        required="Enter the case reference",
        most=CASE,
        description="From the case system. No names.",
    )
    received_at = LondonMoment("When did this come in?", required="Enter when it came in")
    concerns = Concerns()
    manager = SelectField("Which manager may open it, beside you?", coerce=int, widget=GovSelect())
    social_worker = SelectField("Which social worker?", coerce=int, widget=GovSelect())
    safety = Words(
        "What keeps the children safe until then, and who sees to it?", description="Can wait, but not overnight."
    )

    def offer(self, policy: Policy, staff: Sequence[User], me: User) -> "LinkedForm":
        """Take the concerns and the people to choose from."""
        self.concerns.offer(policy)
        others = [user for user in staff if user.id != me.id]
        chairs = [user for user in others if user.holds(StaffRole.CHAIR)]
        self.manager.choices = offered([("0", "Choose a manager"), *as_choices(chairs)])
        workers = [user for user in others if user.holds(*SOCIAL_WORKERS)]
        self.social_worker.choices = offered([("0", "Nobody yet"), *as_choices(workers)])
        return self

    def entry(self, now: datetime, me: str) -> NewContact:
        """What was typed, as the command takes it: decided now, by whoever starts it."""
        return NewContact(
            case_reference=self.case_reference.data or "",
            received_at=self.received_at.moment or now,
            concerns=self.concerns.data or [],
            decided_at=now,
            decided_by=me,
            safety=self.safety.data or None,
            another=True,
        )

    def people(self, staff: Iterable[User]) -> list[User]:
        """Those chosen."""
        chosen = {self.manager.data, self.social_worker.data}
        return [user for user in staff if user.id in chosen]


class AdmitForm(Form):
    """Let somebody else open it."""

    user = SelectField("Who else may open it?", coerce=int, widget=GovSelect())
    reason = Words("Why?", most=1000, required="Say why they may open it")

    def offer(self, people: Iterable[User]) -> "AdmitForm":
        """Take the people to choose from."""
        self.user.choices = offered([("0", "Choose somebody"), *as_choices(people)])
        return self


class RemoveForm(Form):
    """Take somebody off the list."""

    reason = Words("Why may they no longer open it?", most=1000, required="Say why they may no longer open it")
