"""Tests of what the model is told."""
