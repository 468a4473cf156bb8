"""The bank's own knowledge: read from a text file, cut into chunks, quoted in answers; no I/O."""
