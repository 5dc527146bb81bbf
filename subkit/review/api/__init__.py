"""The HTTP API of the review server: requests in, answers out."""

__all__: list[str] = []
