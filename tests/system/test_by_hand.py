"""The story by hand: Chromium at the real product, which sends through a real mail server and Twilio's own client."""

from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Browser

from strategy.clock import in_london, now
from strategy.commands import invitations
from strategy.commands.inviting import Invitee
from strategy.db import transaction
from strategy.vocabulary import Via
from tests.convened import convene
from tests.system import people
from tests.system.hand import Hand, context_of, look, sign_in
from tests.system.post import Mail, awaited, link_in, mails, texts
from tests.system.product import TEXT_SENDER, Product, Providers

DESK, DESK_PHONE = "mash@police.example", "+447700900001"
SERGEANT, SERGEANT_PHONE = "ds@police.example", "+447700900011"
HEALTH, HEALTH_PHONE = "desk019@health.example", "+447700900002"


def test_silence_climbs_by_itself_and_the_sergeant_answers_from_a_phone_without_scripts(
    browser: Browser, installed: Callable[..., Product], providers: Providers
) -> None:
    product = installed()
    with people.inside(product), transaction("Sam Worker", Via.STAFF) as act:
        # Booked two of its three hours ago; nobody has answered since.
        convene(people.cast(), act.at - timedelta(hours=2), act.at + timedelta(hours=1))
    product.run()
    text = awaited(lambda: texts(providers, SERGEANT_PHONE))[0]
    mailed = awaited(lambda: mails(providers, SERGEANT))[0].link
    assert mailed != link_in(text), "each way has its own, so that a code can go the other"
    assert not texts(providers, "+447700900012"), "the inspector was told too soon"
    form = next(form for form in providers.twilio.forms if form["To"] == SERGEANT_PHONE)
    assert form["From"] == TEXT_SENDER and len(form["Body"]) <= 160

    phone = context_of(browser, 320, java_script_enabled=False)
    page = phone.new_page()
    page.goto(link_in(text))
    page.get_by_label("Your name").fill("Dee Sergeant")
    page.get_by_label("Your role").fill("Detective Sergeant")
    page.locator('input[name="response"][value="attend"]').check()
    page.get_by_role("button", name="Send answer").click()
    assert "Recorded: Dee Sergeant, Detective Sergeant, will attend." in page.locator("body").inner_text()
    phone.close()
    awaited(lambda: [mail for mail in mails(providers, DESK) if "Recorded" in mail.text or "recorded" in mail.text])


def test_a_contact_is_taken_all_the_way_by_hand(
    browser: Browser, installed: Callable[..., Product], providers: Providers
) -> None:
    product = installed()
    product.run()
    office = context_of(browser, bypass_csp=True)
    hand = sign_in(office, product.url, people.WORKER)
    wrong = look(hand.page, "today-empty")

    hand.press("Start the clock")
    wrong += look(hand.page, "start-the-clock")
    hand.fill("Case reference", "4471-A")
    hand.choose("decided", "now")
    hand.choose("concerns", "serious-injury")
    hand.press("Start the clock")
    assert hand.interactions <= 6, "to start the clock, typing the case reference included"
    wrong += look(hand.page, "contact")

    hand.count_anew()
    starts = in_london(now() + timedelta(minutes=4)).replace(second=0, microsecond=0)
    _book(hand, starts, wrong)
    assert hand.interactions <= 20 and hand.screens <= 8, "to book and invite"

    invited = {mail.to for mail in awaited(lambda: _five(mails(providers)))}
    assert invited == {DESK, HEALTH, "dsl@school.example", people.WORKER, people.CHAIR}
    text = awaited(lambda: texts(providers, HEALTH_PHONE))[0]
    assert link_in(text) != mails(providers, HEALTH)[0].link
    hand.press("Open the discussion", whole=False)
    wrong += look(hand.page, "discussion-asked")

    phone = context_of(browser, 320, bypass_csp=True)
    partner = Hand(phone.new_page())
    partner.page.goto(link_in(text))
    wrong += look(partner.page, "partner-answer")
    partner.fill("Your name", "Nat Nurse")
    partner.fill("Your role", "Named nurse")
    partner.choose("response", "attend")
    partner.press("Send answer")
    assert partner.interactions <= 5, "to answer with nothing prefilled"
    assert "Recorded: Nat Nurse, Named nurse, will attend." in partner.words
    wrong += look(partner.page, "partner-answered")
    phone.close()

    # Police stay silent: a quarter of the time there is, and the desk is reminded.
    awaited(lambda: len(texts(providers, DESK_PHONE)) > 1, 90)
    hand.page.reload()
    assert "Nat Nurse, Named nurse" in hand.words and "Reminded" in hand.words
    wrong += look(hand.page, "discussion-chased")

    _hold(hand, wrong)
    awaited(lambda: [mail for mail in mails(providers, HEALTH) if "action" in mail.subject.lower()])

    leader = sign_in(context_of(browser, bypass_csp=True), product.url, people.LEADER)
    leader.press("Leaders")
    wrong += look(leader.page, "leaders-now")
    leader.page.goto(f"{product.url}/leaders/over-time")
    assert "Exampleshire Police" in leader.words
    wrong += look(leader.page, "leaders-over-time")
    # Asked four minutes before it was to begin, nobody can be blamed: the gap is there, and it is ours.
    leader.press("1 no notice from us, Exampleshire Police")
    assert "Police" in leader.words
    wrong += look(leader.page, "leaders-list")
    assert wrong == []
    assert "Traceback" not in product.log, product.log


