"""Holds the walk through every page of a product: by its links, then by what its addresses are made of. It judges none.

Pages are told apart by their route where they have one of their own, which the application's own map says.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice, product
from urllib.parse import urljoin, urlsplit

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from tests.system.hand import look

_MOST = 120  # far more kinds than there are: a walk that never ends is a mistake
_TRIED = 12  # addresses tried for a page no link led to
_FILES = (".ics", ".csv", ".toml", ".eml", "mail.html", "sheet.html", "/file")


class Walk:
    """One person's walk: the kinds of page ``seen``, what was ``wrong`` with them, the ``routes`` they belong to."""

    def __init__(self, page: Page, url: str, app: Flask, who: str) -> None:
        self.page, self.url, self.app, self.who = page, url, app, who
        self.seen, self.routes, self.wrong = set[str](), set[str](), list[str]()
        self._known: defaultdict[str, dict[object, None]] = defaultdict(dict)  # arguments met in addresses, in order
        self._map = app.url_map.bind("")

    def go(self, first: Iterable[str]) -> None:
        """Breadth first by links, one page of each kind."""
        queue = list(first)
        while queue and len(self.seen) < _MOST:
            path = queue.pop(0)
            self._learn(path)
            if kind_of(path) not in self.seen:
                self.seen.add(kind_of(path))
                if self._look(path) is None:
                    self.wrong.append(f"{path} could not be opened")
                queue += self._links(path)

    def try_out(self, missing: Iterable[str]) -> None:
        """Open pages no link led to, by what was met in other addresses; what does not open is not there for them."""
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint in missing and "GET" in (rule.methods or ()):
                any(self._look(path) == rule.endpoint for path in islice(self._addresses(rule), _TRIED))

    def each(self, paths: Iterable[str]) -> None:
        """Open these too, though they are of a kind that was seen: they differ by how things stand."""
        self.wrong += [f"{path} could not be opened" for path in paths if self._look(path) is None]

    def _look(self, path: str) -> str | None:
        """Open a page and judge it; the route it led to (empty when it has none), None when it is no page."""
        response = self.page.goto(self.url + path)
        if response is None or response.status != 200 or "text/html" not in response.headers.get("content-type", ""):
            return None
        route = self._learn(urlsplit(self.page.url).path)
        self.routes |= {route} - {""}
        self.wrong += look(self.page, f"{self.who}{kind_of(path)}".replace("/", "_").strip("_"))
        return route

    def _learn(self, path: str) -> str:
        """The route of an address, whose arguments are kept; empty when it has none."""
        try:
            route, found = self._map.match(path.partition("?")[0], "GET")
        except (HTTPException, RequestRedirect):
            return ""
        for name, value in found.items():
            self._known[name][value] = None
        return str(route)

    def _addresses(self, rule: Rule) -> Iterator[str]:
        names = sorted(rule.arguments)
        for values in product(*(list(self._known[name])[-40:] for name in names)):
            yield self._map.build(rule.endpoint, dict(zip(names, values, strict=True)))

    def _links(self, path: str) -> list[str]:
        hrefs: list[str] = self.page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        found = [urlsplit(urljoin(self.url + path, href)) for href in hrefs]
        own = [one for one in found if f"{one.scheme}://{one.netloc}" == self.url]
        for one in own:
            self._learn(one.path)
        return [f"{one.path}?{one.query}".rstrip("?") for one in own if not one.path.endswith(_FILES)]


def kind_of(path: str) -> str:
    """An address without its numbers, tokens, names of messages and query."""
    unnamed = re.sub(r"^/words/[a-z-]+", "/words/N", path.partition("?")[0])
    return re.sub(r"/(\d+|[A-Z0-9]{13}|[0-9a-fT-]{20,})(?=/|$)", "/N", unnamed)
