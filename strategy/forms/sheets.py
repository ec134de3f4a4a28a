"""Holds the form of sending a sheet: its file, read while it is validated. What the sheet says is rules'."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from wtforms import ValidationError

from strategy import sheets
from strategy.forms.form import Form
from strategy.rules import contact_sheet, directory_sheet

Reading = TypeVar("Reading")

_REASONED = (sheets.Unreadable, contact_sheet.WrongHeading, directory_sheet.WrongHeading)


class SheetForm(Form, Generic[Reading]):
    """A sheet in the field ``file``. It is read before any transaction: a slow one holds up nobody who writes.

    ``read`` makes of its bytes and its name what it says, and raises a reason for a file that is no such sheet.
    """

    read: Callable[[bytes, str], Reading]
    reading: Reading

    def validate_file(self, field: Any) -> None:
        """Read it; what makes it no sheet is said at the field."""
        sent = field.data
        try:
            self.reading = self.read(sent.read(sheets.MOST_BYTES + 1), sent.filename or "")
        except _REASONED as error:
            raise ValidationError(error.reason) from None
        finally:
            sent.close()  # a large one lies in a file of its own
