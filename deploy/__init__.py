"""What starts the product: the launcher, its private servers, and the files for containers and services."""
