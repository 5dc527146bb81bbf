"""What reaches a terminal commands nothing: texts, names and paths come from strangers."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

__all__ = ["drawing", "neutral", "neutral_streams"]

# What a terminal obeys: C0 but line break and tab, DEL, C1; and what turns the order of letters.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def neutral(text: str) -> str:
    r"""Return ``text`` with each character that a terminal would obey written as ``\\u001b``.

    Texts, names and paths come from strangers. JSON keeps its meaning.
    """
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class _Neutral:
    """A stream on which everything is made neutral; what else it can do is that of the stream."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        return self.stream.write(neutral(text))

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def neutral_streams() -> Iterator[None]:
    """Make everything neutral that is written to standard output and standard error.

    The one place for it: prints, warnings, help, logs and tracebacks pass through. What moves a
    cursor or has colours is drawn with :func:`drawing`.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", _Neutral(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def drawing(stream: TextIO, **options: Any) -> Console:
    """Return a console of rich on a standard stream, whose colours are rich's alone."""
    from rich.console import Console
    from rich.segment import Segment

    class _Drawn(Console):
        def render(self, *args: Any, **named: Any) -> Iterator[Segment]:
            for segment in super().render(*args, **named):
                if segment.control:
                    yield segment
                else:
                    yield Segment(neutral(segment.text), segment.style)

    raw = stream.stream if isinstance(stream, _Neutral) else stream
    return _Drawn(file=raw, highlight=False, **options)
