"""Holds the form of bringing in a sheet of the directory: the file."""

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput

from strategy.forms.sheets import SheetForm
from strategy.rules.directory_sheet import Reading


class DirectoryForm(SheetForm[Reading]):
    """The sheet, as somebody keeps it or exports it."""

    file = FileField("Sheet, CSV or XLSX", validators=[FileRequired("Choose a file")], widget=GovFileInput())
