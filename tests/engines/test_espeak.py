"""espeak-ng speaks in a process of its own, and its absence is told with the remedy."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from subkit.engines import espeak
from subkit.engines.espeak import GuideText, find_espeak
from subkit.errors import ModelNotFound, PlanError
from subkit.media.guide_mixing import read_clip

needs_espeak = pytest.mark.skipif(
    espeak._carried() is None, reason="the extra guide is not installed"
)


def test_without_espeak_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "_carried", lambda: None)
    monkeypatch.setattr(espeak, "find_library", lambda _: None)
    with pytest.raises(ModelNotFound, match="not on this machine") as told:
        find_espeak()
    assert "subkit[guide]" in told.value.remedy


@needs_espeak
def test_the_library_is_never_loaded_here(tmp_path: Path) -> None:
    found = find_espeak()
    (path,) = found.speak([GuideText(text="우리를 따라와.")], found.voice_for("ko-KR"), tmp_path)
    assert read_clip(path, 0.0, found.sample_rate).end > 0.4
    assert "espeakng_loader" not in sys.modules
    maps = Path("/proc/self/maps")
    assert not maps.exists() or "espeak" not in maps.read_text(encoding="utf-8")
    assert found.voice_for("zh-Hant") == "cmn"
    with pytest.raises(PlanError, match="no voice for 'tlh'"):
        found.voice_for("tlh")
