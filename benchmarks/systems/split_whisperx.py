"""Words -> cues by whisperX's own writers, in its environment. JSON in on stdin, JSON out."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from typing import Any


def by_writer(words: list[list[Any]], language: str, width: int, lines: int) -> list[list[str]]:
    """The subtitles of its SRT writer with ``--max_line_width`` and ``--max_line_count``."""
    from whisperx.utils import WriteSRT

    timed = [{"word": text, "start": start, "end": end} for text, start, end in words]
    segment = {"start": words[0][1], "end": words[-1][2], "words": timed}
    options = {"max_line_width": width, "max_line_count": lines, "highlight_words": False}
    result = {"segments": [segment], "language": language}
    return [
        [line.strip() for line in text.split("\n")]
        for _, _, text in WriteSRT(".").iterate_result(result, options)
    ]


def by_processor(words: list[list[Any]], language: str, *_: int) -> list[list[str]]:
    """Its SubtitlesProcessor, which splits by commas and conjunctions, as it comes."""
    from whisperx.SubtitlesProcessor import SubtitlesProcessor

    timed = [{"word": text, "start": start, "end": end} for text, start, end in words]
    glue = "" if language in ("zh", "ja") else " "
    text = glue.join(word[0] for word in words)
    segment = {"start": words[0][1], "end": words[-1][2], "text": text, "words": timed}
    made = SubtitlesProcessor([segment], language).process_segments(advanced_splitting=True)
    return [[one["text"].strip()] for one in made]


WAYS = {"writer": by_writer, "processor": by_processor}


def main() -> None:
    """Split every sentence of the job."""
    job = json.load(sys.stdin)
    way = WAYS[job["way"]]
    made = [
        way(words, job["language"], job["max_cpl"], job["max_lines"]) for words in job["sentences"]
    ]
    json.dump({"cues": made, "version": version("whisperx")}, sys.stdout)


if __name__ == "__main__":
    main()
