"""One module a command: arguments, a library call, printing."""
