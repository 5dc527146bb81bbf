"""How near are in-times and out-times to the speech, and how do they stand to shot changes?

    python benchmarks/timing.py --json benchmarks/results/timing.json

The demo scene, whose speech was placed by hand, and its lines put together anew with other pauses,
in quiet, noise and music, are recognised with the demo model. In-times and out-times are taken
before anything lingers or is held to a shot change, and held against the true frames: with the
recogniser's own times, with the energy of the sound, and with the detected voice too. Then cuts
fall at random, and faults by the shot rules are counted with and without holding times to them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.harness.audio import RATE, read_samples, write_wave
from benchmarks.harness.results import machine_facts, write_results
from benchmarks.harness.tables import table
from subkit.decode import (
    RecognitionOptions,
    SileroVoiceDetector,
    WhisperRecognizer,
    WindowOptions,
    fit_windows,
    speech_windows,
)
from subkit.demo import scene_file
from subkit.media import audio_blocks, probe
from subkit.model import Cue, FrameRate, Profile, Rounding, Span, Word
from subkit.pipeline import RunOptions, recognizer_model
from subkit.spotting import spot
from subkit.styles import load_profile
from subkit.timing.cuts import cuts_of, shot_faults

FILM = FrameRate(Fraction(24000, 1001))
SCENE = json.loads((scene_file().parent / "scene.json").read_text(encoding="utf-8"))
PROFILE = load_profile("subkit", "en")
BARE = replace(
    PROFILE, linger=Fraction(0), chain=Fraction(0), min_duration=Fraction(1, 24), shots=None
)
"""The profile without all that moves a time away from the speech."""

Line = tuple[float, float]
WAYS = ("recogniser alone", "and energy", "and voice")


@dataclass(frozen=True)
class Heard:
    """What was recognised of one sound in two ways, and the truth."""

    name: str
    lines: tuple[Line, ...]
    words: dict[str, tuple[Word, ...]]
    voice: tuple[Span, ...]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=48, help="of the sound put together anew")
    parser.add_argument("--cuts", type=int, default=40, help="random lists of cuts for each sound")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    facts = machine_facts()
    found = measure(arguments.lines, arguments.cuts)
    print(show(found))
    if arguments.json:
        write_results(arguments.json, sys.argv, facts, **found)
    return 0


def measure(count: int = 48, cuts: int = 40) -> dict[str, list[dict[str, Any]]]:
    """Errors of in-times and out-times (``edges``), and faults by the shot rules (``faults``).

    Args:
        count: Lines of the sound put together anew.
        cuts: Random lists of shot changes for each sound.
    """
    with tempfile.TemporaryDirectory(prefix="timing-") as name:
        made, lines = _put_together(Path(name) / "made.wav", count)
        scene = tuple((line["start"], line["end"]) for line in SCENE["lines"])
        heard = [_hear("scene", scene_file(), scene), _hear("put together", made, lines)]
    edges = [row for one in heard for way in WAYS for row in _edges(one, way)]
    faults = [_faults(one, cuts, held=held) for one in heard for held in (False, True)]
    return {"edges": edges, "faults": faults}


def show(found: dict[str, list[dict[str, Any]]]) -> str:
    """What was measured as two tables."""
    edges, faults = found["edges"], found["faults"]
    head = ["sound", "times", "edge", "edges", "median", "mean", "within 1", "within 2", "worst"]
    keys = list(faults[0])
    return (
        "Frames from the truth (late is positive), 24000/1001 a second\n\n"
        + table(head, [[_text(row[key]) for key in head] for row in edges])
        + "\n\nFaults by the shot rules, cuts at random\n\n"
        + table(keys, [[_text(row[key]) for key in keys] for row in faults])
    )


def _text(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _put_together(path: Path, count: int) -> tuple[Path, tuple[Line, ...]]:
    """Lines of the scene that were said in quiet, in another order, in quiet, noise and music."""
    random = np.random.default_rng(7)
    samples = read_samples(scene_file())
    beds = [(bed["start"], bed["end"]) for bed in SCENE["beds"]]
    quiet = [
        (line["start"], line["end"])
        for line in SCENE["lines"]
        if all(line["end"] < start or line["start"] > end for start, end in beds)
    ]
    parts: list[Any] = []
    lines: list[Line] = []
    clock = 0
    for number in range(count):
        start, end = quiet[int(random.integers(len(quiet)))]
        pause = int(random.uniform(0.5, 2.5) * RATE)
        said = samples[int(start * RATE) : int(end * RATE)].copy()
        parts += [np.zeros(pause, np.float32), said]
        clock += pause
        lines.append((clock / RATE, (clock + said.size) / RATE))
        clock += said.size
        if number % (count // 3) == count // 3 - 1:
            parts.append(np.zeros(RATE, np.float32))
            clock += RATE
    sound = np.concatenate(parts)
    third, times = sound.size // 3, np.arange(sound.size) / RATE
    noise = 0.006 * random.standard_normal(sound.size)
    beat = np.exp(-3 * (times % 0.5))
    music = 0.02 * beat * sum(np.sin(2 * np.pi * f * times) for f in (220.0, 277.2, 329.6))
    sound[third : 2 * third] += noise[third : 2 * third]
    sound[2 * third :] += music[2 * third :]
    return write_wave(path, sound.astype(np.float32)), tuple(lines)


def _hear(name: str, path: Path, lines: Sequence[Line]) -> Heard:
    model = recognizer_model(RunOptions(model="demo", offline=True))
    options = RecognitionOptions()
    recognizer = WhisperRecognizer(model, options)
    voice: list[Span] = []
    window = fit_windows(WindowOptions(), model)
    blocks = audio_blocks(probe(path))
    windows = list(speech_windows(blocks, SileroVoiceDetector(), window, voiced=voice.append))

    def words() -> tuple[Word, ...]:
        return tuple(word for found in recognizer.recognize(windows) for word in found.words)

    with patch("subkit.decode.words.hold_to_sound", lambda times, _: list(times)):
        alone = words()
    held = words()
    return Heard(name, tuple(lines), {WAYS[0]: alone, WAYS[1]: held, WAYS[2]: held}, tuple(voice))


def _spot(one: Heard, way: str, profile: Profile, **more: Any) -> tuple[Cue, ...]:
    voice = one.voice if way == WAYS[2] else ()
    return spot(one.words[way], profile=profile, rate=FILM, language="en", voice=voice, **more)


def _edges(one: Heard, way: str) -> list[dict[str, Any]]:
    """Errors of in-times and of ends, in frames, of lines that begin or end a cue."""
    cues = _spot(one, way, BARE)
    said = [_lines_of(cue, one.lines) for cue in cues]
    errors: dict[str, list[int]] = {"in": [], "out": []}
    for cue, before, lines, after in zip(cues, [[], *said], said, [*said[1:], []], strict=False):
        if lines and lines[0] not in before:
            first = FILM.frame(Fraction(lines[0][0]), Rounding.BEFORE)
            errors["in"].append(FILM.frame(cue.span.start) - first)
        if lines and lines[-1] not in after:
            last = FILM.frame(Fraction(lines[-1][1]), Rounding.AFTER)
            errors["out"].append(FILM.frame(cue.span.end) - last)
    return [_row(one.name, way, edge, found) for edge, found in errors.items()]


def _lines_of(cue: Cue, lines: Sequence[Line]) -> list[Line]:
    """The lines that a cue shows, or shows a part of."""
    start, end = float(cue.span.start), float(cue.span.end)
    return [
        line
        for line in lines
        if start < sum(line) / 2 < end or line[0] < (start + end) / 2 < line[1]
    ]


def _row(name: str, way: str, edge: str, errors: list[int]) -> dict[str, Any]:
    return {
        "sound": name,
        "times": way,
        "edge": edge,
        "edges": len(errors),
        "median": float(median(errors)),
        "mean": sum(map(abs, errors)) / len(errors),
        "within 1": sum(abs(error) <= 1 for error in errors) / len(errors),
        "within 2": sum(abs(error) <= 2 for error in errors) / len(errors),
        "worst": max(errors, key=abs),
    }


def _faults(one: Heard, lists: int, *, held: bool) -> dict[str, Any]:
    """Faults by kind over random cuts; speech is where the words are."""
    assert PROFILE.shots is not None
    random = np.random.default_rng(11)
    count = {"in": 0, "out": 0, "short": 0, "close": 0}
    cues_in_all = 0
    ends = [FILM.frame(word.span.end, Rounding.AFTER) for word in one.words[WAYS[2]]]
    last = FILM.frame(Fraction(one.lines[-1][1]))
    for _ in range(lists):
        frames = np.cumsum(random.integers(24, 140, size=last // 24))
        shots = [FILM.time(int(frame)) for frame in frames if frame < last]
        cuts = cuts_of(shots, PROFILE.shots, FILM)
        cues = _spot(one, WAYS[2], PROFILE, shots=shots if held else None)
        cues_in_all += len(cues)
        before = None
        for cue in cues:
            start, out = FILM.frame(cue.span.start), FILM.frame(cue.span.end)
            spoken = max((end for end in ends if start < end <= out + 12), default=None)
            for fault in shot_faults(start, out, cuts, spoken=spoken):
                count[fault.edge] += 1
            count["short"] += cue.span.duration < PROFILE.min_duration
            count["close"] += before is not None and start - before < PROFILE.min_gap_frames
            before = out
    return {"sound": one.name, "held": held, "cues": cues_in_all, **count}


if __name__ == "__main__":
    sys.exit(main())
