"""The main job by keyboard alone: start the clock, book and invite, answer as a partner, hold, and an action."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Browser

from strategy.clock import in_london, now
from tests.system import people
from tests.system.hand import context_of
from tests.system.keys import Keys
from tests.system.post import awaited, link_in, texts
from tests.system.product import Product, Providers

HEALTH_PHONE = "+447700900002"


def test_the_main_job_is_done_without_a_mouse(
    browser: Browser, installed: Callable[..., Product], providers: Providers
) -> None:
    product = installed()
    product.run()
    office = Keys(context_of(browser).new_page())
    office.page.goto(f"{product.url}/sign-in")
    office.fill("Email address", people.WORKER)
    office.fill("Password", people.PASSWORD)
    office.press("Sign in")
    _start_the_clock(office)
    _book(office)
    partner = Keys(context_of(browser, 320).new_page())
    partner.page.goto(link_in(awaited(lambda: texts(providers, HEALTH_PHONE))[0]))
    _answer(partner)
    _hold(office)


def _start_the_clock(office: Keys) -> None:
    office.press("Start the clock")
    office.fill("Case reference", "4471-A")
    office.choose("decided", "now")
    office.tick("concerns", "serious-injury")
    office.press("Start the clock")
    office.page.get_by_text("Hold it by").wait_for()


def _book(office: Keys) -> None:
    office.press("Book it")
    office.fill("School, college or nursery", "sample primary school")
    office.press("Continue")
    office.select("Chair", "Terry Example")
    office.press("Continue")
    office.choose("slot", "other")
    office.fill_moment("Date and time", in_london(now() + timedelta(minutes=4)))
    office.choose("mode", "phone")
    office.fill("Number to dial", "01632 960500")
    office.press("Continue")
    office.press("Send invitations")
    office.page.get_by_text("invitations are on their way").wait_for()


def _answer(partner: Keys) -> None:
    partner.fill("Your name", "Nat Nurse")
    partner.fill("Your role", "Named nurse")
    partner.choose("response", "attend")
    partner.press("Send answer")
    partner.page.get_by_text("Recorded: Nat Nurse, Named nurse, will attend.").wait_for()


def _hold(office: Keys) -> None:
    office.press("Open the discussion")
    office.press("Hold it")
    office.press("Start now")
    office.press_value("attended", "Nat Nurse")
    office.fill("What is to be done", "Check the medical is booked")
    office.select("Agency", "Health")
    office.fill("Who does it", "Nat Nurse")
    office.fill_moment("Due", in_london(now() + timedelta(days=1)))
    office.press("Add action")
    office.page.get_by_role("link", name="Check the medical is booked").wait_for()
