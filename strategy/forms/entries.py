"""Holds the forms of an entry's own page and of being away. Through a link the token is the authority: no session."""

from datetime import datetime

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField

from strategy.commands.away import AwayEntry
from strategy.commands.verification import Details
from strategy.forms.choices import offered
from strategy.forms.directory import as_dialled, others_of
from strategy.forms.form import Form, Line, LondonMoment
from strategy.models import Desk, Person

_ADDRESS = 254


class _Linked:
    """A form behind a link."""

    csrf = False


class AwayForm(Form):
    """From when until when, and who covers."""

    starts_at = LondonMoment("Away from", required="Enter from when")
    ends_at = LondonMoment("Away until", required="Enter until when")
    cover_id = SelectField("Who covers?", coerce=int, widget=GovSelect())
    cover_name = Line("Their name", description="Only if it is somebody who is not in the list.")
    cover_email = Line("Their email", most=_ADDRESS)
    cover_phone = Line("Their mobile", most=32)

    @classmethod
    def of(cls, person: Person, now: datetime) -> "AwayForm":
        """The form, from now on; the standing deputy covers unless somebody else is chosen."""
        form = cls(data={"starts_at": now.replace(second=0, microsecond=0), "cover_id": person.deputy_id or 0})
        form.cover_id.choices = offered([("0", "Somebody else, named below"), *others_of(person.agency, person)])
        return form

    def entry(self) -> AwayEntry:
        """What was typed. Only for a form that validated."""
        starts_at, ends_at = self.starts_at.moment, self.ends_at.moment
        if starts_at is None or ends_at is None:
            raise ValueError("the form did not validate")
        return AwayEntry(
            starts_at=starts_at,
            ends_at=ends_at,
            cover_id=self.cover_id.data or None,
            cover_name=self.cover_name.data,
            cover_email=self.cover_email.data,
            cover_phone=self.cover_phone.data,
        )


class LinkedAwayForm(AwayForm):
    """The same behind the person's link."""

    Meta = _Linked


class LinkedButton(Form):
    """A button behind a link."""

    Meta = _Linked


class DetailsForm(Form):
    """What the entry should say."""

    Meta = _Linked

    name = Line("Name", required="Enter a name")
    job_title = Line("Role or job title")
    email = Line("Email", most=_ADDRESS)
    phone = Line("Mobile or phone", most=32)

    @classmethod
    def of(cls, entry: Desk | Person) -> "DetailsForm":
        """The form, as the entry stands."""
        title = entry.job_title if isinstance(entry, Person) else None
        phone = as_dialled(entry.phone)
        return cls(data={"name": entry.name, "job_title": title, "email": entry.email, "phone": phone})

    def details(self) -> Details:
        """What was typed. Only for a form that validated."""
        return Details(self.name.data or "", self.job_title.data, self.email.data, self.phone.data)


class LeftForm(Form):
    """Who is there instead, where that is known."""

    Meta = _Linked

    name = Line("Who is there now?", description="Leave it empty if you do not know.")
    job_title = Line("Their role or job title")
    email = Line("Their email", most=_ADDRESS)
    phone = Line("Their mobile or phone", most=32)

    def details(self) -> Details | None:
        """Who is there instead; None when nobody was named."""
        if not self.name.data:
            return None
        return Details(self.name.data, self.job_title.data, self.email.data, self.phone.data)
