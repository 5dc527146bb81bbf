from __future__ import annotations

import pytest

from subkit.formats.sniffing import format_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("0:00:01.000,0:00:02.500\nHello\n\n0:00:03.000,0:00:04.000\nWorld\n", "sbv"),
        ("1\n00:00:01,000 --> 00:00:02,500\nHello\n", "srt"),
        ("{1}{1}25.0\n{25}{50}Hello|World\n", "microdvd"),
        ("[10][25]Hello\n", "mpl2"),
        ("Apache License\nVersion 2.0\n", None),
        ("<p>\nHello\n</p>\n", None),
        ("TITLE: Timeline 1\nFCM: NON-DROP FRAME\n", None),
        ("", None),
    ],
)
def test_a_format_is_known_by_what_it_begins_with(text: str, name: str | None) -> None:
    found = format_of(text.encode())
    assert found == name or (name is None and found not in {"sbv", "srt", "vtt"})
