"""An authority's own words: ours in that form say what ours say; what passes the checks is one text with its link."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.gsm import Encoding, fragments
from strategy import compose, longest, own_words
from strategy.compose import LINK, InvitationFacts, Words
from strategy.rules.wording import Unfit, Wording
from strategy.rules.wording_checks import LONGEST_LINK, amiss, faults
from strategy.rules.wording_standards import STANDARDS
from strategy.vocabulary import InvitationState, Mode, News, Sector

STRATEGY = Path(compose.__file__).parent
NAMES = sorted(STANDARDS)
CASES = {name: [(case, own_words.values(name, case.facts)) for case in longest.cases(name)] for name in NAMES}
BY_TEXT = sorted(set(NAMES) - {"verification"})
COUNCIL = st.text(alphabet="abcdefgh '.-&", min_size=1, max_size=20)


def checked(name: str, wording: Wording) -> bool:
    return not faults(STANDARDS[name], wording, [values for _case, values in CASES[name]], own_words.cost)


@pytest.mark.parametrize("name", NAMES)
def test_our_words_in_the_form_they_are_edited_in_pass_the_checks_and_say_what_ours_say(name: str) -> None:
    wording = own_words.ours(name)
    assert checked(name, wording)
    for case, _values in CASES[name]:
        shipped, own = compose.words(name, case.facts), own_words.worded(name, case.facts, wording)
        assert (own.subject, own.text, own.sms) == (shipped.subject, shipped.text, shipped.sms), case.words


@pytest.mark.parametrize("name", NAMES)
def test_the_words_we_ship_pass_the_same_checks(name: str) -> None:
    for case, values in CASES[name]:
        shipped = compose.words(name, case.facts)
        said = Wording(shipped.subject, shipped.text, shipped.sms)
        assert list(amiss(STANDARDS[name], said, values, own_words.cost)) == [], case.words


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_is_the_same_in_html_with_our_foot_and_its_warnings(name: str) -> None:
    known = CASES[name][0][0].facts
    words = own_words.worded(name, known, own_words.ours(name))
    assert words.html.count(LINK) == (2 if STANDARDS[name].link else 0)
    for body in (words.text, words.html):
        assert "Exampleshire County Council" in body
        assert ("Do not" in body) is not STANDARDS[name].staff
    visible = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words.html.split("<body", 1)[1]))
    assert all(paragraph.split()[-1] in visible for paragraph in words.text.split("\n\n"))


HOSTILE = '<script>alert("1")</script> {{ f.convener }} {% import os %} <img src=x>'


def test_what_is_written_and_what_stands_in_a_place_is_escaped_and_never_run() -> None:
    ours = own_words.ours("deputy")
    known = longest.invitation(attendee='Jo <b onclick="x">', council="A & B")
    html = own_words.worded(
        "deputy", known, Wording(ours.subject, f"<i>{{who}}</i> & more\n{ours.mail}", ours.text)
    ).html
    assert "<i>" not in html and "<b onclick" not in html and "&lt;i&gt;Jo &lt;b onclick=" in html
    with pytest.raises(Unfit):
        own_words.worded("deputy", known, Wording(ours.subject, ours.mail + HOSTILE, ours.text))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("invite", longest.invitation(at_once=True)),
        ("staff-invite", longest.invitation(at_once=True)),
        ("cancel", longest.invitation(still_asked=True)),
        ("action", longest.invitation(staff_role="chair")),
        ("action-due", longest.invitation(staff_role="chair")),
    ],
)
def test_what_an_authoritys_words_have_no_place_for_keeps_ours(name: str, known: InvitationFacts) -> None:
    assert own_words.left_to_us(name, known)
    assert not own_words.left_to_us(name, longest.invitation(staff_role=None))


@st.composite
def wordings(draw: st.DrawFn, name: str) -> Wording:
    """Our text with words put in and taken out, places among them: many pass the checks, many do not."""
    lines = own_words.ours(name).text.split("\n")
    pool = [f"{{{one}}}" for one in STANDARDS[name].places] + [
        "now",
        "please",
        "Ŷ",
        "[",
        "’",
        "€",
        "must",
        "a",
        "{x}",
        LINK,
    ]
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(lines) - 1))
        words = lines[at].split(" ")
        where = draw(st.integers(0, len(words)))
        cut = draw(st.integers(0, 3))
        lines[at] = " ".join(words[:where] + draw(st.lists(st.sampled_from(pool), max_size=2)) + words[where + cut :])
    ours = own_words.ours(name)
    return Wording(ours.subject, ours.mail, "\n".join(lines))


FLAGS = (
    "offered",
    "withdrawn",
    "others_came",
    "outcome_only",
    "added",
    "pressed",
    "lost",
    "near",
    "overdue",
)


@st.composite
def facts(draw: st.DrawFn) -> InvitationFacts:
    """Whatever a discussion of any time may have to say."""
    begins = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 2 * 365 * 24 * 60)))
    maybe: dict[str, Any] = {
        name: draw(st.none() | st.just(begins + timedelta(minutes=draw(st.integers(-3000, 3000)))))
        for name in ("answer_by", "was", "reason_by")
    }
    return longest.invitation(
        **maybe,
        council=draw(COUNCIL),
        starts_at=begins,
        needed_from=begins + timedelta(minutes=draw(st.integers(0, 90))),
        now=begins - timedelta(minutes=draw(st.integers(0, 5000))),
        due_at=begins + timedelta(minutes=draw(st.integers(0, 9000))),
        reply=draw(st.none() | st.integers(10, 999)),
        mode=draw(st.sampled_from(Mode)),
        sector=draw(st.sampled_from(Sector)),
        news=draw(st.sampled_from(News)),
        answer=draw(st.sampled_from(InvitationState)),
        **{name: draw(st.booleans()) for name in FLAGS},
        dial_in=draw(st.none() | st.text(alphabet="0123456789 ,#PIN", min_size=1, max_size=60)),
        staff_role=draw(st.none() | st.text(max_size=60)),
        attendee=draw(st.none() | st.text(max_size=60)),
    )


@pytest.mark.parametrize("name", BY_TEXT)
@settings(max_examples=25)
@given(data=st.data())
def test_words_the_checks_let_through_are_one_text_and_have_their_link(name: str, data: st.DataObject) -> None:
    wording = data.draw(wordings(name))
    if not checked(name, wording):
        return
    words: Words = own_words.worded(name, data.draw(facts()), wording)
    sent = words.sms.replace(LINK, LONGEST_LINK)
    cost = fragments(sent)
    assert (cost.encoding, cost.count) == (Encoding.GSM_7, 1), f"{cost.units}: {sent}"
    link = 1 if STANDARDS[name].link else 0
    assert words.sms.split("\n").count(LINK) == words.text.split("\n").count(LINK) == link
    assert len(words.subject) <= 200 and len(words.subject.splitlines()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_place_offered_is_filled_and_only_those(name: str) -> None:
    for _case, values in CASES[name]:
        assert set(values) == set(STANDARDS[name].places)
        assert not any(re.search(r"\bNone\b", value) for value in values.values())


def test_what_goes_out_or_is_previewed_is_worded_in_one_place() -> None:
    callers = {
        str(path.relative_to(STRATEGY))
        for path in STRATEGY.rglob("*.py")
        if "compose.words(" in path.read_text(encoding="utf-8")
    }
    assert callers == {"queries/wordings.py"}


def test_there_is_no_wording_for_a_message_nobody_else_words() -> None:
    with pytest.raises(KeyError):
        own_words.ours("code")
