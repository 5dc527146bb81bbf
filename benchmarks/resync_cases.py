"""Subtitles that fit no longer, what they should meet, and where each of their cues belongs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from subkit.alignment import RATIOS, Ratio, Reference
from subkit.decode import SileroVoiceDetector, WindowOptions, voice_spans
from subkit.media import audio_blocks, probe
from subkit.model import Span
from subkit.pipeline import subtitle_project

__all__ = ["Case", "Title", "make_cases", "recorded_titles", "tracks_of"]

Floats = NDArray[np.float64]

_LAG = 0.035
_FILM = 15
"""Letters of a name that tell films apart."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Title:
    """A film: its cues, shape ``(n, 2)``, and what says when somebody speaks in it."""

    name: str
    source: str
    cues: Floats
    reference: Reference


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A subtitle, what it should meet, and the true in-times of its cues (NaN: nowhere)."""

    kind: str
    source: str
    name: str
    given: Floats
    true: Floats
    reference: Reference
    ratio: Ratio = RATIOS[0]


def exact(time: float) -> Fraction:
    """Milliseconds, as a file holds them."""
    return Fraction(max(round(time * 1000), 0), 1000)


def reference_of(spans: Floats, duration: float, *, subtitle: bool) -> Reference:
    """The spans as the library takes them."""
    known = sorted((exact(a), exact(max(b, a + 0.05))) for a, b in spans)
    return Reference(
        spans=tuple(Span(a, b) for a, b in known), duration=exact(duration), subtitle=subtitle
    )


def heard(cues: Floats, chance: np.random.Generator) -> Floats:
    """What a detector hears of cues: 8 % missed, 6 % more, edges off by 80 and 160 ms."""
    kept = cues[chance.random(len(cues)) > 0.08]
    starts = kept[:, 0] + chance.normal(0, 0.08, len(kept))
    ends = np.maximum(kept[:, 1] + chance.normal(-0.1, 0.16, len(kept)), starts + 0.15)
    more = chance.uniform(0, cues.max(), int(0.06 * len(cues)))
    others = np.stack([more, more + chance.uniform(0.3, 4, len(more))], axis=1)
    return merged(np.concatenate([np.stack([starts, ends], axis=1), others]), 0.25)


def merged(spans: Floats, pause: float) -> Floats:
    """The spans in order, those with a shorter pause between them joined."""
    found: list[list[float]] = []
    for start, end in sorted(map(tuple, spans.tolist())):
        if found and start <= found[-1][1] + pause:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return np.array(found)


def tracks_of(folder: Path, seed: int) -> list[Title]:
    """Real tracks against those of the same film in another language, as cues and as voice."""
    chance = np.random.default_rng(seed)
    films: dict[str, list[tuple[str, Floats]]] = {}
    for path in sorted(folder.iterdir()):
        if "descriptions" in path.name or path.suffix not in {".vtt", ".srt"}:
            continue
        read = subtitle_project(path)[0].tracks[0].cues
        spans = np.array([[float(c.span.start), float(c.span.end)] for c in read])
        film = path.name.split(".")[0].replace("subtitles", "captions").rpartition("_")[0]
        films.setdefault(film or path.name.split(".")[0], []).append((path.name, spans))
    found = []
    for tracks in films.values():
        for place, (name, cues) in enumerate(tracks):
            other, spans = tracks[(place + 1) % len(tracks)]
            if other == name:
                continue
            end = float(max(spans.max(), cues.max())) + 3
            cued = reference_of(spans, end, subtitle=True)
            found.append(Title(name=f"{name} / {other}", source="real tracks, cues",
                               cues=cues, reference=cued))  # fmt: skip
            voiced = reference_of(heard(spans, chance), end, subtitle=False)
            found.append(Title(name=f"{name} / {other}", source="real tracks, voice simulated",
                               cues=cues, reference=voiced))  # fmt: skip
    return found


def generated_title(seed: int, minutes: float) -> Title:
    """A film of scenes with and without much dialogue; its voice is simulated."""
    chance = np.random.default_rng(seed)
    cues: list[tuple[float, float]] = []
    time = 5.0
    while time < minutes * 60:
        end, dense = time + chance.uniform(40, 240), chance.uniform(0.2, 1.0)
        while time < end:
            length = float(np.clip(chance.lognormal(0.6, 0.6), 0.5, 6))
            cues.append((time, time + length))
            close = chance.random() < dense
            time += length + (chance.exponential(0.6) if close else chance.uniform(2, 20))
        time += chance.uniform(3, 40)
    known = np.array(cues)
    voice = reference_of(heard(known, chance), float(known.max()) + 30, subtitle=False)
    return Title(name=f"generated {seed}", source="generated", cues=known, reference=voice)


def recorded_titles(folder: Path, seed: int) -> tuple[list[Title], list[Title]]:
    """Films built of recordings as the real detector hears them: each, and rows of all of them."""
    chance = np.random.default_rng(seed)
    detector, films = SileroVoiceDetector(), []
    for path in sorted(folder.glob("*.wav")):
        told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        blocks = audio_blocks(probe(path))
        said = voice_spans(blocks, detector, WindowOptions().limits())
        spans = np.array([[float(s.start) - _LAG, float(s.end)] for s in said])
        cues = np.array(_cues_of(told["utterances"]))
        cues[:, 0] += chance.normal(0, 0.06, len(cues))
        films.append((path.stem, cues, spans, float(told["seconds"])))
    each = [
        Title(name=name, source="recordings, 1-8 min", cues=cues,
              reference=reference_of(spans, seconds, subtitle=False))
        for name, cues, spans, seconds in films
    ]  # fmt: skip
    rows = []
    for number in range(4):
        at, cues_of, spans_of = 0.0, [], []
        for place in chance.permutation(len(films)):
            _, cues, spans, seconds = films[place]
            cues_of.append(cues + at)
            spans_of.append(spans + at)
            at += seconds
        voice = reference_of(np.concatenate(spans_of), at, subtitle=False)
        rows.append(Title(name=f"row {number}", source="recordings, 68 min",
                          cues=np.concatenate(cues_of), reference=voice))  # fmt: skip
    return each, rows


def _cues_of(utterances: list[dict[str, object]]) -> list[list[float]]:
    """A cue for each utterance, cut at a pause where it would be longer than six seconds."""
    found: list[list[float]] = []
    for told in utterances:
        whole = [told["start"], told["end"]]
        parts = cast("list[list[float]]", told["speech"] or [whole])
        found.append(list(parts[0]))
        for start, end in parts[1:]:
            if end - found[-1][0] > 6:
                found.append([start, end])
            else:
                found[-1][1] = end
    return found


def _film(title: Title) -> str:
    """What tells films apart: an excerpt and a track in another language are of the same film."""
    return title.name.split(".", maxsplit=1)[0][:_FILM]


def make_cases(
    titles: list[Title], kinds: tuple[str, ...], seed: int, *, wrong: list[Title]
) -> list[Case]:
    """One case of each kind for each title; ``wrong`` are the films that a title is no part of."""
    chance = np.random.default_rng(seed)
    found = []
    for number, title in enumerate(titles):
        for kind in kinds:
            cues, true, ratio = title.cues, title.cues[:, 0], RATIOS[0]
            reference = title.reference
            if kind == "offset":
                cues = cues + chance.uniform(-600, 600)
            elif kind == "hour":
                cues = cues + 3600 + chance.uniform(-600, 600)
            elif kind == "ratio":
                ratio = RATIOS[1 + (number * 5 + seed) % (len(RATIOS) - 1)]
                cues = (cues + chance.uniform(0, 60)) / float(ratio.factor)
            elif kind == "cuts":
                cues, true = _cut(cues, chance)
            elif kind == "wrong":
                others = [t for t in wrong if _film(t) != _film(title)]
                reference = others[int(chance.integers(len(others)))].reference
                true = np.full(len(cues), np.nan)
            true = true[cues[:, 0] >= 0]
            cues = cues[cues[:, 0] >= 0]
            if len(cues) >= 8:
                found.append(Case(kind=kind, source=title.source, name=title.name, given=cues,
                                  true=true, reference=reference, ratio=ratio))  # fmt: skip
    return found


def _cut(cues: Floats, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """1 to 8 cuts: breaks only here, scenes only there, scenes only here."""
    given, true = cues.copy(), cues[:, 0].copy()
    for _ in range(int(chance.integers(1, 9))):
        place = int(chance.integers(10, len(given) - 10))
        seconds = float(chance.uniform(2, 240))
        kind = int(chance.integers(3))
        if kind == 1:
            last = int(np.searchsorted(given[:, 0], given[place, 0] + seconds))
            if len(given) - last < 10 or last - place > len(given) // 8:
                continue
            gone = given[last, 0] - given[place, 0]
            given = np.concatenate([given[:place], given[last:] - gone])
            true = np.concatenate([true[:place], true[last:]])
            continue
        given[place:] += seconds
        if kind == 2:
            strange = generated_title(int(chance.integers(10**6)), seconds / 60 + 1).cues
            strange = strange[strange[:, 1] < seconds] + given[place - 1, 1]
            given = np.concatenate([given[:place], strange, given[place:]])
            true = np.concatenate([true[:place], np.full(len(strange), np.nan), true[place:]])
    return given, true
