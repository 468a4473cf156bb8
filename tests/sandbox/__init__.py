"""Tests of the sandbox, through HTTP."""
