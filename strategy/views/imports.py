"""Holds what the pages that bring in a file share: the file read, its example, a button on its page. No page."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from flask import Response, flash, redirect
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from strategy import sheets
from strategy.act import Refused
from strategy.forms.record import ButtonForm
from strategy.rules import contact_sheet, directory_sheet
from strategy.sheets import Unreadable
from strategy.views.submitting import Deed, submitted

Read = TypeVar("Read")


def reading(sent: FileStorage, read: Callable[[bytes, str], Read]) -> Read:
    """What a file that was sent says, by its bytes and name. Raises Refused ("file") for what cannot be read."""
    try:
        return read(sent.read(sheets.MOST_BYTES + 1), sent.filename or "")
    except (Unreadable, contact_sheet.WrongHeading, directory_sheet.WrongHeading) as error:
        raise Refused(error.reason, "file") from None


def example(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """A file as it should look, to be kept under that name; Excel knows by the mark at its start what it is."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(file.getvalue().encode("utf-8-sig"), mimetype="text/csv", headers=headers)


def pressed(do: Deed, page: str) -> ResponseReturnValue:
    """A button of the page at that address; what is refused is said there."""
    form = ButtonForm()
    done = submitted(form, do)
    if done is not None:
        return done
    for words in form.form_errors:
        flash(words, "error")
    return redirect(page, code=303)
