"""Keys that rotate under load, killed again and again."""
