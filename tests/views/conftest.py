"""Holds what tests of pages may ask for."""

import pytest
from flask import Flask

from tests.browser import Browser


@pytest.fixture
def browsers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ``client`` and ``sign_in`` give browsers whose every request stands alone."""
    monkeypatch.setattr(app, "test_client_class", Browser)
