"""Forms about a series of discussions: exception, agreement, delay, follow-up, and which one initiated section 47."""

from collections.abc import Iterable, Mapping

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import IntegerField, SelectField
from wtforms.widgets import HiddenInput

from strategy.commands.exceptions import MANAGERS
from strategy.forms.choices import offered
from strategy.forms.consent import ConsentForm
from strategy.forms.form import Form, Words
from strategy.forms.mend import Choice
from strategy.models import Discussion, User

_NOBODY = ("0", "Choose the manager")


def managers(discussion: Discussion, staff: Iterable[User], me: User) -> list[User]:
    """Who can authorise an emergency exception: any manager but its chair, its social worker and whoever asks."""
    barred = {discussion.chair_id, discussion.social_worker_id, me.id}
    return [user for user in staff if user.holds(*MANAGERS) and user.id not in barred]


def as_choices(people: Iterable[User]) -> list[tuple[str, str]]:
    """People as a list offers them."""
    return [(str(user.id), f"{user.full_name}, {user.job_title}") for user in people]


class ExceptionForm(Form):
    """Who lets it go ahead without its quorum, and why."""

    authoriser = SelectField("Which manager authorises it?", coerce=int, widget=GovSelect())
    reason = Words("Why can it not wait for those who are missing?", most=1000, required="Say why it cannot wait")

    def offer(self, people: Iterable[User]) -> "ExceptionForm":
        """Take the managers to choose from."""
        self.authoriser.choices = offered([_NOBODY, *as_choices(people)])
        return self


class AgreementForm(ConsentForm):
    """Both managers' agreement, recorded later."""

    def validate(self, extra_validators: object = None) -> bool:
        """Also: a manager has a name and a title."""
        super().validate(extra_validators)
        self.check_consent(needed=False)
        return not self.errors


class LateReasonForm(Form):
    """Why it was held past its target."""

    reason = Choice("Why was it held past its target?", "Choose the reason for the delay")

    def offer(self, reasons: Mapping[str, str]) -> "LateReasonForm":
        """Take the policy's reasons."""
        self.reason.choices = offered(reasons.items())
        return self


class NoFollowUpForm(Form):
    """Why no follow-up is needed any more."""

    reason = Words("Why is no follow-up needed?", most=1000, required="Say why no follow-up is needed")


class EnquiryForm(Form):
    """Which discussion initiated section 47. ``revision`` is the one the editor saw."""

    revision = IntegerField(widget=HiddenInput())
    discussion = Choice("Which discussion initiated section 47?", "Choose the discussion", coerce=int)
    reason = Words("Why is this put right?", most=1000, required="Say why this is put right")
