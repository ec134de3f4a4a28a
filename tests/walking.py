"""Holds a walker through the pages: it reads a page's links and forms as a person would, and sends them by a button.

It knows no page of ours. Every page it comes to must be whole: no 5xx, no trace.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.wrappers import Request

Fields = dict[str, list[str]]
Typed = Mapping[str, str | list[str]]
_UNTYPED = ("submit", "button", "image", "reset", "file")


@dataclass
class Button:
    """A form's button: its words, and what it sends."""

    words: str = ""
    name: str | None = None
    value: str = ""
    formaction: str | None = None


@dataclass
class Form:
    """One form as it stands on the page, with what is filled in already."""

    action: str
    method: str
    fields: Fields = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # every field there is to fill, filled or not


@dataclass
class Page:
    """A page that was come to."""

    url: str
    status: int
    words: str
    forms: list[Form]
    links: list[tuple[str, str]]

    def link(self, words: str) -> str:
        """Where the first link of those words leads (the whole words, or their beginning). Raises LookupError."""
        for exact in (True, False):
            for said, href in self.links:
                if said == words if exact else said.startswith(words):
                    return href
        raise LookupError(f"no link {words!r} among {[said for said, _ in self.links]} on {self.url}")

    def form(self, button: str) -> tuple[Form, Button]:
        """The first form with that button. Raises LookupError."""
        for form in self.forms:
            for one in form.buttons:
                if one.words == button or one.words.startswith(f"{button}:"):
                    return form, one
        raise LookupError(f"no button {button!r} among {[one.words for f in self.forms for one in f.buttons]}")

    def field(self, pattern: str) -> str:
        """The name of the first field matching. Raises LookupError."""
        for form in self.forms:
            for name in sorted(form.names):
                if re.fullmatch(pattern, name):
                    return name
        raise LookupError(f"no field {pattern!r} on {self.url}")


class Walker:
    """Somebody with a browser, at one page at a time."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = Page("/", 0, "", [], [])

    def open(self, url: str) -> Page:
        """Go to an address, following where it leads."""
        response = self.client.get(_path(url), follow_redirects=True)
        return self._come_to(response.request, response.status_code, response.get_data(as_text=True))

    def follow(self, words: str) -> Page:
        """Follow the link of those words."""
        return self.open(urljoin(self.page.url, self.page.link(words)))

    def send(self, button: str, typed: Typed | None = None, **more: str | list[str]) -> Page:
        """Fill fields of the form with that button, and press it. What is not typed goes as it stands."""
        typed = {**(typed or {}), **more}
        form, pressed = self.page.form(button)
        unknown = set(typed) - form.names
        assert not unknown, f"{self.page.url} has no field {sorted(unknown)}, only {sorted(form.names)}"
        return self.post(urljoin(self.page.url, pressed.formaction or form.action), _filled(form, pressed, typed))

    def post(self, url: str, fields: Fields) -> Page:
        """Send fields to an address, following where it leads."""
        response = self.client.post(_path(url), data=fields, follow_redirects=True)
        return self._come_to(response.request, response.status_code, response.get_data(as_text=True))

    def _come_to(self, request: Request, status: int, html: str) -> Page:
        self.page = read(request.path, status, html, request.full_path.rstrip("?"))
        assert status < 500, f"{request.path} answered {status}: {self.page.words[:2000]}"
        assert "Traceback" not in html
        return self.page


def read(url: str, status: int, html: str, address: str | None = None) -> Page:
    """A page's words, links and forms; a form that says nowhere goes to the page's own ``address``."""
    reader = _Reader(address or url)
    reader.feed(html)
    return Page(url, status, " ".join(" ".join(reader.words).split()), reader.forms, reader.links)


def _filled(form: Form, pressed: Button, typed: Typed) -> Fields:
    given = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return form.fields | given | ({pressed.name: [pressed.value]} if pressed.name else {})


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class _Reader(HTMLParser):
    """What html.parser says, put together."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._button: Button | None = None
        self._href: str | None = None
        self._said: list[str] = []
        self._select = ""
        self._area: str | None = None
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._silent = True
        elif tag == "a" and "href" in at:
            self._href, self._said = at["href"], []
        elif tag == "form":
            self._form = Form(at.get("action") or self._url, at.get("method", "get"))
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, at)

    def _control(self, form: Form, tag: str, at: dict[str, str]) -> None:
        name = at.get("name", "")
        if tag == "button":
            self._button = Button("", name or None, at.get("value", ""), at.get("formaction"))
            form.buttons.append(self._button)
        elif tag == "select":
            self._select = name
            form.names.add(name)
        elif tag == "option":
            if self._select and ("selected" in at or self._select not in form.fields):
                form.fields[self._select] = [at.get("value", "")]
        elif tag == "textarea":
            self._area = name
            form.names.add(name)
            form.fields[name] = [""]
        elif tag == "input":
            self._input(form, name, at)

    def _input(self, form: Form, name: str, at: dict[str, str]) -> None:
        kind = at.get("type", "text")
        if kind == "submit":
            form.buttons.append(Button(at.get("value", ""), name or None, at.get("value", "")))
        if kind in _UNTYPED or not name:
            return
        form.names.add(name)
        if kind in ("checkbox", "radio"):
            if "checked" in at:
                form.fields.setdefault(name, []).append(at.get("value", "on"))
            return
        form.fields[name] = [at.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = False
        elif tag == "a" and self._href is not None:
            self.links.append((" ".join("".join(self._said).split()), self._href))
            self._href = None
        elif tag == "button" and self._button is not None:
            self._button.words = " ".join(self._button.words.split())
            self._button = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = None
        elif tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._area is not None and self._form is not None:
            had = self._form.fields[self._area][0]
            self._form.fields[self._area] = [had + data if had else data.removeprefix("\n").lstrip("\r\n")]
        if self._button is not None:
            self._button.words += data
        if self._href is not None:
            self._said.append(data)
        self.words.append(data)
