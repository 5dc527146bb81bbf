"""Films built from recordings: what is said when is known, what lies under it is chosen.

The same specification gives the same film on every machine.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.harness.audio import write_wave
from benchmarks.speech.beds import (
    find_music,
    find_rooms,
    level_of,
    music,
    pink_noise,
    place_in_room,
)
from benchmarks.speech.recordings import (
    CASES,
    RATE,
    Recording,
    Samples,
    WordTime,
    find_recordings,
    read_sound,
)

__all__ = [
    "CONDITIONS",
    "Film",
    "FilmSpec",
    "Utterance",
    "build_film",
    "find_speech",
    "programme",
    "write_film",
]

CONDITIONS = {
    "clean": ("", 0.0),
    "pink 20 dB": ("pink", 20.0),
    "pink 10 dB": ("pink", 10.0),
    "music 15 dB": ("music", 15.0),
    "music 10 dB": ("music", 10.0),
    "music 0 dB": ("music", 0.0),
    "room": ("room", 0.0),
}
"""What lies under the speech, and how many dB the speech is above it."""

_LEVEL = -26.0
_SPREAD = 6.0
_FLOOR = -72.0
_WITHIN, _BETWEEN = (0.3, 1.5), (0.5, 8.0)
_MARGIN = 0.1
_FRAME = RATE // 50


@dataclass(frozen=True)
class Utterance:
    """One recording in a film; times in seconds of the film.

    Attributes:
        recording: Its name.
        language: BCP 47.
        speaker: Who speaks.
        text: What is said, as the source writes it.
        start: Of its first sound.
        end: Of its last sound.
        words: Times of the words made by hand, where there are any.
        speech: Stretches in which there is sound of speech.
    """

    recording: str
    language: str
    speaker: str
    text: str
    start: float
    end: float
    words: tuple[WordTime, ...] = ()
    speech: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class FilmSpec:
    """What a film is to be.

    Attributes:
        language: BCP 47, or ``"mixed"`` for several languages.
        condition: One of :data:`CONDITIONS`.
        half: Whose recordings: ``"fit"``, ``"test"`` or ``"all"``.
        seed: Another one is another order, other pauses, levels and beds.
        seconds: Of speech at most; 0 is every recording once.
    """

    language: str
    condition: str = "clean"
    half: str = "test"
    seed: int = 1
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """Short and fit for the name of a file."""
        parts = [self.language, self.condition, self.half, str(self.seed)]
        if self.seconds:
            parts.append(f"{self.seconds:g}s")
        return "-".join(part.replace(" ", "_") for part in parts)


@dataclass(frozen=True)
class Film:
    """Sound, 16 kHz mono, and what is said in it."""

    spec: FilmSpec
    samples: Samples = field(repr=False)
    utterances: tuple[Utterance, ...]

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.samples.size / RATE

    @property
    def text(self) -> str:
        """All that is said."""
        return " ".join(one.text for one in self.utterances)


def programme(
    language: str,
    half: str = "test",
    *,
    conditions: tuple[str, ...] = tuple(CONDITIONS),
    seconds: float = 0.0,
    seed: int = 1,
) -> tuple[FilmSpec, ...]:
    """One film for each condition, each with an order, pauses and levels of its own."""
    return tuple(
        FilmSpec(language, one, half, seed * 100 + number, seconds)
        for number, one in enumerate(conditions)
    )


def build_film(spec: FilmSpec, cases: Path = CASES) -> Film:
    """Build a film.

    Raises:
        FileNotFoundError: the recordings are not there.
        ValueError: there is no such condition, or no recording of that language and half.
    """
    if spec.condition not in CONDITIONS:
        raise ValueError(f"{spec.condition!r} is no condition: {', '.join(CONDITIONS)}")
    random = np.random.default_rng(
        [spec.seed, crc32(f"{spec.language} {spec.condition} {spec.half}".encode())]
    )
    chosen = _choose(spec, random, cases)
    bed, distance = CONDITIONS[spec.condition]
    rooms = find_rooms(cases) if bed == "room" else ()
    speech, utterances = _join(_runs(chosen, random), random, rooms)
    samples = speech + _noise(speech.size, _FLOOR, random)
    if bed in {"pink", "music"}:
        sound = (
            pink_noise(speech.size, random)
            if bed == "pink"
            else music(speech.size, random, find_music(cases))
        )
        spoken = np.concatenate([_cut(speech, one) for u in utterances for one in u.speech])
        change = level_of(spoken) - distance - level_of(sound)
        samples += sound * np.float32(10 ** (change / 20))
    peak = float(np.abs(samples).max())
    if peak > 0.98:
        samples *= np.float32(0.98 / peak)
    return Film(spec, samples, tuple(utterances))


def write_film(film: Film, folder: Path) -> Path:
    """Write ``<name>.wav`` (16 bit) and ``<name>.json``, the reference; the path of the sound."""
    folder.mkdir(parents=True, exist_ok=True)
    path = write_wave(folder / f"{film.spec.name}.wav", film.samples)
    told: dict[str, Any] = {
        "spec": asdict(film.spec),
        "seconds": film.seconds,
        "utterances": [asdict(one) for one in film.utterances],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    return path


def find_speech(samples: Samples) -> list[tuple[float, float]]:
    """Stretches of a clean recording with sound of speech, by energy; seconds.

    A frame of 20 ms counts if it is less than 35 dB below the loud ones and 6 dB above the quiet
    ones; gaps of less than 0.3 s are closed, bursts of less than 0.06 s dropped.
    """
    count = samples.size // _FRAME
    if not count:
        return []
    power = np.square(samples[: count * _FRAME].reshape(count, _FRAME)).mean(axis=1)
    level = 10 * np.log10(power + 1e-12)
    loud, quiet = np.percentile(level, 95), np.percentile(level, 5)
    least = max(loud - 35, min(quiet + 6, loud - 15))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], level > least, [0]]).astype(int)))
    spans: list[tuple[float, float]] = []
    for first, last in zip(edges[::2] * 0.02, edges[1::2] * 0.02, strict=True):
        if spans and first - spans[-1][1] < 0.3:
            spans[-1] = (spans[-1][0], float(last))
        else:
            spans.append((float(first), float(last)))
    return [one for one in spans if one[1] - one[0] >= 0.06]


def _choose(spec: FilmSpec, random: np.random.Generator, cases: Path) -> list[Recording]:
    """The recordings of a film in the manifest's order; some of them if it is to be short."""
    language = "" if spec.language == "mixed" else spec.language
    found = list(find_recordings(language, spec.half, cases))
    if spec.language == "mixed":
        found = _one_of_each(found, random)
    if not found:
        raise ValueError(f"no recordings in {spec.language} are for {spec.half}")
    if not spec.seconds:
        return found
    kept, total = set(), 0.0
    # Whole stretches of a speaker are drawn, so that what follows each other stays together.
    groups = [found[at : at + 4] for at in range(0, len(found), 4)]
    for number in random.permutation(len(groups)):
        for one in groups[number]:
            if total < spec.seconds:
                total += read_sound(one.path).size / RATE
                kept.add(one.name)
    return [one for one in found if one.name in kept]


