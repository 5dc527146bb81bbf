"""Training code of the embedded demo models (see README.md in this folder)."""
