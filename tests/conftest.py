"""Fixtures that every test may use, and how long the examples of a law may take: as long as a busy machine needs."""

from hypothesis import HealthCheck, settings

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

pytest_plugins = ["tests.servers", "tests.database.fixtures"]