def _one_of_each(found: list[Recording], random: np.random.Generator) -> list[Recording]:
    """Up to eight recordings of each language."""
    languages = sorted({one.language for one in found})
    kept: set[str] = set()
    for language in languages:
        mine = [one.name for one in found if one.language == language]
        kept |= {mine[at] for at in random.permutation(len(mine))[:8]}
    return [one for one in found if one.name in kept]


def _runs(found: list[Recording], random: np.random.Generator) -> list[list[Recording]]:
    """Runs of one to four recordings of a speaker in their order; speakers take turns."""
    speakers: dict[str, list[Recording]] = {}
    for one in found:
        speakers.setdefault(one.speaker, []).append(one)
    runs: list[list[Recording]] = []
    for mine in speakers.values():
        left = list(mine)
        while left:
            size = int(random.integers(1, 5))
            runs.append(left[:size])
            left = left[size:]
    return [runs[at] for at in random.permutation(len(runs))]


def _join(
    runs: list[list[Recording]], random: np.random.Generator, rooms: tuple[Samples, ...]
) -> tuple[Samples, list[Utterance]]:
    parts: list[tuple[int, Samples]] = []
    utterances: list[Utterance] = []
    at = float(random.uniform(*_BETWEEN))
    for run in runs:
        room = rooms[int(random.integers(len(rooms)))] if rooms else None
        for number, one in enumerate(run):
            if number:
                at += float(random.uniform(*_WITHIN))
            samples, told = _prepare(one, random)
            first = round(at * RATE)
            heard = samples if room is None else place_in_room(samples, room)
            parts.append((first, heard))
            utterances.append(_moved(told, first / RATE))
            at = (first + samples.size) / RATE
        low, high = np.log(_BETWEEN)
        at += float(np.exp(random.uniform(low, high)))
    film = np.zeros(max(first + part.size for first, part in parts) + RATE, np.float32)
    for first, part in parts:
        film[first : first + part.size] += part
    return film, utterances


def _prepare(one: Recording, random: np.random.Generator) -> tuple[Samples, Utterance]:
    """A recording without the silence around it, at its level in the film, faded in and out."""
    samples = read_sound(one.path)
    spans = find_speech(samples) or [(0.0, samples.size / RATE)]
    if one.words:
        spans[0] = (min(spans[0][0], one.words[0][0]), spans[0][1])
        spans[-1] = (spans[-1][0], max(spans[-1][1], one.words[-1][1]))
    first = max(0, int((spans[0][0] - _MARGIN) * RATE))
    last = min(samples.size, int((spans[-1][1] + _MARGIN) * RATE))
    spoken = np.concatenate([_cut(samples, span) for span in spans])
    level = _LEVEL + float(random.uniform(-_SPREAD, _SPREAD))
    kept = samples[first:last] * np.float32(10 ** ((level - level_of(spoken)) / 20))
    ramp = np.linspace(0, 1, RATE // 100, dtype=np.float32)
    kept[: ramp.size] *= ramp
    kept[-ramp.size :] *= ramp[::-1]
    start, end = spans[0][0], spans[-1][1]
    told = Utterance(
        one.name, one.language, one.speaker, one.text, start, end, one.words, tuple(spans)
    )
    return kept.astype(np.float32), _moved(told, -first / RATE)


def _moved(told: Utterance, by: float) -> Utterance:
    words = tuple((a + by, b + by, word) for a, b, word in told.words)
    speech = tuple((a + by, b + by) for a, b in told.speech)
    return replace(told, start=told.start + by, end=told.end + by, words=words, speech=speech)


def _cut(samples: Samples, span: tuple[float, float]) -> Samples:
    return samples[int(span[0] * RATE) : int(span[1] * RATE)]


def _noise(count: int, level: float, random: np.random.Generator) -> Samples:
    noise: Samples = random.standard_normal(count).astype(np.float32)
    noise *= np.float32(10 ** (level / 20))
    return noise
