"""The command line of subkit."""

__all__: list[str] = []
