"""How values of the document look in a console and in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from subkit.model.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Shown", "html_table", "shorten"]

_MOST_ROWS = 50
_LONGEST = 60


class Shown:
    """A value that says itself in one line, as a table in a notebook, and as plain data."""

    __slots__ = ()

    def headline(self) -> str:
        """Return the value in one line, without its class."""
        return ""

    def table(self) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Return headings and rows of the value in a notebook."""
        return (), ()

    def to_dict(self) -> dict[str, Any]:
        """Return the value as plain data, ready for JSON: fractions are text, ``"3003/1000"``."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    def __repr__(self) -> str:
        """The class and the value in one line."""
        return f"<{type(self).__name__} {self.headline()}>"

    def _repr_html_(self) -> str:
        """A table for a notebook; every text in it is escaped."""
        headings, rows = self.table()
        return html_table(headings, rows, caption=self.headline())


def shorten(text: str, longest: int = _LONGEST) -> str:
    """Return a text in one line of limited length, quoted."""
    joined = " / ".join(text.split("\n"))
    return repr(joined if len(joined) <= longest else f"{joined[: longest - 1]}…")


def html_table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, caption: str = ""
) -> str:
    """Return an HTML table of the first rows, and how many more there are."""
    listed = list(rows)
    head = "".join(f"<th>{escape(name)}</th>" for name in headings)
    body = "".join(
        f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>"
        for row in listed[:_MOST_ROWS]
    )
    more = len(listed) - _MOST_ROWS
    foot = f"<tr><td colspan={len(headings)}>… {more} more</td></tr>" if more > 0 else ""
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}{foot}</tbody></table>"


def _cell(value: object) -> str:
    return escape(str(value)).replace("\n", "<br>")
