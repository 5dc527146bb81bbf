"""A film with shot changes at known frames: shots that stand, pan, shake, flash, in light and dark.

Every picture is drawn from a large texture that is the shot's own; what changes is where in it the
camera looks. So the truth is known to the frame, and what may be taken for a cut is in it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.int16]

__all__ = ["RATE", "Change", "make_pictures", "match"]

RATE = 25
_HEIGHT, _WIDTH = 360, 640
_FADE, _BLACK, _DISSOLVE = 12, 4, 24
_MOVES = ("still", "slow pan", "fast pan", "shaky")
_ODDS = (0.35, 0.35, 0.15, 0.15)


@dataclass(frozen=True)
class Change:
    """A true shot change: its kind, and the frames on which one may be reported."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True)
class _Shot:
    """A shot to be drawn; ``into`` is how it begins."""

    seed: int
    frames: int
    move: str
    dark: bool
    flash: int
    into: str


def _plan(seconds: float, random: np.random.Generator) -> list[_Shot]:
    shots: list[_Shot] = []
    total = 0
    while total < seconds * RATE:
        frames = int(random.integers(45, 150))
        flash = int(random.integers(1, 4)) if random.random() < 0.12 else 0
        into = (
            "cut"
            if not shots
            else str(random.choice(["cut", "fade", "dissolve"], p=[0.8, 0.1, 0.1]))
        )
        move = str(random.choice(_MOVES, p=_ODDS))
        shots.append(_Shot(len(shots), frames, move, random.random() < 0.2, flash, into))
        total += frames
    return shots


def _texture(shot: _Shot) -> Picture:
    random = np.random.default_rng(shot.seed + 10_000)
    total = np.zeros((720, 1280))
    for size, weight in ((160, 1.0), (40, 0.6), (10, 0.3)):
        grid = random.uniform(-1, 1, (-(-720 // size), -(-1280 // size)))
        total += weight * np.kron(grid, np.ones((size, size)))[:720, :1280]
    total = (total - total.min()) / (total.max() - total.min())
    low, high = (16, 52) if shot.dark else (24, 225)
    picture: Picture = (low + total * (high - low)).astype(np.int16)
    return picture


def _draw(shot: _Shot) -> list[Picture]:
    """The pictures of a shot without its transitions."""
    random = np.random.default_rng(shot.seed + 20_000)
    texture = _texture(shot)
    grain = [random.normal(0, 1.2, (_HEIGHT, _WIDTH)).astype(np.int16) for _ in range(4)]
    step = {"still": 0, "slow pan": 2, "fast pan": int(random.integers(18, 50)), "shaky": 0}[
        shot.move
    ]
    pictures: list[Picture] = []
    for number in range(shot.frames):
        y, x = 180, (number * step) % 1280
        if shot.move == "shaky":
            y, x = y + int(random.integers(-8, 9)), 300 + int(random.integers(-8, 9))
        view = np.take(texture[y : y + _HEIGHT], range(x, x + _WIDTH), axis=1, mode="wrap")
        pictures.append(view + grain[number % 4])
    for number in range(shot.flash):
        pictures[shot.frames // 2 + number] = np.full((_HEIGHT, _WIDTH), 233, np.int16)
    return pictures


def _pictures(shots: list[_Shot], changes: list[Change]) -> Iterator[Picture]:
    """All pictures; notes the true changes as it goes."""
    count = 0
    held: list[Picture] = []
    for shot in shots:
        pictures = _draw(shot)
        if shot.into == "fade":
            out = [16 + (p - 16) * (1 - n / _FADE) for n, p in enumerate(held[-_FADE:], 1)]
            held[-_FADE:] = [p.astype(np.int16) for p in out]
            held += [np.full((_HEIGHT, _WIDTH), 16, np.int16)] * _BLACK
            into = [16 + (p - 16) * (n / _FADE) for n, p in enumerate(pictures[:_FADE], 1)]
            pictures[:_FADE] = [p.astype(np.int16) for p in into]
        if shot.into == "dissolve":
            share = [n / (_DISSOLVE + 1) for n in range(1, _DISSOLVE + 1)]
            pairs = zip(held[-_DISSOLVE:], pictures[:_DISSOLVE], share, strict=True)
            mixed = [(a * (1 - s) + b * s).astype(np.int16) for a, b, s in pairs]
            held[-_DISSOLVE:] = mixed
            pictures = pictures[_DISSOLVE:]
        yield from held
        count += len(held)
        if count:
            before = {"cut": 0, "fade": _FADE + _BLACK, "dissolve": _DISSOLVE}[shot.into]
            after = _FADE if shot.into == "fade" else 0
            kind = "dark cut" if shot.into == "cut" and shot.dark else shot.into
            changes.append(Change(kind, count - before, count + after))
        held = pictures
    yield from held


def make_pictures(path: Path, seconds: float, seed: int = 1) -> list[Change]:
    """Write a film (H.264, 640x360, 25 frames a second, silent) and return its shot changes."""
    import av

    changes: list[Change] = []
    shots = _plan(seconds, np.random.default_rng(seed))
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "26"}
        for number, picture in enumerate(_pictures(shots, changes)):
            luma = np.clip(picture, 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(luma, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return changes


def match(found: list[int], truth: list[Change]) -> tuple[dict[str, tuple[int, int]], int]:
    """By kind how many were found of how many, and how many of the found are none.

    A change found twice counts as found once and false once.
    """
    left = sorted(found)
    kinds: dict[str, tuple[int, int]] = {}
    for change in truth:
        hit = next((frame for frame in left if change.first <= frame <= change.last), None)
        if hit is not None:
            left.remove(hit)
        got, of = kinds.get(change.kind, (0, 0))
        kinds[change.kind] = (got + (hit is not None), of + 1)
    return kinds, len(left)
