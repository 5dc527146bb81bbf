"""Transcripts that an act replaced: the ledger has digests of their words, the cache the words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from subkit.errors import SchemaError
from subkit.model.content_digest import canonical_json, digest_json
from subkit.store.rows import TRANSCRIPT, decode, encode, summary

if TYPE_CHECKING:
    from subkit.model import Transcript
    from subkit.store.project import ProjectFile

__all__ = ["keep_transcripts", "kept_transcript"]


def keep_transcripts(store: ProjectFile, *transcripts: Transcript | None) -> None:
    """Store transcripts whole, so that an undo or a redo finds their words.

    Raises:
        StoreError: the file is open for reading only, or could not be written.
    """
    texts = [encode(TRANSCRIPT, one) for one in transcripts if one is not None]
    store.remember_all({_key(json.loads(summary(TRANSCRIPT, t))): t.encode() for t in texts})


def kept_transcript(store: ProjectFile, state: Any) -> Transcript | None:
    """Return the transcript that a ledger entry tells of; ``None`` where it was not kept."""
    data = store.cached(_key(state))
    try:
        return None if data is None else cast("Transcript", decode(TRANSCRIPT, data.decode()))
    except (SchemaError, UnicodeDecodeError):
        return None


def _key(state: Any) -> str:
    return f"transcript {digest_json(canonical_json(state))}"
