"""Masks card verification codes and one-time codes, found by the words that people put beside them."""

import re
from collections.abc import Callable, Sequence

from utils.secret_words import CARD_FIELD, CODE_NAME, CVV_NAME, LINK, PUBLIC_CODE, UNIT

_MASK = "•••"
_PUBLIC_LOOK_BACK = 24  # letters; the longest adjective in PUBLIC_CODE and a little more

_START = r"(?<![\w.,/])"
_END = rf"(?!\w|[.,:/]\d|-\d|\s*{UNIT})"
_JOIN = r"[\s:=\-–—,.…«»\"'“”(\[>*_]{0,5}"
_SENDER = r"(?:с|от) (?:номера )?\d{3}(?!\d)"  # texts of banks come from short numbers
_LINKS = rf"{_JOIN}(?:(?:{LINK}|{_SENDER}){_JOIN}){{0,7}}"
_CVV_LINKS = rf"{_JOIN}(?:(?:{LINK}|на|обороте|сзади|обратной|стороны|стороне|of|on|back){_JOIN}){{0,7}}"
_CODE = r"(?P<secret>\d{3}[ -]\d{3}|\d{4}[ -]\d{4}|\d{2}(?:[ -]\d{2}){1,3}|\d(?:[ -]\d){3,7}|\d{4,8})"
_CVV = r"(?P<secret>\d{3,4}|\d[ .-]\d[ .-]\d)"
_CVV_ONLY = r"(?P<secret>(?<!\d)\d{3}(?!\d))"
_NAME = rf"(?P<name>{CODE_NAME})"
_ANY_CODE = r"(?<!\w)(?:код|code|kod)\w{0,2}"

_CARD = r"•••• \d{4}(?!\d)"  # masked already
_EXPIRY = r"(?:(?:0[1-9]|1[0-2])\s?[/|\\.\- ]\s?(?:20)?[2-4]\d(?!\d))"
_HOLDER = r"(?-i:[A-Z]{2,20}(?!\w))"
_FIELDS = rf"[\s,;:.|/\\\-–—]*(?:(?:{_EXPIRY}|{CARD_FIELD}|{_HOLDER})[\s,;:.|/\\\-–—]*){{0,8}}"

_PUBLIC = re.compile(rf"(?<!\w){PUBLIC_CODE}[\s-]*\Z", re.IGNORECASE)


def _compile(*patterns: str) -> Sequence[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE) for pattern in patterns]


_CVV_PATTERNS = _compile(
    rf"{CVV_NAME}{_CVV_LINKS}{_CVV}{_END}",
    rf"{_START}{_CVV_ONLY}(?:\s|[-–—(=]|это|мой|is|my|the|bu|бұл)*{CVV_NAME}",
    rf"{_CARD}{_FIELDS}{_CVV_ONLY}{_END}",
    rf"{_CARD}[^•]{{0,60}}?{_ANY_CODE}{_LINKS}{_CVV}{_END}",
    rf"{_ANY_CODE}{_LINKS}{_CVV_ONLY}{_END}(?=[^•]{{0,40}}{_CARD})",
)
_AFTER_NAME = r"(?=\s*(?:\Z|[).,!?;\n]|из|от|для|с\s|подтв|авториз|for|to|from|with))"
_CODE_PATTERNS = _compile(
    rf"{_NAME}{_LINKS}(?<!\w)(?:[a-z]-)?{_CODE}{_END}",
    # A second code after the first: "4821, 5930".
    rf"{_NAME}{_LINKS}{_MASK}(?:\s*(?:,|и|или|а|потом|then|and|or)\s*){{1,2}}{_LINKS}{_CODE}{_END}",
    # The code before its name: "4821 is your login code", "4821 код из смс", "пришло 4821 в смс".
    rf"{_START}{_CODE}(?!\d)(?:\s*[-–—:=(]\s*|\s+(?:это|is|as|my|мой|ваш|наш|your|the|бұл|bu)(?=\s))+\s*"
    rf"(?:[^\W\d_]+[\s-]){{0,3}}?{_NAME}{_AFTER_NAME}",
    rf"(?:\A|[\n.!?:])\s*{_CODE}\s*,?\s*{_NAME}(?=\s*(?:\Z|из|от\s|подтв|авториз|для|with|from))",
    rf"(?<!\w)(?P<name>введи(?:те)?|enter|use)\s+{_CODE}\s+(?:для|to)\s+(?:подтв|вход|авториз|confirm|verify|log|sign)",
    rf"{_START}(?P<secret>\d{{4,8}})\s+(?P<name>(?:в|из|from|in|by|via)\s+(?:an?\s+|the\s+)?(?:смс|sms|сообщени|text)\w*)",
)


def mask_cvv(text: str) -> str:
    """Replace card verification codes beside their name or beside a card that is masked already."""
    return _mask(_CVV_PATTERNS, text, lambda _: True)


def mask_codes(text: str) -> str:
    """Replace one-time codes, passwords and PINs of 4 to 8 digits beside their name."""
    return _mask(_CODE_PATTERNS, text, _is_secret)


def _is_secret(match: re.Match[str]) -> bool:
    name_at = match.start("name")
    return not _PUBLIC.search(match.string[max(0, name_at - _PUBLIC_LOOK_BACK) : name_at])


def _mask(patterns: Sequence[re.Pattern[str]], text: str, is_secret: Callable[[re.Match[str]], bool]) -> str:
    def replace(match: re.Match[str]) -> str:
        if not is_secret(match):
            return match.group()
        start, end = (at - match.start() for at in match.span("secret"))
        return match.group()[:start] + _MASK + match.group()[end:]

    for pattern in patterns:
        text = pattern.sub(replace, text)
    return text
