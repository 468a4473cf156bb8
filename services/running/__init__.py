"""Settings that may change while the bot runs: which there are, who may change them, and what is in force."""
