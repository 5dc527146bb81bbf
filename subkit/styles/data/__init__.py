"""House styles, as JSON: every number with its sources and how sure it is."""

__all__: list[str] = []
