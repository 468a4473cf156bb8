"""How much of the personal data in made-up sentences is found, class by class, and how much else is taken for it."""