def _book(hand: Hand, starts: datetime, wrong: list[str]) -> None:
    """From the contact to invitations sent: police, health and the school, by phone, at that time."""
    hand.press("Book it", whole=False)
    wrong += look(hand.page, "book-children")
    hand.fill("School, college or nursery", "sample primary school")
    hand.press("Continue")
    wrong += look(hand.page, "book-who")
    hand.select("Chair", "Terry Example, Team manager")
    hand.press("Continue")
    wrong += look(hand.page, "book-when")
    hand.choose("slot", "other")
    hand.fill("Date and time", starts.strftime("%Y-%m-%dT%H:%M"))
    hand.choose("mode", "phone")
    hand.fill("Number to dial", "01632 960500")
    hand.press("Continue")
    wrong += look(hand.page, "book-check")
    hand.press("Send invitations")
    assert "invitations are on their way" in hand.words, hand.words
    wrong += look(hand.page, "booked")


def _hold(hand: Hand, wrong: list[str]) -> None:
    """Health came, police did not; a decision, an action, and the end."""
    hand.press("Hold it")
    wrong += look(hand.page, "hold-before")
    hand.press("Start now")
    for role in ("Chair (social care manager)", "Social worker", "Health 0–19 / school nurse"):
        hand.press(f"Here: {role}")
    hand.select("Decision", "Threshold of significant harm met")
    hand.fill("Why", "Two reports in a week.")
    hand.press("Add decision")
    hand.fill("What is to be done", "Check the medical is booked")
    hand.page.locator("#action-invitation_id").select_option(index=3)
    hand.fill("Who does it", "Nat Nurse")
    hand.fill("Due", _tomorrow())
    hand.press("Add action")
    wrong += look(hand.page, "hold")
    hand.press("Finish the discussion")
    hand.page.get_by_label("None of them was there").check()
    hand.fill("Why it went ahead without them", "The child could not wait")
    hand.fill("When it is followed up with those who were missing", _tomorrow())
    wrong += look(hand.page, "finish")
    hand.press("Finish the discussion")
    assert "Record" in hand.words, hand.words
    wrong += look(hand.page, "record")


def _five(found: list[Mail]) -> list[Mail]:
    return found if len(found) >= 5 else []


def _tomorrow() -> str:
    return (in_london(now()) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


def test_three_taps_are_enough_where_one_person_was_asked(
    browser: Browser, installed: Callable[..., Product], providers: Providers
) -> None:
    product = installed()
    product.run()
    with people.inside(product), transaction("Sam Worker", Via.STAFF) as act:
        cast = people.cast()
        discussion = convene(cast, act.at, act.at + timedelta(hours=3))
        nurse = Invitee(role="health-visitor", required=True, person=cast.named_nurse)
        invitations.add(discussion, nurse, act)
    text = awaited(lambda: texts(providers, "+447700900021"))[0]
    phone = context_of(browser, 320)
    partner = Hand(phone.new_page())
    partner.page.goto(link_in(text))
    partner.interactions += 1  # the tap that opened the link
    partner.choose("response", "attend")
    partner.press("Send answer")
    assert "Recorded: Nat Nurse, Named nurse, will attend." in partner.words
    assert partner.interactions <= 3
