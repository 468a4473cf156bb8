"""How often the check of drafts drops what is true, and how often it lets through what is not."""
