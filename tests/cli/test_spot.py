"""``subkit spot WORDS.json``: what it takes, what it makes, what it says of what it cannot take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORD = {"text": "Hello.", "start": 1, "end": 2}


def _write(folder: Path, content: object, name: str = "words.json") -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (folder / name).write_bytes(data)


def _words(*words: dict[str, Any]) -> dict[str, Any]:
    return {"language": "en", "words": list(words)}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([1, 2], 'has no list of "words"'),
        (b"[" * 200_000, "nested more than 64 deep"),
        (b'{"words": [{"text"', "is not JSON"),
        (b'{"words": [{"text": "x", "start": ' + b"9" * 5000 + b', "end": 2}]}', "words.json"),
        (b'{"words": [{"text": "x", "start": NaN, "end": 2}]}', "NaN is not a number"),
        (b'{"words": [{"text": "x", "start": 1, "end": Infinity}]}', "Infinity is not a number"),
        (_words(WORD, {"text": "x", "start": 1}), 'word 2 has no "end" in seconds'),
        (_words({**WORD, "start": True}), 'word 1 has no "start" in seconds'),
        (_words({**WORD, "start": 1e300}), "more than 100 hours"),
        (_words({**WORD, "text": 1}), 'word 1 has no "text"'),
        (_words({**WORD, "confidence": 7}), "confidence that is not a number from 0 to 1"),
        (_words({**WORD, "speaker": 1}), "speaker that is not a text"),
        ({"language": 5, "words": []}, "language is not a text"),
        (bytes(range(256)), "words.json"),
    ],
)
def test_words_that_cannot_be_read_are_named(
    subkit: Callable[..., Any], tmp_path: Path, content: object, says: str
) -> None:
    _write(tmp_path, content)
    answer = subkit("spot", "words.json", "-o", "out.srt")
    assert answer.code == 3
    assert says in answer.err
    assert "Error(" not in answer.err
    assert "Traceback" not in answer.err
    assert not (tmp_path / "out.srt").exists()


def test_words_of_a_windows_editor_are_read(subkit: Callable[..., Any], tmp_path: Path) -> None:
    text = json.dumps(_words(WORD))
    for data in (b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        _write(tmp_path, data)
        answer = subkit("spot", "words.json", "-o", "out.srt", "-y")
        assert answer.code == 0, answer.err
        assert "Hello." in (tmp_path / "out.srt").read_text(encoding="utf-8")


def test_times_are_taken_as_dump_writes_them(subkit: Callable[..., Any], tmp_path: Path) -> None:
    _write(tmp_path, _words({"text": "Hello.", "start": "3003/1000", "end": "4004/1000"}))
    answer = subkit("spot", "words.json", "-o", "out.srt", "--fps", "23.976")
    assert answer.code == 0, answer.err
    assert "00:00:03,003 -->" in (tmp_path / "out.srt").read_text(encoding="utf-8")


def test_speech_too_fast_to_read_is_told(subkit: Callable[..., Any], tmp_path: Path) -> None:
    fast = [
        {"text": word, "start": at * 0.06, "end": at * 0.06 + 0.05}
        for at, word in enumerate(["Nobody", "could", "ever", "read", "as", "fast", "as", "this."])
    ]
    _write(tmp_path, _words(*fast))
    answer = subkit("spot", "words.json", "-o", "out.srt")
    assert answer.out == "out.srt: 1 cue, 1 finding\n"
    document = subkit("spot", "words.json", "-o", "out.srt", "-y", "--json").json()
    assert [finding["rule"] for finding in document["findings"]] == ["reading-speed"]


def test_words_without_a_language_ask_for_one(subkit: Callable[..., Any], tmp_path: Path) -> None:
    _write(tmp_path, {"words": [WORD]})
    answer = subkit("spot", "words.json", "-o", "out.srt")
    assert answer.code == 0
    assert "--language" in answer.err


@pytest.mark.parametrize("rate", ["abc", "0", "-5", "1e9", "1/0"])
def test_what_is_no_frame_rate_is_a_fault_of_usage(
    subkit: Callable[..., Any], tmp_path: Path, rate: str
) -> None:
    _write(tmp_path, _words(WORD))
    answer = subkit("spot", "words.json", "-o", "out.srt", f"--fps={rate}")
    assert answer.code == 2
    assert "is not a frame rate" in answer.err
