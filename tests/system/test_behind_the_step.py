"""What stands behind a partner's link once the code is typed, in Chromium: papers, a draft, the record, the actions."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser

from strategy.commands import holding, record
from strategy.commands.holding import Ending
from strategy.db import db, transaction
from strategy.models import Discussion
from strategy.vocabulary import Attendance, DecisionCode, Via
from tests.convened import convene, invited, staff_act
from tests.system import people
from tests.system.hand import Hand, context_of, look, sign_in
from tests.system.post import awaited, mails, texts
from tests.system.product import Product, Providers

DESK, DESK_PHONE = "mash@police.example", "+447700900001"
CHRONOLOGY = b"4 March: nobody at home"


def test_an_agency_finds_everything_behind_the_code(
    browser: Browser, installed: Callable[..., Product], providers: Providers, tmp_path: Path
) -> None:
    product = installed()
    with people.inside(product), transaction("Sam Worker", Via.STAFF) as act:
        discussion_id = convene(people.cast(), act.at - timedelta(hours=2), act.at + timedelta(hours=1)).id
    product.run()
    wrong: list[str] = []

    office = sign_in(context_of(browser, bypass_csp=True), product.url, people.WORKER)
    office.page.goto(f"{product.url}/discussions/{discussion_id}/papers")
    wrong += look(office.page, "papers-none")
    _attach(office, "Chronology", tmp_path)
    wrong += look(office.page, "papers")

    phone = Hand(context_of(browser, 320, bypass_csp=True).new_page())
    phone.page.goto(awaited(lambda: mails(providers, DESK))[0].link)
    _open(phone, providers, wrong)
    phone.press("Papers (1)")
    wrong += look(phone.page, "partner-papers")
    with phone.page.expect_download() as kept:
        phone.page.get_by_role("link", name="Chronology").click()
    assert kept.value.path().read_bytes() == CHRONOLOGY
    assert re.fullmatch(r"[A-Z0-9]{4}-paper-\d+\.txt", kept.value.suggested_filename)

    phone.press("Send what your agency knows")
    with phone.page.expect_response(lambda answer: "month" in (answer.request.post_data or "")):
        phone.page.get_by_label("What does your agency know?").press_sequentially("Seen twice this month")
    phone.page.locator("#saved-words", has_text="Not sent yet").wait_for()
    wrong += look(phone.page, "partner-information")
    phone.page.reload()
    assert phone.page.get_by_label("What does your agency know?").input_value().startswith("Seen twice")

    _sign(product, discussion_id)
    awaited(lambda: [mail for mail in mails(providers, DESK) if "record can be read" in mail.subject])
    phone.press("Back to who it is about")
    phone.press("The record of this meeting")
    wrong += look(phone.page, "partner-record")
    phone.press("I have read the record")
    phone.press("Your agency’s actions (1)")
    wrong += look(phone.page, "partner-actions")
    office.page.goto(f"{product.url}/discussions/{discussion_id}/record")
    assert office.words.count("Jo Sample, Detective Constable") >= 2
    wrong += look(office.page, "record-circulated")
    phone.press("I have finished: close this page")
    wrong += look(phone.page, "partner-afterwards")
    assert "Visit the home" not in phone.words
    assert wrong == []
    assert "Traceback" not in product.log, product.log


def _attach(hand: Hand, title: str, folder: Path) -> None:
    made = folder / "made up.txt"
    made.write_bytes(CHRONOLOGY)
    hand.fill("What is it?", title)
    hand.choose("kind", "chronology")
    hand.page.get_by_label("File").set_input_files(made)
    hand.press("Attach it")
    assert title in hand.words, hand.words


def _open(hand: Hand, providers: Providers, wrong: list[str]) -> None:
    """Take the second step: the link came by mail, so the code goes by text."""
    hand.press("See who this is about")
    hand.fill("Your name", "Jo Sample")
    hand.fill("Your role", "Detective Constable")
    hand.page.get_by_role("radio").first.check()
    hand.press("Send the code")
    code = awaited(lambda: [one for one in texts(providers, DESK_PHONE) if "is your code" in one])[0]
    hand.page.locator(
        "#sending", has_text=re.compile("(Sent|Delivered) by text")
    ).wait_for()  # the page follows by itself
    wrong += look(hand.page, "partner-code")
    hand.fill("Code", re.findall(r"\d{6}", code)[0])
    hand.press("Show who it is about")
    wrong += look(hand.page, "partner-about")


def _sign(product: Product, discussion_id: int) -> None:
    """It is held and signed this minute, with an action for the police."""
    with people.inside(product), transaction("Terry Example", Via.STAFF) as act:
        discussion, cast = db.session.get_one(Discussion, discussion_id), people.cast()
        chairing = staff_act(cast, act.at, chair=True)
        holding.start(discussion, chairing, early=True)
        for one in holding.asked(discussion):
            holding.mark(one, Attendance.ATTENDED, chairing)
        record.share(invited(discussion, "health-0-19"), "Weighed in March.", chairing)
        record.decide(discussion, DecisionCode.THRESHOLD_MET, "Two reports in a week.", chairing)
        due = act.at + timedelta(days=1)
        record.add_action(discussion, invited(discussion, "police"), "Visit the home", "Dee Sergeant", due, chairing)
        holding.finish(discussion, Ending(act.at, act.at, initiated_s47=False), chairing)
        record.sign(discussion, chairing)
