"""Chaos: faults at random moments while customers write, and what the sandbox's journal says was kept."""
