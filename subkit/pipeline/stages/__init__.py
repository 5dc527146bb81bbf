"""The stages of a film, one module each."""

__all__: list[str] = []
