"""A small project for examples, and edits of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

import pytest

from subkit.model import (
    Cue,
    FrameRate,
    Media,
    Origin,
    Project,
    Provenance,
    Span,
    Track,
    Transcript,
    Word,
)
from subkit.store.database import TABLES
from subkit.store.ledger import GENESIS, ChainEntry, seal

_FIELDS = tuple(field.name for field in fields(ChainEntry))


def sample(cues: int = 4, words: int = 6) -> Project:
    """A project with a transcript and two tracks."""
    made = Provenance(origin=Origin.ASR, tool="example", version="1")
    heard = tuple(
        Word(text=f"word{i}", span=Span(Fraction(i), Fraction(i + 1)), confidence=0.5)
        for i in range(words)
    )
    rate = FrameRate(Fraction(24000, 1001))
    spotted = tuple(
        Cue(
            id=f"c{i:04d}",
            span=Span(rate.time(48 * i), rate.time(48 * i + 40)),
            lines=(f"Line {i},", "and one more."),
            provenance=made,
            confidence=0.75,
        )
        for i in range(cues)
    )
    return Project(
        title="film",
        media=Media(path="/film.mkv", digest="sha256:0", duration=Fraction(600), frame_rate=rate),
        transcript=Transcript(language="en", words=heard, provenance=made),
        tracks=(
            Track(id="en", language="en", cues=spotted),
            Track(id="ko", language="ko", source="en", cues=spotted),
        ),
    )


def edited(project: Project, cue: str, text: str, track: str = "en") -> Project:
    """``project`` with other text in one cue."""
    old = project.track(track)
    cues = tuple(replace(c, lines=(text,)) if c.id == cue else c for c in old.cues)
    return project.with_track(replace(old, cues=cues))


def as_version_1(path: Path) -> None:
    """Rewrite a project file as version 1 wrote it: no transactions, hashes without them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        rows = connection.execute(f"SELECT {', '.join(_FIELDS)} FROM ledger ORDER BY sequence")
        entries, previous = [], GENESIS
        for row in rows.fetchall():
            values = dict(zip(_FIELDS, row, strict=True)) | {"previous": previous}
            values |= {name: json.loads(values[name]) for name in ("before", "after")}
            del values["hash"]
            sealed = seal(ChainEntry, **values)
            previous = sealed.hash
            entries.append((*row[:-2], sealed.previous, sealed.hash))
        connection.execute("BEGIN")
        connection.execute("DROP TABLE ledger")
        for statement in TABLES[1]:
            if " ledger" in statement:
                connection.execute(statement)
        connection.executemany(f"INSERT INTO ledger VALUES ({', '.join('?' * 10)})", entries)
        connection.execute("PRAGMA user_version = 1")
        connection.execute("COMMIT")


def open_files() -> int:
    """How many files this process has open; skips where the system does not say."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("the system does not list open files")
    return len(list(folder.iterdir()))
