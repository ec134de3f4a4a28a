"""Phone numbers and email addresses as people type them."""

import pytest

from notifications.addresses import InvalidAddress, display_phone, email, is_mobile, mobile, phone


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700-900-123", "+447700900123"),
        ("01632 960123", "+441632960123"),
        ("\u00a001632\u00a0960123 ", "+441632960123"),
        ("(0115) 496 0123", "+441154960123"),
        ("020 7946 0123", "+442079460123"),
        ("0800 1111", "+448001111"),
        ("0306 999 0123", "+443069990123"),
        ("+353 85 123 4567", "+353851234567"),
    ],
)
def test_a_phone_number_becomes_e164(typed: str, canonical: str) -> None:
    assert phone(typed) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "999",
        "960123",
        "0151 496",
        "01632 960123 ext 4",
        "ring Bob",
        "07700 900123 07700 900124",
        "+",
        "07624",
    ],
)
def test_what_is_no_whole_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        phone(typed)
    assert caught.value.reason.startswith("Enter ")


@pytest.mark.parametrize("typed", ["0909 879 0123", "070 1234 5678"])
def test_premium_rate_and_personal_numbers_are_refused(typed: str) -> None:
    with pytest.raises(InvalidAddress, match="premium-rate"):
        phone(typed)


@pytest.mark.parametrize("typed", ["07700 900999", "07911 123456", "07624 123456", "+353 85 123 4567"])
def test_a_mobile_takes_texts(typed: str) -> None:
    assert is_mobile(mobile(typed))


@pytest.mark.parametrize("typed", ["01632 960123", "0800 1111", "0306 999 0123", "+353 1 234 5678"])
def test_wild_23_a_landline_takes_no_texts(typed: str) -> None:
    with pytest.raises(InvalidAddress, match="mobile"):
        mobile(typed)


@pytest.mark.parametrize("text", ["", "Council", "+", "07700 900123", "+447600900123"])
def test_is_mobile_is_false_for_anything_else(text: str) -> None:
    assert not is_mobile(text)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+441632960123", "01632 960123"),
        ("+447700900123", "07700 900123"),
        ("+353851234567", "+353 85 123 4567"),
        ("Council", "Council"),
    ],
)
def test_a_phone_number_is_shown_as_people_write_it(stored: str, shown: str) -> None:
    assert display_phone(stored) == shown


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        (" duty@police.example ", "duty@police.example"),
        ("Duty.Desk+mash@EXAMPLE.org", "Duty.Desk+mash@example.org"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
    ],
)
def test_an_email_address_becomes_canonical(typed: str, canonical: str) -> None:
    assert email(typed) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "police",
        "Duty <duty@police.example>",
        "a b@police.example",
        "duty@police",
        "duty@localhost",
        "duty@desk.invalid",
        "duty@police.example\r\nBcc: x@y.example",
        "a@b.example, c@d.example",
        "x" * 65 + "@police.example",
    ],
)
def test_what_is_no_email_address_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        email(typed)
    assert caught.value.reason.startswith("Enter an email address")
    assert "police.example" not in caught.value.reason
