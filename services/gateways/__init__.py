"""What reaches outside or weighs much, each behind a port of the services."""
