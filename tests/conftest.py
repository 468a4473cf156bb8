"""Fixtures that every test may use, the order of all tests, and how long the examples of a law may take.

That is as long as a busy machine needs.
"""

import gc
import signal
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

pytest_plugins = ["tests.servers", "tests.database.fixtures"]


def pytest_configure() -> None:
    """Take signals that a shell has its background ignore: what tests start inherits that and would not end."""
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the collector of garbage what was imported and collected, which stays: a look through it takes a second."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one half begin with the browser's tests and the other with those of the whole product.

    A worker process is given a half and, when it is done, takes from the end of the other's. So what takes longest
    comes first, and the installations that such tests share are started in one process, not in each. Everything else
    stays in the order that chance gave it.
    """
    browser, product, rest = _split(items)
    first = max(len(items) // 2 - len(browser), 0)
    items[:] = [*browser, *rest[:first], *product, *rest[first:]]


def _split(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item], list[pytest.Item]]:
    browser = [item for item in items if item.get_closest_marker("browser")]
    product = [item for item in items if item.get_closest_marker("e2e") and not item.get_closest_marker("browser")]
    long = {*browser, *product}
    return browser, product, [item for item in items if item not in long]
