"""Holds what system tests drive: the browser, the providers, and the product on them. No assertion."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.system.people import settle
from tests.system.product import Product, Providers

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def providers() -> Iterator[Providers]:
    """A mail server and a text provider of the test's own."""
    with Providers() as running:
        yield running


@pytest.fixture
def installed(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, providers: Providers
) -> Iterator[Callable[..., Product]]:
    """Make installations that send to the providers, with the cast in them; every process is stopped afterwards."""
    made: list[Product] = []

    def install(**settings: str) -> Product:
        folder = tmp_path / f"product-{len(made)}"
        folder.mkdir()
        product = Product(folder, providers.settings | settings)
        made.append(product)
        settle(product, tmp_path_factory.getbasetemp() / "settled.db")
        return product

    yield install
    for product in made:
        product.stop()


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder mail servers reach, which as root run as somebody else: pytest's own is closed to others."""
    with TemporaryDirectory(prefix="mail-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
