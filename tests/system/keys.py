"""Holds a hand that has no mouse: Tab, arrows, Enter and Space alone; and an eye for where the keyboard is.

Nothing is clicked and no field is filled behind the browser's back.
"""

from dataclasses import dataclass
from datetime import datetime

from playwright.sync_api import Locator, Page

_FURTHEST = 250  # more presses of Tab than any page has places


@dataclass
class Keys:
    """Somebody at a keyboard, at one page. Each step ends where a person sees that it has."""

    page: Page

    def press(self, words: str) -> None:
        """Go to the button or link whose words begin so, and press Enter."""
        buttons = self.page.get_by_role("button", name=words)
        self._enter(buttons.or_(self.page.get_by_role("link", name=words)).first)

    def press_value(self, value: str, marker: str) -> None:
        """Go to the button that sends that value within the row of that text, and press Enter."""
        self._enter(self.page.locator("li", has_text=marker).locator(f'button[value="{value}"]').first)

    def fill(self, label: str, text: str) -> None:
        """Go to the field of that label, and type over what stands there."""
        self._reach(self.page.get_by_label(label, exact=True).first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def fill_at(self, field: Locator, text: str) -> None:
        """Go to that empty field, one of many of the same label, and type."""
        self._reach(field)
        self.page.keyboard.type(text)

    def fill_moment(self, label: str, local: datetime) -> None:
        """Go to the date and time of that label, and type it part by part, in the order of an American browser."""
        field = self.page.get_by_label(label, exact=True).first
        self._reach(field)
        self.page.keyboard.type(f"{local:%m%d%Y}")
        self.page.keyboard.press("ArrowRight")
        self.page.keyboard.type(f"{local:%I%M%p}")
        assert field.input_value() == f"{local:%Y-%m-%dT%H:%M}"

    def choose(self, name: str, value: str) -> None:
        """Go to the radio buttons of that name, by arrows to one of them."""
        wanted = self.page.locator(f'input[type="radio"][name="{name}"][value="{value}"]')
        self._tab("name => document.activeElement.name === name", name)
        for _ in range(30):
            if wanted.evaluate("one => one === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        assert wanted.is_checked(), (name, value)

    def tick(self, name: str, value: str) -> None:
        """Go to a box and tick it."""
        box = self.page.locator(f'input[type="checkbox"][name="{name}"][value="{value}"]')
        self._reach(box)
        self.page.keyboard.press("Space")
        assert box.is_checked(), (name, value)

    def select(self, label: str, words: str) -> None:
        """Go to the list of that label, by arrows to the first choice whose words begin so."""
        field = self.page.get_by_label(label, exact=True).first
        self._reach(field)
        self.page.keyboard.press("Home")
        for _ in range(60):
            if str(field.evaluate("one => one.selectedOptions[0].text")).startswith(words):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice {words!r} in {label!r}")

    def _enter(self, one: Locator) -> None:
        self._reach(one)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _reach(self, one: Locator) -> None:
        self._tab("one => document.activeElement === one", one.element_handle())

    def _tab(self, there: str, wanted: object) -> None:
        """Press Tab until it is there; where the keyboard then is must be seen."""
        for _ in range(_FURTHEST):
            if self.page.evaluate(there, wanted):
                assert self.page.evaluate(SEEN), "nobody sees where the keyboard is"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead there on {self.page.url}")


def lost(page: Page, name: str) -> list[str]:
    """What the keyboard cannot reach on the page as it stands, and where its focus would not be seen, in words."""
    page.keyboard.press("Tab")  # from here on the browser shows focus as it does for somebody at a keyboard
    found: list[str] = page.evaluate(_LOST)
    page.evaluate("document.activeElement.blur()")
    return [f"{name} by keyboard: {words}" for words in found]


# How something looks that focus may change: itself, and the label that stands in for a hidden radio button or box.
_LOOKS = """
const looks = one => [[one, null], [one, '::before'], ...[...(one.labels ?? [])].map(label => [label, '::before'])]
  .map(([it, part]) => getComputedStyle(it, part))
  .map(css => [css.outlineStyle === 'none' ? '' : css.outline, css.boxShadow, css.backgroundColor, css.borderColor,
               css.borderWidth].join('|')).join('¦');
"""
SEEN = f"""() => {{
  {_LOOKS}
  const one = document.activeElement, focused = looks(one);
  one.blur();
  const plain = looks(one);
  one.focus();
  return focused !== plain;
}}"""
_LOST = f"""() => {{
  {_LOOKS}
  const all = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex]')]
    .filter(one => one.checkVisibility({{visibilityProperty: true}}) && !one.disabled)
    .filter(one => !one.closest('[aria-hidden=true]'));
  const wrong = [];
  const say = (one, why) => wrong.push(
    `${{one.tagName.toLowerCase()}} ${{one.name || one.id || one.textContent.trim().slice(0, 40)}} ${{why}}`);
  for (const one of all) {{
    if (one.tabIndex > 0) say(one, 'jumps the queue');
    const control = one.matches('a[href], button, input, select, textarea, summary, [role=button]');
    if (one.tabIndex < 0 && !control) continue;  // a heading that is only led to
    if (one.tabIndex < 0) {{ say(one, 'is passed over by Tab'); continue; }}
    one.blur();
    const plain = looks(one);
    one.focus({{preventScroll: true}});
    if (document.activeElement !== one) say(one, 'takes no focus');
    else if (looks(one) === plain) say(one, 'does not show its focus');
  }}
  return wrong;
}}"""
