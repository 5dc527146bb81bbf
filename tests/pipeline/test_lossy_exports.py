"""What files cannot hold of their tracks is a result, and a refusal where it is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import subkit
from subkit.errors import LossError, PlanError
from subkit.model import Placement
from subkit.pipeline import Output, export_tracks
from tests.builders.styling import styled

if TYPE_CHECKING:
    from pathlib import Path


def _output(folder: Path, *formats: str, strict: bool = False) -> Output:
    return Output(folder=folder, stem="film", formats=formats, strict=strict)


def test_a_writer_that_gives_no_account_loses_all_that_is_styled(tmp_path: Path) -> None:
    done = export_tracks(styled(), _output(tmp_path, "txt"))
    (lost,) = done.losses.values()
    assert [(loss.feature, loss.what, loss.cues) for loss in lost] == [
        ("italic", "1 italic", ("c1",)),
        ("ruby", "2 rubies", ("c1", "c2")),
        ("place", "1 place", ("c2",)),
    ]
    assert next(iter(done.losses)) == tmp_path / "film.ja.txt"


def test_what_a_writer_holds_is_no_loss(tmp_path: Path) -> None:
    done = export_tracks(styled(), _output(tmp_path, "srt"))
    features = [loss.feature for loss in done.losses[tmp_path / "film.ja.srt"]]
    assert "ruby" in features
    assert "italic" not in features
    assert "place" not in features


def test_strict_writes_nothing_of_any_format(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with pytest.raises(LossError, match=r"film\.ja\.txt' would lose 1 italic, 2 rubies") as caught:
        export_tracks(styled(), _output(folder, "txt", "tsv", strict=True))
    assert sorted(caught.value.files) == [str(folder / f"film.ja.{end}") for end in ("tsv", "txt")]
    assert not folder.exists()


def test_a_track_without_looks_is_written_though_strict(tmp_path: Path) -> None:
    plain = styled()
    cues = tuple(replace(c, marks=(), placement=Placement()) for c in plain.tracks[0].cues)
    plain = plain.with_track(replace(plain.tracks[0], cues=cues))
    done = export_tracks(plain, _output(tmp_path, "txt", strict=True))
    assert not done.losses
    assert (tmp_path / "film.ja.txt").exists()


def test_formats_that_share_an_extension_have_their_names_before_it(tmp_path: Path) -> None:
    output = _output(tmp_path, "srt", "ebuttd", "smptett", "ttml", "ttml:netflix")
    done = export_tracks(styled(), output)
    assert [path.name for path in done.files if path.suffix != ".json"] == [
        "film.ja.srt",
        "film.ja.ebuttd.xml",
        "film.ja.smptett.xml",
        "film.ja.ttml",
        "film.ja.ttml-netflix.ttml",
    ]
    assert {path.name for path in done.files} == {path.name for path in tmp_path.iterdir()}


def test_two_tracks_of_one_language_are_not_written_over_each_other(tmp_path: Path) -> None:
    project = styled()
    other = replace(project.tracks[0], id="other")
    with pytest.raises(PlanError, match="Two of the files"):
        export_tracks(project.with_track(other), _output(tmp_path, "srt"))
    assert not list(tmp_path.iterdir())


def test_the_python_call_gives_the_losses(tmp_path: Path) -> None:
    path = tmp_path / "film.ja.txt"
    done = subkit.export(styled(), path)
    assert [type(loss) for loss in done.losses[path]] == [subkit.Loss] * 3
    assert done.to_dict()["losses"][str(path)][0] == {
        "feature": "italic",
        "what": "1 italic",
        "cues": ["c1"],
    }
    with pytest.raises(subkit.LossError):
        subkit.export(styled(), tmp_path / "again.ja.txt", strict=True)
    assert not (tmp_path / "again.ja.txt").exists()
