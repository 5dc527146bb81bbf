"""Tables of the terminology package."""

__all__: list[str] = []
