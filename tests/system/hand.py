"""Holds a hand at the browser that counts what it does, and an eye that judges every page it comes to.

One interaction is a click or a filled field, as a person counts them; one screen is a page that was come to.
"""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.system.keys import lost
from tests.system.people import PASSWORD
from tests.system.product import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / "screenshots"
WIDTHS = (1280, 320)
# What passes is judged too, but not described node by node: that took half of the time.
JUDGE = "axe.run({resultTypes: ['violations']}).then(result => result.violations)"
_GRAVE = ("serious", "critical")


@dataclass
class Hand:
    """Somebody at a browser, at one page."""

    page: Page
    interactions: int = 0
    screens: int = 0

    def press(self, words: str, whole: bool = True) -> None:
        """Click a button or link of those words (or beginning with them) and wait for the page it leads to."""
        self.interactions += 1
        self.screens += 1
        # A browser puts a space before what is hidden from sight: "Here : Police".
        pattern = re.escape(words).replace(":", r"\s*:").replace(",", r"\s*,").replace("/", ".")
        name = re.compile(f"^{pattern}{'$' if whole else ''}")
        buttons, links = (self.page.get_by_role("button", name=name), self.page.get_by_role("link", name=name))
        buttons.or_(links).first.click()
        self.page.wait_for_load_state()

    def choose(self, name: str, value: str) -> None:
        """Tick a box or a radio button."""
        self.interactions += 1
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()

    def fill(self, label: str, text: str) -> None:
        """Fill the field of that label."""
        self.interactions += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def select(self, label: str, words: str) -> None:
        """Choose from a list."""
        self.interactions += 1
        self.page.get_by_label(label, exact=True).select_option(label=words)

    def count_anew(self) -> None:
        """What comes now is another task."""
        self.interactions = self.screens = 0

    @property
    def words(self) -> str:
        """What the page says."""
        return " ".join(self.page.locator("body").inner_text().split())


def sign_in(context: BrowserContext, url: str, email: str) -> Hand:
    """A page on which that member of staff has signed in."""
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()  # whichever page that person begins with
    return Hand(page)


def context_of(browser: Browser, width: int = 1280, **options: Any) -> BrowserContext:
    """A browser of one's own: nothing is remembered from another."""
    return browser.new_context(viewport={"width": width, "height": 900 if width > 400 else 640}, **options)


def look(page: Page, name: str) -> list[str]:
    """Judge the page by keyboard, wide and narrow, and keep pictures; what is wrong, in words. The page stays as it is.

    Its context must have been made with ``bypass_csp``: axe is put in by the test, which our policy rightly forbids.
    """
    SCREENSHOTS.mkdir(exist_ok=True)
    before, wrong = page.viewport_size, lost(page, name)
    page.add_script_tag(path=str(AXE))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 640})
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}.jpg", full_page=True, quality=80)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{name} at {width}: runs off the side: {page.evaluate(_WIDEST)}")
        wrong += [f"{name} at {width}: {found}" for found in _axe(page)]
    if before:
        page.set_viewport_size(before)
    return wrong


def _axe(page: Page) -> list[str]:
    found = page.evaluate(JUDGE)
    return [f"{item['id']} {[node['target'] for node in item['nodes']]}" for item in found if item["impact"] in _GRAVE]


_WIDEST = """() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().left + one.scrollWidth > window.innerWidth + 1)
  .map(one => one.tagName + '.' + one.className).slice(0, 3)"""
