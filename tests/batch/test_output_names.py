"""Names of results: told apart, and never outside the output folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from subkit.batch.output_names import (
    project_name,
    require_inside,
    require_template,
    subtitle_name,
)
from subkit.errors import PlanError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

VALUES = {"id": "s1/e1", "stem": "e1", "language": "ko", "purpose": ".sdh"}


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{id}.{language}", "s1/e1.ko.sdh.srt"),
        ("{stem}/{language}", "e1/ko.sdh.srt"),
        ("{language}/{stem}{purpose}.final", "ko/e1.sdh.final.srt"),
    ],
)
def test_a_template_gives_a_path_below_the_folder(template: str, name: str) -> None:
    require_template(template)
    assert subtitle_name(template, VALUES, "srt") == name


@pytest.mark.parametrize(
    "template",
    [
        "{stem}", "{language}", "x", "../{stem}.{language}", "/{stem}.{language}", "{id}.{language",
        "{id}.{lang}", "{id!r}.{language}", "{id:>9}.{language}", "{id.__class__}.{language}",
        "a//{id}.{language}", ".x/{id}.{language}", "a\\{id}.{language}", "{id}\n.{language}",
    ],
)  # fmt: skip
def test_a_template_that_leaves_its_folder_or_gives_one_name_twice_is_refused(
    template: str,
) -> None:
    with pytest.raises(PlanError):
        require_template(template)


@pytest.mark.parametrize("title", ["..", "a/../b", "/a", "", "a/", ".hidden", "a\nb", "a\\b", " a"])
def test_an_id_is_a_path_below_the_folder(title: str) -> None:
    with pytest.raises(PlanError, match="not a path below"):
        project_name(title)


def test_values_cannot_leave_the_folder_either() -> None:
    with pytest.raises(PlanError):
        subtitle_name("{stem}/{language}", {**VALUES, "stem": ".."}, "srt")


def test_a_link_does_not_lead_out(tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    out.mkdir()
    other.mkdir()
    (out / "s1").symlink_to(other)
    require_inside(out, out / "s2" / "e1.srt")
    with pytest.raises(StoreError, match="a link leads there"):
        require_inside(out, out / "s1" / "e1.srt")
