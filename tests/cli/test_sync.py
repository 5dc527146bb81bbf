"""``subkit sync``: what it finds, writes, refuses and leaves as it was."""

from __future__ import annotations

import json
import random
import wave
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import subkit as library
from subkit.store import load
from tests.alignment.activity import film

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.cli.conftest import Answer

SPEECH = Path(__file__).parents[1] / "data" / "speech"
RATE = 16_000


def _clock(time: Fraction) -> str:
    milliseconds = round(time * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _vtt(path: Path, spans: Iterable[tuple[Fraction, Fraction]], text: str) -> Path:
    parts = ["WEBVTT\n"]
    for number, (start, end) in enumerate(spans):
        parts.append(f"id{number}\n{_clock(start)} --> {_clock(end)} line:0\n{text}\n")
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


@pytest.fixture
def right(tmp_path: Path) -> Path:
    """A subtitle that fits the film, in another language."""
    spans = [(cue.span.start, cue.span.end) for cue in film(1, minutes=6)]
    return _vtt(tmp_path / "right.ko.vtt", spans, "네.")


@pytest.fixture
def late(tmp_path: Path) -> Path:
    """One that is 90 s late, made at 25 frames a second of a film of 24."""
    spans = [
        ((cue.span.start + 90) * Fraction(24, 25), (cue.span.end + 90) * Fraction(24, 25))
        for cue in film(1, minutes=6)
    ]
    return _vtt(tmp_path / "film.en.vtt", spans, "Yes.")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """One of another film."""
    spans = [(cue.span.start, cue.span.end) for cue in film(9, minutes=6)]
    return _vtt(tmp_path / "other.en.vtt", spans, "No.")


def _times(path: Path) -> list[tuple[float, float]]:
    cues = library.load(path).tracks[0].cues
    return [(float(cue.span.start), float(cue.span.end)) for cue in cues]


def test_only_times_change(subkit: Callable[..., Answer], right: Path, late: Path) -> None:
    answer = subkit("sync", late, "--to", right, "-o", "film.synced.en.vtt")
    assert answer.code == 0
    assert "25 to 24 fps, 1 section" in answer.out
    assert answer.out.endswith("film.synced.en.vtt\n")
    assert np.allclose(_times(Path("film.synced.en.vtt")), _times(right), atol=0.01)
    text = Path("film.synced.en.vtt").read_text(encoding="utf-8")
    assert "\nid3\n" in text
    assert "line:0" in text
    assert text.count("Yes.") == len(_times(right))


def test_nothing_is_written_over(subkit: Callable[..., Answer], right: Path, late: Path) -> None:
    assert subkit("sync", late, "--to", right).code == 2
    assert subkit("sync", late, "--to", right, "-o", late).code == 3
    assert subkit("sync", late, "--to", right, "--dry-run", "-o", "x.vtt").code == 0
    assert not Path("x.vtt").exists()


def test_another_film_is_refused_unless_forced(
    subkit: Callable[..., Answer], right: Path, other: Path
) -> None:
    refused = subkit("sync", other, "--to", right, "-o", "x.vtt")
    assert refused.code == 5
    assert "No offset at any frame rate" in refused.err
    assert not Path("x.vtt").exists()
    forced = subkit("sync", other, "--to", right, "-o", "x.vtt", "--force", "--json")
    assert forced.code == 0
    assert forced.json()["confidence"] < 0.1
    assert forced.json()["reasons"]


def test_a_project_is_synced_in_one_act_that_can_be_undone(
    subkit: Callable[..., Answer], right: Path, late: Path, tmp_path: Path
) -> None:
    with library.open(late, by="Ana") as editor:
        path = editor.path
    before = load(path).tracks
    assert subkit("sync", path, "--to", right, "--by", "Ana").code == 0
    moved = load(path).tracks[0]
    assert [cue.id for cue in moved.cues] == [cue.id for cue in before[0].cues]
    assert np.allclose([float(c.span.start) for c in moved.cues], [s for s, _ in _times(right)],
                       atol=0.03)  # fmt: skip
    assert "sync" in subkit("history", path).out
    assert subkit("undo", path, "--by", "Ana").code == 0
    assert load(path).tracks == before
    assert subkit("sync", path, "--to", right, "-o", tmp_path / "x.vtt").code == 2


def test_a_locked_cue_stops_the_move(
    subkit: Callable[..., Answer], right: Path, late: Path
) -> None:
    with library.open(late, by="Ana") as editor:
        path, cue = editor.path, editor.track("en").cues[3].id
    assert subkit("edit", path, cue, "--lock", "--by", "Ana").code == 0
    before = load(path).tracks
    answer = subkit("sync", path, "--to", right, "--by", "Ana")
    assert answer.code == 3
    assert "is locked and would move" in answer.err
    assert load(path).tracks == before


def test_python_gives_the_moved_document(right: Path, late: Path, other: Path) -> None:
    done = library.sync(late, to=right, progress=False)
    assert done.resync is not None
    assert done.resync.confidence > 0.9
    assert done.path is None
    with pytest.raises(library.EvidenceError) as caught:
        library.sync(other, to=right, progress=False)
    assert caught.value.reasons


def _spoken(folder: Path) -> tuple[Path, list[tuple[Fraction, Fraction]]]:
    """A sound of recordings with pauses between them, and where each is audible."""
    from faster_whisper import decode_audio

    clips = json.loads((SPEECH / "speech.json").read_text(encoding="utf-8"))["clips"]
    sounds = [
        (decode_audio(str(SPEECH / f"{k}.flac")), c["start"], c["end"]) for k, c in clips.items()
    ]
    chance, parts, spans, at = random.Random(4), [], [], 0
    for _ in range(28):
        pause = np.zeros(int(RATE * chance.uniform(0.6, 7)), np.float32)
        samples, start, end = chance.choice(sounds)
        at += pause.size
        spans.append((Fraction(at, RATE) + Fraction(start), Fraction(at, RATE) + Fraction(end)))
        parts += [pause, samples]
        at += samples.size
    path = folder / "film.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(
            (np.concatenate(parts) * 32767).clip(-32768, 32767).astype("<i2").tobytes()
        )
    return path, spans


def test_real_speech_is_met_by_the_real_detector(
    subkit: Callable[..., Answer], tmp_path: Path
) -> None:
    sound, spans = _spoken(tmp_path)
    given = _vtt(tmp_path / "late.en.vtt", [(s + 77, e + 77) for s, e in spans], "Yes.")
    answer = subkit("sync", given, "--to", sound, "-o", "film.en.vtt")
    assert answer.code == 0, answer.err
    assert "same frame rate" in answer.out
    found = [start for start, _ in _times(Path("film.en.vtt"))]
    assert max(abs(a - float(b)) for a, (b, _) in zip(found, spans, strict=True)) < 0.1
