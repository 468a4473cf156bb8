"""The bank's own knowledge: read from files, approved, in force between dates, searched and quoted in answers."""
