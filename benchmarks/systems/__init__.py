"""The systems that are compared: one script each, run in its own process and environment."""
