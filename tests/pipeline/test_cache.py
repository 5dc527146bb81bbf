"""What a project keeps of earlier work is used where it is what it should be, and only there."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from subkit.model import Cue, Media, Project, Span
from subkit.pipeline.stage_cache import recall, remember, through_cache
from subkit.store import ProjectFile

if TYPE_CHECKING:
    from pathlib import Path

CUE = Cue(id="c1", span=Span(Fraction(1), Fraction(2)), lines=("Yes.",))


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"\xff\xfe",
        b"[" * 200_000,
        b"[]",
        b"{}",
        b'{"id": 3}',
        b'{"id": "c1", "lines": [], "start": "0", "end": "1/0"}',
        b'{"id": "c1", "lines": [], "start": "2", "end": "1e99999999"}',
        b'{"id": "c1", "lines": [], "start": NaN, "end": "1"}',
    ],
)
def test_what_a_stranger_kept_is_computed_again(tmp_path: Path, kept: bytes) -> None:
    media = Media(path="", digest="", duration=Fraction(9))
    with ProjectFile.create(
        tmp_path / "film.subkit", Project(title="film", media=media), actor="ada"
    ) as store:
        store.remember("key", kept)
        assert recall(store, "key", Cue) is None
        assert through_cache(store, "key", Cue, lambda: CUE) == CUE
        assert recall(store, "key", Cue) == CUE
        remember(store, "other", CUE)
        assert recall(store, "other", Cue) == CUE
