"""A day of commands that are killed: ``python -m tests.cli.storm FOLDER TURNS SEED``.

Each turn forks a process that goes through the command line, or through the handlers of the review
server, and kills it with SIGKILL somewhere. After it the project must be whole, its ledger must go
on from what it was before, and everything that was acknowledged must be there.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.store import ProjectFile, mark_of
from subkit.store.ledger_marks import departure
from subkit_cli.main import main as subkit
from tests.builders.stores import sample
from tests.review.storm import storm as review

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.model import Project

OLD = Path(__file__).parents[1] / "data" / "projects" / "v1-2026-11-30.subkit"
CUES = 20
MOMENTS = (0.01, 0.05, 0.05, 0.2, 20.0)
"""Seconds at most until a child is killed; it is not waited for longer than it takes."""


def command(*words: object) -> Callable[[int], None]:
    """What a child does: one command, acknowledged when its exit code is 0."""

    def act(pipe: int) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        if subkit([str(word) for word in words]) == 0:
            os.write(pipe, b"done\n")

    return act


def killed(act: Callable[[int], None], chance: random.Random, *, first: bool = False) -> list[str]:
    """Do something in a child that is killed in the midst of it; what it acknowledged.

    Args:
        act: What it does, from the pipe that it writes to when something is done.
        chance: When it is killed: at once, in the midst of the work, or after something was done.
        first: Wait for the first acknowledgement in any case.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        try:
            act(theirs)
        finally:
            os._exit(0)
    os.close(theirs)
    if first:
        select.select([ours], [], [])
    select.select([] if first else [ours], [], [], chance.random() * chance.choice(MOMENTS))
    os.kill(child, signal.SIGKILL)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read().split(b"\n")[:-1]
    os.waitpid(child, 0)
    return [line.decode() for line in said]


class Storm:
    """One project, and what was acknowledged of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.path = folder / "film.subkit"
        ProjectFile.create(self.path, sample(cues=CUES), actor="ada").close()
        self.counts: dict[str, int] = {}
        with ProjectFile.open(self.path, writable=False) as store:
            self.mark = mark_of(store)
        for words in (("edit", "c0000", "--text", "x"), ("approve", "--track", "en"), ("fix",)):
            # What is imported late is imported before the forks: else most are killed in there.
            subkit([words[0], str(self.path), *words[1:], "--quiet"])

    def turn(self, number: int) -> None:
        """One act and its end."""
        kind = self.chance.choice(("edit", "approve", "review", "fix", "upgrade"))
        said = getattr(self, f"_{kind}")(number)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.counts["acknowledged"] = self.counts.get("acknowledged", 0) + len(said)
        self.document()

    def document(self) -> Project:
        """The document, of a project that is whole and goes on from what it was."""
        with ProjectFile.open(self.path, writable=False) as store:
            fault = store.verify()
            assert fault is None, fault
            lost = departure(store, self.mark)
            assert not lost, lost
            self.mark = mark_of(store)
            return store.load()

    def _edit(self, number: int) -> list[str]:
        track, cue = self.chance.choice(("en", "ko")), f"c{self.chance.randrange(CUES):04d}"
        text = f"Turn {number}."
        before = self.document().track(track).cue(cue).text
        words = ("edit", self.path, cue, "--track", track, "--text", text, "--by", "Ana")
        said = killed(command(*words), self.chance)
        now = self.document().track(track).cue(cue).text
        assert now == text if said else now in (before, text), (now, before, said)
        return said

    def _approve(self, number: int) -> list[str]:
        cue = f"c{self.chance.randrange(CUES):04d}"
        words = ("approve", self.path, "--track", "en", "--cue", cue, "--by", "Ben")
        said = killed(command(*words), self.chance)
        if said:
            assert self.document().track("en").cue(cue).review.approvals
        return said

    def _fix(self, number: int) -> list[str]:
        return killed(command("fix", self.path), self.chance)

    def _review(self, number: int) -> list[str]:
        said = killed(lambda pipe: review(self.path, pipe, number), self.chance, first=True)
        if said:
            head = json.loads(said[-1])[0]
            with ProjectFile.open(self.path, writable=False) as store:
                assert (mark_of(store).entries or 0) >= head, "an acknowledged edit is gone"
        return said

    def _upgrade(self, number: int) -> list[str]:
        """A project of an older version: it is the old one or the new one, whole."""
        folder = self.path.parent / f"old{number}"
        folder.mkdir()
        path = folder / "old.subkit"
        shutil.copyfile(OLD, path)
        with ProjectFile.open(path, writable=False) as store:
            before, mark = store.load(), mark_of(store)
        cue = before.tracks[0].cues[0].id
        words = ("edit", path, cue, "--track", before.tracks[0].id, "--text", "New.", "--by", "Ana")
        said = killed(command(*words), self.chance)
        with ProjectFile.open(path, writable=False) as store:
            assert store.verify() is None
            assert departure(store, mark) == ""
            now = store.load()
        changed = now.tracks[0].cues[0].text == "New."
        assert changed or now == before
        assert changed or not said
        copies = [copy for copy in folder.iterdir() if copy.name.endswith(".bak")]
        assert all(copy.read_bytes() == OLD.read_bytes() for copy in copies)
        assert copies or path.read_bytes() == OLD.read_bytes()
        shutil.rmtree(folder)
        return said


def main(folder: Path, turns: int, seed: int) -> None:
    storm = Storm(folder, seed)
    for number in range(turns):
        storm.turn(number)
    sys.stdout.write(json.dumps(storm.counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
