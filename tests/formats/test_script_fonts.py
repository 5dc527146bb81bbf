r"""Letters of a script by the font they are drawn in."""

from __future__ import annotations

from subkit.formats.ass_script import parse_script
from subkit.formats.script_fonts import font_trial, letters_shown, with_font

HEAD = """\
[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,30
Style: Sign,Impact,30

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def script(*texts: str) -> str:
    return HEAD + "".join(f"Dialogue: 0,0:00:00.00,0:00:01.00,{text}\n" for text in texts)


def test_letters_are_told_by_style_and_named_font() -> None:
    text = script("Default,,0,0,0,,b{\\i1}a\\Nb, c{\\fnNoto Sans}안{\\fn}d", "Sign,,0,0,0,,X")
    assert letters_shown(text) == {
        ("Default", ""): ",abcd",
        ("Default", "Noto Sans"): "안",
        ("Sign", ""): "X",
    }


def test_drawings_comments_and_unseen_letters_are_no_letters() -> None:
    text = script("Default,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}a\\h \u200d\u2060\ufe0f")
    text += "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,z\n"
    assert letters_shown(text) == {("Default", ""): "a"}


def test_the_trial_shows_every_letter_once_in_its_style() -> None:
    letters = "".join(chr(0xAC00 + n) for n in range(300))
    trial = font_trial(script(f"Sign,,0,0,0,,{letters}{letters}", "Default,,0,0,0,,{\\fnX}y"))
    assert [line.split(",", 9)[3] for _, line in parse_script(trial).events] == [
        *["Sign"] * 3,
        "Default",
    ]
    assert letters_shown(trial) == {("Sign", ""): letters, ("Default", "X"): "y"}
    assert "Style: Sign,Impact,30" in trial


def test_a_font_goes_into_every_style() -> None:
    made = with_font(script("Default,,0,0,0,,a"), "Noto Sans CJK KR")
    assert "Style: Default,Noto Sans CJK KR,30\nStyle: Sign,Noto Sans CJK KR,30\n" in made
    assert made.replace("Noto Sans CJK KR", "Arial").replace("Sign,Arial", "Sign,Impact") == script(
        "Default,,0,0,0,,a"
    )
