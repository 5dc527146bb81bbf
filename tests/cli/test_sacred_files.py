"""What is never written over, and what is never waited for."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.pipeline import Outcome
    from tests.cli.conftest import Answer


@pytest.fixture
def film(demo: Outcome, tmp_path: Path) -> Path:
    """The project of the demo film, free to be changed."""
    return Path(shutil.copy(demo.plan.project, tmp_path / "film.subkit"))


@pytest.mark.parametrize(
    "words",
    [
        ("qc", "{film}", "--format", "html", "-o", "{film}", "-y"),
        ("dub", "band", "{film}", "-o", "{film}", "-y"),
        ("sync", "{srt}", "--to", "{srt}", "-o", "{film}", "-y"),
    ],
)
def test_nothing_is_written_over_a_project(
    subkit: Callable[..., Answer], film: Path, words: tuple[str, ...]
) -> None:
    before = film.read_bytes()
    srt = film.with_name("film.en.srt")
    subkit("export", film, "--track", "en", "-o", film.parent, "-q")
    answer = subkit(*(word.format(film=film, srt=srt) for word in words))
    assert answer.code in (2, 3)
    assert film.read_bytes() == before


def test_every_export_says_which_ledger_it_is_from(
    subkit: Callable[..., Answer], film: Path
) -> None:
    out = film.parent / "out"
    assert subkit("export", film, "-f", "srt,vtt", "-o", out).code == 0
    for export in sorted(out.glob("*.srt")):
        told = subkit("verify", film, "--against", export)
        assert told.code == 0
        assert "is whole" in told.out
    subkit("edit", film, "c0001", "--text", "x")
    assert subkit("verify", film, "--against", out / "film.en.srt").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.en.srt", ("info", "{pipe}")),
        ("a.en.srt", ("qc", "{pipe}")),
        ("a.csv", ("glossary", "check", "{pipe}")),
        ("a.toml", ("qc", "{film}", "--config", "{pipe}")),
        ("a.json", ("verify", "{film}", "--against", "{pipe}")),
        ("a.csv", ("batch", "plan", "{pipe}", "-o", "out")),
        ("a.en.srt", ("import", "{film}", "{pipe}", "--by", "Ana")),
        ("a.xml", ("dub", "import", "{film}", "{pipe}", "--by", "Ana")),
    ],
)
def test_a_pipe_is_refused_and_not_waited_for(
    subkit: Callable[..., Answer], film: Path, name: str, words: tuple[str, ...]
) -> None:
    pipe = film.with_name(name)
    os.mkfifo(pipe)
    answer = subkit(*(word.format(pipe=pipe, film=film) for word in words))
    assert answer.code in (2, 3)
    assert name in answer.err
