"""Which commands there are, grouped by what a person wants to do."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["COMMANDS", "COMMAND_GROUPS", "nearest", "overview"]

COMMAND_GROUPS = {
    "make subtitles": {
        "demo": "the main job on the embedded clip",
        "run": "from media to reviewable subtitle tracks: everything at once",
        "batch": "run for thousands of titles: planned, resumed, nothing lost or twice",
        "serve": "transcription over HTTP, for clients of OpenAI's API and Bazarr",
        "transcribe": "media to words, kept in a project file",
        "shots": "list the shot changes of a media file",
        "speakers": "who speaks when: told apart, named, merged",
        "spot": "words to cues",
        "translate": "cues to the same cues in other languages",
    },
    "dub": {
        "dub": "lines that fit mouth and time, characters, loops, and the work that they are",
    },
    "check and fix": {
        "qc": "check tracks against a house style",
        "fix": "put right what has one right answer",
        "align": "a script or subtitle to the words of its film",
        "sync": "cues to where their speech is in another film",
        "conform": "a finished project or subtitle to a new cut of its film",
        "account": "every stretch of voice, and its cue or reason",
        "glossary": "check a glossary, or learn one from what was translated",
    },
    "review and sign": {
        "review": "a local page to review and sign a project in",
        "edit": "change one cue, or find and replace over a track",
        "undo": "take back what a person did last",
        "approve": "sign cues, a range or a track",
        "sign": "a key of your own, and signatures under your approvals",
        "history": "who changed what, when and with what",
        "diff": "two versions, word by word",
        "verify": "whether a project is what its ledger says",
    },
    "deliver and exchange": {
        "export": "write subtitle files from a project",
        "convert": "subtitle files to other formats, without a project",
        "info": "what a subtitle file is and holds",
        "extract": "take text tracks out of a media file",
        "mux": "put subtitle files into a film as tracks",
        "burn": "draw subtitles into the picture",
        "import": "take what came back from reviewers and translation tools",
        "disclose": "which parts machines made, with which models, and who reviewed them",
        "consent": "who allowed which use of their voice",
        "dump": "print a project as JSON",
    },
    "set up": {
        "styles": "the house styles subkit knows",
        "models": "list, fetch, find, verify and calibrate models",
        "doctor": "what is installed here, and what to do about what is not",
        "completion": "let a shell complete commands, flags and their values",
    },
}
"""Task -> command -> one line of help; the module of that name in ``commands`` does it."""

COMMANDS = {name: told for group in COMMAND_GROUPS.values() for name, told in group.items()}
"""Command -> one line of help."""


def overview() -> str:
    """All commands under their tasks, as ``--help`` shows them."""
    wide = max(map(len, COMMANDS)) + 2
    parts = []
    for task, commands in COMMAND_GROUPS.items():
        lines = [f"  {name:<{wide}}{told}" for name, told in commands.items()]
        parts.append("\n".join((f"{task}:", *lines)))
    return "\n\n".join(parts)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant; ``None`` where none is like it."""
    # 0.65: two letters of three that changed places (rnu) are 0.67 alike.
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.65)
    return found[0] if found else None
