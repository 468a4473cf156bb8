"""Tests of what starts the product."""
