from __future__ import annotations

import sys

import pytest

from subkit.decode import engine_facts


def test_facts_of_this_machine() -> None:
    facts = engine_facts()
    assert all(facts.versions[name] for name in ("faster-whisper", "ctranslate2", "onnxruntime"))
    assert facts.devices[-1] == "cpu"
    assert "float32" in facts.compute_types["cpu"]
    assert (facts.cuda_devices > 0) == ("cuda" in facts.devices)
    assert facts.fault == ""


def test_a_missing_engine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    facts = engine_facts()
    assert facts.devices == ()
    assert "ctranslate2" in facts.fault
