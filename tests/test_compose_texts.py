"""The words of texts that can be answered by text, and of our answers: one fragment each in the longest case."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.gsm import Encoding, fragments
from strategy import compose
from strategy.compose import LINK, TextFacts
from strategy.line_names import said_name
from strategy.longest import CALL_BACK, LATEST
from strategy.longest import invitation as longest
from strategy.rules.answering import Closed
from strategy.rules.wording_checks import LONGEST_LINK
from strategy.vocabulary import InvitationState

LONGEST_NAME = said_name("Detective Sergeant Jo-Anne O'Sampleton-Example")


def facts(**changed: Any) -> TextFacts:
    known: dict[str, Any] = {
        "council": "Exampleshire Council",
        "call_back": CALL_BACK,
        "reference": "K7QD",
        "needed_from": LATEST,
        "starts_at": LATEST,
        "started_at": LATEST,
        "now": LATEST - timedelta(days=3),
        "reply": 999,
    }
    return TextFacts(**(known | changed))


def one_fragment(text: str) -> bool:
    cost = fragments(text.replace(LINK, LONGEST_LINK))
    return (cost.encoding, cost.count) == (Encoding.GSM_7, 1)


@pytest.mark.parametrize("name", ["invite", "update", "chase", "supervisor"])
@pytest.mark.parametrize("offered", [True, False])
def test_wild_25_a_text_that_asks_for_a_reply_is_one_fragment(name: str, offered: bool) -> None:
    """In the wild, 25: 10:30am, three digits, a link of 39 characters, a council of 20."""
    assert len(LONGEST_LINK) == 39 and len("Exampleshire Council") == 20
    text = compose.words(name, longest(reply=999, offered=offered)).sms
    assert "A999" in text and "N999" in text
    assert one_fragment(text), f"{fragments(text.replace(LINK, LONGEST_LINK)).units}: {text}"
    assert text.split("\n").count(LINK) == 1


def test_a_supervisor_hears_by_when_where_it_is_today_and_it_fits() -> None:
    today = longest(reply=999, now=LATEST - timedelta(hours=1), needed_from=LATEST, answer_by=LATEST)
    text = compose.words("supervisor", today).sms
    assert "for 10:30am. By 10:30am reply A999 and name, N999 no or" in text and one_fragment(text)


def test_the_model_invitation_by_text_reads_as_the_domain_has_it() -> None:
    at = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
    known = longest(starts_at=at, needed_from=at, reply=47, call_back="01632 960123")
    assert compose.words("invite", known).sms == (
        "Exampleshire Council: your agency is needed Fri 27 Nov 3:30pm. Reply A47 yes D47 deputy N47 no or\n{link}\n"
        "K7QD 01632 960123"
    )


def test_the_model_echo_reads_as_the_domain_has_it() -> None:
    at = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
    known = facts(needed_from=at, reply=47, answer=InvitationState.NAME_NEEDED, call_back="01632 960123")
    assert compose.text("recorded", known) == (
        "Recorded: A47 your agency will attend Fri 27 Nov 3:30pm, ref K7QD. Who is coming? Reply with a name. "
        "Wrong? Reply N47 or ring 01632 960123"
    )


@pytest.mark.parametrize("answer", [*InvitationState])
@pytest.mark.parametrize("letter", "ADN")
@pytest.mark.parametrize("more", [{}, {"deputy_asked": True}, {"explained": True}])
def test_every_echo_is_one_fragment(answer: InvitationState, letter: str, more: dict[str, bool]) -> None:
    text = compose.text("recorded", facts(answer=answer, letter=letter, attendee=LONGEST_NAME, **more))
    assert one_fragment(text), f"{fragments(text).units}: {text}"
    assert text.startswith(f"Recorded: {letter}999 ") and "None" not in text


@pytest.mark.parametrize("closed", Closed)
@pytest.mark.parametrize("started_at", [LATEST, None])
def test_what_is_true_now_is_one_fragment(closed: Closed, started_at: datetime | None) -> None:
    text = compose.text("closed", facts(closed=closed, started_at=started_at))
    assert one_fragment(text) and CALL_BACK in text and "K7QD" in text


@pytest.mark.parametrize("name", ["help", "no-such", "ask-again"])
def test_what_helps_is_one_fragment(name: str) -> None:
    text = compose.text(name, facts())
    assert one_fragment(text) and CALL_BACK in text, f"{fragments(text).units}: {text}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Jo Sample", "Jo Sample"),
        ("Zoë Müller", "Zoe Müller"),
        ("Łukasz", "ukasz"),
        ("J. Sample.example", "J. Sample. example"),
        ("李", None),
        ("{link} Jo", "(link) Jo"),
        ("x" * 40, "x" * 27 + "..."),
    ],
)
def test_a_name_read_back_costs_no_second_fragment_and_opens_nothing(typed: str, said: str | None) -> None:
    assert said_name(typed) == said
