"""Tools without domain words: they import nothing of the project and read no settings."""
