"""Made-up personal data that checks: numbers with right check digits, written in the ways people write them."""

from collections.abc import Callable, Mapping
from random import Random

from utils import checksums
from utils.checksums import IBAN_LENGTH

BIKS = ("044525225", "044525593", "046577674")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_RUSSIAN_NAMES = (
    "Иван Петров",
    "Анна Сергеевна Ким",
    "Мария Орлова",
    "Тимур Ахметов",
    "Елена Кузнецова",
    "Пётр Соловьёв",
)
_ENGLISH_NAMES = ("John Miller", "Mary-Ann O'Brien", "Aisha Khan", "Peter Novak", "Laura Schmidt", "Tom Baker")
_RUSSIAN_STREETS = ("Ленина", "Мира", "Садовая")
_STREETS = ("Lenina", "Oak Road", "Station Street", "Via Roma", "Mill Lane")


def digits(random: Random, count: int) -> str:
    """Return random digits, the first no zero."""
    return str(random.randint(10 ** (count - 1), 10**count - 1))


def checked(head: str, places: int, check: Callable[[str], bool]) -> str:
    """Append the check digits that make a number valid: the first of all endings that does."""
    endings = (f"{head}{ending:0{places}}" for ending in range(10**places))
    return next(number for number in endings if check(number))


def luhn(number: str) -> bool:
    """Luhn's check, the slow way."""
    doubled = [int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(number))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def card(random: Random) -> str:
    """Return a card number, spaced in one of the usual ways."""
    number = checked(random.choice(("4", "51", "2200", "5469")) + digits(random, 15)[:15], 1, luhn)[:16]
    number = checked(number[:15], 1, luhn)
    return random.choice(("", " ", "-", " ")).join(number[place : place + 4] for place in range(0, 16, 4))


def iban(random: Random) -> str:
    """Return an IBAN of a country whose account is digits, in one piece or in fours."""
    country = random.choice(("DE", "AE", "PL", "KZ", "ES", "AT", "LT"))
    account = digits(random, IBAN_LENGTH[country] - 4)
    whole = next(c for check in range(2, 99) if checksums.iban(c := f"{country}{check:02}{account}"))
    if random.random() < 0.5:
        return whole
    return " ".join(whole[place : place + 4] for place in range(0, len(whole), 4))


def account(random: Random, bik: str) -> str:
    """Return a person's account in roubles with the key that a BIK asks for."""
    tail = digits(random, 11)
    return next(a for key in range(10) if checksums.account(a := f"40817810{key}{tail}", bik))


def phone(random: Random) -> str:
    """Return a mobile number of Russia, as people write it."""
    code, number = random.choice(("912", "903", "985", "926")), digits(random, 7)
    a, b, c = number[:3], number[3:5], number[5:]
    form = random.choice(
        ("+7{}{}{}{}", "8 ({}) {}-{}-{}", "+7 {} {} {} {}", "8{}{}{}{}", "{} {} {} {}", "8-{}-{}-{}-{}")
    )
    return form.format(code, a, b, c)


def foreign_phone(random: Random) -> str:
    """Return a number of another country, with and without its code."""
    number = f"{random.choice(('202', '415', '212'))}555{digits(random, 4)}"
    a, b, c = number[:3], number[3:6], number[6:]
    form = random.choice(("+1 {} {} {}", "({}) {}-{}", "{}-{}-{}", "+1-{}-{}-{}", "{}.{}.{}"))
    return form.format(a, b, c)


def email(random: Random) -> str:
    """Return an address."""
    who = random.choice(("ivan.petrov", "a_kim", "m-orlova", "info+bank", "t.ahmetov77"))
    return f"{who}@{random.choice(('mail.ru', 'gmail.com', 'post.example.org', 'ya.ru'))}"


def passport(random: Random) -> str:
    """Return series and number of a Russian passport."""
    a, b, c = f"{random.randint(1, 99):02}", f"{random.randint(0, 25):02}", digits(random, 6)
    return random.choice(("{} {} {}", "{}{} {}", "{}{}{}", "{} {} № {}")).format(a, b, c)


def inn(random: Random) -> str:
    """Return a person's or an entity's INN."""
    if random.random() < 0.5:
        return checked(f"77{digits(random, 7)}", 1, checksums.inn)
    return checked(f"50{digits(random, 8)}", 2, checksums.inn)


def snils(random: Random) -> str:
    """Return a number of the pension fund, with its dashes or without."""
    number = checked(digits(random, 9), 2, checksums.snils)
    if random.random() < 0.3:
        return number
    return f"{number[:3]}-{number[3:6]}-{number[6:9]} {number[9:]}"


def ogrn(random: Random) -> str:
    """Return a registration number of an entity or an entrepreneur."""
    head = f"102{digits(random, 9)}" if random.random() < 0.5 else f"304{digits(random, 11)}"
    return checked(head, 1, checksums.ogrn)


def values(random: Random) -> Mapping[str, str]:
    """Return one value for every placeholder of a template that stands for personal data."""
    bik = random.choice(BIKS)
    english, russian = random.choice(_ENGLISH_NAMES), random.choice(_RUSSIAN_NAMES)
    house = f"{random.randint(1, 99)} {random.choice(_STREETS)}, {digits(random, 5)}"
    made = {
        "credit_card_number": card(random),
        "card": card(random),
        "cvv": digits(random, 3),
        "code": digits(random, random.choice((4, 6))),
        "iban": iban(random),
        "bik": bik,
        "account": account(random, bik),
        "phone_number": foreign_phone(random),
        "phone": phone(random),
        "email": email(random),
        "passport": passport(random),
        "inn": inn(random),
        "snils": snils(random),
        "ogrn": ogrn(random),
        "имя": russian,
        "адрес": f"ул. {random.choice(_RUSSIAN_STREETS)}, д. {random.randint(1, 99)}, кв. {random.randint(1, 200)}",
        "address": house,
        "ordinary": random.choice(("150 000", "12.05.2026", "8 800 555-01-10", "15:30", "2 000,50", "1990", "99")),
    }
    names = ("person", "name", "name_male", "name_female")
    first = ("first_name", "first_name_male", "first_name_female", "first_name_nonbinary")
    last = ("last_name", "last_name_male", "last_name_female")
    made |= dict.fromkeys(names, english) | dict.fromkeys(first, english.split()[0])
    return made | dict.fromkeys(last, english.split()[1])
