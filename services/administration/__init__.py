"""Administration: the panel in Telegram, section by section, and what is behind its pages in the console."""
