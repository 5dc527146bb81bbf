"""How printed scripts for actors look."""

__all__: list[str] = []
