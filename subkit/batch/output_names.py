"""Names of a batch's results: made from a template, and never outside the output folder."""

from __future__ import annotations

import os
import string
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from subkit.errors import PlanError, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["NAME_FIELDS", "project_name", "require_inside", "require_template", "subtitle_name"]

NAME_FIELDS = ("id", "stem", "language", "purpose")
"""What a template may hold; ``purpose`` is empty for subtitles, else ``.sdh`` and the like."""


def require_template(template: str) -> None:
    """Return if a template names files that can be told apart, all inside the output folder.

    Raises:
        PlanError: it has an unknown field, no language or no title, or leaves the folder.
    """
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
        plain = all(not spec and not how for _, _, spec, how in string.Formatter().parse(template))
    except ValueError as error:
        raise PlanError(
            f"{template!r} is not a template: {error}.",
            remedy="Write one such as {id}.{language}.",
        ) from error
    unknown = [name for name in fields if name not in NAME_FIELDS]
    if unknown or not plain:
        raise PlanError(
            f"The template {template!r} has a field that there is not: {(unknown or fields)[0]!r}.",
            remedy=f"The fields are {', '.join(f'{{{name}}}' for name in NAME_FIELDS)}.",
        )
    if "language" not in fields or not {"id", "stem"} & set(fields):
        raise PlanError(
            f"The template {template!r} would give several files one name.",
            remedy="It needs {language}, and {id} or {stem}.",
        )
    _require_path(_filled(template, dict.fromkeys(NAME_FIELDS, "x")), template)


def subtitle_name(template: str, values: Mapping[str, str], ending: str) -> str:
    """Return the path of a file below the output folder.

    Args:
        template: A template that was checked.
        values: What its fields stand for.
        ending: What comes behind the name: ``srt``, or ``disclosure.json``.

    Raises:
        PlanError: it would lie outside.
    """
    if "{purpose}" not in template:  # SDH beside subtitles must not have their name
        template += "{purpose}"
    path = f"{_filled(template, values)}.{ending}"
    return _require_path(path, path)


def project_name(title: str) -> str:
    """Return the path of the project of a title below the output folder.

    Raises:
        PlanError: its id is not a path below a folder.
    """
    return _require_path(f"{title}.subkit", title)


def require_inside(folder: Path, path: Path) -> None:
    """Return if no symbolic link leads a path out of the output folder.

    Raises:
        StoreError: one does.
    """
    real = os.path.realpath(folder)
    if os.path.commonpath([real, os.path.realpath(path.parent)]) != real:
        raise StoreError(
            f"{str(path)!r} would be written outside of {str(folder)!r}: a link leads there.",
            remedy="Remove the link, or name another output folder.",
        )


def _filled(template: str, values: Mapping[str, str]) -> str:
    return "".join(
        text + (values[name] if name is not None else "")
        for text, name, _, _ in string.Formatter().parse(template)
    )


def _require_path(path: str, given: str) -> str:
    parts = path.split("/")
    bad = not path or path.startswith("/") or "\\" in path or any(not c.isprintable() for c in path)
    if bad or any(not p.strip() or p.startswith(".") or p != p.strip() for p in parts):
        raise PlanError(
            f"{given!r} is not a path below the output folder.",
            remedy="It needs names without '..', a leading dot, a backslash or control characters, "
            "with '/' between them.",
        )
    return str(PurePosixPath(path))
