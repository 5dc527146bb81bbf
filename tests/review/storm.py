"""A storm of edits in a child process, and a parent that kills it anywhere: run as a program.

The child is forked, so that a turn costs milliseconds and hundreds of kill points can be tried. It
goes through the API's own handlers; what it wrote to the pipe is what a page was told is saved.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from subkit.review.api.answers import Request
from subkit.review.api.post import edit, undo
from subkit.review.review_options import ReviewOptions
from subkit.review.session import Session
from subkit.store import ProjectFile


class Desk:
    """As much of a desk as edits need."""

    def __init__(self, session: Session) -> None:
        self.session = session


def storm(path: Path, pipe: int, seed: int) -> None:
    chance = random.Random(seed)
    with ProjectFile.open(path) as store:
        session = Session(store, ReviewOptions(reviewer="storm"))
        desk = Desk(session)
        for number in range(10_000):
            track = session.project.track(chance.choice(("en", "ko")))
            cue = chance.choice(track.cues)
            text = f"{seed} {number} {'x' * chance.randrange(400)}"
            body = {"op": "retext", "track": track.id, "cue": cue.id, "lines": [text],
                    "revision": session.revision(track.id, cue.id)}  # fmt: skip
            if chance.random() < 0.1 and session.can_undo("k")["undo"]:
                answer = undo(desk, Request(seat="k"))  # type: ignore[arg-type]
            else:
                answer = edit(desk, Request(seat="k", body=body))  # type: ignore[arg-type]
            told = json.loads(answer.body)
            changed = {
                f"{name}/{cue['id']}": [cue["revision"], "\n".join(cue["lines"])]
                for name, facts in told["tracks"].items()
                for cue in facts["changed"]
            }
            os.write(pipe, (json.dumps([told["head"], changed]) + "\n").encode())


def turn(path: Path, chance: random.Random) -> list[tuple[int, dict[str, list[object]]]]:
    """One child, killed after a moment; what it acknowledged, whole lines only."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        storm(path, theirs, chance.randrange(10**6))
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        first = pipe.readline()
        time.sleep(chance.random() * 0.06)
        os.kill(child, signal.SIGKILL)
        rest = first + pipe.read()
    os.waitpid(child, 0)
    return [tuple(json.loads(line)) for line in rest.split(b"\n")[:-1]]


def main(path: Path, turns: int, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged = 0
    for _ in range(turns):
        said = turn(path, chance)
        assert said, "the child died before its first edit"
        acknowledged += len(said)
        last: dict[str, list[object]] = {}
        for _, changed in said:
            last.update(changed)
        with ProjectFile.open(path, writable=False) as store:
            fault = store.verify()
            assert fault is None, fault
            project, revisions = store.load(), store.revisions()
        head = max(revisions.values())
        assert head >= said[-1][0], "an acknowledged edit is gone"
        for name, (revision, text) in last.items():
            track, _, cue = name.partition("/")
            now = revisions[f"cue:{name}"]
            if now == revision:  # else the edit in flight got through as well
                assert project.track(track).cue(cue).text == text, name
            else:
                assert now > said[-1][0], name
    sys.stdout.write(json.dumps({"turns": turns, "acknowledged": acknowledged}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
