"""Reads one mobile number from what a person typed, and says why when it cannot."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers as pn

_RUN = re.compile(r"\+?\(?\d(?:[\s().\-\u2010-\u2015]*\d)*")
_FEWEST_DIGITS = 3  # with fewer the text is not about a phone number
_SUBSCRIBER_DIGITS = 7  # two runs this long are two numbers
_SHOWN_DIGITS = 4


class PhoneKind(StrEnum):
    """What the numbering plan says of a number."""

    MOBILE = "mobile"
    FIXED_LINE_OR_MOBILE = "fixed_line_or_mobile"


class PhoneProblem(StrEnum):
    """Why a text is not a usable number."""

    NOT_A_NUMBER = "not_a_number"
    SEVERAL_NUMBERS = "several_numbers"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    INVALID = "invalid"
    LANDLINE = "landline"


class PhoneError(Exception):
    """The text holds no usable number; `reason` says why, and the number itself is not quoted."""

    def __init__(self, reason: PhoneProblem) -> None:
        super().__init__(f"not a usable phone number: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Phone:
    """A mobile number: `e164` like `+79123456789`, `display` like `+7 912 345-67-89`."""

    e164: str
    display: str
    kind: PhoneKind


def parse(text: str, region: str) -> Phone:
    """Read the one number in `text`; without a country code it belongs to `region` (ISO 3166, two letters).

    Digits of any script, the trunk prefix and an extension (dropped) are understood. Raises PhoneError.
    """
    text = _plain(text)
    numbers = {
        pn.format_number(match.number, pn.PhoneNumberFormat.E164): match.number
        for match in pn.PhoneNumberMatcher(text, region, leniency=pn.Leniency.VALID)
    }
    if len(numbers) > 1:
        raise PhoneError(PhoneProblem.SEVERAL_NUMBERS)
    number = next(iter(numbers.values()), None) or _only_run(text, region)
    kind = _kind(number)
    e164 = pn.format_number(number, pn.PhoneNumberFormat.E164)
    bare = pn.parse(e164)
    return Phone(e164, pn.format_number(bare, pn.PhoneNumberFormat.INTERNATIONAL), kind)


def masked(e164: str) -> str:
    """Write a number with its country code and last four digits only: `+7 ••• •••-67-89`.

    Of a number that no plan knows (Telegram has such), the last four digits alone: `+•••••••5678`.
    """
    try:
        number = pn.parse(e164)
    except pn.NumberParseException:
        return "+" + "•" * (len(e164) - 1 - _SHOWN_DIGITS) + e164[-_SHOWN_DIGITS:]
    display = pn.format_number(number, pn.PhoneNumberFormat.INTERNATIONAL)
    code = f"+{number.country_code}"
    hidden = sum(map(str.isdigit, display)) - len(code) + 1 - _SHOWN_DIGITS
    return code + re.sub(r"\d", "•", display.removeprefix(code), count=max(hidden, 0))


def _kind(number: pn.PhoneNumber) -> PhoneKind:
    if len(set(str(number.national_number))) == 1:
        raise PhoneError(PhoneProblem.INVALID)
    match pn.number_type(number):
        case pn.PhoneNumberType.MOBILE:
            return PhoneKind.MOBILE
        case pn.PhoneNumberType.FIXED_LINE_OR_MOBILE:
            return PhoneKind.FIXED_LINE_OR_MOBILE
        case _:
            raise PhoneError(PhoneProblem.LANDLINE)


def _only_run(text: str, region: str) -> pn.PhoneNumber:
    """Take a number that no plan knows as written: it lacks its plus, or there is a problem to name."""
    runs = [run for run in _RUN.findall(text) if _count_digits(run) >= _FEWEST_DIGITS]
    if not runs:
        raise PhoneError(PhoneProblem.NOT_A_NUMBER)
    if sum(_count_digits(run) >= _SUBSCRIBER_DIGITS for run in runs) > 1:
        raise PhoneError(PhoneProblem.SEVERAL_NUMBERS)
    run = max(runs, key=_count_digits)
    if not run.startswith("+"):
        try:
            number = pn.parse(f"+{run}", None)
        except pn.NumberParseException:
            pass
        else:
            if pn.is_valid_number(number):
                return number
    raise PhoneError(_problem(run, region))


def _problem(run: str, region: str) -> PhoneProblem:
    try:
        number = pn.parse(run, region)
    except pn.NumberParseException as error:
        match error.error_type:
            case error.TOO_LONG:
                return PhoneProblem.TOO_LONG
            case error.TOO_SHORT_NSN | error.TOO_SHORT_AFTER_IDD:
                return PhoneProblem.TOO_SHORT
            case _:
                return PhoneProblem.INVALID
    its_region = pn.region_code_for_country_code(number.country_code or 0)
    example = pn.example_number_for_type(its_region, pn.PhoneNumberType.MOBILE)
    if example is None:
        return PhoneProblem.INVALID
    length, expected = (
        len(pn.national_significant_number(number)),
        len(pn.national_significant_number(example)),
    )
    # "8 912 345 67 8" is one digit short: the trunk prefix has taken the place of a digit.
    trunk = pn.ndd_prefix_for_region(its_region, strip_non_digits=True)
    if trunk and not run.startswith("+") and length == expected and run.lstrip("(").startswith(trunk):
        length -= len(trunk)
    if length < expected:
        return PhoneProblem.TOO_SHORT
    return PhoneProblem.TOO_LONG if length > expected else PhoneProblem.INVALID


def _count_digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
