"""Shot changes: what counts as one, and the exact frame on which it stands in real files."""

from __future__ import annotations

import json
import re
import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from subkit.demo import scene_file
from subkit.errors import InputError, PlanError
from subkit.media import find_ffmpeg, probe
from subkit.media.changes import ShotChange, ShotOptions, find_changes
from subkit.media.shot_search import find_shots
from subkit.model import FrameRate
from tests.media.conftest import Make

Picture = NDArray[np.float32]

RATE = 24
SHORT = Fraction(1, 30)


def texture(seed: int, *, dark: bool = False) -> Picture:
    """A picture like no other: soft shapes in large fields."""
    random = np.random.default_rng(seed)
    coarse = random.uniform(16, 40 if dark else 235, (9, 16))
    return np.kron(coarse, np.ones((4, 4))).astype(np.float32)


def held(seed: int, frames: int, *, dark: bool = False) -> list[Picture]:
    """A shot that stands almost still: grain only."""
    random = np.random.default_rng(seed + 1000)
    picture = texture(seed, dark=dark)
    grain = random.normal(0, 0.5, (frames, *picture.shape)).astype(np.float32)
    return [picture + one for one in grain]


def panned(seed: int, frames: int, step: int) -> list[Picture]:
    """A camera that turns by ``step`` columns a frame."""
    return [np.roll(texture(seed), step * number, axis=1) for number in range(frames)]


def faded(pictures: list[Picture], *, out: bool) -> list[Picture]:
    """The pictures out into black, or in from it."""
    shares = np.linspace(1, 0, len(pictures)) if out else np.linspace(0, 1, len(pictures))
    return [16 + (picture - 16) * share for picture, share in zip(pictures, shares, strict=True)]


WHITE = [np.full((36, 64), 235, np.float32)]
BLACK = [np.full((36, 64), 16, np.float32)]


def changes(pictures: list[Picture], options: ShotOptions | None = None) -> list[ShotChange]:
    stream = ((Fraction(n, RATE), picture) for n, picture in enumerate(pictures))
    return list(find_changes(stream, options or ShotOptions()))


def frames_of(found: list[ShotChange]) -> list[int]:
    return [int(change.time * RATE) for change in found]


def test_hard_cuts_stand_on_the_first_frame_of_the_shot() -> None:
    found = changes([*held(1, 30), *held(2, 40), *held(3, 20)])
    assert frames_of(found) == [30, 70]
    assert {change.kind for change in found} == {"cut"}
    assert all(change.score > 10 for change in found)


def test_a_cut_in_the_dark_is_found_where_the_picture_is_still() -> None:
    found = changes([*held(1, 30, dark=True), *held(2, 30, dark=True)])
    assert frames_of(found) == [30]
    assert 1 < found[0].score < 10


def test_a_fast_pan_is_no_cut_and_hides_none() -> None:
    assert changes(panned(1, 60, 2)) == []
    assert changes([*held(1, 30), *panned(1, 30, 3)]) == []
    assert frames_of(changes([*panned(1, 40, 1), *panned(2, 40, 2)])) == [40]


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_flash_is_no_cut(length: int) -> None:
    shot = held(1, 60)
    assert changes([*shot[:30], *WHITE * length, *shot[30:]]) == []


@pytest.mark.parametrize("rate", [1, 3, 120, 1000])
def test_slow_and_fast_pictures(rate: int) -> None:
    pictures = [*held(1, 30), *held(2, 40), *held(3, 400)]
    stream = ((Fraction(n, rate), picture) for n, picture in enumerate(pictures))
    found = [change.time * rate for change in find_changes(stream, ShotOptions(apart=SHORT))]
    assert found == [30, 70]


def test_a_flash_at_a_cut_is_one_cut() -> None:
    found = changes([*held(1, 30), *WHITE * 2, *held(2, 30)])
    assert len(found) == 1
    assert frames_of(found)[0] in (30, 32)


@pytest.mark.parametrize("black", [1, 4, 20])
def test_a_fade_through_black_is_one_change_where_the_new_shot_appears(black: int) -> None:
    out, into = faded(held(1, 12), out=True), faded(held(2, 12), out=False)
    found = changes([*held(1, 30), *out, *BLACK * black, *into, *held(2, 30)])
    assert [change.kind for change in found] == ["fade"]
    first = 42 + black
    assert first <= frames_of(found)[0] <= first + 4


def test_a_shot_that_goes_dark_for_a_moment_is_no_change() -> None:
    shot = held(1, 80)
    out, into = faded(shot[:5], out=True), faded(shot[:5], out=False)
    assert changes([*shot[:30], *out, *BLACK, *into, *shot[30:]]) == []


def test_a_dark_pan_is_no_fade() -> None:
    dark = [(16 + (picture - 16) / 18).astype(np.float32) for picture in panned(1, 60, 1)]
    assert changes(dark) == []


def test_a_cut_to_black_and_a_later_fade_in_are_two_changes() -> None:
    into = faded(held(2, 12), out=False)
    found = changes([*held(1, 30), *BLACK * 24, *into, *held(2, 30)])
    assert [change.kind for change in found] == ["cut", "fade"]
    assert frames_of(found)[0] == 30


def test_changes_lie_apart() -> None:
    pictures = [picture for seed in range(12) for picture in held(seed, 3)]
    times = [change.time for change in changes(pictures)]
    assert all(after - before >= Fraction(1, 4) for before, after in pairwise(times))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 20)), max_size=12))
