"""A desk's board of a dozen by keyboard alone: opened by one code, answered within a minute's keystrokes."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from strategy.clock import now
from strategy.commands import board_links
from strategy.db import db, transaction
from strategy.models import Invitation
from strategy.vocabulary import InvitationState, Via
from tests.convened import convene
from tests.system import people
from tests.system.hand import context_of, look
from tests.system.keys import Keys, lost
from tests.system.post import awaited, mails, texts
from tests.system.product import Product, Providers

DESK_MAIL, DESK_PHONE = "mash@police.example", "+447700900001"
DOZEN = 12
# What a practised typist takes for one press (the keystroke-level model), and the time a board of a dozen may take.
ONE_PRESS, ALL_OF_IT = 0.28, 60
_COUNT = "window.presses = 0; addEventListener('keydown', () => window.presses += 1, true)"


def test_a_board_of_a_dozen_is_answered_in_a_minute_without_a_mouse(
    browser: Browser, installed: Callable[..., Product], providers: Providers
) -> None:
    product = installed()
    with people.inside(product):
        _convene_a_dozen()
    product.run()
    desk = Keys(context_of(browser, bypass_csp=True).new_page())
    _open(desk, providers)
    assert desk.page.locator(".app-board__row").count() == DOZEN
    assert lost(desk.page, "board") == [] and look(desk.page, "board") == []
    desk.page.evaluate(_COUNT)
    for number, field in enumerate(desk.page.locator("input[name$='-name']").all()):
        desk.fill_at(field, "Dee Sergeant" if number % 2 else "Ina Inspector")
    presses = int(desk.page.evaluate("window.presses")) + 1
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    assert presses * ONE_PRESS <= ALL_OF_IT, f"{presses} presses"
    desk.page.get_by_text(f"{DOZEN} answers are recorded").wait_for()
    _printed(desk.page)
    with people.inside(product):
        states = db.session.scalars(select(Invitation.state).where(Invitation.desk_id.is_not(None)).limit(100))
        assert list(states).count(InvitationState.COMING) == DOZEN


def _convene_a_dozen() -> None:
    with transaction("tests", Via.COMMAND_LINE) as act:
        cast = people.cast()
        board_links.make(cast.police_desk, act)
        for number in range(DOZEN):
            convene(cast, now(), now() + timedelta(hours=2, minutes=50 * number), f"CASE-{number}")


def _open(desk: Keys, providers: Providers) -> None:
    sent = awaited(lambda: [mail for mail in mails(providers, DESK_MAIL) if "/b/" in mail.text])
    desk.page.goto(_board_in(sent[0].text))
    desk.fill("Your name", "Jo Duty")
    desk.fill("Your role", "Detective Constable")
    desk.choose("way", desk.page.locator("input[name='way']").first.get_attribute("value") or "")
    desk.press("Send the code")
    code = awaited(lambda: [one for text in texts(providers, DESK_PHONE) for one in _CODE.findall(text)])[0]
    desk.fill("Code", code)
    desk.press("Open the board")


def _printed(page: Page) -> None:
    """The checks pack: a page for each, nothing that runs off, and the marking."""
    page.get_by_role("link", name="of everything here").click()
    assert look(page, "checks-pack") == []
    page.emulate_media(media="print")
    assert page.locator(".app-pack").count() == DOZEN
    assert page.get_by_text("OFFICIAL-SENSITIVE", exact=True).first.is_visible()
    assert not page.get_by_text("Print it by your browser").is_visible()


_CODE = re.compile(r"(\d{6}) is your code to open your desk board")


def _board_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/b/[A-Z0-9]+", text)
    assert found is not None
    return found.group()
