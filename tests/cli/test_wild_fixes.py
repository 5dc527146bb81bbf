"""``subkit fix`` on subtitles from the wild."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from subkit_cli.main import main
from tests.wild import WILD

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def fix(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(path: Path, *more: str) -> str:
        assert main(["fix", str(path), *more]) == 0
        return capsys.readouterr().out

    return run


def test_each_speaker_keeps_lines_of_his_own(fix) -> None:  # type: ignore[no-untyped-def]
    out = fix(WILD / "D01" / "film.en.srt", "--dry-run")
    assert out == "0 cues would be fixed.\n"


def test_a_chained_gap_is_closed_exactly_where_no_frame_rate_is_known(  # type: ignore[no-untyped-def]
    fix, tmp_path: Path
) -> None:
    out = tmp_path / "fixed.en.srt"
    shown = fix(WILD / "D02" / "film.en.srt", "-o", str(out))
    assert "en 1: chained-gap\n" in shown
    assert "00:00:01,000 --> 00:00:02,850\n" in out.read_text(encoding="utf-8")
    assert fix(out, "--dry-run") == "0 cues would be fixed.\n"


def test_no_space_is_touched_between_digits(fix) -> None:  # type: ignore[no-untyped-def]
    assert fix(WILD / "D03" / "film.de.srt", "--dry-run") == "0 cues would be fixed.\n"


def test_spaced_dots_become_an_ellipsis(fix) -> None:  # type: ignore[no-untyped-def]
    out = fix(WILD / "D03" / "film.en.srt", "--dry-run")
    assert """+ "Well... I don't know.\"""" in out
