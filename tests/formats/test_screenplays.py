"""Texts without times: who says what, and what is not said."""

from __future__ import annotations

import pytest

from subkit.alignment import GivenLine
from subkit.errors import FormatError
from subkit.files.plain_text import Repairs
from subkit.formats.screenplays import is_script, read_lines

FOUNTAIN = """Title: The Diary
Author: Nobody

FADE IN:

INT. HOUSE - DAY

A man walks in. He SHOUTS.

ANNA (V.O.)
(softly)
I *know* you. [[Is that so?]]
Really?

@McAvoy ^
No!

/* BOB
Cut. */

CUT TO:

> THE END <
"""
SPEECHES = [("ANNA", "I know you. Really?"), ("McAvoy", "No!")]


def _read(text: str | bytes, name: str) -> list[tuple[str, str]]:
    data = text if isinstance(text, bytes) else text.encode()
    return [(line.speaker, line.text) for line in read_lines(data, name=name, repairs=Repairs())]


@pytest.mark.parametrize("name", ["a.fountain", "a.spmd"])
def test_fountain_gives_speeches_with_their_characters(name: str) -> None:
    assert _read(FOUNTAIN, name) == SPEECHES


def test_a_screenplay_that_was_saved_as_text_is_one_all_the_same() -> None:
    text = FOUNTAIN + "\nANNA (CONT'D)\nYes.\n"
    assert _read(text, "a.txt") == [*SPEECHES, ("ANNA", "Yes.")]


def test_names_before_speeches_are_names() -> None:
    text = (
        "ANNA: Hello (laughs) friend.\nBob:\tHi.\nand more\n\n(door)\nANNA:\nWhat is it?\nBob: No."
    )
    assert _read(text, "a.txt") == [
        ("ANNA", "Hello friend."),
        ("Bob", "Hi. and more"),
        ("ANNA", "What is it?"),
        ("Bob", "No."),
    ]


def test_a_colon_is_not_always_a_name() -> None:
    text = "He said one thing: go.\nNobody went.\nThere were twelve men (or more).\n[wind]\n- Stop."
    assert _read(text, "a.txt") == [
        ("", "He said one thing: go."),
        ("", "Nobody went."),
        ("", "There were twelve men (or more)."),
        ("", "Stop."),
    ]


def test_final_draft_gives_speeches_with_their_characters() -> None:
    paragraphs = [
        ("Scene Heading", "INT. X"), ("Action", "He sits."), ("Character", "ANNA (CONT'D)"),
        ("Dialogue", "Hello"), ("Parenthetical", "(sits)"), ("Dialogue", "there."),
        ("Character", "BOB"), ("Dialogue", "Hi &amp; bye."),
    ]  # fmt: skip
    inner = "".join(f'<Paragraph Type="{k}"><Text>{t}</Text></Paragraph>' for k, t in paragraphs)
    text = f'<?xml version="1.0"?><FinalDraft><Content>{inner}</Content></FinalDraft>'
    assert _read(text, "a.fdx") == [("ANNA", "Hello there."), ("BOB", "Hi & bye.")]


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.txt", "nothing that is said"),
        (b"INT. HOUSE - DAY\n\nHe sits.\n", "a.fountain", "nothing that is said"),
        (b"<html></html>", "a.fdx", "not a Final Draft document"),
        (b"not xml", "a.fdx", "not well-formed XML"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><FinalDraft>&a;</FinalDraft>", "a.fdx", "document type"),
        (bytes(range(9)) * 40, "a.txt", "not a text file"),
    ],
)
def test_what_is_no_script_is_refused_in_one_sentence(data: bytes, name: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        _read(data, name)


def test_a_script_is_known_by_its_name() -> None:
    assert is_script("Film.FDX")
    assert not is_script("film.srt")
    assert GivenLine(text="x").speaker == ""
