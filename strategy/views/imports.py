"""Holds what the pages that bring in a file share: an example of it, a button on its page. No page."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response


def example(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """A file as it should look, to be kept under that name; Excel knows by the mark at its start what it is."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(file.getvalue().encode("utf-8-sig"), mimetype="text/csv", headers=headers)
