"""Tests of the tools that know nothing of the bank."""
