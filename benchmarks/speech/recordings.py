"""The recordings: what is said, by whom, when, and which half of the material they belong to.

The recordings lie beside the project (``../shared/cases/speech``). Licences of some allow nothing
but evaluation, so none of them is copied here.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CASES",
    "HALVES",
    "RATE",
    "Recording",
    "Samples",
    "WordTime",
    "find_recordings",
    "read_sound",
]

RATE = 16_000
CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
HALVES = ("fit", "test", "all")

Samples = NDArray[np.float32]
WordTime = tuple[float, float, str]
"""Start and end in seconds, and the word."""

_FIT = frozenset(
    {
        *("1688", "3080", "kathleen", "ljspeech", "reazon", "mary"),
        *("fvmh0", "faem0", "falk0", "falr0"),
    }
)
"""Speakers whose recordings thresholds may be fitted on. Everybody else is for testing, and so is
all of Korean; German has one speaker, whose recordings are divided."""


@dataclass(frozen=True)
class Recording:
    """One recording.

    Attributes:
        name: Its path under ``speech``.
        path: Where it is.
        language: BCP 47.
        speaker: Who speaks, as far as the name of the file tells.
        text: What is said, as the source writes it.
        half: ``"fit"`` or ``"test"``.
        words: Times of the words, made by hand; empty where there are none.
    """

    name: str
    path: Path
    language: str
    speaker: str
    text: str
    half: str
    words: tuple[WordTime, ...] = ()


def find_recordings(
    language: str = "", half: str = "all", cases: Path = CASES
) -> tuple[Recording, ...]:
    """The recordings with a transcript, in the order of the manifest.

    Args:
        language: Only of this one; empty is all.
        half: ``"fit"``, ``"test"`` or ``"all"``.
        cases: The folder that holds ``speech``.

    Raises:
        FileNotFoundError: the recordings are not there.
        ValueError: there is no such half.
    """
    if half not in HALVES:
        raise ValueError(f"{half!r} is no half: there are {', '.join(HALVES)}")
    found = _all(cases / "speech")
    chosen = (one for one in found if language in {"", one.language})
    return tuple(one for one in chosen if half in {"all", one.half})


@lru_cache(maxsize=512)
def read_sound(path: Path) -> Samples:
    """A file's sound as mono float32 at 16 kHz; kept, so not to be written to."""
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    parts: list[Any] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            parts += [one.to_ndarray()[0] for one in resampler.resample(frame)]
        parts += [one.to_ndarray()[0] for one in resampler.resample(None)]
    sound = np.concatenate(parts).astype(np.float32)
    sound.flags.writeable = False
    return sound


@lru_cache(maxsize=4)
def _all(folder: Path) -> tuple[Recording, ...]:
    manifest = folder / "manifest.tsv"
    if not manifest.is_file():
        raise FileNotFoundError(f"no recordings: {manifest} is missing")
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found: list[Recording] = []
    german = 0
    for row in rows:
        name, language = row["path"], row["language"]
        if not row["transcript"].strip() or not re.fullmatch("[a-z]{2}", language):
            continue
        speaker = _speaker(name)
        german += speaker == "kerstin"
        fit = speaker in _FIT or (speaker == "kerstin" and german % 2 == 1)
        words = _word_times(folder / row["word_times"]) if row["word_times"] else ()
        half = "fit" if fit else "test"
        path = folder / name
        found.append(Recording(name, path, language, speaker, row["transcript"], half, words))
    return tuple(found)


def _speaker(name: str) -> str:
    """Who speaks, from the names of folder and file."""
    _, folder, file = name.rsplit("/", 2) if name.count("/") > 1 else ("", *name.split("/"))
    stem = Path(file).stem
    if folder == "librispeech":
        return stem.split("-")[0]
    if folder == "timit":
        return stem.split("-")[1].split("_")[0]
    if folder == "ko_emotiontts":
        return stem[:3]
    if folder == "arctic":
        found = re.search("_us_([a-z]+)_", stem)
        return f"arctic-{found[1]}" if found else folder
    if folder == "praatio":
        return stem
    return folder if folder != "leopard" else f"leopard-{stem}"


def _word_times(path: Path) -> tuple[WordTime, ...]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".wrd":
        rows = [line.split() for line in text.splitlines() if line.strip()]
        return tuple((int(a) / RATE, int(b) / RATE, word) for a, b, word in rows)
    return _grid_words(text)


def _grid_words(text: str) -> tuple[WordTime, ...]:
    """The words of a TextGrid in its short form: the tier named ``word`` or ``words``."""
    lines = [line.strip() for line in text.splitlines()]
    for at, line in enumerate(lines):
        if line == '"IntervalTier"' and lines[at + 1].strip('"') in {"word", "words"}:
            count = int(lines[at + 4])
            body = lines[at + 5 : at + 5 + 3 * count]
            found = zip(body[::3], body[1::3], body[2::3], strict=True)
            spans = [(float(a), float(b), word.strip('"')) for a, b, word in found]
            return tuple(one for one in spans if one[2].strip())
    return ()
