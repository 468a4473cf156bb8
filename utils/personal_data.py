"""Classes of personal data, and which of them somebody may see: in clear, as a token's type, or not at all."""

from dataclasses import dataclass
from enum import StrEnum


class DataClass(StrEnum):
    """What a piece of a text says of a person; the values are the names in settings and in tokens."""

    CARD = "card"
    CVV = "cvv"
    ONE_TIME_CODE = "code"
    IBAN = "iban"
    ACCOUNT = "account"
    PHONE = "phone"
    EMAIL = "email"
    PASSPORT = "passport"
    INN = "inn"
    SNILS = "snils"
    OGRN = "ogrn"
    NAME = "name"
    ADDRESS = "address"


# These may not be stored even sealed (PCI DSS 3.3), so nobody sees them and they never come back.
SECRETS = frozenset({DataClass.CARD, DataClass.CVV, DataClass.ONE_TIME_CODE})

_EVERYTHING = "all"
_TYPE, _VALUE = "type", "value"


@dataclass(frozen=True)
class Sight:
    """What one provider may see: classes in clear, classes as a token that names its type; of all others nothing."""

    values: frozenset[DataClass] = frozenset()
    types: frozenset[DataClass] = frozenset()

    @classmethod
    def read(cls, text: str) -> "Sight":
        """Read `phone:type, inn:value`; a class alone means its type, `all` stands for every class.

        Raises ValueError for an unknown word, and for a secret that is to be seen in clear.
        """
        values: set[DataClass] = set()
        types: set[DataClass] = set()
        for entry in filter(None, (piece.strip().lower() for piece in text.split(","))):
            name, _, degree = entry.partition(":")
            if degree not in {"", _TYPE, _VALUE}:
                raise ValueError(f"{entry}: say {_TYPE} or {_VALUE} behind the colon")
            (values if degree == _VALUE else types).update(_classes(name, secrets=degree != _VALUE))
        return cls(frozenset(values), frozenset(types))


BLIND = Sight()


def _classes(name: str, *, secrets: bool) -> frozenset[DataClass]:
    known = frozenset(DataClass) - (frozenset() if secrets else SECRETS)
    if name == _EVERYTHING:
        return known
    if name not in known:
        raise ValueError(f"{name}: must be {_EVERYTHING} or one of {', '.join(sorted(known))}")
    return frozenset({DataClass(name)})
