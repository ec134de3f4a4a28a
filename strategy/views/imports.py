"""Holds what the pages that bring in a file share: an example of it, a button on its page. No page."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response, flash, redirect
from flask.typing import ResponseReturnValue

from strategy.forms.record import ButtonForm
from strategy.views.submitting import Deed, submitted


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
