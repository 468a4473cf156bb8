"""Identifiers grow with time and are never the same."""

from time import time

from utils.identifiers import time_ordered_id


def test_an_identifier_is_a_uuid_of_version_7_that_tells_its_time() -> None:
    made = time_ordered_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert abs((made.int >> 80) / 1000 - time()) < 60


def test_identifiers_differ_and_grow_within_a_millisecond_too() -> None:
    made = [time_ordered_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    times = [number.int >> 64 for number in made]
    assert times == sorted(times)
    assert len(set(times)) > len({number.int >> 80 for number in made})
