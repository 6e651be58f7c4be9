"""One module a command; ``accord.cli.main`` lists them."""
