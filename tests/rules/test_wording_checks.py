"""What keeps words of a message from being used; every fault is said at its part, in words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategy
from strategy.rules.wording import PLACE, Part, Standard, Unfit, Wording, filled, said, tidied
from strategy.rules.wording_checks import LONGEST_LINK, Cost, faults, usable
from strategy.rules.wording_standards import STANDARDS, WHY_NOT

TEMPLATES = Path(strategy.__file__).parent / "templates"
INVITE = STANDARDS["invite"]
VALUES = {name: f"<{name}>" for name in INVITE.places} | {"link": "{link}"}
GOOD = Wording(
    subject="{answer_by}: meeting {time} ({reference})",
    mail="Please come.\n\n{when}\n\n{link}\n\n{please_answer}",
    text="{council}: come {needed}. {how_to_answer}\n{link}\n{call_back}",
)


def measured(text: str) -> Cost:
    """A measure as plain as can be: what is no Latin-1 is odd."""
    whole = text.replace("{link}", LONGEST_LINK)
    return Cost(len(whole), "".join(char for char in whole if ord(char) > 255 and char not in "“”–…"))


def amiss(part: Part, source: str, standard: Standard = INVITE) -> list[str]:
    """What is said at a part when it reads so, and nowhere else."""
    wording = Wording(**({one.value: GOOD.part(one) for one in Part} | {part.value: source}))
    found = faults(standard, wording, [VALUES], measured)
    assert {fault.part for fault in found} <= {part}
    return [fault.words for fault in found]


def test_good_words_have_no_fault() -> None:
    assert faults(INVITE, GOOD, [VALUES], measured) == ()


@pytest.mark.parametrize(
    ("part", "added", "words"),
    [
        (Part.SUBJECT, " {child}", "There is no place {child}"),
        (Part.SUBJECT, " {link}", "{link} has no place here"),
        (Part.SUBJECT, "\r\nBcc: all", "nobody can see"),
        (Part.SUBJECT, "\nBcc: all", "A subject is one line"),
        (Part.SUBJECT, " " + "x" * 150, "Use 150 characters or fewer"),
        (Part.MAIL, " {convener.password}", "There is no place {convener.password}"),
        (Part.MAIL, " {{ 7 * 7 }}", "stands alone"),
        (Part.MAIL, " {% raw %}", "There is no place {% raw %}"),
        (Part.MAIL, " {", "stands alone"),
        (Part.MAIL, "\n{link}", "Give {link} a line of its own, once"),
        (Part.MAIL, "\nSee {when}", "Give {when} a line of its own, once"),
        (Part.MAIL, " Write to duty@exampleshire.example", "Leave out @"),
        (Part.MAIL, " See www.exampleshire.example", "Leave out addresses of pages"),
        (Part.MAIL, " See bit.ly/3xyz", "Leave out addresses of pages"),
        (Part.MAIL, " See https:\\\\example", ""),
        (Part.MAIL, " NHS 943 476 5919", "Leave out long numbers"),
        (Part.MAIL, " Case 447123", "Leave out long numbers"),
        (Part.MAIL, " born 3/11/2019", "Leave out dates"),
        (Part.MAIL, " Or ring 01632 960999, or +44 1632 960999", ""),
        (Part.MAIL, " Within 24 hours, in room 1204", ""),
        (Part.MAIL, "\u202eback to front", "nobody can see"),
        (Part.TEXT, " {convener}", "a text has room only for what is short"),
        (Part.TEXT, " Ŷ", "“Ŷ”"),
        (Part.TEXT, " 🙂", "“🙂”"),
        (Part.TEXT, " “quoted” – and normalised…", ""),
        (Part.TEXT, " Reply YES", "Leave how to reply to {how_to_answer}"),
        (Part.TEXT, " or A47", "Leave how to reply to {how_to_answer}"),
        (Part.TEXT, " " + "x" * 90, "too many for one text"),
    ],
)
def test_what_no_message_may_say_is_named_at_its_part(part: Part, added: str, words: str) -> None:
    said_of_it = amiss(part, GOOD.part(part) + added)
    assert any(words in one for one in said_of_it) if words else said_of_it == []


@pytest.mark.parametrize("part", Part)
def test_what_must_be_there_is_asked_for(part: Part) -> None:
    for group in INVITE.needs[part]:
        without = GOOD.part(part)
        for name in group:
            without = without.replace("{" + name + "}", "it")
        assert any(all("{" + name + "}" in one for name in group) for one in amiss(part, without)), group
    assert amiss(part, "  \n ") == ["Enter what it says"]


def test_how_many_characters_are_too_many_is_said() -> None:
    long = GOOD.text + " " + "x" * 90
    units = measured(said(Wording("", "", long), VALUES).text).units
    assert f"this text has {units} characters, {units - 160} too many" in amiss(Part.TEXT, long)[0]


def test_a_message_without_a_link_has_no_place_for_one() -> None:
    assert "link" not in STANDARDS["cancel"].places


@given(st.text(alphabet="{}ab_.%\n", max_size=30))
def test_a_place_is_filled_once_and_what_fills_it_is_not_looked_through(source: str) -> None:
    values = {"a": "{b}", "b": "{a}"}
    try:
        found = filled(source, values)
    except Unfit:
        assert set(PLACE.findall(source)) - values.keys() or set("{}") & set(PLACE.sub("", source))
    else:
        assert found == "".join(values.get(part, part) if i % 2 else part for i, part in enumerate(PLACE.split(source)))


@pytest.mark.parametrize(
    "wording",
    [
        Wording(GOOD.subject, GOOD.mail.replace("{link}", "{page}"), GOOD.text),
        Wording(GOOD.subject, GOOD.mail.replace("{link}", "here"), GOOD.text),
        Wording(GOOD.subject, GOOD.mail, GOOD.text.replace("\n{link}\n", " {link} ")),
        Wording(" ", GOOD.mail, GOOD.text),
    ],
)
def test_a_stored_wording_nobody_could_answer_by_is_not_said(wording: Wording) -> None:
    with pytest.raises(Unfit):
        usable(INVITE, wording, VALUES)


def test_what_an_empty_place_leaves_behind_is_tidied() -> None:
    assert tidied("Come.  \n\n\n\nNow  please, .\r\n") == "Come.\n\nNow please, ."


def test_the_longest_link_is_as_long_as_links_may_be() -> None:
    assert len(LONGEST_LINK) == 39


def test_every_message_and_notice_there_is_is_worded_by_the_authority_or_it_is_said_why_not() -> None:
    folders = {path.name for kind in ("messages", "notices") for path in (TEMPLATES / kind).iterdir() if path.is_dir()}
    assert folders == STANDARDS.keys() | WHY_NOT.keys()
    assert {path.stem for path in (TEMPLATES / "own").glob("*.toml")} == STANDARDS.keys() | {"every"}


def test_a_message_is_worded_by_the_authority_or_it_is_said_why_not() -> None:
    assert not STANDARDS.keys() & WHY_NOT.keys()
    for name, standard in STANDARDS.items():
        for part in Part:
            assert {one for group in standard.needs[part] for one in group} <= set(standard.offered(part)), name
