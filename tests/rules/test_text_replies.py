"""What a text says: forgiving of thumbs, strict where a wrong reading would put a name beside a child."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.text_replies import Coded, Keyword, Letter, Whom, courtesy, read, reason, tidy, whom

REASONS = {
    "no-capacity": "No capacity (shift, clinic)",
    "school-closed": "School closed",
    "out-of-hours": "Out of hours",
    "not-known": "Child not known to the agency",
}


def codes(body: str) -> list[tuple[str, int]]:
    return [(one.letter.value, one.number) for one in read(body).coded]


@pytest.mark.parametrize(
    "body",
    [
        "A47",
        "a47",
        " A47. ",
        "A 47",
        "a-47",
        "A#47",
        "(A47)",
        "A47!!",
        "Yes A47",
        "A47 yes thanks",
        "ok a 47",
        "A47 👍🏽",
    ]
    + [
        "hi, A47 please",
        "A\u200b47",
        "Ａ４７",
        "А47",
        "A047",
        "a47ok",
        "sorry for the wait: A47",
        "A47\n",
    ],
)
def test_wild_22_a_yes_by_number_is_understood_however_it_is_typed(body: str) -> None:
    """In the wild, 22. The A of one is Cyrillic, another is full width."""
    said = read(body)
    assert codes(body) == [("A", 47)] and not said.coded[0].doubtful and said.keyword is None


@pytest.mark.parametrize(("body", "number"), [("A4O", 40), ("AI2 thanks", 12), ("Al2", 12), ("N1OO", 100), ("d5o", 50)])
def test_letters_that_look_like_digits_are_digits_beside_a_real_one(body: str, number: int) -> None:
    assert [one.number for one in read(body).coded] == [number]


@pytest.mark.parametrize(
    "body",
    ["", "A", "47", "A4", "A4701", "D10am", "N10:30", "N16 5AB", "SW1A 21", "we need a 15 minute delay", "All 12 of us"]
    + [
        "stuck on the A14, sorry",
        "a 20 min wait",
        "AOO",
        "Dill",
        "ring 07700 900123",
        "at A 47",
        "a 10% chance",
        "ND47",
    ],
)
def test_what_only_looks_like_a_number_is_none(body: str) -> None:
    assert codes(body) == []


def test_several_numbers_each_keep_the_words_after_them() -> None:
    said = read("A47 Jo Sample, N48 on leave; d49")
    assert said.coded == (
        Coded(Letter.ATTEND, 47, "Jo Sample"),
        Coded(Letter.CANNOT, 48, "on leave"),
        Coded(Letter.DEPUTY, 49, ""),
    )
    assert codes("A47N48") == codes("A47 N48") == codes("a47/n48") == [("A", 47), ("N", 48)]


def test_the_same_number_twice_is_one_and_with_two_letters_is_doubtful() -> None:
    assert codes("A47 A47") == [("A", 47)]
    assert [one.doubtful for one in read("A47 or N47").coded] == [True, True]


@pytest.mark.parametrize("body", ["A47 no", "No A47", "can't do A47", "N47 yes", "A47?", "what is A47", "D47 nobody"])
def test_words_that_contradict_the_letter_make_it_doubtful(body: str) -> None:
    assert [one.doubtful for one in read(body).coded] == [True]


@pytest.mark.parametrize("body", ["A47 no problem", "no N47", "N47 not coming", "N47 nobody attending", "yes d47"])
def test_words_that_go_with_it_do_not(body: str) -> None:
    assert [one.doubtful for one in read(body).coded] == [False]


@pytest.mark.parametrize("body", ["STOP", "stop.", "Stop all", "END", "quit", "CANCEL", "unsubscribe", " STOPALL "])
def test_carriers_words_are_theirs_when_they_are_the_whole_text(body: str) -> None:
    assert read(body).keyword is Keyword.STOP


def test_other_words_of_carriers_and_sentences_that_hold_one() -> None:
    assert read("START").keyword is read("unstop").keyword is Keyword.START
    assert read("Help").keyword is Keyword.HELP and read("please stop texting Jo").keyword is None
    assert read("Yes").yes and read("ok!").yes and not read("yes A47").yes


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Jo Sample", "Jo Sample"),
        ("it's Jo Sample", "Jo Sample"),
        ("yes, Jo Sample will attend thanks", "Jo Sample"),
        ("DS Jo O’Neil-Smith", "DS Jo O'Neil-Smith"),
        ("PC 1234 Smith", "PC 1234 Smith"),
        ("Will Sample", "Will Sample"),
        ("Dr. Zoë Müller", "Dr Zoë Müller"),
        ("Łukasz", "Łukasz"),
        ("Jo and Sam Sample", "Jo and Sam Sample"),
    ],
)
def test_a_name_is_found_among_courtesies(words: str, name: str) -> None:
    assert whom(tidy(words)) == Whom(name)


@pytest.mark.parametrize(
    "words", ["we will sort it", "re Robin Z", "10 minutes late", "about the child", "not Jo", "https://x.example"]
)
def test_a_sentence_is_no_name(words: str) -> None:
    assert whom(words) == Whom(None, None, more=True)


def test_a_way_to_reach_them_is_taken_out_of_the_name() -> None:
    assert whom("Sam Deputy 07700 900123") == Whom("Sam Deputy", "07700 900123")
    assert whom("Sam Deputy sam@police.example") == Whom("Sam Deputy", "sam@police.example")


def test_thanks_alone_says_nothing_more() -> None:
    assert courtesy("Ok thanks!") and courtesy("") and not courtesy("Jo") and not courtesy("who?")


def test_a_reason_is_coded_where_it_is_clear() -> None:
    assert reason("sorry, no capacity today", REASONS) == "no-capacity"
    assert reason("School closed.", REASONS) == "school-closed" and reason("out-of-hours", REASONS) == "out-of-hours"
    assert reason("on leave", REASONS) is None
    assert reason("school closed and no capacity", REASONS) is None


@given(st.text(max_size=80))
def test_nothing_that_is_typed_breaks_the_reading(body: str) -> None:
    said = read(body)
    assert all(0 <= one.number <= 999 for one in said.coded)
    assert not (said.coded and said.keyword)
    whom(said.words), reason(said.words, REASONS), courtesy(said.words)


@given(
    st.sampled_from("ADNadn"),
    st.integers(10, 999),
    st.sampled_from(["", " ", "-", ". "]),
    st.sampled_from(["", " ", ".", "!", " thanks", " 🙂", "\n"]),
)
def test_every_number_is_read_back_whatever_stands_around_it(letter: str, number: int, gap: str, after: str) -> None:
    assert codes(f"{letter}{gap}{number}{after}") == [(letter.upper(), number)]


@given(st.lists(st.tuples(st.sampled_from("ADN"), st.integers(10, 999)), max_size=6, unique_by=lambda one: one[1]))
def test_every_number_of_many_is_read_in_its_place(wanted: list[tuple[str, int]]) -> None:
    assert codes(" ".join(f"{letter}{number}" for letter, number in wanted)) == wanted


@given(st.text("abcdefghijklmnopqrstuvwxyz ", max_size=60))
def test_words_without_a_digit_answer_nothing(body: str) -> None:
    assert read(body).coded == ()
