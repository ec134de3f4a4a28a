"""What texts cost, and that normalising never costs more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.gsm import BASIC, EXTENSION, Encoding, Fragments, fragments, normalise

GSM_TEXT = st.text(st.sampled_from(sorted(BASIC | EXTENSION)), max_size=700)


@pytest.mark.parametrize(
    ("text", "units", "count"),
    [
        ("", 0, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("a" * 459, 459, 3),
        ("a" * 460, 460, 4),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        # 153 septets: the escape pair would straddle, so the first fragment ends one short
        ("a" * 152 + "€" + "a" * 152, 306, 3),
    ],
)
def test_wild_25_gsm_7_fragments_are_160_then_153_each(text: str, units: int, count: int) -> None:
    assert fragments(text) == Fragments(Encoding.GSM_7, units, count)


@pytest.mark.parametrize(
    ("text", "units", "count"),
    [
        ("ŵ" * 70, 70, 1),
        ("ŵ" * 71, 71, 2),
        ("ŵ" * 134, 134, 2),
        ("ŵ" * 135, 135, 3),
        ("😀" * 35, 70, 1),
        ("😀" * 36, 72, 2),
        # 67 is odd: a pair is never split, so 33 pairs to a fragment
        ("😀" * 67, 134, 3),
    ],
)
def test_ucs_2_fragments_are_70_then_67_each(text: str, units: int, count: int) -> None:
    assert fragments(text) == Fragments(Encoding.UCS_2, units, count)


def test_the_alphabet_is_that_of_the_standard() -> None:
    # 128 places less the escape; the extension table's form feed, euro and eight brackets and signs
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
    assert not BASIC & EXTENSION


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("It\u2019s \u201curgent\u201d \u2013 ring\u2026", 'It\'s "urgent" - ring...'),
        ("3:30pm\u00a0Fri\tnow", "3:30pm Fri now"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("zero\u200bwidth \x00\x07 ", "zerowidth"),
        ("e\u0301", "é"),
        ("`x`", "'x'"),
    ],
)
def test_wild_25_typography_becomes_gsm_7(typed: str, sent: str) -> None:
    assert normalise(typed) == sent
    assert fragments(sent).encoding is Encoding.GSM_7


def test_names_keep_their_accents() -> None:
    assert normalise("Siân Ŵyn") == "Siân Ŵyn"


@given(st.text(max_size=300))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(GSM_TEXT)
def test_a_text_of_the_alphabet_stays_gsm_7(text: str) -> None:
    assert fragments(text).encoding is Encoding.GSM_7
    assert fragments(normalise(text)).encoding is Encoding.GSM_7


@given(st.text(max_size=700))
def test_a_count_fits_its_units(text: str) -> None:
    found = fragments(text)
    lone, joined = (160, 153) if found.encoding is Encoding.GSM_7 else (70, 67)
    if found.count == 1:
        assert found.units <= lone
    else:
        # each fragment but the last holds at least all but one unit
        assert (found.count - 1) * (joined - 1) < found.units <= found.count * joined
        assert found.units > lone


@given(GSM_TEXT, st.sampled_from(sorted(BASIC)))
def test_a_longer_text_never_costs_less(text: str, char: str) -> None:
    assert fragments(text + char).count >= fragments(text).count
