"""Everything that checks the product, outermost first: browser, whole system, services, rows."""
