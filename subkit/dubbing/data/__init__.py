"""How territories divide and count dubbing, each number with its source and how sure it is."""

__all__: list[str] = []
