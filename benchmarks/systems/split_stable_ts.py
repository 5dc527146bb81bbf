"""Words -> cues by stable-ts's regrouping, in its environment. JSON in on stdin, JSON out."""

from __future__ import annotations

import contextlib
import json
import sys
from importlib.metadata import version
from typing import Any


def split(words: list[list[Any]], language: str, width: int, lines: int) -> list[list[str]]:
    """Its default regrouping, then cues and lines of the style's length."""
    import stable_whisper

    glue = "" if language in ("zh", "ja", "th") else " "
    timed = [{"word": glue + text, "start": start, "end": end} for text, start, end in words]
    result = stable_whisper.WhisperResult([timed])
    result.regroup()
    result.split_by_length(max_chars=width * lines)
    result.split_by_length(max_chars=width, newline=True)
    return [[line.strip() for line in one.text.strip().split("\n")] for one in result.segments]


def main() -> None:
    """Split every sentence of the job."""
    job = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        made = [
            split(words, job["language"], job["max_cpl"], job["max_lines"])
            for words in job["sentences"]
        ]
    json.dump({"cues": made, "version": version("stable-ts")}, sys.stdout)


if __name__ == "__main__":
    main()
