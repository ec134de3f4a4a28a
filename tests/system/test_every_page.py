"""Every page of the demonstration that links lead to, wide and narrow: axe finds nothing grave, nothing runs off.

Pages are told apart by their address without its numbers; one of each kind is looked at, for every kind of staff.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from strategy.demonstration import PASSWORD
from tests.system.hand import context_of, look
from tests.system.product import Product

CHAIR, LEADER, ADMIN = (f"{who}@exampleshire.example" for who in ("terry.example", "lee.leader", "ada.admin"))
_AT_LEAST = {CHAIR: 20, LEADER: 10, ADMIN: 10}  # kinds of page: fewer, and the walk itself is broken
_ASKING = (("/ask", "ask-which"), ("/ask/exampleshire", "ask"), ("/ask/exampleshire/K7QD", "ask-sent"))
_MOST = 80  # far more kinds than there are: a walk that never ends is a mistake


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demonstration as a newcomer starts it: messages are kept to look at."""
    product = Product(Path(tmp_path_factory.mktemp("demonstration")), {"STRATEGY_ENV": "demo"})
    try:
        product.run()
        yield product
    finally:
        product.stop()


@pytest.mark.parametrize("email", [CHAIR, LEADER, ADMIN])
def test_every_page_links_lead_to(browser: Browser, demonstration: Product, email: str) -> None:
    page = context_of(browser, bypass_csp=True).new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    _sign_in(page, demonstration, email)
    seen, wrong = _walk(page, demonstration, email.partition(".")[0])
    assert wrong == []
    assert [words for words in problems if "axe" not in words] == []
    assert {"/", "/waiting", "/calls"} <= seen
    assert len(seen) > _AT_LEAST[email], f"only {sorted(seen)}"


def test_pages_nobody_is_signed_in_for(browser: Browser, demonstration: Product) -> None:
    page = context_of(browser, bypass_csp=True).new_page()
    wrong = []
    for path, name in (
        ("/sign-in", "sign-in"),
        ("/a/AAAAAAAAAAAAA", "link-unknown"),
        ("/nowhere", "not-found"),
        *_ASKING,
    ):
        page.goto(demonstration.url + path)
        wrong += look(page, name)
    page.goto(f"{demonstration.url}/outbox")
    links = page.locator("a[href*='/a/']").evaluate_all("all => [...new Set(all.map(one => one.href))]")
    assert links, "no partner's link is in the outbox"
    for number, link in enumerate(links[:6]):
        page.goto(link)
        wrong += look(page, f"partner-{number}")
    assert wrong == []


def _walk(page: Page, product: Product, who: str) -> tuple[set[str], list[str]]:
    """Breadth first from the home page, one page of each kind."""
    queue, seen, wrong = ["/"], set[str](), list[str]()
    while queue and len(seen) < _MOST:
        path = queue.pop(0)
        kind = _kind(path)
        if kind in seen:
            continue
        seen.add(kind)
        response = page.goto(product.url + path)
        if response is None or response.status != 200:
            wrong.append(f"{path} answered {response.status if response else 'nothing'}")
            continue
        wrong += look(page, f"{who}{kind}".replace("/", "_").strip("_"))
        queue += _links(page, product, path)
    return seen, wrong


def _links(page: Page, product: Product, path: str) -> list[str]:
    hrefs: list[str] = page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    found = [urlsplit(urljoin(product.url + path, href)) for href in hrefs]
    own = [one for one in found if f"{one.scheme}://{one.netloc}" == product.url]
    files = (".ics", ".csv", ".toml", ".eml", "mail.html")
    return [f"{one.path}?{one.query}".rstrip("?") for one in own if not one.path.endswith(files)]


def _kind(path: str) -> str:
    """An address without its numbers, tokens and query."""
    return re.sub(r"/(\d+|[A-Z0-9]{13}|[0-9a-f-]{20,})(?=/|$)", "/N", path.partition("?")[0])


def _sign_in(page: Page, product: Product, email: str) -> None:
    page.goto(f"{product.url}/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
