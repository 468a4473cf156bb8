"""Check digits of the numbers that banks, tax offices and pension funds give; all take digits alone."""

from collections.abc import Callable, Sequence

Check = Callable[[str], bool]

# Lengths of an IBAN by country, from the registry of ISO 13616 (SWIFT, release 99).
_IBAN_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
IBAN_LENGTH = {country: length for length, countries in _IBAN_LENGTHS.items() for country in countries.split()}

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_SNILS = (9, 8, 7, 6, 5, 4, 3, 2, 1)
_FIRST_CHECKED_SNILS = 1_001_998  # up to 001-001-998 the numbers carry no check digits
_IIN = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_ACCOUNT = (7, 1, 3)
_CORRESPONDENT = "301"


def iban(text: str) -> bool:
    """Check an IBAN without spaces, in capitals: length by country, remainder 1 of 97 (ISO 7064)."""
    if IBAN_LENGTH.get(text[:2]) != len(text) or not (text.isascii() and text.isalnum()):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def inn(digits: str) -> bool:
    """Check a Russian taxpayer's number of 10 or 12 digits (order of the tax service ММВ-7-6/435)."""
    if len(digits) == 10:  # noqa: PLR2004 - a legal entity's
        return _weighed(digits, _INN_10) % 11 % 10 == int(digits[9])
    return (
        len(digits) == 12  # noqa: PLR2004 - a person's
        and _weighed(digits, _INN_11) % 11 % 10 == int(digits[10])
        and _weighed(digits, _INN_12) % 11 % 10 == int(digits[11])
    )


def iin(digits: str) -> bool:
    """Check a Kazakh IIN or BIN of 12 digits: a second row of weights where the first leaves 10."""
    if len(digits) != 12:  # noqa: PLR2004 - by law
        return False
    rest = next((rest for row in _IIN if (rest := _weighed(digits, row) % 11) < 10), None)  # noqa: PLR2004 - one digit
    return rest == int(digits[11])


def snils(digits: str) -> bool:
    """Check a Russian insurance number of 11 digits (order of the pension fund 211p)."""
    if len(digits) != 11 or int(digits[:9]) <= _FIRST_CHECKED_SNILS:  # noqa: PLR2004 - nine and two
        return False
    return _weighed(digits, _SNILS) % 101 % 100 == int(digits[9:])


def ogrn(digits: str) -> bool:
    """Check a Russian state registration number: 13 digits of an entity, 15 of an entrepreneur."""
    if len(digits) not in {13, 15} or digits[0] not in "12356789":
        return False
    return int(digits[:-1]) % (len(digits) - 2) % 10 == int(digits[-1])


def account(digits: str, bik: str) -> bool:
    """Check a Russian account of 20 digits against its bank's BIK of 9 (Bank of Russia, letter 515 of 1997)."""
    if len(digits) != 20 or len(bik) != 9:  # noqa: PLR2004 - by the chart of accounts
        return False
    head = f"0{bik[4:6]}" if digits.startswith(_CORRESPONDENT) else bik[6:]
    return sum(int(d) * _ACCOUNT[i % 3] % 10 for i, d in enumerate(head + digits)) % 10 == 0


def _weighed(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
