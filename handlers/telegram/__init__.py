"""Telegram's updates: what each is, and the typed job it becomes."""
