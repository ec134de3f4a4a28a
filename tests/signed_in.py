"""Holds a request context in which somebody is signed in, for tests below the pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_login import login_user

from strategy.models import User


@contextmanager
def signed_in_as(app: Flask, user: User) -> Iterator[None]:
    """A request in which that person is signed in."""
    with app.test_request_context("/"):
        login_user(user)
        yield
