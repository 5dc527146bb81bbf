"""Edits: functions from a document to the document after one change by a person.

All are pure. What a person writes is theirs from then on (origin ``human``), the text that was
there stays as an alternative, ids stay, and an edited cue loses its approval. A locked cue is
changed by nothing but its unlocking, its comments and its approval. An undo is an edit like all
others, made from what the ledger says of the one it takes back. How times stand to shot changes is
in :mod:`subkit.timing.cuts`.
"""

from subkit.edit.approval import approve, is_standing, unapprove
from subkit.edit.casting import find_speaker, merge_speakers, rename_speaker
from subkit.edit.content import (
    content_digest,
    is_sealed,
    standing,
    track_digest,
    without_approvals,
)
from subkit.edit.dub_lines import (
    find_character,
    put_character,
    put_loops,
    redub,
    remove_character,
    set_take,
)
from subkit.edit.edit_batch import EditBatch
from subkit.edit.hand import Hand
from subkit.edit.inverse import Change, changed_fields, take_back
from subkit.edit.looks import mark_text, restyle, set_forced, unmark_text
from subkit.edit.loop_edges import lock_loop, set_loop_edge
from subkit.edit.marks import comment, lock, mark_looked_at, omit, resolve
from subkit.edit.retiming import delete, insert, merge, retime, split
from subkit.edit.wording import choose, clean_lines, place, retext, retext_many, set_speaker

__all__ = [
    "Change",
    "EditBatch",
    "Hand",
    "approve",
    "changed_fields",
    "choose",
    "clean_lines",
    "comment",
    "content_digest",
    "delete",
    "find_character",
    "find_speaker",
    "insert",
    "is_sealed",
    "is_standing",
    "lock",
    "lock_loop",
    "mark_looked_at",
    "mark_text",
    "merge",
    "merge_speakers",
    "omit",
    "place",
    "put_character",
    "put_loops",
    "redub",
    "remove_character",
    "rename_speaker",
    "resolve",
    "restyle",
    "retext",
    "retext_many",
    "retime",
    "set_forced",
    "set_loop_edge",
    "set_speaker",
    "set_take",
    "split",
    "standing",
    "take_back",
    "track_digest",
    "unapprove",
    "unmark_text",
    "without_approvals",
]
