"""What a provider may see is read from one line, and no line shows a secret."""

import pytest

from utils.personal_data import BLIND, SECRETS, DataClass, Sight


def test_nothing_said_is_nothing_seen() -> None:
    assert Sight.read("") == Sight.read(" , ") == BLIND


def test_a_class_alone_means_its_type_and_a_value_is_said() -> None:
    sight = Sight.read("Phone, iban:type, inn:value")
    assert sight.types == {DataClass.PHONE, DataClass.IBAN}
    assert sight.values == {DataClass.INN}


def test_all_stands_for_every_class_but_never_for_a_secret_in_clear() -> None:
    assert Sight.read("all").types == frozenset(DataClass)
    assert Sight.read("all:value").values == frozenset(DataClass) - SECRETS


@pytest.mark.parametrize("wrong", ["card:value", "cvv:value", "code:value", "telephone", "phone:clear", "phone;inn"])
def test_what_cannot_be_meant_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"must be|say type"):
        Sight.read(wrong)
