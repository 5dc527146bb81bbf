"""A translation given as a file becomes a track, and two tracks go out as one."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import subkit as library
from subkit.store import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.pipeline import Outcome
    from tests.cli.conftest import Answer


@pytest.fixture
def film(demo: Outcome, tmp_path: Path) -> Path:
    """The project of the demo film, free to be changed."""
    return Path(shutil.copy(demo.plan.project, tmp_path / "film.subkit"))


def clock(time: Fraction) -> str:
    return f"00:{int(time // 60):02}:{int(time % 60):02},{int(time % 1 * 1000):03}"


@pytest.fixture
def japanese(film: Path) -> Path:
    """A translation of its cues, the second and third in one."""
    cues = load(film).track("en").cues
    path = film.with_name("film.ja.srt")
    spans = [(c.span.start, c.span.end) for c in cues]
    spans[1:3] = [(spans[1][0], spans[2][1])]
    rows = []
    for number, (start, end) in enumerate(spans, 1):
        times = (
            f"00:{int(t // 60):02}:{int(t % 60):02},{int(t % 1 * 1000):03}" for t in (start, end)
        )
        rows.append(f"{number}\n{' --> '.join(times)}\n字幕{number}です。\n")
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_given_translation_becomes_a_track_tied_to_its_source(
    subkit: Callable[..., Answer], film: Path, japanese: Path
) -> None:
    told = subkit(
        "import", film, japanese, "--translation-of", "en", "--by", "Kim", "--json"
    ).json()
    cues = load(film).track("ja").cues
    assert told["added"] == [f"ja/{cue.id}" for cue in cues]
    assert [cue.id for cue in cues][:3] == ["c0001", "c0002", "c0004"]
    assert cues[1].sources == ("c0002", "c0003")
    assert cues[0].provenance is not None
    assert cues[0].provenance.origin.value == "import"
    assert not any(cue.review.approvals for cue in cues)
    findings = subkit("qc", film, "--track", "ja", "--json").json()
    assert "missing-cue" not in str(findings)
    assert subkit("verify", film).code == 0


def test_two_tracks_go_out_as_one_with_the_disclosure_of_both(
    subkit: Callable[..., Answer], film: Path
) -> None:
    files = subkit(
        "export", film, "--track", "ko", "--above", "en", "-f", "srt,vtt", "--json"
    ).json()
    names = [Path(name).name for name in files["files"]]
    assert names == [
        "film.ko.bilingual.srt", "film.ko.bilingual.vtt", "film.ko.bilingual.disclosure.json",
    ]  # fmt: skip
    (made,) = library.load("film.ko.bilingual.vtt").tracks
    assert made.cues[0].lines[0] == "Emma, somebody is following us."
    assert made.cues[0].lines[-1] == "우리를 따라오고 있어."
    disclosed = Path("film.ko.bilingual.disclosure.json").read_text(encoding="utf-8")
    assert '"stage": "recognition"' in disclosed
    assert '"stage": "translation"' in disclosed


def test_neither_language_goes_out_unapproved_by_accident(
    subkit: Callable[..., Answer], film: Path
) -> None:
    words = ("export", film, "--track", "ko", "--above", "en", "--require", "approved")
    subkit("approve", film, "--track", "ko", "--by", "Kim")
    assert subkit(*words).code == 6
    subkit("approve", film, "--track", "en", "--by", "Kim")
    assert subkit(*words).code == 0


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("film.ko.srt",), 3, "has a track 'ko' already"),
        (("film.srt",), 2, "Name it with --track"),
        (("late.ja.srt",), 3, "subkit sync FILE"),
        (("film.csv",), 2, "is no subtitle file"),
        (("none.ja.srt",), 3, "none.ja.srt"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    subkit: Callable[..., Answer],
    film: Path,
    japanese: Path,
    words: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    text = japanese.read_text(encoding="utf-8")
    for name in ("film.ko.srt", "film.srt", "film.csv"):
        film.with_name(name).write_text(text, encoding="utf-8")
    film.with_name("late.ja.srt").write_text(text.replace("00:0", "03:0"), encoding="utf-8")
    before = film.read_bytes()
    answer = subkit("import", film, *words, "--translation-of", "en", "--by", "Kim")
    assert (answer.code, answer.out) == (code, "")
    assert told in answer.err
    assert film.read_bytes() == before
