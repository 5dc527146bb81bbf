"""One module a command: arguments, a library call, printing."""

__all__: list[str] = []
