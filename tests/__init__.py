"""The tests, as a package: an installed one of that name must not be taken for it."""
