"""Holds the forms of bringing in a list of open contacts: the file, and the confirmation of what was looked at."""

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import HiddenField

from strategy.forms.form import Form
from strategy.forms.sheets import SheetForm
from strategy.rules.contact_sheet import Reading


class UploadForm(SheetForm[Reading]):
    """The list, as the case system exports it."""

    file = FileField(
        "List of open contacts, CSV or XLSX",
        validators=[FileRequired("Choose a file")],
        widget=GovFileInput(),
    )


class ConfirmForm(Form):
    """Confirms what was looked at: ``seen`` is its fingerprint."""

    seen = HiddenField()
