"""What the server says of lines to be dubbed, and the edits that only they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from subkit.store import ProjectFile, load
from tests.builders.dubbed import LINES, with_dubbing
from tests.review.conftest import Running, cue_of, post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from subkit.pipeline import Outcome


@pytest.fixture
def project(demo: Outcome, tmp_path: Path) -> Path:
    path = tmp_path / "scene.subkit"
    ProjectFile.create(path, with_dubbing(load(demo.path)), actor="test").close()
    return path


@pytest.fixture
def ana(project: Path) -> Iterator[httpx.Client]:
    server = Running(project)
    yield server.browser("Ana")
    server.stop()


def dubbing(client: httpx.Client, track: str = LINES) -> dict:  # type: ignore[type-arg]
    return dict(client.get("/api/dubbing", params={"track": track}).json())


def test_lines_have_their_fit_character_and_words(ana: httpx.Client) -> None:
    found = dubbing(ana)
    line = found["lines"]["c0002"]
    assert line["character"] == "hugo"
    assert line["fit"]["band"] in {"green", "amber", "red"}
    assert line["fit"]["excess"] == pytest.approx(
        line["fit"]["seconds"] - line["fit"]["source_seconds"], abs=0.02
    )
    text = " ".join(cue_of(ana, LINES, "c0002")["lines"])
    assert " ".join(word for word, _, _ in line["words"]) == text
    times = [time for _, start, end in line["words"] for time in (start, end)]
    assert times == sorted(times)
    assert [loop["name"] for loop in found["loops"]][:2] == ["1", "2"]
    assert dubbing(ana, "ko") == {**dubbing(ana, "ko"), "dubbing": False, "lines": {}}


def test_each_alternative_has_the_fit_that_it_gets_when_chosen(ana: httpx.Client) -> None:
    cue = cue_of(ana, LINES, "c0002")
    longer, shorter = cue["fits"]
    assert longer["seconds"] > shorter["seconds"]
    chosen = post(ana, "choose", LINES, "c0002", alternative=cue["alternatives"][0]["text"])
    assert chosen.status_code == 200, chosen.text
    assert dubbing(ana)["lines"]["c0002"]["fit"] == longer


def test_takes_are_edits_that_can_be_undone(ana: httpx.Client, project: Path) -> None:
    assert post(ana, "lock", LINES, "c0001").status_code == 200
    done = post(ana, "take", LINES, "c0001", status="recorded")
    assert done.status_code == 200, done.text
    assert dubbing(ana)["lines"]["c0001"]["take"] == "recorded"
    assert ana.post("/api/undo", json={}).json()["of"] == "take"
    assert dubbing(ana)["lines"]["c0001"]["take"] == "open"
    wrong = post(ana, "take", LINES, "c0001", status="burnt")
    assert wrong.status_code == 400
    assert "open, recorded, retake" in wrong.json()["error"]["remedy"]


def test_loops_are_set_locked_and_undone(ana: httpx.Client) -> None:
    def edit(**fields: object) -> httpx.Response:
        return ana.post("/api/edit", json={"op": "loop", "track": LINES, **fields})

    before = dubbing(ana)["loops"]
    assert edit(loop="loop-1", edge="end", to="c0002").status_code == 200
    first, second, *_ = dubbing(ana)["loops"]
    assert first["cues"] == ["c0001", "c0002"]
    assert first["locked"]
    assert second["cues"][0] == "c0003"
    refused = edit(loop="loop-2", edge="start", to="c0002")
    assert (refused.status_code, "is locked" in refused.text) == (400, True)
    assert edit(loop="loop-1", locked=False).status_code == 200
    assert edit(loop="loop-1", edge="middle", to="c0002").status_code == 400
    for _ in range(2):
        assert ana.post("/api/undo", json={}).json()["of"] == "loop"
    assert dubbing(ana)["loops"] == before
