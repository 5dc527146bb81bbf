"""Stage: tracks -> subtitle files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subkit.pipeline.stage import Stage
from subkit.pipeline.track_files import export_from

if TYPE_CHECKING:
    from subkit.model import Project
    from subkit.pipeline.stage import Environment

__all__ = ["WRITE"]


def _write(project: Project, env: Environment) -> Project:
    if env.output is not None:
        done = export_from(env.store, env.output)
        env.written.extend(done.files)
        env.losses.update(done.losses)
    return project


WRITE = Stage(name="write", version=1, needs=("tracks",), makes=("files",), run=_write)
