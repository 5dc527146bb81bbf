"""Export and replacing by the API: the gate holds here as it does on the command line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from subkit.compliance.signoff import Gate
from tests.review.conftest import OPTIONS, Running, cue_of

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

DRAFT = {"tracks": ["ko"], "formats": ["srt"], "draft": True, "overwrite": False}


def texts(client: httpx.Client) -> dict[str, list[str]]:
    listed = client.get("/api/cues", params={"track": "ko"}).json()["cues"]
    return {cue["id"]: cue["lines"] for cue in listed}


def replacement(client: httpx.Client, **lines: list[str]) -> dict[str, Any]:
    cues = [
        {"cue": cue, "revision": cue_of(client, "ko", cue)["revision"], "lines": text}
        for cue, text in lines.items()
    ]
    return {"op": "replace", "track": "ko", "cues": cues}


def test_many_texts_are_one_edit(ana: httpx.Client, ben: httpx.Client) -> None:
    before = texts(ana)
    asked = replacement(ana, c0001=["하나"], c0002=["둘"])
    told = ana.post("/api/edit", json=asked).json()
    assert [cue["id"] for cue in told["tracks"]["ko"]["changed"]] == ["c0001", "c0002"]
    assert told["undo"] == 1
    assert ana.post("/api/undo", json={}).json()["of"] == "replace"
    assert texts(ana) == before
    # One that somebody changed meanwhile, or a locked one, and none is changed.
    stale = replacement(ana, c0001=["하나"], c0002=["둘"])
    assert ben.post("/api/edit", json=replacement(ben, c0002=["벤"])).status_code == 200
    refused = ana.post("/api/edit", json=stale)
    assert refused.status_code == 409
    assert refused.json()["theirs"]["lines"] == ["벤"]
    lock = {"op": "lock", "track": "ko", "cue": "c0003"}
    assert ben.post("/api/edit", json={**lock, **revision(ben, "c0003")}).status_code == 200
    locked = ana.post("/api/edit", json=replacement(ana, c0001=["하나"], c0003=["셋"]))
    assert locked.status_code == 403
    assert texts(ana) == before | {"c0002": ["벤"]}
    assert ana.post("/api/edit", json={**asked, "cues": [1]}).status_code == 400


def revision(client: httpx.Client, cue: str) -> dict[str, Any]:
    return {"revision": cue_of(client, "ko", cue)["revision"]}


def test_a_draft_is_written_and_nothing_is_replaced(ana: httpx.Client, project: Path) -> None:
    target = project.with_suffix(".ko.srt")
    refused = ana.post("/api/export", json={**DRAFT, "draft": False})
    assert refused.status_code == 422
    assert refused.json()["error"]["missing"]
    assert not target.exists()
    target.write_text("somebody's own")
    taken = ana.post("/api/export", json=DRAFT)
    assert taken.status_code == 409
    assert "already exists" in taken.json()["error"]["message"]
    assert target.read_text() == "somebody's own"
    done = ana.post("/api/export", json={**DRAFT, "overwrite": True})
    assert done.json()["files"] == ["scene.ko.srt", "scene.ko.disclosure.json"]
    assert "휴고" in target.read_text(encoding="utf-8")
    wrongs: list[dict[str, Any]] = [{"formats": ["exe"]}, {"tracks": []}, {"draft": 1}]
    for wrong in wrongs:
        assert ana.post("/api/export", json={**DRAFT, **wrong}).status_code == 400, wrong


@pytest.mark.parametrize("draft", [True, False])
def test_a_gate_that_was_named_lets_no_draft_out(project: Path, *, draft: bool) -> None:
    gate = Gate(roles=("translator", "reviewer"))
    running = Running(project, replace(OPTIONS, gate=gate, enforce_gate=True))
    try:
        ana = running.browser("Ana")
        assert ana.get("/api/project").json()["export"]["draft"] is False
        refused = ana.post("/api/export", json={**DRAFT, "draft": draft})
        assert refused.status_code == 422
        assert not project.with_suffix(".ko.srt").exists()
        everything = {"op": "approve", "track": "ko", "all": True}
        for role in gate.roles:
            assert ana.post("/api/edit", json={**everything, "role": role}).status_code == 200
        assert ana.post("/api/export", json={**DRAFT, "draft": draft}).status_code == 200
    finally:
        running.stop()
