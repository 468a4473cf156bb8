"""Broadcasts: drafted, approved by a second person, sent to a frozen list, reported person by person."""
