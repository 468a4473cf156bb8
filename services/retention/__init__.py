"""How long what is kept: legal holds, and the schedule by which old rows go."""