def test_any_shots_give_changes_in_order_on_their_frames(shots: list[tuple[int, int]]) -> None:
    pictures = [picture for seed, length in shots for picture in held(seed, length)]
    begins = {sum(length for _, length in shots[:n]) for n in range(len(shots))}
    times = [change.time for change in changes(pictures)]
    assert times == sorted(times)
    assert {int(time * RATE) for time in times} <= begins
    assert changes([]) == []


@pytest.mark.parametrize("threshold", [0.0, -1.0, 101.0, float("nan")])
def test_thresholds_out_of_range_are_refused(threshold: float) -> None:
    with pytest.raises(PlanError, match="threshold"):
        ShotOptions(threshold=threshold)


@pytest.fixture(scope="module")
def of_scene() -> list[ShotChange]:
    """The shot changes of the scene."""
    return list(find_shots(probe(scene_file())))


def test_the_shots_of_the_scene_are_all_found_to_the_frame(of_scene: list[ShotChange]) -> None:
    scene = json.loads((scene_file().parent / "scene.json").read_text(encoding="utf-8"))
    assert [change.time for change in of_scene] == [Fraction(shot) for shot in scene["shots"]]


def test_a_clear_cut_scores_as_in_scdet(of_scene: list[ShotChange]) -> None:
    command = [str(find_ffmpeg()), "-nostdin", "-loglevel", "error", "-i", str(scene_file())]
    command += ["-vf", "format=gray,scdet=threshold=10,metadata=print:file=-", "-f", "null", "-"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    theirs = {
        int(pts): float(score)
        for pts, score in re.findall(r"pts:(\d+) .*\n.*\nlavfi.scd.score=([\d.]+)", printed)
        if float(score) >= 10
    }
    ours = {int(change.time * 24000): change.score for change in of_scene}
    assert len(theirs) > 8
    for pts, score in theirs.items():
        assert ours[pts] == pytest.approx(score, rel=0.25)


CUT: tuple[str | Path, ...] = (
    "-f", "lavfi", "-i", "smptebars=size=320x180:rate={rate}:duration=1",
    "-f", "lavfi", "-i", "testsrc=size=320x180:rate={rate}:duration=1",
    "-filter_complex", "[0][1]concat=n=2:v=1[v]", "-map", "[v]",
)  # fmt: skip


def with_cut(rate: str, *more: str) -> tuple[str | Path, ...]:
    """Arguments for two seconds of picture with a cut in the middle."""
    return (*(str(arg).format(rate=rate) for arg in CUT), *more)


@pytest.mark.parametrize(
    ("name", "rate", "more"),
    [
        ("cut.mp4", "24000/1001", ("-c:v", "libx264", "-bf", "2", "-pix_fmt", "yuv420p")),
        ("cut.mkv", "24000/1001", ("-c:v", "libx264", "-pix_fmt", "yuv420p")),
        ("cut.ts", "25", ("-c:v", "mpeg2video", "-bf", "2")),
        ("cut.avi", "30000/1001", ("-c:v", "mpeg4")),
        ("cut.mov", "24", ("-c:v", "prores_ks")),
        ("late.mkv", "25", ("-c:v", "libx264", "-pix_fmt", "yuv444p", "-output_ts_offset", "7.3")),
        ("odd.mkv", "50", ("-c:v", "ffv1", "-pix_fmt", "gbrp")),
    ],
)
def test_the_frame_is_exact_in_every_container(
    make: Make, name: str, rate: str, more: tuple[str, ...]
) -> None:
    media = probe(make(name, *with_cut(rate, *more)))
    assert media.frame_rate == FrameRate(Fraction(rate))
    (change,) = find_shots(media)
    second = -(-int(Fraction(rate).numerator) // Fraction(rate).denominator)
    assert media.frame_rate.frame(change.time) == second
    assert abs(change.time - media.frame_rate.time(second)) <= Fraction(1, 1000)


def test_sound_alone_has_no_shots(make: Make) -> None:
    media = probe(make("tone.wav", "-f", "lavfi", "-i", "sine=duration=1"))
    assert list(find_shots(media)) == []


def test_progress_is_told_in_seconds(make: Make) -> None:
    told: list[float] = []
    media = probe(make("cut.mp4", *with_cut("24000/1001", "-c:v", "libx264")))
    list(find_shots(media, tell=told.append))
    assert told == sorted(told)
    assert told
    assert 1 <= told[-1] <= 2


def test_damage_is_passed_over_and_told(make: Make, tmp_path: Path) -> None:
    data = bytearray(make("cut.ts", *with_cut("25", "-c:v", "mpeg2video")).read_bytes())
    begin = len(data) * 3 // 5
    data[begin : begin + 4000] = bytes(4000)
    path = tmp_path / "hurt.ts"
    path.write_bytes(data)
    notes: list[str] = []
    found = list(find_shots(probe(path), warn=notes.append))
    assert [round(change.time) for change in found[:1]] == [1]


def test_a_file_that_went_away_is_said_to_be_gone(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "gone.mp4"
    path.write_bytes(make("cut.mp4", *with_cut("24000/1001", "-c:v", "libx264")).read_bytes())
    media = probe(path)
    path.unlink()
    with pytest.raises(InputError, match="There is no file"):
        find_shots(media)
