"""Rules of the house: sizes, words, imports, documents."""
