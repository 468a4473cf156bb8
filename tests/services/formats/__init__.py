"""Documents of every format that the knowledge is read from."""
