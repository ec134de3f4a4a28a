"""Holds the forms of handing a child to the emergency duty team, accepting by phone, and saying what was done."""

from strategy.commands.emergency_duty import Night
from strategy.forms.contacts import ContactForm
from strategy.forms.form import Form, Line, LondonMoment, Words


class HandToEdtForm(ContactForm):
    """What the team must do by when, what keeps the child safe meanwhile, whom to ring."""

    what = Words(
        "What must the emergency duty team do?", required="Say what the emergency duty team must do", most=2000
    )
    act_by = LondonMoment("By when?", required="Enter by when they must act")
    safety = Words(
        "What keeps the child safe tonight, and who sees to it?",
        required="Say what keeps the child safe tonight, and who sees to it",
        description="Also shown on the page of the contact. Immediate danger cannot wait for this: call 999.",
    )
    ring = Words(
        "Whom can they ring about it?", most=600, description="Names and numbers, one a line. You, if need be."
    )

    def night(self) -> Night:
        """What the command takes. Only for a form that validated."""
        act_by = self.act_by.moment
        assert act_by is not None
        return Night(self.what.data or "", act_by, self.ring.data or None)


class AcceptedByPhoneForm(Form):
    """Who of the team said by phone that they have it."""

    by = Line("Who accepts it?", required="Enter who accepts it", description="Their name, as they said it by phone.")


class ReportForm(Form):
    """What the team did, and what is left for the day."""

    did = Words("What was done, and what is left for the day team?", required="Write what was done, and what is left")
