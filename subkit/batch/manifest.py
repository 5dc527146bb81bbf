"""What a batch is to do: a manifest, a folder or a pattern of names as entries."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from difflib import get_close_matches
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError, InputError
from subkit.files.csv_tables import read_rows
from subkit.files.plain_text import Repairs, decode, read_small_file
from subkit.store.publication import is_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["COLUMNS", "MEDIA_ENDINGS", "BatchEntry", "Listing", "read_source"]

MEDIA_ENDINGS = frozenset(
    (".aac", ".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav", ".avi", ".m2ts", ".m4v", ".mkv",
     ".mov", ".mp4", ".mpg", ".mts", ".mxf", ".ts", ".webm")
)  # fmt: skip
"""Endings of the media files in a folder, which holds other files too."""

COLUMNS = (
    "id", "media", "to", "language", "profile", "glossary", "register", "shots", "priority",
    "deadline",
)  # fmt: skip
"""Columns of a manifest; all but ``media`` may be missing or empty."""

_ALIASES = {"file": "media", "path": "media", "film": "media", "title": "id", "style": "profile"}
_MANIFEST_BYTES = 64 * 2**20
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEntry:
    """One title as it was asked for.

    Attributes:
        id: Its name in the batch, with ``/`` between folders.
        media: The media file, absolute.
        line: On which line of the manifest; 0 where there is none.
        values: What the manifest says of it beside, by column.
    """

    id: str
    media: Path
    line: int = 0
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source holds.

    Attributes:
        entries: The titles, in their order.
        left_out: Files of a folder that are no media, by ending.
        repairs: What was set right in the manifest, a sentence each.
    """

    entries: tuple[BatchEntry, ...]
    left_out: Mapping[str, int]
    repairs: tuple[str, ...] = ()


def read_source(source: str, *, skip: Path | None = None) -> Listing:
    """Return the titles of a manifest (CSV, JSON lines), a folder, a pattern or a media file.

    Args:
        source: As a person wrote it. A folder is searched with the folders in it.
        skip: A folder that is not searched: that of the results.

    Raises:
        InputError: there is nothing of that name, or no media file in it.
        FormatError: the manifest has errors; the first is named with its line.
    """
    _require_local(source, source)
    path = Path(source)
    if is_folder(path):
        return _folder(path, skip)
    if not os.path.lexists(path) and has_magic(source):
        return _pattern(source, skip)
    if path.suffix.lower() in {".csv", ".tsv", ".jsonl", ".ndjson"}:
        return _manifest(path)
    if not os.path.lexists(path):
        raise InputError(
            f"There is no {source!r}.", remedy="Name a manifest, a folder or a pattern of names."
        )
    if path.suffix.lower() not in MEDIA_ENDINGS:
        raise InputError(
            f"{source!r} is neither a manifest nor a media file.",
            remedy="A manifest ends in .csv, .tsv or .jsonl.",
        )
    return _listed([path], path.parent, source)


def _require_local(text: str, place: str) -> None:
    """Refuse an address: subkit opens files, and no connection for media."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+)://", text)
    if scheme:
        raise InputError(
            f"{place}: {scheme[1]} addresses are not read.",
            remedy="Copy the files here first, and name them.",
        )


def _folder(folder: Path, skip: Path | None) -> Listing:
    files = []
    for here, folders, names in os.walk(folder):  # links to folders are not followed
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (skip is None or not _is_same(Path(here, name), skip))
        )
        files += [Path(here, name) for name in sorted(names) if not name.startswith(".")]
    return _listed(files, folder, str(folder))


def _is_same(path: Path, other: Path) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


def _pattern(pattern: str, skip: Path | None) -> Listing:
    fixed = Path(*(part for part in _before_magic(Path(pattern).parts)))
    hidden = None if skip is None else Path(os.path.realpath(skip))
    files = [
        path
        for path in map(Path, sorted(glob(pattern, recursive=True)))  # noqa: PTH207 - of a person
        if path.is_file() and (hidden is None or hidden not in Path(os.path.realpath(path)).parents)
    ]
    return _listed(files, fixed, pattern)


def _before_magic(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if has_magic(part):
            return
        yield part


def _listed(files: Iterable[Path], base: Path, source: str) -> Listing:
    entries, left_out = [], dict[str, int]()
    for path in files:
        ending = path.suffix.lower()
        if ending not in MEDIA_ENDINGS:
            left_out[ending] = left_out.get(ending, 0) + 1
            continue
        name = path.relative_to(base).with_suffix("").as_posix()
        entries.append(BatchEntry(id=name, media=path.absolute(), values={}))
    if not entries:
        raise InputError(
            f"{source!r} holds no media file.",
            remedy=f"Media files end in {', '.join(sorted(MEDIA_ENDINGS))}; name others in a "
            "manifest.",
        )
    return Listing(entries=tuple(entries), left_out=left_out)


def _manifest(path: Path) -> Listing:
    data, name = read_small_file(path, _MANIFEST_BYTES), str(path)
    repairs = Repairs()
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        rows = list(_json_rows(decode(data, name, repairs), name))
    else:
        found = read_rows(
            data, name, columns=COLUMNS, required=("media",), aliases=_ALIASES, repairs=repairs
        )
        rows = [(row.line, row.cells) for row in found]
    if not rows:
        raise FormatError(f"{name!r} lists no title.", remedy="It needs a row for each.")
    entries = tuple(_entry(line, cells, path) for line, cells in rows)
    return Listing(entries=entries, left_out={}, repairs=tuple(repairs.sentences()))


def _json_rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    for line, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            continue
        try:
            value = json.loads(row)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise FormatError(
                f"{name!r}, line {line}: this is no JSON object.",
                remedy='Write one on each line, such as {"media": "film.mkv", "to": ["ko"]}.',
                line=line,
            )
        for key in value:
            if key not in COLUMNS and key not in _ALIASES:
                near = get_close_matches(key, COLUMNS, n=1)
                raise FormatError(
                    f"{name!r}, line {line}: there is no column {key!r}.",
                    remedy=f"Did you mean {near[0]}?" if near else f"Known: {', '.join(COLUMNS)}.",
                    line=line,
                )
        yield line, {_ALIASES.get(str(k), str(k)): _text(item) for k, item in value.items()}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def _entry(line: int, cells: Mapping[str, str], manifest: Path) -> BatchEntry:
    place = f"{str(manifest)!r}, line {line}"
    values = {key: text.strip() for key, text in cells.items() if text.strip()}
    media = values.pop("media", "")
    if not media:
        raise FormatError(f"{place}: no media file is named.", remedy="Fill in media.", line=line)
    _require_local(media, place)
    priority, deadline = values.get("priority", "0"), values.get("deadline", "")
    if not re.fullmatch(r"-?\d{1,6}", priority):
        raise FormatError(
            f"{place}: {priority!r} is no priority.", remedy="Give a whole number.", line=line
        )
    if deadline and not _DAY.fullmatch(deadline):
        raise FormatError(
            f"{place}: {deadline!r} is no deadline.",
            remedy="Give a day such as 2027-03-01, or 2027-03-01T18:00Z.",
            line=line,
        )
    for key in ("glossary", "register", "shots"):
        if values.get(key, "none") not in {"none", "auto"}:
            values[key] = str(manifest.parent.absolute() / values[key])
    file = manifest.parent.absolute() / media
    return BatchEntry(
        id=values.pop("id", Path(media).with_suffix("").name), media=file, line=line, values=values
    )
