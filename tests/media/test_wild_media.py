"""Media from the wild: which stream is heard, and what is wrong with the sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from subkit.interfaces import Subject
from subkit.media import AudioOptions, audio_blocks, explain_stream, probe, require_audio
from subkit.model import SoundFault, Span, Track, Transcript
from subkit.quality import check
from subkit.styles import load_profile
from tests.wild import beside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from subkit.model import Media, Provenance

TONE = ("-f", "lavfi", "-i", "sine=440:d=3")
MAPS = ("-map", "0", "-map", "1", "-map", "2")


def _three(media: Callable[..., Path], *facts: str) -> Media:
    return probe(media("film.mkv", *TONE, *TONE, *TONE, *MAPS, *facts))


def heard(found: Media, **options: object) -> int:
    return require_audio(found, AudioOptions(**options)).index  # type: ignore[arg-type]


def test_a_commentary_is_never_heard_where_there_is_the_film() -> None:
    found = probe(beside("wild/R14/r14b.mkv"))
    assert heard(found) == 1
    assert "Audio stream 1 (en aac mono) is heard, of 2" in explain_stream(found)
    assert "Director's commentary" in explain_stream(found)


def test_the_language_asked_for_goes_before_the_default(media: Callable[..., Path]) -> None:
    facts = ("-metadata:s:a:0", "language=ger", "-metadata:s:a:2", "language=kor")
    found = _three(media, *facts, "-disposition:a:1", "default", "-disposition:a:0", "0")
    assert heard(found) == 1
    assert heard(found, language="ko") == 2
    assert heard(found, language="de") == 0
    assert heard(found, language="fr") == 1


@pytest.mark.parametrize(
    "facts",
    [
        ("-disposition:a:0", "default+comment"),
        ("-disposition:a:0", "default+visual_impaired"),
        ("-metadata:s:a:0", "title=Commentary by the director"),
        ("-metadata:s:a:0", "title=English Audio Description"),
    ],
)
def test_what_is_beside_the_film_is_told_by_flag_or_title(
    media: Callable[..., Path], facts: tuple[str, ...]
) -> None:
    assert heard(_three(media, *facts, "-metadata:s:a:0", "language=eng"), language="en") == 1


def test_a_commentary_is_heard_where_there_is_nothing_else(media: Callable[..., Path]) -> None:
    found = probe(media("film.mkv", *TONE, "-disposition:a:0", "default+comment"))
    assert heard(found) == 0
    assert explain_stream(found) == ""


def test_a_clock_that_restarts_plays_to_its_end_and_is_told() -> None:
    found = probe(beside("hostile/clock_restarts.ts"))
    faults: list[SoundFault] = []
    sound = audio_blocks(found, warn=lambda _: None, faulty=faults.append)
    seconds = sum(len(block) for block in sound) / 16000
    assert 11.9 < seconds < 12.1
    assert abs(float(found.duration) - seconds) < 0.2
    assert [fault.kind for fault in faults] == ["clock-jump"]


def test_a_film_cut_short_is_told_as_a_fault(media: Callable[..., Path]) -> None:
    whole = media("film.wav", "-f", "lavfi", "-i", "sine=440:r=16000:d=30", "-c:a", "pcm_s16le")
    found = probe(whole)
    with whole.open("r+b") as file:
        file.truncate(whole.stat().st_size // 3)
    faults: list[SoundFault] = []
    list(audio_blocks(found, warn=lambda _: None, faulty=faults.append))
    (fault,) = faults
    assert fault.kind == "cut-short"
    assert abs(fault.span.duration - 20) < 1


def test_each_fault_of_the_sound_is_a_finding(media: Callable[..., Path]) -> None:
    found = probe(media("film.wav", "-f", "lavfi", "-i", "sine=440:d=3"))
    whole = Span(found.duration * 0, found.duration)
    kinds = ("cut-short", "gap", "clock-jump", "damaged")
    faults = tuple(SoundFault(kind=kind, span=whole, count=4) for kind in kinds)
    transcript = Transcript(language="en", faults=faults, provenance=_made())
    track = Track(id="en", language="en", cues=())
    profile = load_profile("subkit", "en")
    subject = Subject(track=track, profile=profile, media=found, shots=None, transcript=transcript)
    told = {finding.rule for finding in check(subject)}
    assert {"sound-cut-short", "sound-gap", "clock-jump", "sound-damaged"} <= told


def _made() -> Provenance:
    from subkit.model import Origin
    from subkit.model import Provenance as Made

    return Made(origin=Origin.ASR, tool="test")
