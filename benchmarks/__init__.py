"""Measurements of the whole product: what it loses under faults, and what it costs under load."""
