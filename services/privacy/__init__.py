"""Personal data stays in the house: found, replaced before a call that leaves the process, put back afterwards."""
