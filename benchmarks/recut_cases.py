"""New cuts of films, made of recordings, and where each stretch of the old cut is in them."""

from __future__ import annotations

import json
import subprocess
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from subkit.alignment import CutMap, SharedPassage
from subkit.media import find_ffmpeg
from subkit.model import Cue, FrameRate, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KINDS", "RATE", "Film", "Recut", "make_recuts", "read_films"]

Sound = NDArray[np.float32]
Piece = tuple[str, int, int]
"""The film that a stretch is from, its first frame, and the one behind its last."""

RATE = 16_000
FRAMES = FrameRate(Fraction(24))
CODEC = "Opus, 16 kbit/s"
KINDS = (
    "delete", "insert", "swap", "all of it", "other music", "25, pitch higher", "25, pitch kept",
    CODEC, "another film",
)  # fmt: skip
_FASTER = Fraction(24, 25)
_TOGETHER = 4
"""Films of a few minutes that make one old cut."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Film:
    """Sound, and the cues that belong to it."""

    name: str
    sound: Sound
    cues: tuple[Cue, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Recut:
    """An old cut, a new one, and the truth; no passages where they are different films."""

    kind: str
    old: Film
    new: Sound
    truth: CutMap
    factor: Fraction = Fraction(1)


def read_films(folder: Path) -> list[Film]:
    """The films of recordings that ``benchmarks/real.py films`` makes."""
    found = []
    for path in sorted(folder.glob("*.wav")):
        if path.stem.startswith("mixed"):
            continue  # of recordings that are in the others too
        with wave.open(str(path)) as file:
            data = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        cues = tuple(_cues(told["utterances"]))
        found.append(Film(name=path.stem, sound=(data / 32768).astype(np.float32), cues=cues))
    return found


def _cues(utterances: list[dict[str, object]]) -> Iterator[Cue]:
    for number, one in enumerate(utterances):
        first, last = (FRAMES.frame(Fraction(str(one[key]))) for key in ("start", "end"))
        span = Span(FRAMES.time(first), FRAMES.time(max(last, first + 1)))
        yield Cue(id=f"c{number:04d}", span=span, lines=(str(one["text"]),))


def make_recuts(films: list[Film], kinds: tuple[str, ...], seed: int, each: int) -> Iterator[Recut]:
    """Return so many new cuts of each kind."""
    chance = np.random.default_rng(seed)
    for kind in kinds:
        for _ in range(each):
            order = [films[n] for n in chance.permutation(len(films))]
            other = order.pop()  # films of one language have recordings in common
            order = [film for film in order if film.name[:2] != other.name[:2]]
            old = _joined(order[:_TOGETHER])
            yield _recut(kind, old, other, chance)


def _joined(films: list[Film]) -> Film:
    at = 0
    sounds: list[Sound] = []
    cues: list[Cue] = []
    for film in films:
        frames = int(len(film.sound) * FRAMES.rate / RATE)
        sounds.append(film.sound[: _sample(frames)])
        shift = FRAMES.time(at)
        cues += [
            Cue(id=f"c{len(cues) + n:04d}", span=cue.span.shifted(shift), lines=cue.lines)
            for n, cue in enumerate(film.cues)
        ]
        at += frames
        sounds[-1] = np.resize(sounds[-1], _sample(at) - _sample(at - frames))
    return Film(
        name="+".join(film.name for film in films), sound=np.concatenate(sounds), cues=tuple(cues)
    )


def _sample(frame: int) -> int:
    return round(Fraction(frame) * RATE / FRAMES.rate)


def _recut(kind: str, old: Film, other: Film, chance: np.random.Generator) -> Recut:
    if kind == "another film":
        return Recut(kind=kind, old=old, new=other.sound, truth=_truth([], other.sound))
    pieces = _cut(kind, old, other, chance)
    sounds = {"old": old.sound, "other": other.sound}
    new = np.concatenate([sounds[name][_sample(a) : _sample(b)] for name, a, b in pieces])
    passages, at = [], 0
    for name, first, last in pieces:
        if name == "old":
            passages.append((first, last, at))
        at += last - first
    if kind == "other music":
        bed = np.resize(other.sound, len(new))
        level = np.sqrt(np.mean(new**2) / (np.mean(bed**2) + 1e-12))
        new = (new + bed * level * 10 ** (-10 / 20)).astype(np.float32)
    elif kind == CODEC:
        new = _filtered(new, "-c:a", "libopus", "-b:a", "16k", "-f", "ogg")
    factor = _FASTER if kind.startswith("25") else Fraction(1)
    if factor != 1:
        # Fewer samples at the same rate are sound that runs faster: 24 for 25.
        shown = f"aresample={RATE * 24 // 25},asetrate={RATE}"
        how = shown if "higher" in kind else f"atempo={25 / 24:.9f}"
        new = _filtered(new, "-af", how, "-f", "wav")
    return Recut(kind=kind, old=old, new=new, truth=_truth(passages, new, factor), factor=factor)


def _cut(kind: str, old: Film, other: Film, chance: np.random.Generator) -> list[Piece]:
    """What the new cut is made of."""
    pieces: list[Piece] = [("old", 0, int(len(old.sound) * FRAMES.rate / RATE))]
    if kind in {"delete", "all of it"}:
        for _ in range(int(chance.integers(1, 6))):
            pieces = _without(pieces, int(chance.uniform(2, 60) * 24), chance)
    if kind in {"swap", "all of it"}:
        pieces = _swapped(pieces, chance)
    if kind in {"insert", "all of it"}:
        for _ in range(int(chance.integers(1, 5))):
            pieces = _with(pieces, int(chance.uniform(1, 60) * 24), other, chance)
    return pieces


def _truth(
    passages: list[tuple[int, int, int]], new: Sound, factor: Fraction = Fraction(1)
) -> CutMap:
    return CutMap(
        passages=tuple(
            SharedPassage(
                old=Span(FRAMES.time(first), FRAMES.time(last)),
                new=Span(FRAMES.time(at) * factor, FRAMES.time(at + last - first) * factor),
            )
            for first, last, at in passages
        ),
        duration=Fraction(len(new), RATE),
    )


def _without(pieces: list[Piece], length: int, chance: np.random.Generator) -> list[Piece]:
    """A stretch out of the longest piece."""
    place = max(range(len(pieces)), key=lambda n: pieces[n][2] - pieces[n][1])
    name, first, last = pieces[place]
    length = min(length, (last - first) // 3)
    start = int(chance.integers(first, last - length + 1))
    rest = [(name, first, start), (name, start + length, last)]
    return pieces[:place] + [one for one in rest if one[2] > one[1]] + pieces[place + 1 :]


def _with(
    pieces: list[Piece], length: int, other: Film, chance: np.random.Generator
) -> list[Piece]:
    """A stretch of another film into one of the pieces."""
    place = int(chance.integers(len(pieces)))
    name, first, last = pieces[place]
    cut = int(chance.integers(first, last + 1))
    most = int(len(other.sound) * FRAMES.rate / RATE)
    start = int(chance.integers(0, max(1, most - length)))
    middle = ("other", start, min(start + length, most))
    parts = [(name, first, cut), middle, (name, cut, last)]
    return pieces[:place] + [one for one in parts if one[2] > one[1]] + pieces[place + 1 :]


def _swapped(pieces: list[Piece], chance: np.random.Generator) -> list[Piece]:
    """Two neighbouring scenes of the longest piece in the other order."""
    place = max(range(len(pieces)), key=lambda n: pieces[n][2] - pieces[n][1])
    name, first, last = pieces[place]
    cuts = sorted(
        int(one) for one in chance.choice(np.arange(first + 24, last - 24), 3, replace=False)
    )
    a, b, c = cuts
    parts = [(name, first, a), (name, b, c), (name, a, b), (name, c, last)]
    return pieces[:place] + [one for one in parts if one[2] > one[1]] + pieces[place + 1 :]


def _filtered(sound: Sound, *how: str) -> Sound:
    """The sound through ffmpeg, there and back."""
    raw = ("-f", "f32le", "-ar", str(RATE), "-ac", "1")
    ffmpeg = str(find_ffmpeg())
    there = subprocess.run(
        [ffmpeg, "-v", "error", *raw, "-i", "-", *how, "-"],
        input=sound.tobytes(), capture_output=True, check=True,
    )  # fmt: skip
    back = subprocess.run(
        [ffmpeg, "-v", "error", "-i", "-", *raw, "-"],
        input=there.stdout, capture_output=True, check=True,
    )  # fmt: skip
    return np.frombuffer(back.stdout, np.float32)
