"""The script that a user of faster-whisper writes: a film in, an SRT file out.

python benchmarks/systems/plain_script.py MODEL FILM OUT.srt
python benchmarks/systems/plain_script.py --batched MODEL FILM OUT.srt
"""

from __future__ import annotations

import sys
from pathlib import Path


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"


def main() -> None:
    """Transcribe with voice detection and word times, and write the segments."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    batched, (name, film, out) = "--batched" in sys.argv, sys.argv[-3:]
    model = WhisperModel(name, device="cpu", compute_type="int8")
    if batched:
        pipeline = BatchedInferencePipeline(model)
        segments, _ = pipeline.transcribe(film, batch_size=8, word_timestamps=True)
    else:
        segments, _ = model.transcribe(film, vad_filter=True, word_timestamps=True)
    with Path(out).open("w", encoding="utf-8") as file:
        for number, one in enumerate(segments, 1):
            file.write(f"{number}\n{_clock(one.start)} --> {_clock(one.end)}\n")
            file.write(f"{one.text.strip()}\n\n")


if __name__ == "__main__":
    main()
