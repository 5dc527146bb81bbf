"""A guide speaks the lines at their times, says that it is synthetic, and clones nobody."""

from __future__ import annotations

import json
import wave
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from subkit.engines import espeak
from subkit.errors import MediaError, PlanError, StoreError
from subkit.interfaces import Silent
from subkit.media.guide_mixing import read_clip, write_gain, write_voice
from subkit.pipeline.guide_track import SLATE, GuideOptions, make_guide
from subkit.store import ProjectFile, load
from subkit_cli.main import main
from tests.builders.dubbed import LINES, with_dubbing

if TYPE_CHECKING:
    from subkit.pipeline import Outcome

needs_espeak = pytest.mark.skipif(
    espeak._carried() is None, reason="the extra guide is not installed"
)


def samples(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path)) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return data.reshape(-1, file.getnchannels())[:, 0], file.getframerate()


def loudness(path: Path, start: float, end: float) -> float:
    data, rate = samples(path)
    part = data[round(start * rate) : round(end * rate)].astype(float)
    return float(np.sqrt(np.mean(part**2)))


def test_clips_are_heard_at_their_times_and_add_up_where_they_overlap(tmp_path: Path) -> None:
    tone = np.full(1000, 5000, dtype="<i2")
    path = tmp_path / "a.raw"
    np.concatenate([np.zeros(300, "<i2"), tone, np.zeros(200, "<i2")]).tofile(path)
    clips = [read_clip(path, start, 1000) for start in (9.5, 10.0, 30.0)]
    assert clips[0].end == 10.5
    write_voice(tmp_path / "v.wav", clips, 40.0, 1000)
    data, rate = samples(tmp_path / "v.wav")
    assert (len(data), rate) == (40_000, 1000)
    assert [int(data[at]) for at in (9499, 9500, 10_000, 10_500, 11_000)] == [
        0, 5000, 10_000, 5000, 0,
    ]  # fmt: skip
    assert int(data[30_999]) == 5000


def test_the_film_is_lowered_within_spans_and_nowhere_else(tmp_path: Path) -> None:
    write_gain(tmp_path / "g.wav", [(5.0, 12.0)], 20.0, 0.25)
    data, rate = samples(tmp_path / "g.wav")
    gain = data / 32767
    assert gain[round(4.9 * rate)] == 1
    assert gain[round(8 * rate)] == pytest.approx(0.25, abs=0.001)
    assert gain[round(11.9 * rate)] == pytest.approx(0.25, abs=0.001)
    assert gain[round(12.1 * rate)] == 1


@needs_espeak
def test_a_guide_speaks_in_its_lines_and_declares_itself(demo: Outcome, tmp_path: Path) -> None:
    project = with_dubbing(load(demo.path))
    track = project.track(LINES)
    out = tmp_path / "film.ko.guide.wav"
    made = make_guide(project, track, out, Silent(), GuideOptions(mix="alone"))
    assert made.lines == len(track.cues)
    slate = loudness(out, 0.0, 1.0)
    assert slate > 200
    inside = [loudness(out, float(c.span.start), float(c.span.end)) for c in track.cues]
    assert min(inside) > 200
    first, second = track.cues[1], track.cues[2]
    between = (float(first.span.end) + 0.8, float(second.span.start) - 0.05)
    assert between[1] < between[0] or loudness(out, *between) < min(inside) / 4
    told = json.loads(made.sidecar.read_text(encoding="utf-8"))
    assert (told["synthetic"], told["cloned"], told["tool"]) == (True, False, "espeak-ng")
    assert told["text"]["track"] == LINES
    assert SLATE.encode() in out.read_bytes()
    with pytest.raises(StoreError):
        make_guide(project, track, out, Silent(), GuideOptions(mix="alone"))
    with pytest.raises(PlanError, match="cannot hold the mix"):
        make_guide(project, track, tmp_path / "a.mp4", Silent(), GuideOptions(mix="alone"))


@needs_espeak
def test_the_original_is_silent_where_it_is_replaced(demo: Outcome, tmp_path: Path) -> None:
    project = with_dubbing(load(demo.path))
    track = project.track(LINES)
    whole = {
        mix: make_guide(
            project, track, tmp_path / f"{mix}.wav", Silent(), GuideOptions(mix=mix)
        ).path
        for mix in ("instead", "under", "alone")
    }
    data = {mix: samples(path)[0].astype(float) for mix, path in whole.items()}
    at = slice(
        round(float(track.cues[3].span.start + 0.1) * 48_000),
        round(float(track.cues[3].span.end - 0.1) * 48_000),
    )
    assert np.std(data["under"][at] - data["instead"][at]) > 20  # what is left of the film
    assert samples(whole["instead"])[1] == 48_000


@needs_espeak
def test_a_cloned_voice_needs_consent(
    demo: Outcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scene.subkit"
    ProjectFile.create(path, with_dubbing(load(demo.path)), actor="test").close()
    register = tmp_path / "voices.jsonl"
    ask = ["dub", "guide", str(path), "--voice", "min-1"]
    assert main(ask) == 6
    assert "no consent register was named" in capsys.readouterr().err
    grant = tmp_path / "grant.toml"
    grant.write_text(
        f"""id = "min-2026-01"
performer = "Min Seo"
signed_by = "Min Seo"
voice = "min-1"
recording = "sha256:{"a" * 64}"
purposes = ["scratch"]
titles = ["Another Title"]
languages = ["ko"]
media = ["internal"]
territories = ["001"]
start = 2026-01-01
end = 2036-12-31
training = false
compensation = "paid"
exclusive = false
withdrawal = "by mail"
evidence = "sha256:{"b" * 64}"
signed = 2025-12-20
"""
    )
    assert main(["consent", "add", str(register), str(grant), "--by", "Rights"]) == 0
    capsys.readouterr()
    ask += ["--consent", str(register), "--recording", f"sha256:{'a' * 64}"]
    assert main(ask) == 6
    assert "Grant min-2026-01 does not name the title" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.wav"))


@needs_espeak
def test_a_film_without_sound_has_a_guide_alone(demo: Outcome, tmp_path: Path) -> None:
    project = with_dubbing(load(demo.path))
    silent = replace(project, media=replace(project.media, audio=()))
    with pytest.raises(MediaError, match="no sound to mix with"):
        make_guide(silent, silent.track(LINES), tmp_path / "a.wav", Silent(), GuideOptions())
