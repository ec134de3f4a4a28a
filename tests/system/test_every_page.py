"""Every page of the demonstration, wide and narrow: axe finds nothing grave, nothing runs off, and none is forgotten.

One page of each kind is looked at, for every kind of staff and for partners behind their links.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from config import read
from strategy.app import create_app
from strategy.demonstration import PASSWORD
from tests.system.hand import context_of, look
from tests.system.product import Product
from tests.system.walk import Walk

CHAIR, LEADER, ADMIN = (f"{who}@exampleshire.example" for who in ("terry.example", "lee.leader", "ada.admin"))
PARTNER = ""
_AT_LEAST = {CHAIR: 20, LEADER: 10, ADMIN: 10}  # kinds of page: fewer, and the walk itself is broken
_ASKING = (("/ask", "ask-which"), ("/ask/exampleshire", "ask"), ("/ask/exampleshire/K7QD", "ask-sent"))
_NO_PAGE = {
    "asset": "files",
    "security.static": "files",
    "health.alive": "for machines",
    "health.ready": "for machines",
    "health.metrics": "for machines",
    "partner.diary": "a calendar file",
    "calendar_feeds.subscribed": "a calendar file",
    "outbox.calendar": "a calendar file",
    "wording.mail": "a mail as it is written, looked at in its frame on the page of its words",
    "wording_editing.mail": "a mail as it is written, looked at in its frame on the page of its draft",
    "outbox.source": "a mail's source",
    "inbound.source": "a mail's source",
    "papers.opened": "a file",
    "agency_papers.opened": "a file",
    "outbox.mail": "a mail as it was written, looked at in its frame on the outbox page",
    "policy.exported": "a file",
    "contact_sheet.file": "a file",
    "directory_imports.example": "a file",
    "contact_imports.example": "a file",
    "booking.begin": "leads on to the booking's first page",
}
# Pages the demonstration does not lead to, and why; tests of their own views open them, without a browser.
_NOT_TOLD = {
    "booking.check": "needs a booking filled in to its end: tests/system/test_by_hand.py does that",
    "second_step.about": "needs a code: tests/system/test_behind_the_step.py asks for one",
    "contributing.write": "needs a code",
    "agency_papers.listed": "needs a code",
    "agency_record.shown": "needs a code",
    "agency_actions.listed": "needs a code",
    "inbound.shown": "needs a mail that came in",
    "contact_imports.shown": "needs a list that was sent",
    "directory_imports.shown": "needs a sheet that was sent",
    "desk_board.shown": "needs a code: tests/system/test_board_by_keyboard.py does that",
    "desk_board.about": "needs a code: tests/system/test_board_by_keyboard.py does that",
    "desk_board.pack": "needs a code: tests/system/test_board_by_keyboard.py does that",
    "rota_imports.shown": "needs a calendar file that was sent",
    "entries.shown": "needs a round of verification that was started",
    "entries.changed": "needs a round of verification that was started",
    "entries.left": "needs a round of verification that was started",
    "entries.away": "needs a round of verification that was started",
    "verification.shown": "needs a round of verification that was started",
    "papers.withdraw": "needs a paper attached to the discussion whose papers were looked at",
    "holding.details": "needs somebody marked on the page it belongs to",
    "record.reword": "needs information shared in a discussion that is not signed",
    "implicated.take_back": "needs somebody named",
    "emergency_duty.report": "needs somebody of the emergency duty team",
    "restricted.listed": "needs a restricted contact its reader may open",
    "restricted.remove": "needs a restricted contact its reader may open",
    "series.not_needed": "needs a follow-up that is due",
    "rota_editing.remove_override": "needs a change of a rota",
    "policy_draft.shown": "needs a policy being drafted: looked at last",
    "policy_draft.text": "needs a policy being drafted: looked at last",
    "policy_draft.hours": "needs a policy being drafted: looked at last",
    "policy_draft.chasing": "needs a policy being drafted: looked at last",
    "policy_draft.watching": "needs a policy being drafted: looked at last",
    "policy_draft.meetings": "needs a policy being drafted: looked at last",
    "policy_rows.listed": "needs a policy being drafted: looked at last",
    "policy_rows.add": "needs a policy being drafted: looked at last",
    "policy_rows.changed": "needs a policy being drafted: looked at last",
    "policy_rows.remove": "needs a policy being drafted: looked at last",
    "policy_draft.publish": "needs a policy being drafted: looked at last",
    "wording_editing.use": "needs words being drafted: looked at last",
    "wording_editing.compared": "needs words of an authority's own: looked at last",
    "wording_editing.back": "needs words of an authority's own: looked at last",
}

_DRAFT = (  # one of each kind of page that writes a policy: all are reached from the draft, which a press begins
    "",
    "/hours",
    "/meetings",
    "/chasing",
    "/watching",
    "/targets",
    "/targets/missing",
    "/quorums/initial",
    "/needs",
    "/needs/education",
    "/add/needs",
    "/remove/roles/housing",
    "/invitations/17",
    "/ladders",
    "/ladders/police",
    "/remove/delay-reasons/other",
    "/text",
    "/publish",
)

Walked = Callable[[str], Walk]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demonstration as a newcomer starts it: messages are kept to look at."""
    product = Product(Path(tmp_path_factory.mktemp("demonstration")), {"STRATEGY_ENV": "demo"})
    try:
        product.run()
        yield product
    finally:
        product.stop()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, for its map of addresses alone."""
    folder = tmp_path_factory.mktemp("map")
    return create_app(read({"STRATEGY_ENV": "demo", "STRATEGY_DATA_DIR": str(folder)}))


@pytest.fixture(scope="module")
def walked(browser: Browser, demonstration: Product, app: Flask) -> Walked:
    """The walk of somebody, gone once whichever test asks first."""
    gone: dict[str, Walk] = {}

    def walk(email: str) -> Walk:
        if email not in gone:
            page = context_of(browser, bypass_csp=True).new_page()
            gone[email] = Walk(page, demonstration.url, app, email.partition(".")[0] or "partner")
            if email:
                _sign_in(page, demonstration, email)
            first = ["/"] if email else _partners_links(page, demonstration)
            gone[email].go(first)
            gone[email].each(first[1:6])
        return gone[email]

    return walk


@pytest.mark.parametrize("email", [CHAIR, LEADER, ADMIN])
def test_every_page_links_lead_to(walked: Walked, email: str) -> None:
    walk = walked(email)
    assert walk.wrong == []
    assert {"/", "/waiting", "/calls"} <= walk.seen
    assert len(walk.seen) > _AT_LEAST[email], f"only {sorted(walk.seen)}"


def test_pages_nobody_is_signed_in_for(browser: Browser, demonstration: Product, walked: Walked) -> None:
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
    assert wrong == []
    assert walked(PARTNER).wrong == []
    assert {"partner.shown", "partner.times"} <= walked(PARTNER).routes


def test_no_page_is_forgotten(walked: Walked, app: Flask) -> None:
    walks = [walked(email) for email in (CHAIR, LEADER, ADMIN, PARTNER)]
    looked_at = {"security.login", "ask.choose", "ask.shown", "ask.sent"}.union(*(walk.routes for walk in walks))
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - _NO_PAGE.keys()
    for walk in walks:
        walk.try_out(pages - looked_at)
        looked_at |= walk.routes
    assert [wrong for walk in walks for wrong in walk.wrong] == []
    assert pages - looked_at <= _NOT_TOLD.keys()
    assert _NOT_TOLD.keys() <= pages, "a page that is no more is still excused"


def test_pages_that_write_a_policy(browser: Browser, demonstration: Product) -> None:
    page = context_of(browser, bypass_csp=True).new_page()
    _sign_in(page, demonstration, ADMIN)
    page.goto(f"{demonstration.url}/policy")
    page.get_by_role("button", name="Change the policy").click()
    wrong = []
    for path in _DRAFT:
        page.goto(f"{demonstration.url}/policy/draft{path}")
        assert page.url.endswith(f"/policy/draft{path}")
        wrong += look(page, f"draft{path}".replace("/", "_"))
    page.goto(f"{demonstration.url}/policy/draft/needs/gp")
    page.get_by_label("First day it is needed").fill("2027-02-01")
    page.get_by_label("Last day it is needed").fill("2027-01-01")
    page.get_by_role("button", name="Keep in the draft").press("Enter")
    page.get_by_role("alert").get_by_role("link").first.press("Enter")
    assert page.evaluate("document.activeElement.name") == "ends"
    wrong += look(page, "draft_needs_refused")
    assert wrong == []


def test_pages_that_word_a_message(browser: Browser, demonstration: Product) -> None:
    page = context_of(browser, bypass_csp=True).new_page()
    _sign_in(page, demonstration, ADMIN)
    words = f"{demonstration.url}/words/chase"
    page.goto(f"{words}/draft")
    written = page.get_by_label("Text message").input_value()
    page.get_by_label("Text message").fill(written + " Ŷ")
    page.get_by_role("button", name="Check and look at it").press("Enter")
    page.get_by_role("alert").get_by_role("link").first.press("Enter")
    assert page.evaluate("document.activeElement.name") == "text"
    wrong = look(page, "words_refused")
    page.get_by_label("Text message").fill(written.replace("who is coming", "who comes"))
    page.get_by_role("button", name="Check and look at it").press("Enter")
    page.get_by_role("heading", name="Look at the new words").wait_for()
    wrong += look(page, "words_use")
    page.get_by_label("Why do the words change?").fill("Shorter")
    page.get_by_role("button", name="Use these words").press("Enter")
    page.get_by_text("In use from the next message on").first.wait_for()
    wrong += look(page, "words_used")
    for path in ("compare", "back/0"):
        page.goto(f"{words}/{path}")
        wrong += look(page, f"words_{path}".replace("/", "_"))
    assert wrong == []


def _partners_links(page: Page, product: Product) -> list[str]:
    """What partners were sent, as paths: those of invitations, of the directory's own entries, of boards."""
    page.goto(f"{product.url}/outbox")
    links: list[str] = page.locator("a[href*='/a/'], a[href*='/d/'], a[href*='/b/']").evaluate_all(
        "all => [...new Set(all.map(one => new URL(one.href).pathname))]"
    )
    assert links, "no partner's link is in the outbox"
    return links


def _sign_in(page: Page, product: Product, email: str) -> None:
    page.goto(f"{product.url}/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
