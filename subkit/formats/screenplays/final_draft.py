"""Final Draft (FDX): what its characters say."""

from __future__ import annotations

from typing import Any

from subkit.alignment import GivenLine
from subkit.errors import FormatError
from subkit.files.xml import local_name, parse
from subkit.formats.screenplays.speech_text import character_name, said

__all__ = ["read_final_draft"]


def read_final_draft(data: bytes, name: str) -> tuple[GivenLine, ...]:
    """Return the speeches, each with the name of its character; everything else is left out.

    Args:
        data: The file's bytes.
        name: Its name, for errors.

    Raises:
        FormatError: it is not XML, or no screenplay of Final Draft.
    """
    root = parse(data, name)
    if local_name(root) != "FinalDraft":
        raise FormatError(
            f"{name!r} is not a Final Draft document: its root is <{local_name(root)}>.",
            remedy="Save it as FDX in Final Draft.",
            line=1,
            column=1,
        )
    found: list[GivenLine] = []
    speaker, goes_on = "", False
    for paragraph in root.iter():
        if local_name(paragraph) != "Paragraph":
            continue
        kind, text = paragraph.get("Type", ""), _text(paragraph)
        if kind == "Character":
            speaker, goes_on = character_name(text), False
        elif kind in {"Dialogue", "Singing", "Lyrics"}:
            plain = said(text)
            if plain and goes_on:  # behind a direction inside of the speech
                before = found.pop()
                plain = f"{before.text} {plain}"
            if plain:
                found.append(GivenLine(text=plain, speaker=speaker))
                goes_on = True
        elif kind != "Parenthetical" and text.strip():
            speaker, goes_on = "", False
    return tuple(found)


def _text(paragraph: Any) -> str:
    return "".join(child.text or "" for child in paragraph if local_name(child) == "Text")
