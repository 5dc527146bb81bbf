"""Films from recordings, where the recordings are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.harness.audio import read_samples
from benchmarks.speech.beds import level_of, music, pink_noise, place_in_room
from benchmarks.speech.films import FilmSpec, build_film, find_speech, programme, write_film
from benchmarks.speech.recordings import CASES, RATE, Samples, find_recordings

needs_recordings = pytest.mark.skipif(
    not (CASES / "speech" / "manifest.tsv").is_file(),
    reason="the recordings (../shared/cases/speech) are not here",
)


def tone(seconds: float, level: float = -20.0) -> Samples:
    at = np.arange(int(seconds * RATE)) / RATE
    wave: Samples = np.sin(2 * np.pi * 300 * at).astype(np.float32)
    wave *= np.float32(np.sqrt(2) * 10 ** (level / 20))
    return wave


def test_speech_is_where_there_is_sound() -> None:
    quiet = np.random.default_rng(1).standard_normal(RATE).astype(np.float32) * 1e-4
    sound = np.concatenate([quiet, tone(1), quiet[: RATE // 5], tone(0.5), quiet])
    [span] = find_speech(sound)
    assert list(span) == pytest.approx([1.0, 2.7])
    assert find_speech(np.zeros(0, np.float32)) == []


def test_beds_have_their_level_and_are_made_from_the_seed() -> None:
    for make in (pink_noise, lambda count, random: music(count, random, ())):
        one, same = (make(5 * RATE, np.random.default_rng(3)) for _ in range(2))
        assert level_of(one) == pytest.approx(-20, abs=0.1)
        assert np.array_equal(one, same)
    pink = np.abs(np.fft.rfft(pink_noise(8 * RATE, np.random.default_rng(1)))) ** 2
    octaves = [pink[8 * low : 16 * low].sum() for low in (100, 400, 1600)]
    # Pink noise has as much in every octave.
    assert max(octaves) / min(octaves) < 1.3


def test_a_room_keeps_level_and_start() -> None:
    response = np.zeros(RATE // 2, np.float32)
    response[0], response[4000] = 1.0, 0.5
    heard = place_in_room(tone(1), response)
    assert heard.size == RATE + response.size - 1
    assert level_of(heard[:RATE]) == pytest.approx(-20, abs=0.1)
    assert abs(heard[100]) > 0.01


@needs_recordings
def test_halves_share_no_recording_and_nearly_no_speaker() -> None:
    fit, test = find_recordings(half="fit"), find_recordings(half="test")
    assert not {one.name for one in fit} & {one.name for one in test}
    assert {one.speaker for one in fit} & {one.speaker for one in test} == {"kerstin"}
    assert not find_recordings("ko", "fit")
    assert sum(len(one.words) for one in fit) > 150
    assert sum(len(one.words) for one in test) > 300
    with pytest.raises(ValueError, match="no half"):
        find_recordings(half="third")


@needs_recordings
def test_a_film_is_the_same_each_time_and_another_with_another_seed() -> None:
    spec = FilmSpec("de", "pink 10 dB", "test", 3, seconds=12)
    one, same = build_film(spec), build_film(spec)
    assert np.array_equal(one.samples, same.samples)
    assert one.utterances == same.utterances
    other = build_film(FilmSpec("de", "pink 10 dB", "test", 4, seconds=12))
    assert one.text != other.text


@needs_recordings
def test_the_reference_says_when_there_is_speech_and_when_not() -> None:
    film = build_film(FilmSpec("en", "clean", "test", 1, seconds=60))
    spoken = [span for one in film.utterances for span in one.speech]
    assert spoken == sorted(spoken)
    levels = [level_of(film.samples[int(a * RATE) : int(b * RATE)]) for a, b in spoken if b - a > 1]
    assert -33 < min(levels) < max(levels) < -19
    for one, following in zip(film.utterances, film.utterances[1:], strict=False):
        assert following.start - one.end > 0.3
        between = film.samples[int((one.end + 0.12) * RATE) : int((following.start - 0.12) * RATE)]
        assert level_of(between) < -55


@needs_recordings
def test_music_is_as_far_below_the_speech_as_it_says() -> None:
    film = build_film(FilmSpec("en", "music 10 dB", "test", 1, seconds=60))
    gaps = [
        film.samples[int((one.end + 0.15) * RATE) : int((following.start - 0.15) * RATE)]
        for one, following in zip(film.utterances, film.utterances[1:], strict=False)
    ]
    speech = np.concatenate(
        [film.samples[int(a * RATE) : int(b * RATE)] for u in film.utterances for a, b in u.speech]
    )
    # Speech and music together are 0.4 dB louder than speech; music swells and fades.
    assert level_of(speech) - level_of(np.concatenate(gaps)) == pytest.approx(10.4, abs=4)


@needs_recordings
def test_the_mixed_film_has_many_languages_and_a_room_its_echo() -> None:
    mixed = build_film(FilmSpec("mixed", "room", "test", 1))
    assert {"de", "en", "es", "fr", "ja", "ko"} <= {one.language for one in mixed.utterances}
    assert float(np.abs(mixed.samples).max()) < 1


@needs_recordings
def test_a_film_is_written_with_its_reference(tmp_path: Path) -> None:
    film = build_film(FilmSpec("en", "clean", "fit", 2, seconds=20))
    path = write_film(film, tmp_path)
    assert path.name == "en-clean-fit-2-20s.wav"
    assert read_samples(path).size == film.samples.size
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert [one["text"] for one in told["utterances"]] == [one.text for one in film.utterances]
    with pytest.raises(ValueError, match="no condition"):
        build_film(FilmSpec("en", "loud"))
    with pytest.raises(ValueError, match="no recordings in ko"):
        build_film(FilmSpec("ko", half="fit"))


@needs_recordings
def test_word_times_move_with_their_utterance() -> None:
    film = build_film(FilmSpec("en", "clean", "test", 1))
    timed = [one for one in film.utterances if one.words]
    assert sum(len(one.words) for one in timed) > 300
    assert all(one.start <= one.words[0][0] < one.words[-1][1] <= one.end for one in timed)


def test_a_programme_has_a_film_for_each_condition() -> None:
    specs = programme("de", seconds=30)
    assert len({one.name for one in specs}) == len(specs) == 7
    assert {one.seconds for one in specs} == {30}
