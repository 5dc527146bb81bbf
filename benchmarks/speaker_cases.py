"""Conversations built of recordings of one speaker each, and who speaks when in them."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from subkit.media import audio_blocks, probe

__all__ = ["FIT", "TELL", "Conversation", "Turn", "load", "make_cases", "recordings"]

Samples = NDArray[np.float32]
RATE = 16000
FIT = ("libri-367", "libri-2033", "timit-dr2", "timit-dr4", "timit-dr6", "kathleen", "sonnets")
"""Speakers that thresholds are fitted on; all others tell how good they are."""

TELL = (
    "libri-1688", "libri-2609", "libri-3080", "timit-dr3", "timit-dr5", "timit-dr7", "timit-dr8",
    "kerstin", "ljspeech", "kih", "lmy",
)  # fmt: skip

_PAUSE = 50
"""Frames of 10 ms without energy that part two stretches of speech."""

Turn = tuple[float, float, str]
"""Start, end, speaker."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Conversation:
    """A conversation: its sound at 16 kHz, shape ``(n,)``, and who truly speaks when."""

    name: str
    kind: str
    speakers: int
    sound: Samples
    turns: tuple[Turn, ...]


def load(path: Path) -> Samples:
    """The sound of a file, mono at 16 kHz."""
    found: Samples = np.concatenate(list(audio_blocks(probe(path))))
    return found


def recordings(folder: Path) -> dict[str, list[Samples]]:
    """The clips of each speaker, trimmed to their speech and all as loud."""
    clips: dict[str, list[Samples]] = defaultdict(list)
    with (folder / "manifest.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            who = _speaker(row["path"])
            if who in FIT + TELL:
                clips[who].append(_levelled(load(folder / row["path"])))
    return clips


def _speaker(path: str) -> str:
    name = Path(path).name
    if "/librispeech/" in path:
        return f"libri-{name.split('-')[0]}"
    if "/timit/" in path:
        return f"timit-{name.split('-')[0]}"
    if "/ko_emotiontts/" in path:
        return name[:3]
    return path.split("/")[1]


def _levelled(sound: Samples) -> Samples:
    active = _active(sound)
    first, last = active[0], active[-1]
    sound = sound[first * 160 : (last + 1) * 160]
    rms = float(np.sqrt(np.mean(sound**2)))
    return np.asarray(sound * (0.06 / max(rms, 1e-6)), dtype=np.float32)


def _active(sound: Samples) -> NDArray[np.int64]:
    """Frames of 10 ms with energy: within 32 dB of the loud ones."""
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160)
    energy = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-10)
    return np.flatnonzero(energy > np.percentile(energy, 95) - 32)


def speech_in(sound: Samples) -> list[tuple[float, float]]:
    """Stretches of speech in a clean clip: pauses under half a second belong to them."""
    active = _active(sound)
    breaks = np.flatnonzero(np.diff(active) > _PAUSE)
    starts = [active[0], *active[breaks + 1]]
    ends = [*active[breaks], active[-1]]
    return [(int(a) / 100, (int(b) + 1) / 100) for a, b in zip(starts, ends, strict=True)]


class _Supply:
    """Gives the sound of one speaker piece by piece, none twice."""

    def __init__(self, clips: list[Samples], chance: np.random.Generator) -> None:
        order = chance.permutation(len(clips))
        self._rest: list[Samples] = [clips[int(i)] for i in order]

    def seconds(self) -> float:
        """Seconds that are left."""
        return sum(map(len, self._rest)) / RATE

    def take(self, seconds: float) -> Samples | None:
        """A piece about that long, cut where it is softest near there."""
        while self._rest:
            clip = self._rest.pop()
            if len(clip) < 0.3 * RATE:
                continue
            if len(clip) <= (seconds + 0.4) * RATE:
                return clip
            at = _soft_place(clip, seconds)
            taken, rest = np.split(clip, [at])
            self._rest.append(rest)
            return taken
        return None


