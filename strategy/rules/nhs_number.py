"""Holds how an NHS number is written and checked. Whose it is, is nobody's here."""

_WEIGHTS = range(10, 1, -1)


def nhs_number(typed: str) -> str | None:
    """The ten digits in groups of 3, 3 and 4; None for what is no NHS number.

    The last digit checks the others, modulo 11. Source: NHS Data Dictionary, NHS NUMBER.
    """
    digits = "".join(typed.split()).replace("-", "")
    if len(digits) != 10 or not (digits.isascii() and digits.isdecimal()):
        return None
    check = -sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:9], strict=True)) % 11
    if check != int(digits[9]):
        return None
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
