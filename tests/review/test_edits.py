"""Edits through the API: one transaction each, undone from the ledger, conflicts shown."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from subkit.model import Alternative, Cue, Origin, Provenance, Span
from subkit.review.document_views import view_cue
from subkit.store import ProjectFile, load
from subkit.translation import MEMORY_TOOL
from tests.review.conftest import Running, cue_of, post

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from subkit.model import Project


def lines(client: httpx.Client, track: str, cue: str) -> list[str]:
    return list(cue_of(client, track, cue)["lines"])


def document(path: Path) -> Project:
    """The document but for what was looked at: that stays, whatever is undone."""
    project = load(path)
    for track in project.tracks:
        cues = tuple(
            replace(cue, review=replace(cue.review, seen=False, played=False)) for cue in track.cues
        )
        project = project.with_track(replace(track, cues=cues))
    return project


def test_a_saved_edit_is_in_the_file_before_the_answer(running: Running, ana: httpx.Client) -> None:
    answer = post(ana, "retext", "ko", "c0002", lines=["휴고, 도와줘."])
    assert answer.status_code == 200
    told = answer.json()
    changed = told["tracks"]["ko"]["changed"][0]
    assert changed["lines"] == ["휴고, 도와줘."]
    assert changed["origin"] == "human"
    assert changed["revision"] == told["head"]
    assert changed["alternatives"][0]["text"] == "제발 도와줘, 휴고."
    on_disk = load(running.path).track("ko").cue("c0002")
    assert on_disk.lines == ("휴고, 도와줘.",)
    assert on_disk.provenance is not None
    assert on_disk.provenance.actor == "Ana"


def test_a_caret_counts_as_browsers_count(running: Running, ana: httpx.Client) -> None:
    """An emoji is two for a browser and one for Python: the split is where the caret stood."""
    assert post(ana, "retext", "en", "c0002", lines=["👍👍 Go on. Stop here."]).status_code == 200
    caret = len("👍👍 Go on. ".encode("utf-16-le")) // 2
    assert caret == len("👍👍 Go on. ") + 2
    assert post(ana, "split", "en", "c0002", line=0, column=caret).status_code == 200
    track = load(running.path).track("en")
    assert track.cue("c0002").lines == ("👍👍 Go on.",)
    assert track.cue("c0002.2").lines == ("Stop here.",)


def test_marks_are_set_and_taken_off_as_browsers_count(running: Running, ana: httpx.Client) -> None:
    assert post(ana, "retext", "en", "c0002", lines=["👍👍 Go on."]).status_code == 200
    word = {"feature": "italic", "start": 5, "end": 7}
    told = post(ana, "mark", "en", "c0002", **word).json()
    (changed,) = told["tracks"]["en"]["changed"]
    assert changed["marks"] == [{**word, "value": "", "how": ""}]
    cue = load(running.path).track("en").cue("c0002")
    assert [cue.text[mark.start : mark.end] for mark in cue.marks] == ["Go"]
    red = {"feature": "color", "start": 0, "end": 4, "value": "#ff0000ff"}
    assert post(ana, "mark", "en", "c0002", **red).status_code == 200
    assert post(ana, "unmark", "en", "c0002", **word).status_code == 200
    (left,) = load(running.path).track("en").cue("c0002").marks
    assert (left.feature.value, left.start, left.end) == ("color", 0, 2)
    assert ana.post("/api/undo", json={}).json()["of"] == "unmark"
    assert len(load(running.path).track("en").cue("c0002").marks) == 2
    assert post(ana, "force", "en", "c0002", forced=True).status_code == 200
    assert cue_of(ana, "en", "c0002")["forced"] is True
    with ProjectFile.open(running.path, writable=False) as store:
        assert store.verify() is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"feature": "glow", "start": 0, "end": 2},
        {"feature": "italic", "start": 0, "end": 999, "value": "x"},
        {"feature": "italic", "start": -1, "end": 2},
        {"feature": "italic", "start": 2, "end": 2},
        {"feature": "color", "start": 0, "end": 2, "value": "red"},
        {"feature": "italic", "start": "0", "end": 2},
        {"feature": "italic", "start": 0, "end": 2, "more": 1},
    ],
)
def test_marks_that_are_none_are_refused(ana: httpx.Client, wrong: dict[str, Any]) -> None:
    assert post(ana, "mark", "en", "c0002", **wrong).status_code == 400
    assert cue_of(ana, "en", "c0002")["marks"] == []


def test_a_mark_that_somebody_set_meanwhile_is_a_conflict(
    running: Running, ana: httpx.Client
) -> None:
    revision = cue_of(ana, "en", "c0002")["revision"]
    word = {"feature": "italic", "start": 0, "end": 2}
    assert post(ana, "mark", "en", "c0002", **word).status_code == 200
    late = {"op": "mark", "track": "en", "cue": "c0002", "revision": revision}
    answer = ana.post("/api/edit", json={**late, **word, "feature": "bold"})
    assert answer.status_code == 409
    assert [m.feature.value for m in load(running.path).track("en").cue("c0002").marks] == [
        "italic"
    ]


def test_an_alternative_of_a_memory_says_so() -> None:
    known = Provenance(origin=Origin.HUMAN, tool=MEMORY_TOOL, actor="Kim")
    made = Provenance(origin=Origin.MT, tool="test", actor="subkit")
    cue = Cue(
        id="c1",
        span=Span(Fraction(0), Fraction(1)),
        lines=("a",),
        alternatives=(
            Alternative(text="b", score=0.83, provenance=known),
            Alternative(text="c", score=-0.4, provenance=made),
        ),
    )
    told = view_cue(cue, 1, None)["alternatives"]
    assert [(one["from_memory"], one["origin"], one["actor"]) for one in told] == [
        (True, "human", "Kim"),
        (False, "mt", "subkit"),
    ]


def test_an_edit_that_changes_nothing_writes_nothing(ana: httpx.Client) -> None:
    before = cue_of(ana, "ko", "c0002")
    told = post(ana, "retext", "ko", "c0002", lines=before["lines"]).json()
    assert told["tracks"] == {}
    assert cue_of(ana, "ko", "c0002") == before


def test_every_edit_and_its_undo_leave_the_same_document(
    running: Running, ana: httpx.Client
) -> None:
    before = document(running.path)
    alternative = cue_of(ana, "ko", "c0001")["alternatives"][1]["text"]
    edits: list[tuple[str, str, str, dict[str, Any]]] = [
        ("retext", "en", "c0001", {"lines": ["Emma,", "they follow us."]}),
        ("retime", "en", "c0001", {"start": "9/2"}),
        ("split", "en", "c0001", {"line": 0, "column": 5}),
        ("merge", "en", "c0001", {"with": "c0002"}),
        ("delete", "en", "c0003", {}),
        ("choose", "ko", "c0001", {"alternative": alternative}),
        ("speaker", "en", "c0004", {"speaker": "s1"}),
        ("place", "en", "c0004", {"vertical": "top", "horizontal": "left"}),
        ("lock", "en", "c0004", {}),
        ("comment", "en", "c0004", {"text": "Who says this?"}),
        ("approve", "en", "c0005", {}),
    ]
    for op, track, cue, fields in edits:
        if op == "merge":
            fields["with_revision"] = cue_of(ana, "en", "c0002")["revision"]
        answer = post(ana, op, track, cue, **fields)
        assert answer.status_code == 200, (op, answer.text)
        assert answer.json()["undo"] == 1, op
        changed = document(running.path)
        assert changed != before, op
        back = ana.post("/api/undo", json={})
        assert back.status_code == 200, (op, back.text)
        assert document(running.path) == before, op
        again = ana.post("/api/redo", json={})
        assert again.status_code == 200, (op, again.text)
        assert document(running.path) == changed, op
        assert ana.post("/api/undo", json={}).json()["redo"] == 1
    with ProjectFile.open(running.path, writable=False) as store:
        assert store.verify() is None


def test_undo_is_told_by_the_ledger_after_a_restart(project: Any) -> None:
    first = Running(project)
    client = first.browser("Ana")
    post(client, "retext", "en", "c0001", lines=["One."])
    post(client, "retext", "en", "c0002", lines=["Two."])
    client.post("/api/undo", json={})
    first.stop()
    second = Running(project)
    try:
        client = second.browser("Ana")
        assert client.post("/api/redo", json={}).status_code == 200
        assert lines(client, "en", "c0002") == ["Two."]
        client.post("/api/undo", json={})
        told = client.post("/api/undo", json={}).json()
        assert (told["undo"], told["redo"]) == (0, 2)
        assert lines(client, "en", "c0001") == ["Emma, somebody is following us."]
        assert client.post("/api/undo", json={}).status_code == 404
        other = second.browser("Ben")
        assert other.post("/api/undo", json={}).status_code == 404, "another's edit"
    finally:
        second.stop()


def test_a_conflict_shows_both_versions_and_loses_none(
    ana: httpx.Client, ben: httpx.Client
) -> None:
    seen = cue_of(ana, "en", "c0001")["revision"]
    assert post(ben, "retext", "en", "c0001", lines=["Ben was here."]).status_code == 200
    answer = post(ana, "retext", "en", "c0001", lines=["Ana was here."], revision=seen)
    assert answer.status_code == 409
    told = answer.json()
    assert told["error"]["kind"] == "StaleError"
    assert "Ben" in told["error"]["message"]
    assert told["yours"]["lines"] == ["Ana was here."]
    assert told["theirs"]["lines"] == ["Ben was here."]
    assert told["entries"][0]["actor"] == "Ben"
    again = post(ana, "retext", "en", "c0001", lines=["Ana."], revision=told["theirs"]["revision"])
    assert again.status_code == 200
    assert lines(ben, "en", "c0001") == ["Ana."]


def test_what_two_people_change_of_one_cue_at_once_stands_together(
    ana: httpx.Client, ben: httpx.Client
) -> None:
    seen = cue_of(ana, "en", "c0001")["revision"]
    assert post(ben, "retime", "en", "c0001", start="9/2").status_code == 200
    assert post(ben, "comment", "en", "c0001", text="Later").status_code == 200
    answer = post(ana, "retext", "en", "c0001", lines=["Both."], revision=seen)
    assert answer.status_code == 200
    now = cue_of(ana, "en", "c0001")
    assert (now["lines"], len(now["comments"])) == (["Both."], 1)
    approval = post(ana, "approve", "en", "c0001", revision=seen)
    assert approval.status_code == 409, "an approval vouches for the text it was given for"


def test_an_undo_stops_at_what_another_changed_since(ana: httpx.Client, ben: httpx.Client) -> None:
    post(ana, "retext", "en", "c0001", lines=["Ana."])
    post(ben, "retext", "en", "c0001", lines=["Ben."])
    answer = ana.post("/api/undo", json={})
    assert answer.status_code == 409
    assert answer.json()["theirs"]["lines"] == ["Ben."]
    assert lines(ana, "en", "c0001") == ["Ben."]
    assert ana.post("/api/undo", json={}).status_code == 404


def test_a_gone_cue_is_a_conflict_and_an_unknown_one_is_not_found(
    ana: httpx.Client, ben: httpx.Client
) -> None:
    seen = cue_of(ana, "en", "c0003")["revision"]
    post(ben, "delete", "en", "c0003")
    gone = post(ana, "retext", "en", "c0003", lines=["x"], revision=seen)
    assert gone.status_code == 409
    assert gone.json()["theirs"] is None
    body = {"op": "retext", "track": "en", "cue": "c9", "revision": 1, "lines": []}
    assert ana.post("/api/edit", json=body).status_code == 404


def test_a_locked_cue_stays(ana: httpx.Client) -> None:
    post(ana, "lock", "en", "c0001")
    before = cue_of(ana, "en", "c0001")
    edits: dict[str, dict[str, Any]] = {
        "retext": {"lines": ["x"]},
        "retime": {"start": "1"},
        "split": {"line": 0, "column": 6},
        "delete": {},
        "speaker": {"speaker": "x"},
    }
    for op, fields in edits.items():
        answer = post(ana, op, "en", "c0001", **fields)
        assert answer.status_code == 403, op
    assert cue_of(ana, "en", "c0001") == before
    assert post(ana, "unlock", "en", "c0001").status_code == 200
    assert post(ana, "retext", "en", "c0001", lines=["x"]).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"op": "format-disk"},
        {"op": "retext", "track": "en", "cue": "c0001", "revision": 999},
        {"op": "retext", "track": "en", "cue": "c0001", "revision": 1, "lines": ["x"], "by": "me"},
        {"op": "retext", "track": "en", "cue": "c0001", "revision": "1", "lines": ["x"]},
        {"op": "retext", "track": "en", "cue": "c0001", "revision": True, "lines": ["x"]},
        {"op": "retext", "track": "en", "cue": "c0001", "revision": 999, "lines": ["a\nb"]},
        {"op": "retext", "track": "en", "cue": "c0001", "revision": 999, "lines": ["\ud800"]},
        {"op": "retext", "track": "en", "cue": "c0001", "revision": 999, "lines": ["x" * 5000]},
        {"op": "retext", "track": "en", "cue": "c0001", "revision": 999, "lines": ["x"] * 50},
        {"op": "retime", "track": "en", "cue": "c0001", "revision": 999, "start": 1.5},
        {"op": "retime", "track": "en", "cue": "c0001", "revision": 999, "start": "1e9999999"},
        {"op": "retime", "track": "en", "cue": "c0001", "revision": 999, "start": "100000"},
        {"op": "retime", "track": "en", "cue": "c0001", "revision": 999, "start": "1/0"},
        {"op": "insert", "track": "en", "start": "5", "end": "4", "lines": ["x"]},
        {"op": "account", "track": "en", "start": "1", "end": "2", "reason": 3},
    ],
)
def test_what_is_not_right_is_refused_in_one_sentence(
    ana: httpx.Client, body: dict[str, Any]
) -> None:
    head = ana.get("/api/project").json()["head"]
    content = json.dumps(body).encode()
    answer = ana.post("/api/edit", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["message"].endswith(".")
    assert ana.get("/api/project").json()["head"] == head


def test_seen_and_played_are_kept_and_never_in_the_way(
    running: Running, ana: httpx.Client, ben: httpx.Client
) -> None:
    revision = cue_of(ana, "ko", "c0001")["revision"]
    body = {"track": "ko", "seen": ["c0001", "c0002", "gone"], "played": ["c0001"]}
    assert ben.post("/api/seen", json=body).status_code == 200
    progress = ana.get("/api/project").json()["tracks"][1]["progress"]
    assert (progress["seen"], progress["played"]) == (2, 1)
    answer = post(ana, "retext", "ko", "c0001", lines=["저기."], revision=revision)
    assert answer.status_code == 200, "seen by another is no conflict"
    review = load(running.path).track("ko").cue("c0001").review
    assert (review.seen, review.played) == (True, True)
    assert ben.post("/api/undo", json={}).status_code == 404, "looking cannot be taken back"


def test_an_approval_is_in_the_role_of_who_gives_it(ana: httpx.Client) -> None:
    ana.post("/api/reviewer", json={"name": "Ana", "role": "translator"})
    assert post(ana, "approve", "ko", "c0001").status_code == 200
    assert post(ana, "approve", "ko", "c0002", role="producer").status_code == 200
    assert cue_of(ana, "ko", "c0001")["review"]["roles"] == ["translator"]
    assert cue_of(ana, "ko", "c0002")["review"]["roles"] == ["producer"]
    assert post(ana, "approve", "ko", "c0003", role="king").status_code == 400
    everything = {"op": "approve", "track": "es", "all": True}
    assert ana.post("/api/edit", json=everything).json()["project"] is True
    gate = ana.get("/api/gate", params={"track": "es"}).json()
    assert (gate["passes"], gate["missing"]) == (True, [])
    assert ana.get("/api/gate", params={"track": "en"}).json()["passes"] is False


def test_a_speaker_is_renamed_and_merged_for_everybody(
    running: Running, ana: httpx.Client, ben: httpx.Client
) -> None:
    for cue, who in (("c0001", "s1"), ("c0002", "s2"), ("c0003", "s1")):
        assert post(ana, "speaker", "en", cue, speaker=who).status_code == 200
    before = document(running.path)
    body: dict[str, object] = {"op": "rename", "track": "en", "speaker": "s1", "name": "Anna"}
    told = ana.post("/api/edit", json=body).json()
    assert told["project"] is True
    speakers = ben.get("/api/project").json()["speakers"]
    assert {"id": "s1", "name": "Anna"} in speakers
    body = {"op": "unify", "track": "en", "speaker": "s1", "others": ["s2"]}
    told = ana.post("/api/edit", json=body).json()
    assert [cue["id"] for cue in told["tracks"]["en"]["changed"]] == ["c0002"]
    assert cue_of(ben, "en", "c0002")["speaker"] == "s1"
    who = ben.get("/api/cue", params={"track": "en", "cue": "c0002"}).json()["who"]
    assert (who["speaker"], who["method"]) == ("s1", "manual")
    for _ in range(2):
        assert ana.post("/api/undo", json={}).status_code == 200
    assert document(running.path).tracks == before.tracks
    for wrong in ({"name": ""}, {"name": 5}, {}):
        body = {"op": "rename", "track": "en", "speaker": "s1", **wrong}
        assert ana.post("/api/edit", json=body).status_code == 400
    body = {"op": "unify", "track": "en", "speaker": "s1", "others": [7]}
    assert ana.post("/api/edit", json=body).status_code == 400
