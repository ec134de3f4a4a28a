"""Phone numbers and email addresses as people type them, made canonical. Never asks a network."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

_UK = 44
_TYPED = re.compile(r"[\d\s()+.\-\u2010-\u2015]+")

# Ofcom's National Telephone Numbering Plan by leading digits. The metadata of phonenumbers follows what is
# allocated: it calls Ofcom's drama ranges (07700 900xxx, 01632 960xxx) and blocks allocated since its last
# release invalid, so for +44 the plan decides. 070 is personal numbering, 076 paging save for 07624 (Isle of
# Man mobiles); 09 is premium rate, 05 and 08 without a valid allocation are left to the metadata.
_UK_MOBILE = re.compile(r"7(?:[1-57-9]\d{8}|624\d{6})")
_UK_LANDLINE = re.compile(r"(?:[13]\d{9}|2\d{9}|1\d{8})")
_NO_AGENCY_PHONE = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.PAGER)
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class InvalidAddress(ValueError):
    """`reason` is a sentence to show beside the field. It never repeats what was typed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def phone(text: str) -> str:
    """Any ordinary phone number, British when it has no country code, as E.164. Raises InvalidAddress."""
    number = _parse(text)
    if not (_follows_uk_plan(number) or phonenumbers.is_valid_number(number)):
        raise InvalidAddress("Enter a real phone number, like 01632 960001 or 07700 900982")
    if phonenumbers.number_type(number) in _NO_AGENCY_PHONE:
        raise InvalidAddress("Enter a landline or mobile number, not a premium-rate, personal or pager number")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def mobile(text: str) -> str:
    """A number that takes texts, as E.164. Raises InvalidAddress: a text to a landline may be read aloud."""
    canonical = phone(text)
    if not is_mobile(canonical):
        raise InvalidAddress("Enter a mobile number, like 07700 900982. A landline cannot take texts")
    return canonical


def is_mobile(e164: str) -> bool:
    """Whether texts may be sent to it. False, never an error, for anything that is not a phone number."""
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return False
    if number.country_code == _UK:
        return bool(_UK_MOBILE.fullmatch(phonenumbers.national_significant_number(number)))
    return phonenumbers.number_type(number) in _MOBILE


def display_phone(e164: str) -> str:
    """`+441632960123` as `01632 960123`; foreign numbers international; what is no number unchanged."""
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return e164
    national = number.country_code == _UK
    shape = PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape)


def email(text: str) -> str:
    """An email address in ASCII, its domain lower case (punycode when international). Raises InvalidAddress.

    Syntax only, no DNS: the answer must not depend on the network. `*.example` and example.org pass, as
    RFC 6761 §6.5 asks; names that can never be reached (localhost, .test, .invalid, .local) do not.
    """
    typed = text.strip()
    if not typed:
        raise InvalidAddress("Enter an email address")
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        raise InvalidAddress(f"Enter an email address like name@example.org. {_why(error)}") from None
    if found.ascii_email is None:
        raise InvalidAddress("Enter an email address like name@example.org")
    return found.ascii_email


def _why(error: EmailNotValidError) -> str:
    """The library's own sentence, without what was typed (which it quotes after a colon)."""
    return str(error).partition(":")[0].rstrip(".")


def _parse(text: str) -> PhoneNumber:
    typed = text.strip()
    if not typed:
        raise InvalidAddress("Enter a phone number")
    if not _TYPED.fullmatch(typed):
        raise InvalidAddress("Enter a phone number with digits and spaces only, without an extension")
    try:
        number = phonenumbers.parse(typed, "GB")
    except NumberParseException:
        raise InvalidAddress("Enter a phone number, like 01632 960001 or 07700 900982") from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidAddress("Enter the whole phone number with its area code, like 01632 960001")
    return number


def _follows_uk_plan(number: PhoneNumber) -> bool:
    if number.country_code != _UK:
        return False
    digits = phonenumbers.national_significant_number(number)
    return bool(_UK_MOBILE.fullmatch(digits) or _UK_LANDLINE.fullmatch(digits))
