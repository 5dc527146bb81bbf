"""What readers mended, told once a kind."""

from __future__ import annotations

__all__ = ["Repairs"]

_PLACES = 20


class Repairs:
    """What a reader mended: one sentence a kind of repair, with the places it was made in."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def add(self, what: str, place: str = "") -> None:
        """Note that ``what`` (a sentence without its full stop) was done at ``place``."""
        self._places.setdefault(what, []).append(place)

    def sentences(self) -> list[str]:
        """One sentence a kind, naming up to twenty places and how many more there are."""
        found = []
        for what, places in self._places.items():
            named = [place for place in places if place]
            where = ", ".join(named[:_PLACES])
            more = f" and {len(named) - _PLACES} more" if len(named) > _PLACES else ""
            found.append(f"{what}: {where}{more}." if named else f"{what}.")
        return found
