"""Two reviewers at one project: each hears what the other does; the engines at their service."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.review.api.answers import Request
from subkit.review.api.post import edit
from subkit.store import ProjectFile, load
from subkit.translation.staleness import stale
from tests.builders.titles import title
from tests.review.conftest import OPTIONS, Running, cue_of, post
from tests.waiting import wait_until
from tests.work import work

if TYPE_CHECKING:
    from pathlib import Path

    import httpx


class Ear(threading.Thread):
    """Hears the events of one browser."""

    def __init__(self, client: httpx.Client, after: str = "") -> None:
        super().__init__(daemon=True)
        self.heard: list[tuple[str, Any]] = []
        self._client = client
        self._after = after
        self.start()

    def run(self) -> None:
        params = {"after": self._after} if self._after else {}
        with self._client.stream("GET", "/api/events", params=params) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            kind = ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    self.heard.append((kind, json.loads(value)))
                    if kind == "stop":
                        return

    def of(self, kind: str) -> list[Any]:
        return [data for name, data in self.heard if name == kind]


def test_each_hears_what_the_other_does(
    running: Running, ana: httpx.Client, ben: httpx.Client
) -> None:
    ear = Ear(ben)
    wait_until(lambda: bool(ear.of("people")))
    post(ana, "retext", "en", "c0001", lines=["Heard."])
    wait_until(lambda: bool(ear.of("edit")))
    (event,) = ear.of("edit")
    assert (event["actor"], event["action"]) == ("Ana", "retext")
    changed = event["tracks"]["en"]["changed"]
    assert [cue["id"] for cue in changed] == ["c0001"]
    assert event["tracks"]["ko"]["changed"][0]["stale"], "its translation is stale now"
    ana.post("/api/here", json={"track": "en", "cue": "c0005"})
    post(ana, "split", "en", "c0002", line=0, column=7)
    wait_until(lambda: len(ear.of("edit")) == 2)
    order = ear.of("edit")[1]["tracks"]["en"]["order"]
    assert order.index("c0002.2") == order.index("c0002") + 1
    assert ear.of("project"), "the number of cues changed"


def test_who_was_away_hears_what_they_missed(ana: httpx.Client, ben: httpx.Client) -> None:
    head = ana.get("/api/project").json()["head"]
    post(ana, "retext", "en", "c0001", lines=["Missed."])
    post(ana, "delete", "en", "c0003")
    ear = Ear(ben, after=str(head))
    wait_until(lambda: bool(ear.of("edit")))
    (event,) = ear.of("edit")
    assert event["tracks"]["en"]["removed"] == ["c0003"]
    assert event["tracks"]["en"]["changed"][0]["lines"] == ["Missed."]


def test_the_end_is_told(project: Path) -> None:
    server = Running(project)
    ear = Ear(server.browser("Ana"))
    wait_until(lambda: bool(ear.of("people")))
    server.stop()
    wait_until(lambda: bool(ear.of("stop")))


def test_one_cue_translated_again_by_the_model(running: Running, ana: httpx.Client) -> None:
    assert ana.get("/api/project").json()["can"] == {"retranslate": True, "realign": True}
    post(ana, "retext", "en", "c0002", lines=["Please help me, Emma."])
    before = cue_of(ana, "ko", "c0002")
    assert "was changed after" in before["stale"]
    body = {"track": "ko", "cue": "c0002", "revision": before["revision"]}
    answer = ana.post("/api/retranslate", json=body)
    assert answer.status_code == 200, answer.text
    after = cue_of(ana, "ko", "c0002")
    assert after["stale"] is None
    assert "엠마" in "".join(after["lines"])
    assert after["alternatives"][0]["text"] == "\n".join(before["lines"])
    project = load(running.path)
    assert [cue.id for cue, _ in stale(project, project.track("es"))] == ["c0002"]
    assert ana.post("/api/undo", json={}).status_code == 200
    assert cue_of(ana, "ko", "c0002")["lines"] == before["lines"]


def test_a_model_that_is_not_here_is_said(project: Path) -> None:
    run = replace(OPTIONS.run, translator="nllb-600m")
    server = Running(project, replace(OPTIONS, run=run))
    try:
        client = server.browser("Ana")
        assert client.get("/api/project").json()["can"]["retranslate"] is False
        body = {
            "track": "ko",
            "cue": "c0002",
            "revision": cue_of(client, "ko", "c0002")["revision"],
        }
        answer = client.post("/api/retranslate", json=body)
        assert answer.status_code in {400, 503}
        assert answer.json()["error"]["kind"] in {"ModelNotFound", "PlanError"}
    finally:
        server.stop()


def test_times_from_the_words(ana: httpx.Client) -> None:
    before = cue_of(ana, "en", "c0004")
    post(ana, "retime", "en", "c0004", start="20", end="21")
    moved = cue_of(ana, "en", "c0004")
    body = {"track": "en", "cue": "c0004", "revision": moved["revision"]}
    answer = ana.post("/api/realign", json=body)
    assert answer.status_code == 200, answer.text
    after = cue_of(ana, "en", "c0004")
    assert abs(Fraction(after["start"]) - Fraction(before["start"])) < Fraction(1, 2)
    post(ana, "retext", "en", "c0005", lines=["Nobody ever said these words."])
    body = {"track": "en", "cue": "c0005", "revision": cue_of(ana, "en", "c0005")["revision"]}
    assert ana.post("/api/realign", json=body).status_code == 400


def work_of_an_edit(path: Path, cues: int) -> int:
    """How much work one edit is in a title of so many cues in each of three languages."""
    ProjectFile.create(path, title(3, cues), actor="a").close()
    server = Running(path)
    try:
        client = server.browser("Ana")
        assert post(client, "retext", "en", "c0001", lines=["First"]).status_code == 200
        body = {"op": "retext", "track": "en", "cue": "c0002", "lines": ["Second"],
                "revision": cue_of(client, "en", "c0002")["revision"]}  # fmt: skip
        return work(lambda: edit(server.desk, Request(seat="test", body=body)))
    finally:
        server.stop()


def test_an_edit_costs_little_more_in_a_long_title(tmp_path: Path) -> None:
    short = work_of_an_edit(tmp_path / "short.subkit", 50)
    long = work_of_an_edit(tmp_path / "long.subkit", 350)
    assert long - short < 10 * 3 * 300, "more than ten calls for each cue that is not edited"