def _soft_place(clip: Samples, seconds: float) -> int:
    middle, reach = round(seconds * 100), 25
    frames = clip[: len(clip) // 160 * 160].reshape(-1, 160)
    energy = np.convolve(np.mean(frames**2, axis=1), np.ones(5) / 5, "same")
    first = max(middle - reach, 20)
    return int(first + np.argmin(energy[first : middle + reach])) * 160


def converse(
    clips: dict[str, list[Samples]],
    names: list[str],
    chance: np.random.Generator,
    *,
    longest: float = 8.0,
    shortest: float = 0.5,
    overlap: float = 0.0,
    minutes: float = 4.0,
) -> tuple[Samples, tuple[Turn, ...]]:
    """One conversation of these speakers; a share ``overlap`` of the turns begins too early."""
    supply = {name: _Supply(clips[name], chance) for name in names}
    sound = np.zeros(round(minutes * 60 * RATE) + 20 * RATE, dtype=np.float32)
    turns: list[Turn] = []
    at, last = 0.5, ""
    while at < minutes * 60:
        others = [n for n in names if n != last or len(names) == 1]
        others = [n for n in others if supply[n].seconds() > 0.6]
        if not others:
            break
        who = others[int(chance.integers(len(others)))]
        seconds = float(np.exp(chance.uniform(np.log(shortest), np.log(longest))))
        piece = supply[who].take(seconds)
        if piece is None:
            continue
        begins = at + float(chance.uniform(0.0, 0.7))
        if turns and chance.random() < overlap:
            begins = at - min(float(chance.uniform(0.3, 1.2)), len(piece) / RATE * 0.8)
        start = round(max(begins, 0) * RATE)
        sound[start : start + len(piece)] += piece
        for a, b in speech_in(piece):
            turns.append((start / RATE + a, start / RATE + b, who))
        at, last = max(at, (start + len(piece)) / RATE), who
    return sound[: round((at + 0.5) * RATE)], tuple(sorted(turns))


def make_cases(
    folder: Path, names: tuple[str, ...], *, seed: int = 1, each: int = 6
) -> list[Conversation]:
    """Conversations of two to eight speakers, clean, overlapping, over music and in short turns."""
    clips = recordings(folder)
    music = load(folder / "noise" / "musanmix.flac")[: round(22.4 * RATE)]
    noise = load(folder / "noise" / "sb_noise1.flac")
    cases: list[Conversation] = []
    for kind, counts in _KINDS.items():
        for count in counts:
            if count > len(names):
                continue
            for number in range(each):
                chance = np.random.default_rng([seed, count, number, len(kind)])
                some = [str(n) for n in chance.choice(names, count, replace=False)]
                if kind == "alike":
                    same = [n for n in names if n.startswith("timit")]
                    some = [str(n) for n in chance.choice(same, count, replace=False)]
                overlap = 0.3 if kind == "overlap" else 0.0
                longest = 1.6 if kind == "short turns" else 8.0
                shortest = 0.3 if kind == "short turns" else 0.5
                sound, turns = converse(
                    clips, some, chance, overlap=overlap, longest=longest, shortest=shortest
                )
                if kind in {"music", "noise"}:
                    sound = _with(sound, music if kind == "music" else noise, 10.0)
                name = f"{kind} {count} {number}"
                cases.append(
                    Conversation(name=name, kind=kind, speakers=count, sound=sound, turns=turns)
                )
    return cases


_KINDS = {
    "clean": (1, 2, 3, 4, 6, 8),
    "alike": (2, 3),
    "overlap": (2, 3, 4),
    "music": (2, 3, 4),
    "noise": (2, 3, 4),
    "short turns": (2, 3, 4),
}


def _with(sound: Samples, other: Samples, decibels: float) -> Samples:
    """The sound with another under it, so many decibels softer."""
    under = np.resize(other, len(sound))
    scale = np.sqrt(np.mean(sound**2) / np.mean(under**2)) * 10 ** (-decibels / 20)
    return np.asarray(sound + under * scale, dtype=np.float32)
