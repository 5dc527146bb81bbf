"""What the name of a subtitle file tells, and a library call that begins with one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import subkit
from subkit.errors import PlanError
from subkit.model import Purpose
from subkit.pipeline import RunOptions
from subkit.pipeline.subtitle_files import read_name

SUBTITLE, SDH, FORCED = Purpose.SUBTITLE, Purpose.SDH, Purpose.FORCED


@pytest.mark.parametrize(
    ("name", "language", "told"),
    [
        ("film.en.srt", None, ("film", "en", SUBTITLE)),
        ("film.pt-BR.srt", None, ("film", "pt-BR", SUBTITLE)),
        ("My.Film.2019.ko.vtt", None, ("My.Film.2019", "ko", SUBTITLE)),
        ("film.ko.sdh.srt", None, ("film", "ko", SDH)),
        ("film.forced.ko.srt", None, ("film", "ko", FORCED)),
        ("film.en.hi.srt", None, ("film", "en", SDH)),
        ("film.hi.srt", None, ("film", "hi", SUBTITLE)),
        ("film.sdh.srt", None, ("film", "und", SDH)),
        ("film.2019.srt", None, ("film.2019", "und", SUBTITLE)),
        ("film.srt", None, ("film", "und", SUBTITLE)),
        ("en.srt", None, ("en", "und", SUBTITLE)),
        ("film.srt", "ko", ("film", "ko", SUBTITLE)),
        ("film.EN.srt", "en", ("film", "en", SUBTITLE)),
        ("Dr.No.srt", "en", ("Dr.No", "en", SUBTITLE)),
        ("film.en.sdh.srt", "ko", ("film.en", "ko", SDH)),
    ],
)
def test_names(name: str, language: str | None, told: tuple[str, str, Purpose]) -> None:
    found = read_name(Path("folder") / name, language)
    assert (found.stem, found.language, found.purpose) == told


@given(
    stem=st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=20),
    language=st.sampled_from(["ko", "pt-BR", "zh-Hant", "sr-Latn"]),
    mark=st.sampled_from(["", ".sdh", ".forced", ".cc"]),
)
def test_a_name_that_subkit_writes_is_read_back(stem: str, language: str, mark: str) -> None:
    found = read_name(Path(f"{stem}.{language}{mark}.srt"))
    assert (found.stem, found.language) == (stem, language)
    assert (found.purpose is SUBTITLE) == (not mark)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(PlanError, match="klingonese"):
        read_name(Path("film.srt"), "klingonese")


def test_a_subtitle_file_is_translated_from_python(tmp_path: Path) -> None:
    path = tmp_path / "film.en.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:03,000\nPlease help me, Hugo.\n")
    options = RunOptions(translator="demo", offline=True)
    done = subkit.translate(path, to=["ko"], options=options)
    assert done.path is not None
    assert done.project == subkit.load(done.path)
    assert [file.name for file in done.files] == ["film.ko.srt", "film.ko.disclosure.json"]
    assert done.project.track("ko").cues[0].span == done.project.track("en").cues[0].span
    with pytest.raises(PlanError, match="No language"):
        subkit.translate(path, to=(), options=options)
