"""Facts about languages, as TOML."""

__all__: list[str] = []
