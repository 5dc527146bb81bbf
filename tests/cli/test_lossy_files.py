"""Commands say what a file could not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.store import ProjectFile
from tests.builders.styling import styled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer


def test_the_command_says_what_is_lost_and_strict_ends_with_5(
    subkit: Callable[..., Answer], tmp_path: Path
) -> None:
    path = tmp_path / "film.subkit"
    ProjectFile.create(path, styled(), actor="subkit").close()
    done = subkit("export", path, "-f", "txt")
    assert done.code == 0
    assert "film.ja.txt: lossy: 1 italic, 2 rubies, 1 place (cues c1, c2)" in done.err
    facts = subkit("export", path, "-f", "txt", "-y", "--json").json()
    (lost,) = facts["losses"].values()
    assert [one["feature"] for one in lost] == ["italic", "ruby", "place"]
    refused = subkit("export", path, "-f", "tsv", "--strict")
    assert refused.code == 5
    assert "nothing was written" in refused.err
    assert not (tmp_path / "film.ja.tsv").exists()
