"""``subkit conform``: a project and a subtitle carried to a new cut, told, undone, refused."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import subkit as library
from subkit.demo import scene_file
from subkit.store import load
from tests.conftest import make_media

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.pipeline import Outcome
    from tests.cli.conftest import Answer

EDL = """TITLE: NEW CUT
001  FILM     V     C        00:00:00:00 00:00:18:00 01:00:00:00 01:00:18:00
002  FILM     V     C        00:00:25:00 00:01:12:00 01:00:18:00 01:01:05:00
"""
FRAME = Fraction(1001, 24000)
OTHER = EDL.replace("C        00:0", "C        02:0")


@pytest.fixture
def film(demo: Outcome, tmp_path: Path) -> Path:
    """The project of the demo film, free to be changed."""
    return Path(shutil.copy(demo.plan.project, tmp_path / "film.subkit"))


@pytest.fixture
def edl(tmp_path: Path) -> Path:
    """A new cut without the seconds from 18 to 25."""
    path = tmp_path / "new.edl"
    path.write_text(EDL, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def recut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same new cut as a film."""
    parts = "".join(
        f"[0:v]trim={a}:{b},setpts=PTS-STARTPTS[v{n}];[0:a]atrim={a}:{b},asetpts=PTS-STARTPTS[a{n}];"
        for n, (a, b) in enumerate(((0, 18), (25, 72)))
    )
    joined = f"{parts}[v0][a0][v1][a1]concat=n=2:v=1:a=1[v][a]"
    return make_media(
        tmp_path_factory.mktemp("recut") / "new.mp4",
        "-i", str(scene_file()), "-filter_complex", joined, "-map", "[v]", "-map", "[a]",
    )  # fmt: skip


def starts(path: Path, track: str = "en") -> dict[str, Fraction]:
    return {cue.id: cue.span.start for cue in load(path).track(track).cues}


def test_by_edit_list_and_by_sound_the_same_comes_out(
    subkit: Callable[..., Answer], film: Path, edl: Path, recut: Path
) -> None:
    subkit("approve", film, "--track", "en", "--by", "Kim")
    before = starts(film)
    by_edit = subkit("conform", film, "--to", edl, "-o", "edit.subkit", "--json").json()
    by_sound = subkit("conform", film, "--to", recut, "-o", "sound.subkit", "--json").json()
    assert (by_edit["basis"], by_sound["basis"]) == ("edit", "sound")
    gone = [one["cue"] for one in by_edit["cues"] if one["fate"] == "gone"]
    assert gone == [one["cue"] for one in by_sound["cues"] if one["fate"] == "gone"] != []
    edit, sound = starts(Path("edit.subkit")), starts(Path("sound.subkit"))
    for cue, start in edit.items():
        assert abs(start - sound[cue]) <= FRAME
        if before[cue] > 25:
            assert abs(before[cue] - 7 - start) <= FRAME
    assert starts(film) == before, "the file itself stays"
    assert by_edit["approvals_kept"] >= by_sound["approvals_kept"] >= len(before) - 5
    for name in ("edit.subkit", "sound.subkit"):
        assert subkit("verify", name).code == 0


def test_in_place_it_is_undone_with_words_and_all(
    subkit: Callable[..., Answer], film: Path, edl: Path
) -> None:
    before = load(film)
    told = subkit("conform", film, "--to", edl, "--by", "Kim")
    assert "it is not in the new cut" in told.out
    assert "approvals kept" in told.out
    after = load(film)
    assert after.transcript is not None
    assert before.transcript is not None
    assert len(after.transcript.words) < len(before.transcript.words)
    assert after.media.duration == pytest.approx(65 * 1.001, abs=0.05)
    assert subkit("undo", film, "--by", "Kim").code == 0
    back = load(film)
    assert back.transcript == before.transcript
    assert (back.media, back.shots) == (before.media, before.shots)
    assert [t.cues for t in back.tracks] == [t.cues for t in before.tracks]
    assert subkit("verify", film).code == 0


def test_a_subtitle_file_goes_into_another_one(
    subkit: Callable[..., Answer], demo: Outcome, edl: Path, tmp_path: Path
) -> None:
    source = demo.plan.project.parent / "scene.en.srt"
    words = (source, "--to", edl, "--fps", "24", "-o", "new.en.srt")
    assert subkit("conform", *words).code == 0
    old = library.load(source).tracks[0].cues
    new = library.load(Path("new.en.srt")).tracks[0].cues
    assert 0 < len(new) < len(old)
    assert subkit("conform", *words).code == 3, "nothing is written over"
    assert subkit("conform", *words, "-y").code == 0


def test_a_dry_run_writes_nothing(subkit: Callable[..., Answer], film: Path, edl: Path) -> None:
    before = film.read_bytes()
    assert "cues carried" in subkit("conform", film, "--to", edl, "--dry-run").out
    assert film.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--to", "other.edl"), 5, "Check that both are of the same programme"),
        (("--to", "none.edl"), 3, "none.edl"),
        (("--to", "none.mov"), 3, "none.mov"),
        (("--to", "text.edl"), 3, "neither an EDL nor an OTIO timeline"),
        (("--to", "new.edl", "--from", "film.mp4"), 3, "is an edit"),
        (("--to", "new.edl", "--edit-start", "1:2"), 2, "--edit-start"),
        (("--to", "new.edl", "--edit-fps", "7x"), 2, "7x"),
        (("--to", "new.edl", "-o", "x.srt"), 2, "not the name of a project"),
        (("--to", "new.edl", "-o", "film.subkit"), 3, "already exists"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    subkit: Callable[..., Answer],
    film: Path,
    edl: Path,
    words: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    edl.with_name("other.edl").write_text(OTHER, encoding="utf-8")
    edl.with_name("text.edl").write_text("Hello", encoding="utf-8")
    before, files = film.read_bytes(), sorted(Path().iterdir())
    answer = subkit("conform", film, *words)
    assert (answer.code, answer.out) == (code, "")
    assert told in answer.err
    assert film.read_bytes() == before
    assert sorted(Path().iterdir()) == files


def test_a_locked_cue_stops_it(subkit: Callable[..., Answer], film: Path, edl: Path) -> None:
    cue = load(film).track("en").cues[-1].id
    subkit("edit", film, cue, "--track", "en", "--lock", "--by", "Kim")
    answer = subkit("conform", film, "--to", edl)
    assert answer.code == 3
    assert f"Cue '{cue}' is locked and would move or go" in answer.err
