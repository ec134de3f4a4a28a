"""Holds a browser whose every request stands alone, as in production, although the test itself is in a context."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from strategy.db import db


class Browser(FlaskClient):
    """Each request gets a context of its own: its own moment, its own signed-in person, its own session.

    A request inside the test's context would find there who signed in for the request before. The test's own session
    lets go of what it has read, so that it reads afterwards what the request left.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request."""
        db.session.rollback()
        with self.application.app_context():
            return super().open(*args, **kwargs)


def markup(response: TestResponse) -> str:
    """The page on one line."""
    return " ".join(response.get_data(as_text=True).split())


def plain(response: TestResponse) -> str:
    """The page without its markup, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())
