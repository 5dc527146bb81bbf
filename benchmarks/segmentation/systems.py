"""The systems compared: ours, simple splitters, and peers in their own environments."""

from __future__ import annotations

import json
import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers.setup import ENVIRONMENTS, python_of
from benchmarks.segmentation.splitters import balanced, greedy, punctuated
from subkit.language import break_points, resolve_language
from subkit.model import FrameRate, Span, Word
from subkit.spotting import spot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.segmentation.references import Cues
    from subkit.model import Profile
    from subkit.spotting import SpottingOptions

__all__ = [
    "PEERS",
    "RATE",
    "SIMPLE",
    "AbsentError",
    "split_by_peer",
    "split_by_subkit",
    "spoken_words",
    "timed_words",
    "words",
]

RATE = FrameRate(Fraction(25))

SIMPLE = {"greedy": greedy, "balanced": balanced, "Subtitle-Edit-like": punctuated}

PEERS = {
    "whisperX writer": ("whisperx", "split_whisperx.py", "writer"),
    "whisperX processor": ("whisperx", "split_whisperx.py", "processor"),
    "stable-ts": ("stable-ts", "split_stable_ts.py", ""),
}
"""Environment, script and way of each."""

_SCRIPTS = Path(__file__).parents[1] / "systems"
_PER_SECOND = 14
"""Characters spoken a second where the reference has no times: even, so that no time tells."""


class AbsentError(Exception):
    """A peer that cannot run here."""


def words(text: str, language: str) -> list[str]:
    """The words of a text; in writing without spaces the pieces it may be broken into."""
    if resolve_language(language).spaces:
        return text.split()
    points = (0, *break_points(text, language), len(text))
    return [text[start:end] for start, end in pairwise(points)]


def timed_words(text: str, language: str) -> list[tuple[str, Fraction, Fraction]]:
    """Words with even times, one after another without pause."""
    timed: list[tuple[str, Fraction, Fraction]] = []
    clock = 0
    for word in words(text, language):
        end = clock + len(word) + 1
        timed.append((word, Fraction(clock, _PER_SECOND), Fraction(end, _PER_SECOND)))
        clock = end
    return timed


def spoken_words(text: str, language: str) -> list[Word]:
    """The words of :func:`timed_words` as ours takes them."""
    timed = timed_words(text, language)
    return [Word(text=word, span=Span(start, end)) for word, start, end in timed]


def split_by_subkit(
    text: str, profile: Profile, language: str, options: SpottingOptions | None = None
) -> Cues:
    """Cues of :func:`subkit.spotting.spotter` for one sentence."""
    spoken = spoken_words(text, language)
    cues = spot(spoken, profile=profile, rate=RATE, language=language, options=options)
    return tuple(cue.lines for cue in cues)


def split_by_peer(
    name: str, texts: Sequence[str], profile: Profile, language: str, into: Path = ENVIRONMENTS
) -> tuple[list[Cues], str]:
    """Cues of a peer for sentences, all in one process of its environment, and its version.

    Raises:
        AbsentError: there is no such environment, or the peer failed.
    """
    environment, script, way = PEERS[name]
    python = python_of(into / environment)
    if not python.is_file():
        raise AbsentError(f"no environment {environment}")
    job = {
        "way": way,
        "language": language,
        "max_cpl": profile.max_cpl,
        "max_lines": profile.max_lines,
        "sentences": [
            [(word, float(start), float(end)) for word, start, end in timed_words(text, language)]
            for text in texts
        ],
    }
    done = subprocess.run(
        [str(python), str(_SCRIPTS / script)],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AbsentError(done.stderr.strip().splitlines()[-1] if done.stderr else "failed")
    answer = json.loads(done.stdout)
    made = [tuple(tuple(cue) for cue in one) for one in answer["cues"]]
    return made, answer["version"]
